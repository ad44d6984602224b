#include "report/notice.h"

#include "base/base64.h"
#include "base/json.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <string>
#include <vector>

namespace report {
namespace {

using engine::RunState;
using engine::Status;

bool is_over(const Status& status) {
    return status.ending.has_value() || status.state == RunState::warm;
}

bool waits(const Status& status) {
    return status.state == RunState::consent || status.ending == engine::Ending::stuck;
}

bool went_well(const Status& status) {
    return status.state == RunState::warm || status.ending == engine::Ending::succeeded;
}

// `&`, `<` and `>` are markup to Slack, and `<!channel>` would call everyone; Mattermost calls by
// `@channel`, which a character without width breaks.
std::string plain(std::string_view text) {
    std::string out;
    for (const char each : text) {
        switch (each) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '@':
                out += "@\u200b";
                break;
            case '`':
            case '*':
            case '_':
            case '~':
            case '[':
            case ']':
            case '|':
                out += ' ';
                break;
            default:
                if (static_cast<unsigned char>(each) >= 0x20) out += each;
        }
    }
    return out;
}

std::string title_of(Moment moment, const Status& status) {
    const std::string what = fmt::format("{} {}{}", status.application,
                                         status.from.empty() ? "" : status.from + " → ", status.to);
    switch (moment) {
        case Moment::started:
            return what + ": the release begins";
        case Moment::needs_you:
            return what + ": a person is needed";
        case Moment::aborted:
            return what + ": it goes back";
        case Moment::done:
            return what + (went_well(status) ? ": done" : ": taken back");
    }
    return what;
}

std::string why_of(Moment moment, const Status& status) {
    if (moment == Moment::started) return status.actor;
    const bool bad = moment == Moment::aborted || !status.reason.empty();
    return bad && !status.reason.empty() ? status.reason : status.sentence;
}

std::string_view colour_of(Moment moment, const Status& status) {
    switch (moment) {
        case Moment::started:
            return "#2f5fd0";
        case Moment::needs_you:
            return "#d9822b";
        case Moment::aborted:
            return "#b51f34";
        case Moment::done:
            return went_well(status) ? "#0f7353" : "#b51f34";
    }
    return "";
}

// Attachments of the old kind: Mattermost shows Slack's newer blocks as nothing.
std::string chat_message(Moment moment, const Status& status) {
    const std::string title = plain(title_of(moment, status));
    const std::string why = plain(why_of(moment, status));
    base::Json fields = base::Json::array();
    const auto field = [&](std::string_view name, const std::string& value) {
        if (value.empty()) return;
        fields.push_back({{"title", name}, {"value", plain(value)}, {"short", true}});
    };
    field("Release", fmt::format("{}, {}", status.run, status.strategy));
    field("By", status.actor);
    if (moment != Moment::started) {
        field("Failed requests", fmt::format("{} of at most {}", status.harm, status.harm_max));
    }
    const base::Json attachment{{"fallback", fmt::format("{}: {}", title, why)},
                                {"color", colour_of(moment, status)},
                                {"text", why},
                                {"fields", fields}};
    return base::canonical({{"text", title},
                            {"username", "Crossfade"},
                            {"attachments", base::Json::array({attachment})}});
}

std::string own_message(Moment moment, const Status& status) {
    return base::canonical(
        {{"schema", "crossfade.notice/1"},
         {"moment", name_of(moment)},
         {"application", status.application},
         {"release", status.run},
         {"from", status.from.empty() ? base::Json(nullptr) : base::Json(status.from)},
         {"to", status.to},
         {"strategy", status.strategy},
         {"actor", status.actor},
         {"state", name_of(status.state)},
         {"ending", status.ending ? base::Json(name_of(*status.ending)) : base::Json(nullptr)},
         {"reason", status.reason},
         {"sentence", status.sentence},
         {"harm", status.harm},
         {"journal", fmt::format("{}:{}", status.head.index, status.head.hash.hex())}});
}

}  // namespace

std::string_view name_of(Moment moment) {
    switch (moment) {
        case Moment::started:
            return "started";
        case Moment::needs_you:
            return "needs_you";
        case Moment::aborted:
            return "aborted";
        case Moment::done:
            return "done";
    }
    return "";
}

std::optional<Moment> moment_between(const Status* before, const Status& after) {
    const bool fresh = before == nullptr || before->run != after.run;
    if (waits(after) && (fresh || !waits(*before))) return Moment::needs_you;
    if (is_over(after)) {
        if (fresh || is_over(*before)) return std::nullopt;
        return Moment::done;
    }
    const bool back = after.state == RunState::going_back;
    if (back && (fresh || before->state != RunState::going_back)) return Moment::aborted;
    if (fresh && !back) return Moment::started;
    return std::nullopt;
}

std::string body_for(release::Notice::Kind kind, Moment moment, const Status& status) {
    return kind == release::Notice::Kind::webhook ? own_message(moment, status)
                                                  : chat_message(moment, status);
}

Signed sign(std::string_view key, std::string_view body, const std::string& id, base::Instant now) {
    Signed out{.id = id,
               .timestamp = std::to_string(
                   std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count()),
               .signature = {}};
    const std::string content = fmt::format("{}.{}.{}", out.id, out.timestamp, body);
    std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
    unsigned int size = 0;
    const std::vector<unsigned char> bytes(content.begin(), content.end());
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes.data(), bytes.size(),
         mac.data(), &size);
    out.signature = "v1," + base::base64({reinterpret_cast<const char*>(mac.data()), size});
    return out;
}

}  // namespace report
