#pragma once
// Processor time of processes, from /proc.

#include "base/clock.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace load {

/// User and system time of one process in clock ticks, from the text of `/proc/PID/stat`.
struct ProcessTime {
    int pid = 0;
    int parent = 0;
    std::string name;
    std::uint64_t ticks = 0;
};
std::optional<ProcessTime> process_time_from(std::string_view stat);

/// The share of one core that some processes and all below them used since the last sample.
class ProcessMeter {
public:
    /// The given processes, and those of that name (empty: none).
    ProcessMeter(std::vector<int> pids, std::string name);

    /// Percent of one core since the last call; nothing in the first, and where no process is left.
    std::optional<double> sample(base::Tick now);

private:
    std::vector<int> pids_;
    std::string name_;
    std::map<int, std::uint64_t> before_;
    base::Tick before_at_{};
};

/// Processor seconds that this thread has used.
double thread_seconds();

}  // namespace load
