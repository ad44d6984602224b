#include "console/record_json.h"

#include "base/json.h"
#include "console/deed.h"
#include "engine/journal.h"

#include <algorithm>

namespace console {
namespace {

constexpr std::size_t kReleasesMax = 200;
// What a hook printed may be long; a line is for reading.
constexpr std::size_t kTextMax = 600;

base::Json instant_json(const std::optional<base::Instant>& instant) {
    return instant ? base::Json(base::to_text(*instant)) : base::Json(nullptr);
}

// Not within a character of several bytes.
std::string cut(std::string text) {
    if (text.size() <= kTextMax) return text;
    std::size_t end = kTextMax;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    text.resize(end);
    return text + "…";
}

base::Json line_of(const engine::Record& record) {
    std::string text = engine::sentence_of(record);
    const std::string kind = record.kind + ": ";
    if (text.starts_with(kind)) text.erase(0, kind.size());
    return {{"index", record.index}, {"at", base::to_text(record.at)},
            {"run", record.release}, {"actor", record.actor},
            {"kind", record.kind},   {"text", cut(std::move(text))}};
}

bool matches(const engine::Record& record, const Wanted& wanted) {
    return (wanted.run.empty() || record.release == wanted.run) &&
           (wanted.kind.empty() || record.kind == wanted.kind);
}

}  // namespace

std::string line_json(const engine::Record& record) {
    return base::canonical(line_of(record));
}

std::string record_json(const engine::Record& record) {
    base::Json out = line_of(record);
    const auto body = base::json_from(record.body);
    out["body"] = body ? *body : base::Json(record.body);
    out["hash"] = record.hash.hex();
    out["previous"] = record.previous.hex();
    return base::canonical(out);
}

std::string lines_json(const std::vector<engine::Record>& records, const Wanted& wanted) {
    const std::size_t limit = std::min(wanted.limit, kLinesMax);
    std::size_t at = records.size();
    if (wanted.before > 0) at = std::min<std::size_t>(at, wanted.before - 1);
    base::Json lines = base::Json::array();
    base::Json before = nullptr;
    for (; at > 0; --at) {
        const engine::Record& record = records[at - 1];
        if (!matches(record, wanted)) continue;
        if (lines.size() >= limit) {
            before = record.index + 1;
            break;
        }
        lines.push_back(line_of(record));
    }
    return base::canonical({{"lines", std::move(lines)}, {"before", std::move(before)}});
}

std::string releases_json(const engine::Releases& releases) {
    base::Json out = base::Json::array();
    // A release that was gone back to was brought by several runs: the last one counts.
    bool has_server = false;
    for (auto run = releases.runs.rbegin(); run != releases.runs.rend(); ++run) {
        if (out.size() >= kReleasesMax) break;
        const engine::PastRun* back = rollback_target(releases, run->release.id);
        const bool serves = !has_server && releases.current &&
                            releases.current->id == run->release.id &&
                            run->ending == engine::Ending::succeeded;
        has_server = has_server || serves;
        out.push_back(
            {{"id", run->id},
             {"version", to_text(run->release.version)},
             {"from", run->before ? base::Json(to_text(run->before->version)) : base::Json()},
             {"strategy", release::name_of(run->strategy)},
             {"rollback", run->is_rollback},
             {"ending", run->ending ? base::Json(name_of(*run->ending)) : base::Json(nullptr)},
             {"cause", name_of(run->cause)},
             {"reason", cut(run->reason)},
             {"harm", run->harm},
             {"actor", run->actor},
             {"begun", base::to_text(run->begun)},
             {"ended", instant_json(run->ended)},
             {"serves", serves},
             {"back", back == &*run}});
    }
    return base::canonical(out);
}

}  // namespace console
