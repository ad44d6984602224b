#pragma once
// What an application's journal says of its releases: which serves, what stands by, what came
// before. Pure; any process may ask.

#include "base/result.h"
#include "engine/status.h"
#include "engine/store.h"
#include "release/plan.h"

#include <optional>
#include <string>
#include <vector>

namespace engine {

/// One run that is over or under way.
struct PastRun {
    std::string id;
    release::Release release;                ///< What it was to bring.
    std::optional<release::Release> before;  ///< What served when it began.
    release::StrategyKind strategy = release::StrategyKind::canary;
    bool is_rollback = false;
    base::Digest plan;
    std::string actor;
    std::string order;  ///< What it was begun for, as whoever began it named it; may be empty.
    base::Instant begun;
    std::optional<base::Instant> ended;
    std::optional<Ending> ending;  ///< None: has not ended.
    Cause cause = Cause::none;
    std::string reason;
    std::uint64_t harm = 0;
};

struct Releases {
    std::optional<release::Release> current;  ///< Serves; none before the first success.
    release::Pool active = release::Pool::blue;
    std::optional<release::Release> idle;     ///< Stands in the other pool, by the journal.
    std::optional<base::Instant> warm_until;  ///< When `idle` may be retired.
    std::vector<release::Gate> rules;         ///< For second persons, by the last release's spec.
    std::vector<PastRun> runs;                ///< Oldest first; the last may be under way.
    std::uint32_t next_number = 1;            ///< For the next release's id: `r<number>`.

    bool under_way() const { return !runs.empty() && !runs.back().ending; }
};

/// `not_found` is not among its failures: an empty journal says that nothing serves.
base::Result<Releases> releases_of(const std::vector<Record>& records);

/// What the plan builder needs; `instances` from `Fleet::list`.
release::Present present_of(const Releases& releases, const std::vector<Instance>& instances);

/// The release that a rollback goes to: the last that served before the current one and ended
/// well. None when there is none.
std::optional<release::Release> previous_release(const Releases& releases);

}  // namespace engine
