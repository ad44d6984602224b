#pragma once
// Carries a plan out: one durable move at a time, under a lease, from the journal alone.
//
// A move is: journal the intent, change the world, journal what came of it. A process that dies
// anywhere leaves a run that `resume` carries on to the same end (P6). One thread.

#include "base/clock.h"
#include "base/result.h"
#include "engine/assets.h"
#include "engine/fleet.h"
#include "engine/hooks.h"
#include "engine/metrics.h"
#include "engine/sources.h"
#include "engine/status.h"
#include "engine/store.h"
#include "engine/traffic.h"
#include "release/plan.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace engine {

/// The six ports and the time; a seventh where the guard has metrics of other systems.
struct World {
    Fleet& fleet;
    Traffic& traffic;
    Assets& assets;
    Metrics& metrics;
    Hooks& hooks;
    Store& store;
    base::Clock& clock;
    Sources* sources = nullptr;
};

/// How patient a driver is.
struct Pace {
    std::chrono::milliseconds poll{200};      ///< Between two looks at the world.
    std::chrono::milliseconds call{5'000};    ///< What one port call may take.
    std::chrono::milliseconds lease{20'000};  ///< Several moves long.
};

/// Who drives a run. `holder` names this very process (`ada@host pid 7 since 12345`), so that no
/// two processes share a lease. Whoever knows that a holder is dead may take its lease over at
/// once by naming it; else a dead driver's lease has to run out.
struct Driver {
    std::string actor;
    std::string holder;
    Pace pace;
    /// When the person or job said so: what a rollback's speed is counted from. Journaled.
    std::optional<base::Instant> commanded = {};
    /// What a run that this driver begins is for, as the one who wants it names it, such as a build
    /// of a pipeline. Journaled, so that an order given twice is found to have been taken.
    std::string order = {};
};

/// How `carry_through` came back.
struct Outcome {
    Ending ending = Ending::interrupted;
    Cause cause = Cause::none;
    std::string sentence;                        ///< One sentence for people.
    std::optional<base::Diagnostic> diagnostic;  ///< What failed, where something did.
    std::optional<base::Instant> retire_at;      ///< Until then the old pool stands by.
    std::uint64_t harm = 0;                      ///< Failed requests of the new release.
};

/// What one call of `advance` came to.
struct Turn {
    enum class Kind { moved, waiting, over };
    Kind kind = Kind::moved;
    base::Instant until;  ///< With `waiting`: nothing will happen before.
};

class Run {
public:
    /// Takes the lease and journals the plan. First finishes what the run before left standing: a
    /// warm pool is retired at once, unless this plan goes back to what it runs.
    /// Fails with `conflict` while another drives this application (CF0410) or its last run has
    /// not ended (CF0302), and `rejected` when the plan is for another state of the world.
    static base::Result<Run> begin(const World& world, const release::Plan& plan,
                                   const Driver& driver);

    /// Takes the lease and carries on with the last run, if anything of it is left to do: one that
    /// has not ended, or a warm pool to retire. `not_found` when nothing is (CF0303).
    static base::Result<Run> resume(const World& world, const Driver& driver);

    Run(Run&&) noexcept;
    Run& operator=(Run&&) noexcept;
    ~Run();

    /// Makes at most one move. After an error nothing is lost: the same call may be repeated.
    /// `conflict`: the lease is lost, another drives; never call again.
    base::Result<Turn> advance();

    /// Calls `advance` until the run is over or `stop` is requested, waiting in between on the
    /// clock; `observer` sees the status after each change. When stopped, journals that, gives the
    /// lease back and leaves traffic at the last verified weight. Ends as `succeeded` once the new
    /// release serves and the old pool is drained; a pool kept warm is left for `resume` or the
    /// next `begin`. A run that was resumed after success waits until it may retire, and does.
    Outcome carry_through(const std::stop_token& stop,
                          const std::function<void(const Status&)>& observer);

    /// Where the run stands, from the journal and from what the last move saw. By the run's thread.
    std::shared_ptr<const Status> status() const;

private:
    struct State;
    explicit Run(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// The wishes that a run in progress takes up, as `Store::ask` verbs.
/// `pause`: stay at this weight. `resume`: end a pause. `promote`: skip the remaining holds and
/// consents, but none of a second person's; with a step's id as the argument, or `id digest`, only
/// that one. A second person's consent names the plan's digest. `abort`: go back.
inline constexpr std::string_view kPause = "pause";
inline constexpr std::string_view kResume = "resume";
inline constexpr std::string_view kPromote = "promote";
inline constexpr std::string_view kAbort = "abort";

}  // namespace engine
