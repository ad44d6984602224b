#pragma once
// A run as people and programs read it: JSON, one HTML file, a table for the terminal, JUnit.
// What the releases did while it ran is told by the caller, who can read the journal.

#include "base/clock.h"
#include "load/outcome.h"
#include "load/require.h"
#include "load/run.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace load {

/// A stretch of time behind the plots.
struct Band {
    base::Instant from;
    base::Instant until;
    std::string label = {};  ///< `1.0.1 shift`
    std::string kind = {};   ///< the stage in small letters: prepare, scale_up, test, shift, bake,
                             ///< drain, retire, rollback
};

struct ReleaseRow {
    std::string id = {};
    std::string version = {};
    std::string strategy = {};  ///< canary, blue-green, rolling …
    std::string ending = {};    ///< succeeded, rolled_back, stuck …
    double seconds = 0;
    std::uint64_t harm_requests = 0;  ///< harmed requests that users saw from this release
    std::optional<std::uint64_t> harm_budget = {};
    std::optional<double> rollback_ms = {};
    bool is_rollback = false;  ///< a person took it back
    std::optional<base::Instant> started = {};
    std::optional<base::Instant> ended = {};
    std::string reason = {};  ///< why it ended so, in one line
};

/// What happened around the run.
struct Story {
    std::string title = {};    ///< `./x demo`
    std::string command = {};  ///< what repeats it
    std::string machine = {};  ///< processor, cores, memory, commit
    std::vector<Band> bands = {};
    std::vector<ReleaseRow> releases = {};
    std::vector<Checked> checked = {};
};

/// Schema `crossfade.load/1`. Top level: schema, run, target, profile, users, started, ended,
/// seconds_long, stopped_early, verdict, http, websocket, messages, uploads, downtime_ms, downtime,
/// assets, rollback_ms (largest of the releases', null without one), harm {requests, budget,
/// VERSION…}, releases[], endpoints[], versions[], uptime_percent, self, database, series[],
/// bands[], required[].
std::string render_json(const Outcome& outcome, const Story& story);

/// One file, no outside resource, light and dark.
std::string render_html(const Outcome& outcome, const Story& story);

/// The figures beside those that the project set out to beat, for a terminal.
std::string render_text(const Outcome& outcome, const Story& story);

/// One test case a requirement.
std::string render_junit(const Outcome& outcome, const std::vector<Checked>& checked);

/// One line of progress, at most `columns` wide, without a line break.
std::string render_progress(const Progress& progress, std::size_t columns);

}  // namespace load
