#include "local/traffic_log.h"

#include "base/json.h"
#include "engine/body.h"
#include "local/sqlite.h"

namespace local {

namespace {

using std::chrono::milliseconds;

constexpr Schema kSchema{.application_id = 0x43465452,
                         .version = 1,
                         .tables = R"sql(
CREATE TABLE ticks (
    until INTEGER PRIMARY KEY, millis INTEGER NOT NULL, counts TEXT NOT NULL) STRICT;
)sql",
                         .pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"};

/// Whether counting went on between two readings.
bool goes_on(const judge::Counts& before, const judge::Counts& after) {
    return after.requests >= before.requests && after.errors >= before.errors &&
           after.sockets_opened >= before.sockets_opened &&
           after.sockets_refused >= before.sockets_refused &&
           after.sockets_cut >= before.sockets_cut;
}

}  // namespace

TrafficLog::TrafficLog(sqlite3* database, std::filesystem::path file)
    : database_(database), file_(std::move(file)) {}

TrafficLog::~TrafficLog() {
    sqlite3_close_v2(database_);
}

base::Result<std::unique_ptr<TrafficLog>> TrafficLog::open(const std::filesystem::path& file) {
    auto database = open_database(file, kSchema);
    if (!database) return base::fail(database);
    return std::unique_ptr<TrafficLog>(new TrafficLog(database->release(), file));
}

base::Result<void> TrafficLog::add(const judge::PoolCounts& reading, base::Instant at,
                                   milliseconds gap_max) {
    const std::optional<Reading> before = std::exchange(last_, Reading{reading, at});
    if (!before || at <= before->at || at - before->at > gap_max) return {};
    if (!goes_on(before->counts.blue, reading.blue) ||
        !goes_on(before->counts.green, reading.green)) {
        return {};
    }
    return write({.until = at,
                  .length = std::chrono::duration_cast<milliseconds>(at - before->at),
                  .counts = {.blue = judge::difference(before->counts.blue, reading.blue),
                             .green = judge::difference(before->counts.green, reading.green)}});
}

base::Result<void> TrafficLog::write(const engine::Past& tick) {
    Transaction transaction(database_, file_);
    if (!transaction) return transaction.failure();
    Statement insert(database_, "INSERT OR REPLACE INTO ticks VALUES (?, ?, ?)");
    insert.with(tick.until)
        .with(std::int64_t{tick.length.count()})
        .with(base::canonical(engine::json_of(tick.counts)));
    if (insert.step() != SQLITE_DONE) return transaction.failure();
    Statement forget(database_, "DELETE FROM ticks WHERE until < ?");
    forget.with(tick.until - kKept);
    if (forget.step() != SQLITE_DONE) return transaction.failure();
    return transaction.commit();
}

base::Result<std::vector<engine::Past>> TrafficLog::past(base::Instant since) {
    std::vector<engine::Past> ticks;
    Statement rows(database_,
                   "SELECT until, millis, counts FROM ticks WHERE until > ? ORDER BY until");
    rows.with(since);
    int outcome = rows.step();
    for (; outcome == SQLITE_ROW; outcome = rows.step()) {
        const auto counts = base::json_from(rows.text(2));
        if (!counts) return base::fail(counts);
        ticks.push_back({.until = rows.instant(0),
                         .length = milliseconds{rows.integer(1)},
                         .counts = engine::pool_counts_from(*counts)});
    }
    if (outcome != SQLITE_DONE) return error_of(database_, file_.native(), Moment::before_commit);
    return ticks;
}

}  // namespace local
