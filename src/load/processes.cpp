#include "load/processes.h"

#include "base/file.h"

#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <set>
#include <sstream>

namespace load {
namespace {

std::vector<ProcessTime> all_processes() {
    std::vector<ProcessTime> all;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator("/proc", error)) {
        const std::string name = entry.path().filename().string();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        const auto text = base::read_file(entry.path() / "stat", base::Bytes{4096});
        if (!text) continue;
        if (auto process = process_time_from(*text)) all.push_back(std::move(*process));
    }
    return all;
}

}  // namespace

std::optional<ProcessTime> process_time_from(std::string_view stat) {
    // The name is in parentheses and may hold any of them itself: the last one ends it.
    const std::size_t open = stat.find('(');
    const std::size_t close = stat.rfind(')');
    if (open == std::string_view::npos || close == std::string_view::npos || close < open)
        return std::nullopt;
    ProcessTime process;
    const std::string_view pid = stat.substr(0, open);
    std::from_chars(pid.data(), pid.data() + pid.size(), process.pid);
    process.name = std::string(stat.substr(open + 1, close - open - 1));
    std::istringstream rest{std::string(stat.substr(close + 1))};
    std::string state;
    std::uint64_t skipped = 0, user = 0, system = 0;
    rest >> state >> process.parent;
    for (int field = 5; field <= 13; ++field) {
        std::string other;
        rest >> other;
        skipped += other.size();
    }
    if (!(rest >> user >> system) || process.pid == 0 || skipped == 0) return std::nullopt;
    process.ticks = user + system;
    return process;
}

ProcessMeter::ProcessMeter(std::vector<int> pids, std::string name)
    : pids_(std::move(pids)), name_(std::move(name)) {}

std::optional<double> ProcessMeter::sample(base::Tick now) {
    if (pids_.empty() && name_.empty()) return std::nullopt;
    const std::vector<ProcessTime> all = all_processes();
    std::set<int> wanted(pids_.begin(), pids_.end());
    for (const ProcessTime& process : all)
        if (!name_.empty() && process.name == name_) wanted.insert(process.pid);
    // Parents stand before their children only by chance: until nothing is added.
    for (std::size_t before = 0; before != wanted.size();) {
        before = wanted.size();
        for (const ProcessTime& process : all)
            if (wanted.contains(process.parent)) wanted.insert(process.pid);
    }
    std::map<int, std::uint64_t> ticks;
    for (const ProcessTime& process : all)
        if (wanted.contains(process.pid)) ticks[process.pid] = process.ticks;

    std::uint64_t used = 0;
    for (const auto& [pid, count] : ticks) {
        const auto known = before_.find(pid);
        used += known == before_.end() ? count : count - std::min(known->second, count);
    }
    const bool first = before_at_ == base::Tick{};
    const double seconds = std::chrono::duration<double>(now - before_at_).count();
    before_ = std::move(ticks);
    before_at_ = now;
    if (first || before_.empty() || seconds <= 0) return std::nullopt;
    return 100.0 * static_cast<double>(used) / static_cast<double>(::sysconf(_SC_CLK_TCK)) /
           seconds;
}

double thread_seconds() {
    timespec spent{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
    return static_cast<double>(spent.tv_sec) + static_cast<double>(spent.tv_nsec) / 1e9;
}

}  // namespace load
