#include "load/outcome.h"

#include <algorithm>

namespace load {

std::optional<double> rollback_ms(const Outcome& outcome, std::string_view version,
                                  base::Instant commanded, base::Instant until) {
    const auto known =
        std::any_of(outcome.versions.begin(), outcome.versions.end(),
                    [&](const VersionOutcome& one) { return one.version == version; });
    if (!known) return std::nullopt;
    std::int64_t last = base::micros_of(commanded);
    for (const Second& second : outcome.seconds) {
        const auto slice = second.versions.find(std::string(version));
        if (slice == second.versions.end()) continue;
        if (slice->second.last_micros <= base::micros_of(until))
            last = std::max(last, slice->second.last_micros);
    }
    return static_cast<double>(last - base::micros_of(commanded)) / 1000.0;
}

}  // namespace load
