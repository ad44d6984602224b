#include "edge/socket/mattermost.h"

#include "base/json.h"
#include "edge/socket/handshake.h"
#include "edge/socket/virtual_ids.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <functional>
#include <utility>

namespace edge {

namespace {

using base::Json;

// For how long a server's event may come later than the other's: the delay of the bus between them.
constexpr std::chrono::seconds kBusDelayMax{3};
constexpr std::size_t kRecordedMax = 8192;
constexpr std::size_t kActionBytesMax = 4096;
constexpr std::size_t kPingBytesMax = 256;

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Where the digits of the number at the end of an event begin; none: it is no event.
std::optional<std::size_t> number_at(std::string_view text) {
    if (!text.starts_with("{\"event\":") || !text.ends_with('}')) return std::nullopt;
    std::size_t at = text.size() - 1;
    while (at > 0 && is_digit(text[at - 1])) --at;
    const std::size_t digits = at;
    while (at > 0 && text[at - 1] == ' ') --at;
    if (digits == text.size() - 1 || !text.substr(0, at).ends_with("\"seq\":")) {
        return std::nullopt;
    }
    return digits;
}

std::uint64_t number_from(std::string_view text) {
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

bool is_hello(std::string_view text) {
    text.remove_prefix(std::string_view("{\"event\":").size());
    while (text.starts_with(' ')) text.remove_prefix(1);
    return text.starts_with("\"hello\"");
}

bool is_reply_to_us(std::string_view text) {
    static constexpr std::string_view kName = "\"seq_reply\":";
    const std::size_t at = text.find(kName);
    if (at == std::string_view::npos || text.size() > kActionBytesMax) return false;
    text.remove_prefix(at + kName.size());
    while (text.starts_with(' ')) text.remove_prefix(1);
    return number_from(text) > Mattermost::kOurs;
}

}  // namespace

Mattermost::Mattermost(Memory memory, VirtualIds& ids)
    : next_(memory.next),
      asked_(memory.asked),
      renumbers_(memory.renumbers),
      takes_hello_(memory.takes_hello),
      ids_(ids),
      known_id_(std::move(memory.known_id)),
      real_id_(std::move(memory.real_id)),
      challenge_(std::move(memory.challenge)),
      presence_(std::move(memory.presence)),
      active_(std::move(memory.active)) {
    if (!real_id_.empty()) ids_.put(known_id_, real_id_);
}

Mattermost::Memory Mattermost::memory() const {
    return {.next = next_,
            .asked = asked_,
            .renumbers = renumbers_,
            .takes_hello = takes_hello_,
            .challenge = challenge_,
            .presence = presence_,
            .active = active_,
            .known_id = known_id_,
            .real_id = real_id_};
}

Mattermost::~Mattermost() {
    wipe(challenge_);
    if (!real_id_.empty()) ids_.remove(known_id_);
}

void Mattermost::greeted(std::string_view hello, std::string& id) const {
    static constexpr std::string_view kName = "\"connection_id\":";
    std::size_t at = hello.find(kName);
    if (at == std::string_view::npos) return;
    at = hello.find('"', at + kName.size());
    const std::size_t end = at == std::string_view::npos ? at : hello.find('"', at + 1);
    if (end == std::string_view::npos || end - at - 1 != VirtualIds::kIdBytes) return;
    id.assign(hello.substr(at + 1, VirtualIds::kIdBytes));
}

bool Mattermost::hears(std::string& text, Voice voice, base::Tick now) {
    const auto digits = number_at(text);
    if (!digits) return !is_reply_to_us(text);
    if (is_hello(text)) {
        if (takes_hello_ && voice == Voice::staying) {
            takes_hello_ = false;
            greeted(text, real_id_);
            if (!known_id_.empty()) ids_.put(known_id_, real_id_);
            return false;
        }
        greeted(text, known_id_);
    }
    if (records_ && is_double(std::string_view(text).substr(0, *digits), voice, now)) return false;
    if (!renumbers_) {
        next_ = number_from(std::string_view(text).substr(*digits)) + 1;
        return true;
    }
    text.resize(*digits);
    text += std::to_string(next_++);
    text += '}';
    return true;
}

bool Mattermost::is_double(std::string_view event, Voice voice, base::Tick now) {
    if (now >= forget_at_ || told_.size() >= kRecordedMax) {
        records_ = false;
        told_ = {};
        return false;
    }
    Told& told = told_[std::hash<std::string_view>{}(event)];
    // The nth of one server is the nth of the other.
    if (voice == Voice::leaving) return ++told.leaving <= told.staying;
    return ++told.staying <= told.leaving;
}

void Mattermost::says(std::string_view text) {
    if (text.size() > kActionBytesMax) return;
    const auto named = [&](std::string_view name) { return text.find(name) != text.npos; };
    if (!named("\"presence\"") && !named("\"user_update_active_status\"") &&
        !named("\"authentication_challenge\"")) {
        return;
    }
    const auto json = base::json_from(text, kActionBytesMax);
    if (!json) return;
    const auto action = base::member_or<std::string>(*json, "action", "");
    if (!action || !json->contains("data")) return;
    std::string payload = json->at("data").dump();
    if (*action == "presence") {
        presence_ = std::move(payload);
    } else if (*action == "user_update_active_status") {
        active_ = std::move(payload);
    } else if (*action == "authentication_challenge") {
        wipe(challenge_);
        challenge_ = std::move(payload);
    }
}

void Mattermost::begin_recording() {
    told_.clear();
    forget_at_ = base::Tick::max();
    records_ = true;
}

void Mattermost::swapped() {
    renumbers_ = takes_hello_ = true;
}

void Mattermost::silent(base::Tick now) {
    forget_at_ = now + kBusDelayMax;
}

void Mattermost::restarted() {
    renumbers_ = takes_hello_ = records_ = false;
    told_ = {};
    if (!real_id_.empty()) ids_.remove(known_id_);
    real_id_.clear();
}

std::optional<std::string> Mattermost::pong_for(std::string_view text) {
    const auto json = base::json_from(text, kPingBytesMax);
    if (!json || !json->is_object()) return std::nullopt;
    if (base::member_or<std::string>(*json, "action", "").value_or("") != "ping") {
        return std::nullopt;
    }
    const auto number = base::member_or<std::uint64_t>(*json, "seq", 0).value_or(0);
    if (number == 0) return std::nullopt;
    return R"({"status":"OK","data":{"text":"pong"},"seq_reply":)" + std::to_string(number) + "}";
}

std::string Mattermost::ours(std::string_view action, const std::string& payload) {
    std::string made = "{\"action\":\"";
    made.append(action).append("\",\"data\":").append(payload);
    return made.append(",\"seq\":").append(std::to_string(++asked_)).append("}");
}

std::vector<std::string> Mattermost::credentials() {
    if (challenge_.empty()) return {};
    return {ours("authentication_challenge", challenge_)};
}

std::vector<std::string> Mattermost::presence() {
    std::vector<std::string> made;
    if (!presence_.empty()) made.push_back(ours("presence", presence_));
    if (!active_.empty()) made.push_back(ours("user_update_active_status", active_));
    return made;
}

std::uint64_t without_resumption(std::string& request) {
    const auto value_of = [&request](std::string_view name) {
        const std::size_t line = request.find("\r\n");
        const std::size_t at = request.find(name);
        if (at == std::string::npos || at > line) return std::pair<std::size_t, std::size_t>{0, 0};
        const std::size_t from = at + name.size();
        return std::pair{from, request.find_first_of("& ", from) - from};
    };
    const auto [number, digits] = value_of("sequence_number=");
    const std::uint64_t next = number_from(std::string_view(request).substr(number, digits));
    const auto [id, letters] = value_of("connection_id=");
    request.erase(id, letters);
    return next;
}

}  // namespace edge
