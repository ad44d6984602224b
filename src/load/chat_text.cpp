#include "load/chat_text.h"

#include "base/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace load {
namespace {

constexpr std::string_view kMark = "cf1:";
constexpr std::size_t kAnswerBytesMax = 64 * 1024 * 1024;

/// Digits up to `end`, which is taken too.
std::optional<std::uint32_t> number_before(std::string_view& text, char end) {
    std::uint32_t number = 0;
    const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || at == text.data() + text.size() || *at != end) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(at - text.data()) + 1);
    return number;
}

/// What stands between `front` and the next quote (escaped or not).
std::string_view quoted_after(std::string_view text, std::string_view front) {
    const std::size_t at = text.find(front);
    if (at == std::string_view::npos) return {};
    const std::string_view rest = text.substr(at + front.size());
    return rest.substr(0, rest.find_first_of("\\\""));
}

std::optional<std::uint64_t> seq_in(std::string_view frame) {
    constexpr std::string_view kSeq = "\"seq\":";
    const std::size_t at = frame.rfind(kSeq);
    if (at == std::string_view::npos) return std::nullopt;
    std::string_view digits = frame.substr(at + kSeq.size());
    digits.remove_prefix(std::min(digits.find_first_not_of(' '), digits.size()));
    std::uint64_t seq = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seq);
    if (error != std::errc{}) return std::nullopt;
    return seq;
}

base::Error unreadable(std::string what) {
    return {base::Failure::rejected, {.code = "CF0606", .what = std::move(what)}};
}

}  // namespace

std::uint64_t hash_of(std::string_view text) {
    std::uint64_t hash = 14695981039346656037U;  // FNV-1a
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
    return hash == 0 ? 1 : hash;
}

std::string message_text(std::string_view run, MessageName name, std::size_t filler) {
    constexpr std::string_view kWords = "the quick brown fox jumps over the lazy dog again ";
    std::string text = fmt::format("{}{}:{}:{}: ", kMark, run, name.sender, name.n);
    while (filler > 0) {
        const std::string_view part = kWords.substr(0, filler);
        text += part;
        filler -= part.size();
    }
    return text;
}

std::optional<MessageName> message_in(std::string_view text, std::string_view run) {
    const std::size_t at = text.find(kMark);
    if (at == std::string_view::npos) return std::nullopt;
    std::string_view rest = text.substr(at + kMark.size());
    if (rest.substr(0, run.size()) != run || rest.size() <= run.size() || rest[run.size()] != ':')
        return std::nullopt;
    rest.remove_prefix(run.size() + 1);
    const auto sender = number_before(rest, ':');
    if (!sender) return std::nullopt;
    const auto n = number_before(rest, ':');
    if (!n) return std::nullopt;
    return MessageName{.sender = *sender, .n = *n};
}

EventText event_in(std::string_view frame, std::string_view run) {
    EventText event;
    const std::string_view name = quoted_after(frame, "\"event\":\"");
    if (name.empty()) {
        if (frame.find("\"seq_reply\"") != std::string_view::npos)
            event.kind = EventText::Kind::reply;
        return event;
    }
    event.seq = seq_in(frame);
    if (name == "hello") event.kind = EventText::Kind::hello;
    if (name != "posted") return event;
    event.kind = EventText::Kind::posted;
    event.message = message_in(frame, run);
    if (event.message) event.post = hash_of(quoted_after(frame, "\\\"id\\\":\\\""));
    return event;
}

std::optional<Hello> hello_in(std::string_view frame) {
    const auto json = base::json_from(frame);
    if (!json || !json->is_object()) return std::nullopt;
    const auto data = json->find("data");
    if (data == json->end()) return std::nullopt;
    const auto id = base::member<std::string>(*data, "connection_id");
    const auto version = base::member_or<std::string>(*data, "server_version", "");
    if (!id || !version) return std::nullopt;
    return Hello{.connection_id = *id, .version = *version};
}

base::Result<std::vector<FoundPost>> posts_in(std::string_view body, std::string_view run) {
    const auto json = base::json_from(body, kAnswerBytesMax);
    if (!json) return base::fail(json);
    const auto posts = json->is_object() ? json->find("posts") : json->end();
    if (posts == json->end() || !posts->is_object())
        return tl::unexpected(unreadable("the answer is no list of posts"));
    std::vector<std::pair<std::int64_t, FoundPost>> found;
    for (const auto& [id, post] : posts->items()) {
        const auto text = base::member_or<std::string>(post, "message", "");
        const auto created = base::member_or<std::int64_t>(post, "create_at", 0);
        if (!text || !created) continue;
        if (const auto name = message_in(*text, run))
            found.emplace_back(*created, FoundPost{.message = *name, .post = hash_of(id)});
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<FoundPost> all;
    for (const auto& [created, post] : found) all.push_back(post);
    return all;
}

PageEnd page_end_of(std::string_view body) {
    const auto json = base::json_from(body, kAnswerBytesMax);
    if (!json || !json->is_object()) return {};
    const auto order = json->find("order");
    if (order == json->end() || !order->is_array() || order->empty()) return {};
    const base::Json& oldest = order->back();
    return {.posts = order->size(),
            .oldest = oldest.is_string() ? oldest.get<std::string>() : std::string()};
}

base::Result<std::vector<ChannelTime>> channel_times_in(std::string_view body) {
    const auto json = base::json_from(body, kAnswerBytesMax);
    if (!json) return base::fail(json);
    if (!json->is_array()) return tl::unexpected(unreadable("the answer is no list of channels"));
    std::vector<ChannelTime> channels;
    for (const base::Json& channel : *json) {
        const auto id = base::member<std::string>(channel, "id");
        const auto last = base::member_or<std::int64_t>(channel, "last_post_at", 0);
        if (!id || !last) return tl::unexpected(unreadable("a channel has no id"));
        channels.push_back({.id = *id, .last_post_ms = *last});
    }
    return channels;
}

std::optional<std::string> text_member(std::string_view body, std::string_view key) {
    const auto json = base::json_from(body);
    if (!json) return std::nullopt;
    const auto text = base::member<std::string>(*json, key);
    if (!text) return std::nullopt;
    return *text;
}

std::optional<std::string> file_id_in(std::string_view body) {
    const auto json = base::json_from(body);
    if (!json || !json->is_object()) return std::nullopt;
    const auto list = json->find("file_infos");
    if (list == json->end() || !list->is_array() || list->empty()) return std::nullopt;
    const auto id = base::member<std::string>(list->front(), "id");
    if (!id) return std::nullopt;
    return *id;
}

std::vector<std::string> assets_in(std::string_view page) {
    std::vector<std::string> paths;
    for (const std::string_view front : {"src=\"", "href=\""}) {
        for (std::size_t at = page.find(front); at != std::string_view::npos;
             at = page.find(front, at + 1)) {
            const std::string_view rest = page.substr(at + front.size());
            const std::string_view path = rest.substr(0, rest.find('"'));
            const bool elsewhere = path.find("//") != std::string_view::npos ||
                                   path.find(':') != std::string_view::npos;
            if (elsewhere || path.find('.') == std::string_view::npos || path.size() > 500)
                continue;
            paths.push_back(path[0] == '/' ? std::string(path) : "/" + std::string(path));
        }
    }
    std::sort(paths.begin(), paths.end());
    paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
    return paths;
}

}  // namespace load
