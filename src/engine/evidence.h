#pragma once
// What the recorded counts of a run say of its release, compared with the old one: readings become
// ticks of a trial. Folded from records like all of a run's progress, so that a process that died
// and the next one go on with the same test.

#include "base/clock.h"
#include "base/units.h"
#include "engine/metrics.h"
#include "engine/vitals.h"
#include "judge/counts.h"
#include "judge/ramp.h"
#include "judge/trial.h"
#include "judge/usual.h"
#include "release/plan.h"

#include <chrono>
#include <deque>
#include <optional>
#include <vector>

namespace engine {

const judge::Counts& counts_of(const judge::PoolCounts& counts, release::Pool pool);

/// Whether a run of `plan` puts the new release beside the old one and compares them.
bool compares(const release::Plan& plan);

/// What the guard lets a release cost.
judge::Budget budget_of(const release::Guard& guard);

/// Of a provider's history what one release alone met; `present` is the pool of the one that
/// serves now.
std::vector<judge::Stretch> stretches_of(const std::vector<Past>& history, release::Pool present);

class Evidence {
public:
    /// `before` are the counts before the release's first request, `usual` those of the old one.
    Evidence(const release::Plan& plan, const judge::Usual& usual, const judge::PoolCounts& before,
             base::Instant at);

    /// The split that gives the new release `share` is stored.
    void shifted(base::Permille share, base::Instant at);
    /// A reading that was recorded: a tick, once it is `due`; before that it says nothing yet.
    /// `vitals` as far as instances could be seen.
    void see(const judge::PoolCounts& reading, const std::optional<BothVitals>& vitals,
             base::Instant at);

    /// Ten looks of the guard: few enough for a trial of hours, and soon enough to react.
    static std::chrono::milliseconds tick_of(const release::Guard& guard);
    base::Instant due() const { return last_at_ + tick_; }
    /// When the last tick ended; when the trial began before the first.
    base::Instant last_at() const { return last_at_; }

    const judge::Trial& trial() const { return trial_; }
    /// What the trial says, unless memory or CPU say worse.
    judge::Verdict verdict() const;
    /// Whether the release is worse than the old one, or its memory near the limit.
    bool is_worse() const;
    /// Whether memory or CPU keep the share from rising.
    bool is_held() const;
    /// The share that is stored.
    base::Permille share() const { return share_; }
    /// Whether a tick has passed.
    bool knows_traffic() const { return !flow_.empty(); }
    /// Of both releases, over the last six ticks; 0 before the first.
    double requests_per_second() const;
    bool is_warming(base::Instant at) const;

private:
    /// Requests of both pools in one tick.
    struct Flow {
        double requests;
        double seconds;
    };

    judge::Reading reading_of(const judge::Counts& fresh, const judge::Counts& old,
                              base::Instant at) const;
    /// Restarts and seconds of instances since the last tick.
    judge::Tick restarts_until(const BothVitals& now, double seconds) const;
    void see(const BothVitals& vitals, const judge::PoolCounts& reading, base::Instant at);

    release::Pool target_;
    std::chrono::milliseconds tick_;
    std::chrono::milliseconds warm_up_;
    std::vector<judge::LatencyEdge> edges_;
    judge::Trial trial_;
    VitalsWatch vitals_watch_;
    BothVitals vitals_;  ///< At the end of the last tick.
    judge::PoolCounts last_;
    base::Instant last_at_;
    base::Permille share_{0};
    base::Permille share_least_{0};  ///< Since the last tick.
    std::optional<base::Instant> first_share_at_;
    std::deque<Flow> flow_;
};

}  // namespace engine
