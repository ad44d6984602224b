#pragma once
// What a release will do, in order, why, and the way back. Computed from values alone; shown to
// people, digested, and carried out by `engine` as it was reviewed (P12).

#include "base/digest.h"
#include "base/units.h"
#include "release/change.h"
#include "release/pool.h"
#include "release/release.h"
#include "release/spec.h"
#include "release/stage.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace release {

// The kinds of steps. Each is ensure-shaped: carried out again, it does only what is missing.

/// Looks whether the release can begin: data plane answers, the active pool is healthy, the
/// stored split is the one the plan was made for.
struct CheckWorld {
    friend bool operator==(const CheckWorld&, const CheckWorld&) = default;
};
/// Publishes the release's assets and fetches them back (P10).
struct PublishAssets {
    friend bool operator==(const PublishAssets&, const PublishAssets&) = default;
};
/// Makes the artifact runnable where instances start.
struct Prepare {
    friend bool operator==(const Prepare&, const Prepare&) = default;
};
/// Wishes `instances` of the new release in `pool` and waits until all are healthy.
struct ScaleUp {
    Pool pool;
    std::uint32_t instances;

    friend bool operator==(const ScaleUp&, const ScaleUp&) = default;
};
/// Gives the new pool's instances to hooks before any user sees them.
struct Test {
    friend bool operator==(const Test&, const Test&) = default;
};
/// Sets the share, reads it back, observes until the data plane agrees, then settles (P3).
struct Shift {
    Pool to;
    base::Permille share;

    friend bool operator==(const Shift&, const Shift&) = default;
};
/// Raises the share by and by, as far as the evidence so far can afford of the guard's budget of
/// harm, until the release is clear; lowers it where there is doubt.
struct Ramp {
    Pool to;

    friend bool operator==(const Ramp&, const Ramp&) = default;
};
/// Judges the new pool's counts for a while; a fail aborts, unknown holds (P8).
struct Watch {
    milliseconds length;

    friend bool operator==(const Watch&, const Watch&) = default;
};
/// Asks clients with sockets to leave `pool` and waits until nothing is in flight there.
struct Drain {
    Pool pool;

    friend bool operator==(const Drain&, const Drain&) = default;
};
/// Empties `pool`, not before `keep_warm` after the step before ended.
struct Retire {
    Pool pool;
    milliseconds keep_warm;

    friend bool operator==(const Retire&, const Retire&) = default;
};
/// Replaces instances of `pool`, each surged before an old one leaves, until `updated` of
/// `instances` run the new release and all are healthy. The Watch that judges it is a step of
/// its own.
struct Replace {
    Pool pool;
    std::uint32_t updated;
    std::uint32_t instances;

    friend bool operator==(const Replace&, const Replace&) = default;
};
/// For releases that must not run at the same time: holds users' requests, ends all instances in
/// `from`, starts `instances` in `to`, and lets the requests go once all are healthy.
struct Recreate {
    Pool from;
    Pool to;
    std::uint32_t instances;

    friend bool operator==(const Recreate&, const Recreate&) = default;
};
/// Calls a hook of the spec; ends when it has succeeded.
struct CallHook {
    Hook hook;

    friend bool operator==(const CallHook&, const CallHook&) = default;
};
/// Waits for a person's consent.
struct AwaitConsent {
    Gate gate;

    friend bool operator==(const AwaitConsent&, const AwaitConsent&) = default;
};

using Action = std::variant<CheckWorld, PublishAssets, Prepare, ScaleUp, Test, Shift, Ramp, Watch,
                            Drain, Retire, Replace, Recreate, CallHook, AwaitConsent>;

/// The kind of a step as it stands in JSON: `scale-up`, `shift`, …
std::string_view name_of(const Action& action);

struct Step {
    std::string id;  ///< Unique in the plan, stable: `shift-2`.
    Stage stage = Stage::preflight;
    Action action;
    std::string reason;        ///< One sentence for people.
    milliseconds expected{0};  ///< What it takes by configuration alone, boot times apart.

    friend bool operator==(const Step&, const Step&) = default;
};

/// Everything that `engine` needs, so that a run never reads the spec again.
struct Plan {
    /// The run's id, never used before: for a release the id of `to`, for a rollback a fresh one.
    std::string id;
    std::string application;
    StrategyKind strategy = StrategyKind::canary;
    bool is_rollback = false;
    std::string strategy_reason;     ///< Which rule chose it.
    std::vector<std::string> notes;  ///< What else a person should know, a sentence each.
    Change change;
    std::optional<Release> from;  ///< None for the first release.
    Release to;
    Pool active = Pool::blue;   ///< Takes traffic before the run.
    Pool target = Pool::green;  ///< Takes traffic after it; equals `active` for rolling.
    std::uint32_t instances = 0;
    std::vector<Step> steps;
    /// The spec's gates for second persons, whether they stand in this plan or not: the next
    /// release may not drop one without a second person.
    std::vector<Gate> rules = {};
    std::string way_back;  ///< One sentence: how a rollback happens and until when.
    Guard guard;
    Strategy settings;
    milliseconds boot_deadline{0};

    milliseconds expected() const;

    friend bool operator==(const Plan&, const Plan&) = default;
};

/// The stops of a canary: those that the spec names, or 5, 25 and 50 % where it forbids to compare
/// the releases. None: its share follows from evidence.
std::vector<CanaryStep> canary_stops(const Spec& spec);

/// Whether the share of the new release follows from evidence.
bool rises_by_evidence(const Plan& plan);

/// What the world looks like when a plan is made.
struct Present {
    std::optional<Release> active_release;
    Pool active = Pool::blue;
    /// What stands in the idle pool, warm, if anything: a rollback to it needs no boot.
    std::optional<Release> idle_release;
    std::uint32_t idle_healthy = 0;
    std::vector<Gate> rules = {};  ///< Of the plan that brought the active release.
};

/// The plan that brings `to`, or why there is none (nothing changes, a forbidden edge, a jump too
/// large, a strategy that the application cannot have).
base::Result<Plan> plan_release(const Spec& spec, const Release& to, const Present& present,
                                std::optional<StrategyKind> forced);

/// The plan that goes back to `to` as run `id`. Refuses the identical release (P4). Warm, when the
/// idle pool holds `to` and is healthy: one Shift to 100 % comes first. Else cold: it scales up
/// first, or replaces backwards where a release forward would have been rolling.
base::Result<Plan> plan_rollback(const Spec& spec, const Release& to, const Present& present,
                                 std::string id);

/// Canonical JSON and back. The digest is of the former, but for where artifact and assets are
/// fetched from: what they are is in it (P12).
std::string plan_to_json(const Plan& plan);
base::Result<Plan> plan_from_json(std::string_view text);
base::Digest digest_of(const Plan& plan);

/// For people: strategy and why, what changes, each step with reason and duration, the way back.
std::string plan_to_text(const Plan& plan);

}  // namespace release
