#include "load/require.h"

#include "base/json.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdlib>

namespace load {
namespace {

struct Sign {
    std::string_view text;
    Comparison comparison;
};
// Longer ones first: `<=` is not `<` followed by `=5`.
constexpr std::array kSigns{
    Sign{"==", Comparison::equal},   Sign{"!=", Comparison::not_equal},
    Sign{"<=", Comparison::at_most}, Sign{">=", Comparison::at_least},
    Sign{"<", Comparison::less},     Sign{">", Comparison::greater},
};

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

base::Error malformed(std::string_view text, std::string why) {
    return {base::Failure::rejected,
            {.code = "CF0605",
             .what = fmt::format("`{}` is no requirement", text),
             .why = std::move(why),
             .fix = "write a figure, ==, !=, <, <=, > or >=, and a number: http.failed==0"}};
}

bool is_path(std::string_view path) {
    constexpr std::string_view kAllowed =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-+/ ";
    return !path.empty() && path.find_first_not_of(kAllowed) == std::string_view::npos;
}

bool holds(double value, Comparison comparison, double bound) {
    switch (comparison) {
        case Comparison::equal:
            return value == bound;
        case Comparison::not_equal:
            return value != bound;
        case Comparison::less:
            return value < bound;
        case Comparison::at_most:
            return value <= bound;
        case Comparison::greater:
            return value > bound;
        case Comparison::at_least:
            return value >= bound;
    }
    return false;
}

/// Keys may hold dots themselves (`harm.1.0.2`): at each level every number of segments is tried,
/// the longest first.
const base::Json* find(const base::Json& at, std::string_view path) {
    if (path.empty()) return &at;
    if (!at.is_object()) return nullptr;
    for (std::size_t end = path.size(); end != std::string_view::npos && end > 0;
         end = path.rfind('.', end - 1)) {
        const auto member = at.find(std::string(path.substr(0, end)));
        if (member == at.end()) continue;
        const std::string_view rest = end < path.size() ? path.substr(end + 1) : std::string_view{};
        if (const base::Json* found = find(*member, rest)) return found;
    }
    return nullptr;
}

Checked check_one(const Requirement& requirement, const base::Json& document) {
    Checked checked{.requirement = requirement};
    const base::Json* figure = find(document, requirement.path);
    if (figure != nullptr && (figure->is_number() || figure->is_boolean())) {
        checked.known = true;
        checked.value =
            figure->is_boolean() ? (figure->get<bool>() ? 1.0 : 0.0) : figure->get<double>();
    }
    if (!checked.known) {
        checked.why = fmt::format("the run has no figure {}", requirement.path);
        return checked;
    }
    checked.met = holds(checked.value, requirement.comparison, requirement.bound);
    checked.why = fmt::format("{} is {:.6g}, wanted {}", requirement.path, checked.value,
                              requirement.text.substr(requirement.text.find_first_of("=!<>")));
    return checked;
}

}  // namespace

base::Result<Requirement> requirement_from(std::string_view text) {
    const std::size_t at = text.find_first_of("=!<>");
    if (at == std::string_view::npos) return tl::unexpected(malformed(text, "it compares nothing"));
    for (const Sign& sign : kSigns) {
        if (text.substr(at, sign.text.size()) != sign.text) continue;
        const std::string path(trimmed(text.substr(0, at)));
        const std::string bound(trimmed(text.substr(at + sign.text.size())));
        if (!is_path(path)) return tl::unexpected(malformed(text, "it names no figure"));
        char* end = nullptr;
        const double number = std::strtod(bound.c_str(), &end);
        if (bound.empty() || *end != '\0' || !std::isfinite(number))
            return tl::unexpected(malformed(text, fmt::format("`{}` is no number", bound)));
        return Requirement{.path = path,
                           .comparison = sign.comparison,
                           .bound = number,
                           .text = std::string(text)};
    }
    return tl::unexpected(malformed(text, "the comparison is none of the six"));
}

base::Result<std::vector<Checked>> check(const std::vector<Requirement>& requirements,
                                         std::string_view document) {
    const auto json = base::json_from(document, 256 * 1024 * 1024);
    if (!json) return base::fail(json);
    const base::Json* is_void = find(*json, "self.void");
    std::vector<Checked> all;
    for (const Requirement& requirement : requirements) {
        Checked checked = check_one(requirement, *json);
        if (is_void != nullptr && is_void->is_boolean() && is_void->get<bool>()) {
            checked.met = false;
            checked.why += "; the run is void";
        }
        all.push_back(std::move(checked));
    }
    return all;
}

}  // namespace load
