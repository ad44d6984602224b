#pragma once
// What became of users' requests, written down every few seconds: the history that a release is
// judged by, and a rehearsal of the judge draws from. The agent writes it, commands read it.

#include "base/clock.h"
#include "base/result.h"
#include "engine/metrics.h"
#include "judge/counts.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

struct sqlite3;

namespace local {

/// A file of its own, so that nobody waits for the journal: SQLite in WAL mode, of which the last
/// ticks may be lost with the machine. One process adds, any number read.
class TrafficLog {
public:
    /// How long a tick is kept.
    static constexpr std::chrono::hours kKept = engine::kHistory;

    /// Opens or makes the file. `rejected` when it is no traffic log of ours, or damaged.
    static base::Result<std::unique_ptr<TrafficLog>> open(const std::filesystem::path& file);
    ~TrafficLog();
    TrafficLog(const TrafficLog&) = delete;
    TrafficLog& operator=(const TrafficLog&) = delete;

    /// A reading of cumulative counts. What came since the last one is a tick, unless there is
    /// none, it is older than `gap_max`, or counting began anew: then this one is only the base of
    /// the next.
    base::Result<void> add(const judge::PoolCounts& reading, base::Instant at,
                           std::chrono::milliseconds gap_max);

    /// The ticks that ended after `since`, oldest first.
    base::Result<std::vector<engine::Past>> past(base::Instant since);

private:
    struct Reading {
        judge::PoolCounts counts;
        base::Instant at;
    };

    TrafficLog(sqlite3* database, std::filesystem::path file);
    base::Result<void> write(const engine::Past& tick);

    sqlite3* database_;
    std::filesystem::path file_;
    std::optional<Reading> last_;
};

}  // namespace local
