#include "local/usage.h"

#include "base/file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

namespace local {

namespace {

constexpr base::Bytes kChildrenMax{64 * 1024};
/// More processes than this are not looked at.
constexpr std::size_t kProcessesMax = 256;
// Indices into what `stat_of` gives.
constexpr std::size_t kUserTime = 14 - 3;  ///< Followed by those in the kernel, then both of
constexpr std::size_t kTimes = 4;          ///< children that were waited for.
constexpr std::size_t kResidentPages = 24 - 3;

std::uint64_t number_from(const std::string& text) {
    std::uint64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

/// Adds what `pid` takes by itself; false when there is no such process.
bool add(Usage& usage, pid_t pid) {
    static const auto kPageBytes = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
    static const auto kTickMicros = 1'000'000 / static_cast<std::uint64_t>(sysconf(_SC_CLK_TCK));
    const auto fields = stat_of(pid);
    if (!fields || fields->size() <= kResidentPages) return false;
    usage.resident.count += number_from((*fields)[kResidentPages]) * kPageBytes;
    std::uint64_t ticks = 0;
    for (std::size_t i = 0; i < kTimes; ++i) ticks += number_from((*fields)[kUserTime + i]);
    usage.cpu += std::chrono::microseconds{ticks * kTickMicros};
    return true;
}

std::vector<pid_t> children_of(pid_t pid) {
    const auto text =
        base::read_file(fmt::format("/proc/{}/task/{}/children", pid, pid), kChildrenMax);
    if (!text) return {};
    std::istringstream numbers(*text);
    return {std::istream_iterator<pid_t>(numbers), {}};
}

}  // namespace

std::optional<Usage> usage_of(const Identity& identity) {
    if (identity_of(identity.pid) != identity) return std::nullopt;
    Usage usage;
    if (!add(usage, identity.pid)) return std::nullopt;
    std::vector<pid_t> family{identity.pid};
    for (std::size_t i = 0; i < family.size() && family.size() < kProcessesMax; ++i) {
        for (const pid_t child : children_of(family[i])) {
            if (add(usage, child)) family.push_back(child);
        }
    }
    return usage;
}

}  // namespace local
