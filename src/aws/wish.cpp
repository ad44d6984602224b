#include "aws/wish.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace aws {
namespace {

// Stored: never rename one.
constexpr std::pair<Wish::Verb, std::string_view> kVerbs[] = {{Wish::Verb::ensure, "ensure"},
                                                              {Wish::Verb::replace, "replace"},
                                                              {Wish::Verb::retire, "retire"},
                                                              {Wish::Verb::hold, "hold"}};

using Words = std::map<std::string, std::string, std::less<>>;

/// `a=1 b=2`; nothing where a word has no `=` or comes twice.
std::optional<Words> words_of(std::string_view text) {
    Words out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        const std::string_view word = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const std::size_t equals = word.find('=');
        if (equals == std::string_view::npos) return std::nullopt;
        if (!out.emplace(word.substr(0, equals), word.substr(equals + 1)).second)
            return std::nullopt;
    }
    return out;
}

template <typename T>
bool number(const Words& words, std::string_view name, T& into) {
    const auto found = words.find(name);
    if (found == words.end()) return false;
    const std::string& text = found->second;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), into);
    return read.ec == std::errc() && read.ptr == text.data() + text.size();
}

}  // namespace

std::string to_text(const Wish& wish) {
    std::string_view verb;
    for (const auto& [each, name] : kVerbs)
        if (each == wish.verb) verb = name;
    return fmt::format(
        "do={} version={} instances={} updated={} free={} fence={} ended={}{} step={}", verb,
        wish.version, wish.instances, wish.updated, wish.then_free ? 1 : 0, wish.fence, wish.ended,
        wish.last_ended.empty() ? "" : " last=" + wish.last_ended, wish.step);
}

std::optional<Wish> wish_from(std::string_view text) {
    const auto words = words_of(text);
    if (!words) return std::nullopt;
    Wish out;
    const auto text_of = [&](std::string_view name) {
        const auto found = words->find(name);
        return found != words->end() ? found->second : std::string{};
    };
    bool known = false;
    for (const auto& [verb, name] : kVerbs) {
        if (text_of("do") != name) continue;
        out.verb = verb;
        known = true;
    }
    int free = 0;
    const bool whole = known && number(*words, "version", out.version) &&
                       number(*words, "instances", out.instances) &&
                       number(*words, "updated", out.updated) && number(*words, "free", free) &&
                       number(*words, "fence", out.fence) && number(*words, "ended", out.ended);
    if (!whole) return std::nullopt;
    out.then_free = free != 0;
    out.last_ended = text_of("last");
    out.step = text_of("step");
    return out;
}

std::string to_text(const Kept& kept) {
    return fmt::format("min={} max={} suspended={}", kept.min, kept.max,
                       fmt::join(kept.suspended, "+"));
}

std::optional<Kept> kept_from(std::string_view text) {
    const auto words = words_of(text);
    if (!words) return std::nullopt;
    Kept out;
    if (!number(*words, "min", out.min) || !number(*words, "max", out.max)) return std::nullopt;
    const auto found = words->find("suspended");
    if (found == words->end()) return std::nullopt;
    std::string_view rest = found->second;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('+'), rest.size());
        out.suspended.emplace(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return out;
}

}  // namespace aws
