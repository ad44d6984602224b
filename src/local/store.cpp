#include "local/store.h"

#include "local/sqlite.h"

#include <fmt/format.h>

namespace local {

namespace {

constexpr Schema kSchema{.application_id = 0x43464144,
                         .version = 1,
                         .tables = R"sql(
CREATE TABLE journal (
    idx INTEGER PRIMARY KEY, at INTEGER NOT NULL, release TEXT NOT NULL, actor TEXT NOT NULL,
    kind TEXT NOT NULL, body TEXT NOT NULL, previous BLOB NOT NULL, hash BLOB NOT NULL) STRICT;
CREATE TABLE lease (
    one INTEGER PRIMARY KEY CHECK (one = 1), fence INTEGER NOT NULL, held INTEGER NOT NULL,
    holder TEXT NOT NULL, purpose TEXT NOT NULL, since INTEGER NOT NULL,
    until INTEGER NOT NULL) STRICT;
CREATE TABLE requests (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, actor TEXT NOT NULL,
    verb TEXT NOT NULL, argument TEXT NOT NULL) STRICT;
INSERT INTO lease VALUES (1, 0, 0, '', '', 0, 0);
)sql",
                         .pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"};

struct LeaseRow {
    engine::Lease lease;
    bool held = false;
};

/// None when the row could not be read; the caller asks SQLite why.
std::optional<LeaseRow> lease_row(sqlite3* database) {
    Statement row(database, "SELECT fence, held, holder, purpose, since, until FROM lease");
    if (row.step() != SQLITE_ROW) return std::nullopt;
    return LeaseRow{.lease = {.fence = row.natural(0),
                              .holder = row.text(2),
                              .purpose = row.text(3),
                              .since = row.instant(4),
                              .until = row.instant(5)},
                    .held = row.integer(1) != 0};
}

bool write_lease(sqlite3* database, const LeaseRow& row) {
    Statement write(database,
                    "UPDATE lease SET fence=?, held=?, holder=?, purpose=?, since=?, until=?");
    write.with(row.lease.fence)
        .with(std::int64_t{row.held})
        .with(row.lease.holder)
        .with(row.lease.purpose)
        .with(row.lease.since)
        .with(row.lease.until);
    return write.step() == SQLITE_DONE;
}

engine::Record record_of(Statement& row) {
    return {.index = row.natural(0),
            .at = row.instant(1),
            .release = row.text(2),
            .actor = row.text(3),
            .kind = row.text(4),
            .body = row.text(5),
            .previous = row.digest(6),
            .hash = row.digest(7)};
}

tl::unexpected<base::Error> lease_replaced(const engine::Lease& mine, const LeaseRow& present) {
    return base::fail(
        base::Failure::conflict,
        {.code = "CF0407",
         .what = "the lease is no longer this process's",
         .why = present.held ? fmt::format("{} took it for {} at {} (fence {}, ours was {})",
                                           present.lease.holder, present.lease.purpose,
                                           base::to_text(present.lease.since), present.lease.fence,
                                           mine.fence)
                             : fmt::format("it was given back (fence {}, ours was {})",
                                           present.lease.fence, mine.fence)});
}

}  // namespace

Store::Store(sqlite3* database, std::filesystem::path file)
    : database_(database), file_(std::move(file)) {}

Store::~Store() {
    sqlite3_close_v2(database_);
}

base::Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& file) {
    auto database = open_database(file, kSchema);
    if (!database) return base::fail(database);
    return std::unique_ptr<Store>(new Store(database->release(), file));
}

void Store::limit_pages(std::uint32_t pages) {
    carried_out(database_, fmt::format("PRAGMA max_page_count={}", pages).c_str());
}

base::Result<void> Store::append(const engine::Record& record, std::uint64_t fence) {
    Transaction transaction(database_, file_);
    if (!transaction) return transaction.failure();
    if (fence != 0) {
        const auto row = lease_row(database_);
        if (!row) return transaction.failure();
        if (!row->held || row->lease.fence != fence) {
            return lease_replaced(
                {.fence = fence, .holder = {}, .purpose = {}, .since = {}, .until = {}}, *row);
        }
    }
    Statement end(database_, "SELECT idx, hash FROM journal ORDER BY idx DESC LIMIT 1");
    const int found = end.step();
    if (found != SQLITE_ROW && found != SQLITE_DONE) return transaction.failure();
    const std::uint64_t index = found == SQLITE_ROW ? end.natural(0) : 0;
    const base::Digest hash = found == SQLITE_ROW ? end.digest(1) : base::Digest{};
    if (record.index != index + 1 || record.previous != hash) {
        return base::fail(base::Failure::conflict,
                          {.code = "CF0409",
                           .what = "the journal has moved on",
                           .why = fmt::format("its last record is {} ({}), ours would follow {}",
                                              index, hash.brief(), record.index - 1)});
    }
    Statement insert(database_, "INSERT INTO journal VALUES (?,?,?,?,?,?,?,?)");
    insert.with(record.index)
        .with(record.at)
        .with(record.release)
        .with(record.actor)
        .with(record.kind)
        .with(record.body)
        .with(record.previous)
        .with(record.hash);
    if (insert.step() != SQLITE_DONE) return transaction.failure();
    return transaction.commit();
}

base::Result<std::vector<engine::Record>> Store::read(std::uint64_t from, std::size_t limit) {
    std::vector<engine::Record> records;
    Statement rows(database_, "SELECT * FROM journal WHERE idx >= ? ORDER BY idx LIMIT ?");
    constexpr std::size_t kLimitMax = 1U << 30U;
    rows.with(from).with(std::uint64_t{std::min(limit, kLimitMax)});
    int outcome = rows.step();
    for (; outcome == SQLITE_ROW; outcome = rows.step()) records.push_back(record_of(rows));
    if (outcome != SQLITE_DONE) {
        return error_of(database_, file_.native(), Moment::before_commit);
    }
    return records;
}

base::Result<std::optional<engine::Record>> Store::last() {
    Statement row(database_, "SELECT * FROM journal ORDER BY idx DESC LIMIT 1");
    const int outcome = row.step();
    if (outcome == SQLITE_ROW) return record_of(row);
    if (outcome == SQLITE_DONE) return std::nullopt;
    return error_of(database_, file_.native(), Moment::before_commit);
}

base::Result<engine::Lease> Store::acquire(const std::string& holder, const std::string& purpose,
                                           base::Instant now, std::chrono::milliseconds length) {
    Transaction transaction(database_, file_);
    if (!transaction) return transaction.failure();
    auto row = lease_row(database_);
    if (!row) return transaction.failure();
    if (row->held && row->lease.until > now && row->lease.holder != holder) {
        return base::fail(base::Failure::conflict,
                          {.code = "CF0410",
                           .what = fmt::format("{} holds the lease", row->lease.holder),
                           .why = fmt::format("since {} for {}, until {} unless prolonged",
                                              base::to_text(row->lease.since), row->lease.purpose,
                                              base::to_text(row->lease.until)),
                           .fix = "wait for it to end, or ask it to with `crossfade abort`"});
    }
    row->held = true;
    row->lease = {.fence = row->lease.fence + 1,
                  .holder = holder,
                  .purpose = purpose,
                  .since = now,
                  .until = now + length};
    if (!write_lease(database_, *row)) return transaction.failure();
    if (auto committed = transaction.commit(); !committed) return base::fail(committed);
    return row->lease;
}

base::Result<engine::Lease> Store::renew(const engine::Lease& lease, base::Instant now,
                                         std::chrono::milliseconds length) {
    Transaction transaction(database_, file_);
    if (!transaction) return transaction.failure();
    auto row = lease_row(database_);
    if (!row) return transaction.failure();
    if (!row->held || row->lease.fence != lease.fence) return lease_replaced(lease, *row);
    row->lease.until = now + length;
    if (!write_lease(database_, *row)) return transaction.failure();
    if (auto committed = transaction.commit(); !committed) return base::fail(committed);
    return row->lease;
}

base::Result<void> Store::release(const engine::Lease& lease) {
    Transaction transaction(database_, file_);
    if (!transaction) return transaction.failure();
    auto row = lease_row(database_);
    if (!row) return transaction.failure();
    if (!row->held || row->lease.fence != lease.fence) return {};
    row->held = false;
    if (!write_lease(database_, *row)) return transaction.failure();
    return transaction.commit();
}

base::Result<std::optional<engine::Lease>> Store::lease() {
    const auto row = lease_row(database_);
    if (!row) return error_of(database_, file_.native(), Moment::before_commit);
    if (!row->held) return std::nullopt;
    return row->lease;
}

base::Result<engine::Request> Store::ask(const std::string& verb, const std::string& argument,
                                         const std::string& actor, base::Instant now) {
    Transaction transaction(database_, file_);
    if (!transaction) return transaction.failure();
    Statement insert(database_,
                     "INSERT INTO requests (at, actor, verb, argument) VALUES (?,?,?,?)");
    insert.with(now).with(actor).with(verb).with(argument);
    if (insert.step() != SQLITE_DONE) return transaction.failure();
    const auto id = static_cast<std::uint64_t>(sqlite3_last_insert_rowid(database_));
    if (auto committed = transaction.commit(); !committed) return base::fail(committed);
    return engine::Request{.id = id, .at = now, .actor = actor, .verb = verb, .argument = argument};
}

base::Result<std::vector<engine::Request>> Store::requests(std::uint64_t after) {
    std::vector<engine::Request> requests;
    Statement rows(database_,
                   "SELECT id, at, actor, verb, argument FROM requests WHERE id > ? ORDER BY id");
    rows.with(after);
    int outcome = rows.step();
    for (; outcome == SQLITE_ROW; outcome = rows.step()) {
        requests.push_back({.id = rows.natural(0),
                            .at = rows.instant(1),
                            .actor = rows.text(2),
                            .verb = rows.text(3),
                            .argument = rows.text(4)});
    }
    if (outcome != SQLITE_DONE) {
        return error_of(database_, file_.native(), Moment::before_commit);
    }
    return requests;
}

}  // namespace local
