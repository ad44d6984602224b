#pragma once
// What `status`, `deploy` and `instances` show, as pure functions of a snapshot: text for people,
// JSON for programs, and the lines that tell what changed from one snapshot to the next.

#include "cli/text.h"
#include "engine/status.h"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

/// A snapshot with what is known around it.
struct View {
    engine::Status status = {};
    base::Instant now;
    std::string active_pool = {};  ///< `blue` or `green`; empty before the first release.
    std::string serving = {};      ///< The version that serves; empty before the first release.
    std::map<std::string, std::string> versions = {};  ///< Of all releases, by their ids.
    std::string address = {};  ///< Where users connect; empty where it is not known.
    std::string open = {};     ///< The URL that they open.
};

struct Layout {
    Paint paint{false};
    std::size_t columns = 0;  ///< 0: lines may be of any length.
    bool every_step = true;   ///< Or only the stages and what is next to the present step.
};

std::string view_text(const View& view, const Layout& layout);

/// Schema `crossfade.status/1`.
nlohmann::json view_json(const View& view);

/// In one word and a tone: how things stand. Like `WATCHING` or `NEEDS YOU`.
struct Headline {
    std::string_view word;
    Tone tone;
};
Headline headline_of(const engine::Status& status);

std::string instances_text(const std::vector<engine::Instance>& instances, base::Instant now,
                           const Layout& layout);
/// A list of objects, as in `crossfade.instances/1` and `crossfade.status/1`.
nlohmann::json instances_json(const std::vector<engine::Instance>& instances);

/// Something that changed, for logs: one line each.
struct Change {
    base::Instant at;
    std::string kind;  ///< `step`, `weight`, `instance`, `verdict`, `state` or `ended`.
    std::string text;  ///< Without time and run.
    Tone tone = Tone::plain;
};

/// From `before` (none: everything is new) to `after`. Countdowns and numbers that move all the
/// time are no changes, and neither is the first sight of what was so before the run.
std::vector<Change> changes_between(const engine::Status* before, const View& after);

/// The version that a release brought, or its id where that is not known.
const std::string& version_of(const View& view, const std::string& release);

/// `14:05:09 r2 shift-1 (4/12): 5 % of requests to green`
std::string change_line(const Change& change, std::string_view run, const Paint& paint);
/// One line as JSON, schema `crossfade.event/1`.
std::string change_json(const Change& change, std::string_view run);
/// What stands in for changes when there are none for a while.
std::string heartbeat_line(const View& view);

}  // namespace cli
