// explore --runs N [--seed FIRST]: releases under random misfortune, one a seed. Prints what broke
// and the line that repeats it; ends with status 1 if anything did.

#include "base/log.h"
#include "engine/sim/exploration.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>

int main(int argc, char** argv) {
    base::log::only_errors();
    std::uint64_t runs = 10'000;
    std::uint64_t first = 1;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string_view flag = argv[i];
        const std::uint64_t value = std::strtoull(argv[i + 1], nullptr, 10);
        if (flag == "--runs") runs = value;
        if (flag == "--seed") first = value;
    }
    std::map<std::string, std::uint64_t> endings;
    std::uint64_t broken = 0;
    for (std::uint64_t seed = first; seed < first + runs; ++seed) {
        const sim::Exploration found = sim::explore(seed);
        ++endings[found.ending.empty() ? "without end" : found.ending];
        if (found.ending == "stuck") ++endings["stuck in " + found.scenario];
        if (found.ending == "stuck") {
            std::printf("seed %llu (%s): stuck\n", static_cast<unsigned long long>(seed),
                        found.scenario.c_str());
        }
        if (runs == 1) std::printf("%s", found.journal.c_str());
        if (found.broken.empty()) continue;
        ++broken;
        std::printf("seed %llu (%s): %s\n  repeat: explore --runs 1 --seed %llu\n",
                    static_cast<unsigned long long>(seed), found.scenario.c_str(),
                    found.broken.front().c_str(), static_cast<unsigned long long>(seed));
    }
    for (const auto& [ending, count] : endings) {
        std::printf("%8llu %s\n", static_cast<unsigned long long>(count), ending.c_str());
    }
    std::printf("%llu of %llu runs broke a promise\n", static_cast<unsigned long long>(broken),
                static_cast<unsigned long long>(runs));
    return broken == 0 ? 0 : 1;
}
