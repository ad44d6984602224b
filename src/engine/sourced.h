#pragma once
// What readings of other systems' metrics say of a new release: counts become ticks of its trial,
// a gauge must keep its limit, and a source that cannot be read holds it (P8).

#include "base/clock.h"
#include "engine/sources.h"
#include "judge/tick.h"
#include "judge/trial.h"
#include "judge/verdict.h"
#include "release/sourced.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace engine {

class SourcedWatch {
public:
    explicit SourcedWatch(std::vector<release::SourcedMetric> metrics);

    /// The counted ones, for a trial. `before` are readings from before the new release's first
    /// request; their errors scatter like those of requests.
    std::vector<judge::Metric> counted(const SourceReadings& before, double dispersion) const;

    /// The new release has its first share; what came before is not its own.
    void begin(const SourceReadings& before);

    struct Look {
        double weight = 0;     ///< The least share (0..1) of the new release in this tick.
        bool is_cold = false;  ///< This tick or the one before began cold: its counts say nothing.
        base::Instant at;
    };
    /// A tick's end. Returns a tick of each of `counted`, empty where the source is blind.
    std::vector<judge::Tick> see(const SourceReadings& readings, const Look& look);

    /// Fail at a gauge's limit; unknown, which holds, where something cannot be seen; or pass.
    judge::Verdict verdict() const;
    /// Since when something cannot be seen.
    std::optional<base::Instant> blind_since() const { return blind_since_; }

private:
    struct State {
        std::optional<SourceFigures> fresh;  ///< As last read.
        std::optional<SourceFigures> old;
        std::string hold;     ///< Why it holds; empty: it does not.
        double expected = 0;  ///< Counts of the new release that should have come, and have not.
        double compared_with = 0;  ///< Counts of the old release, before and beside the new one.
        int beyond = 0;            ///< Ticks on end that a gauge is beyond its limit.
        std::string failed;        ///< A gauge's verdict.
    };

    judge::Tick count(State& state, const SourceReading& reading, const Look& look);
    void gauge(std::size_t index, const SourceReading& reading);

    std::vector<release::SourcedMetric> metrics_;
    std::vector<State> states_;
    std::optional<base::Instant> blind_since_;
};

/// The verdict that some source is blind now; none where all can be read. `readings` may be
/// missing: then nobody asked.
std::optional<judge::Verdict> blind_now(const std::vector<release::SourcedMetric>& metrics,
                                        const std::optional<SourceReadings>& readings);

}  // namespace engine
