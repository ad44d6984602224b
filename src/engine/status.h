#pragma once
// Where a run stands, for people and programs: an immutable snapshot that any process can make
// from the journal and the ports, and that a run swaps after each of its moves.

#include "base/clock.h"
#include "base/result.h"
#include "base/units.h"
#include "engine/fleet.h"
#include "engine/journal.h"
#include "engine/metrics.h"
#include "engine/sources.h"
#include "engine/store.h"
#include "engine/traffic.h"
#include "judge/counts.h"
#include "judge/verdict.h"
#include "release/plan.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace engine {

/// How a run ended. Names are stored.
enum class Ending {
    succeeded,    ///< The new release serves.
    rolled_back,  ///< The old release serves, as before.
    timed_out,    ///< Like rolled_back, because a deadline passed.
    stuck,        ///< Could not be taken back: a person must look.
    refused,      ///< Nothing was changed.
    interrupted,  ///< Stopped in good order; `resume` carries on. The run has not ended.
    displaced,    ///< Another driver holds the lease now. The run has not ended.
};

std::string_view name_of(Ending ending);
base::Result<Ending> ending_from(std::string_view name);

/// Why a run went back.
enum class Cause { none, verdict, failure, person, gate, deadline };

std::string_view name_of(Cause cause);
/// `none` for a name that is not known.
Cause cause_from(std::string_view name);

/// What a run is doing. Names are part of the output's schema.
enum class RunState {
    none,         ///< The application has no run.
    running,      ///< The engine's move.
    waiting,      ///< Time's move: a hold, a settle time, a retry.
    consent,      ///< A person's move: a gate, or no data for too long.
    paused,       ///< A person's move: `resume`.
    going_back,   ///< The engine's move, towards the old release.
    interrupted,  ///< A person's move: nobody drives it; `crossfade resume`.
    warm,         ///< Succeeded; the old pool stands by for an instant rollback.
    ended,        ///< Over.
};

std::string_view name_of(RunState state);

/// One pool as it is now.
struct PoolStatus {
    release::Pool pool = release::Pool::blue;
    std::string release;  ///< The id that most of its instances run; empty when it has none.
    std::uint32_t instances = 0;
    std::uint32_t healthy = 0;
    std::uint32_t draining = 0;
    std::uint32_t sockets = 0;
    std::uint32_t in_flight = 0;
    base::Permille share_set;
    std::optional<base::Permille> share_observed;  ///< None without traffic to tell it from.
};

/// The way back at this moment.
struct WayBack {
    bool feasible = false;
    std::string sentence;
    std::optional<base::Instant> until;  ///< After this it needs a boot.
};

/// One step with where it stands.
struct StepStatus {
    enum class Place { ahead, current, passed, undone };
    std::string id;
    release::Stage stage = release::Stage::preflight;
    std::string reason;
    Place place = Place::ahead;
    std::optional<base::Instant> entered;
    std::optional<base::Instant> passed;
};

/// An answer to a gate.
struct Consent {
    std::string step;
    std::string by;  ///< As the journal has it: who, and perhaps why.
    base::Instant at;
    std::string why_void;  ///< Empty: it counts.
};

struct Status {
    std::string run;
    std::string application;
    std::string from;  ///< Version; empty for a first release.
    std::string to;
    std::string strategy;
    RunState state = RunState::none;
    std::string sentence;  ///< What it does, and whose move it is.
    std::string actor;     ///< Who began it.
    std::string driver;    ///< Who holds the lease; empty when nobody does.
    base::Instant since;
    std::optional<base::Instant> over;  ///< When it ended.
    std::optional<Ending> ending;
    Cause cause = Cause::none;
    std::string reason;  ///< Why it went back or is stuck.

    release::Stage stage = release::Stage::preflight;
    std::size_t step = 0;  ///< 1..steps; 0 before the first.
    std::vector<StepStatus> steps;
    std::string next;                   ///< What comes next.
    std::optional<base::Instant> when;  ///< When, where that is known.

    std::optional<Split> split;  ///< As stored by the provider.
    std::vector<PoolStatus> pools;
    std::vector<Instance> instances;
    judge::Verdict verdict;
    std::uint64_t harm = 0;  ///< Failed requests of the new release so far.
    std::uint64_t harm_max = 0;
    std::vector<Consent> consents;
    std::string not_by;  ///< Who cannot consent to the present step, as he began the release.
    WayBack way_back;
    Head head;                        ///< The journal's end that this was made from.
    std::vector<std::string> unseen;  ///< What could not be asked, and why.
};

/// What was seen of the world; a member that could not be asked is an error (P8).
struct Sight {
    base::Instant at;
    std::optional<base::Result<Split>> split;
    std::optional<base::Result<TrafficView>> traffic;
    std::optional<base::Result<std::vector<Instance>>> instances;
    std::optional<base::Result<judge::PoolCounts>> counts;
    std::chrono::milliseconds counts_age{0};
    std::optional<base::Result<std::vector<Past>>> past;  ///< Traffic of the last day.
    std::optional<base::Result<std::chrono::milliseconds>> held;
    std::optional<SourceReadings> sources;     ///< Metrics of other systems, as last answered.
    std::optional<base::Result<void>> assets;  ///< Whether they are served as they should be.
};

/// Asks the ports once.
Sight look(Traffic& traffic, Fleet& fleet, base::Clock& clock);

/// The status of the application's last run. `lease` tells whether anybody drives it.
base::Result<Status> status_of(const std::vector<Record>& records, const Sight& sight,
                               const std::optional<Lease>& lease);

}  // namespace engine
