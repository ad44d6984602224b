#pragma once
// Releases under random misfortune: every seed draws a release, a place and its own mix of faults,
// deaths, thieves and impatient people. First chaos, then calm; safety is checked all the way, and
// in the calm the release must come to an end.

#include <cstdint>
#include <string>
#include <vector>

namespace sim {

struct Exploration {
    std::uint64_t seed = 0;
    std::string scenario;
    std::string ending;
    std::uint64_t crossings = 0;
    std::uint64_t trace = 0;          ///< Of all calls, effects and instants.
    std::vector<std::string> broken;  ///< Empty, or the engine is wrong.
    std::string journal;              ///< For people: a line a record of the run.
};

/// The same seed gives the same exploration, on every machine.
Exploration explore(std::uint64_t seed);

}  // namespace sim
