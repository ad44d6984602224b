#pragma once
// What the recorded counts of a run say of its release, compared with the old one: readings become
// ticks of a trial. Folded from records like all of a run's progress, so that a process that died
// and the next one go on with the same test.

#include "base/clock.h"
#include "base/units.h"
#include "engine/metrics.h"
#include "engine/sourced.h"
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
    /// What was read of both releases at one moment.
    struct Look {
        judge::PoolCounts counts;
        std::optional<BothVitals> vitals = {};  ///< As far as instances could be seen.
        SourceReadings sources = {};            ///< Of the guard's own metrics.
        std::chrono::milliseconds age{0};       ///< How long before the moment the counts end.
    };

    /// `before` is from before the release's first request, `usual` how the old one fares.
    Evidence(const release::Plan& plan, const judge::Usual& usual, const Look& before,
             base::Instant at);

    /// The split that gives the new release `share` is stored.
    void shifted(base::Permille share, base::Instant at);
    /// What was recorded: a tick, once it is `due`; before that it says nothing yet. Where counts
    /// come late, a tick is of the share at their time, and a look that tells of no more time than
    /// the one before is none.
    void see(const Look& look, base::Instant at);

    /// Ten looks of the guard: few enough for a trial of hours, and soon enough to react.
    static std::chrono::milliseconds tick_of(const release::Guard& guard);
    base::Instant due() const { return last_at_ + tick_; }
    /// When the last tick ended; when the trial began before the first.
    base::Instant last_at() const { return last_at_; }
    /// When the last tick's counts end.
    base::Instant counted() const { return counted_; }

    const judge::Trial& trial() const { return trial_; }
    /// What the trial says, unless a gauge says worse or something cannot be seen.
    judge::Verdict verdict() const;
    /// Whether the release is worse than the old one, or a gauge of it beyond its limit.
    bool is_worse() const;
    /// Whether a gauge, or a source that cannot be read, keeps the share from rising.
    bool is_held() const;
    /// Since when a source cannot be read.
    std::optional<base::Instant> blind_since() const { return sourced_.blind_since(); }
    /// The share that is stored.
    base::Permille share() const { return shares_.back().second; }
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
                              base::Instant counted) const;
    /// The least share between the last tick's counts and these.
    base::Permille share_until(base::Instant counted) const;
    /// Restarts and seconds of instances since the last tick.
    judge::Tick restarts_until(const BothVitals& now, double seconds) const;
    void see(const BothVitals& vitals, const judge::PoolCounts& reading, base::Instant at);
    /// Of gauges and sources: fail, then unknown, then pass.
    judge::Verdict gauges() const;

    release::Pool target_;
    std::chrono::milliseconds tick_;
    std::chrono::milliseconds warm_up_;
    std::vector<judge::LatencyEdge> edges_;
    SourcedWatch sourced_;
    judge::Trial trial_;
    VitalsWatch vitals_watch_;
    BothVitals vitals_;  ///< At the end of the last tick.
    judge::PoolCounts last_;
    base::Instant last_at_;
    base::Instant counted_;
    /// Each from when it is stored; the first is in force when the last tick's counts end.
    std::deque<std::pair<base::Instant, base::Permille>> shares_;
    std::optional<base::Instant> first_share_at_;
    bool was_cold_ = true;  ///< The tick before began cold.
    std::deque<Flow> flow_;
};

}  // namespace engine
