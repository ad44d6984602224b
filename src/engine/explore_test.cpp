// Random misfortune, from seeds. CROSSFADE_RUNS=N plays more; CROSSFADE_SEED=S begins there.

#include "base/log.h"
#include "engine/sim/exploration.h"

#include <gmock/gmock.h>

#include <cstdlib>

namespace sim {
namespace {

// Unoptimised builds are for one's own next step; those that are shipped play all.
#ifdef __OPTIMIZE__
constexpr std::uint64_t kRuns = 2'000;
#else
constexpr std::uint64_t kRuns = 200;
#endif

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
    const char* text = std::getenv(variable);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

TEST(Exploration, no_seed_breaks_a_promise_or_stays_without_end) {
    base::log::only_errors();
    const std::uint64_t first = number_from("CROSSFADE_SEED", 1);
    const std::uint64_t runs = number_from("CROSSFADE_RUNS", kRuns);
    std::uint64_t broken = 0;
    for (std::uint64_t seed = first; seed < first + runs && broken < 5; ++seed) {
        const Exploration found = explore(seed);
        if (found.broken.empty()) continue;
        ++broken;
        ADD_FAILURE() << found.journal << found.scenario << ": " << found.broken.front()
                      << "\nrepeat: CROSSFADE_SEED=" << seed
                      << " CROSSFADE_RUNS=1 engine_test --gtest_filter='Exploration.*'";
    }
}

TEST(Exploration, seeds_that_once_found_a_fault_find_none) {
    // 5124: a call of the tail whose answer was lost was never made again. 107065, 108389: a step
    // that was over although its last call had no answer could not be written down.
    for (const std::uint64_t seed : {5'124U, 107'065U, 108'389U}) {
        EXPECT_THAT(explore(seed).broken, testing::IsEmpty()) << "seed " << seed;
    }
}

TEST(Exploration, one_seed_has_one_trace) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const Exploration once = explore(seed);
        const Exploration again = explore(seed);
        EXPECT_EQ(once.trace, again.trace) << "seed " << seed;
        EXPECT_EQ(once.crossings, again.crossings) << "seed " << seed;
    }
}

}  // namespace
}  // namespace sim
