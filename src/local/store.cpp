#include "local/store.h"

#include "base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/file.h>

#include <cerrno>

namespace local {

namespace {

/// In the file's header, so that another program's database is never taken for ours.
constexpr int kApplicationId = 0x43464144;
constexpr int kSchemaVersion = 1;
constexpr int kBusyMillis = 5000;

constexpr const char* kSchema = R"sql(
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
)sql";

tl::unexpected<base::Error> damaged(const std::string& file, std::string why) {
    return base::fail(base::Failure::rejected,
                      {.code = "CF0403",
                       .what = fmt::format("{} is damaged or no store of crossfade", file),
                       .why = std::move(why),
                       .fix = "put a copy back in its place; nothing was written to it"});
}

/// What SQLite's answer means to a caller. `at_commit`: the write may have reached the disk.
enum class Moment { before_commit, at_commit };

tl::unexpected<base::Error> error_of(sqlite3* database, const std::string& file, Moment moment) {
    const int code = sqlite3_errcode(database);
    const std::string why = sqlite3_errmsg(database);
    switch (code & 0xff) {
        case SQLITE_FULL:
            return base::fail(base::Failure::unavailable,
                              {.code = "CF0402",
                               .what = fmt::format("the disk of {} is full", file),
                               .why = why,
                               .fix = "free some space, then repeat the command or resume"});
        case SQLITE_READONLY:
        case SQLITE_CANTOPEN:
        case SQLITE_PERM:
            return base::fail(base::Failure::unavailable,
                              {.code = "CF0404",
                               .what = fmt::format("{} cannot be written", file),
                               .why = why,
                               .fix = "check who owns the state folder and how it is mounted"});
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return base::fail(base::Failure::unavailable,
                              {.code = "CF0405",
                               .what = fmt::format("another process keeps {} locked", file),
                               .why = why,
                               .fix = "repeat the command"});
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return damaged(file, why);
    }
    return base::fail(
        moment == Moment::at_commit ? base::Failure::unknown : base::Failure::unavailable,
        {.code = "CF0406",
         .what = fmt::format("the store {} failed", file),
         .why = fmt::format("{} (SQLite {}, errno {})", why, sqlite3_extended_errcode(database),
                            sqlite3_system_errno(database))});
}

/// One prepared statement, bound from left to right.
class Statement {
public:
    Statement(sqlite3* database, const char* sql) {
        prepared_ = sqlite3_prepare_v2(database, sql, -1, &statement_, nullptr) == SQLITE_OK;
    }
    ~Statement() { sqlite3_finalize(statement_); }
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    Statement& with(std::int64_t value) {
        if (prepared_) sqlite3_bind_int64(statement_, ++bound_, value);
        return *this;
    }
    Statement& with(std::uint64_t value) { return with(static_cast<std::int64_t>(value)); }
    Statement& with(base::Instant value) { return with(base::micros_of(value)); }
    Statement& with(const std::string& value) {
        if (prepared_) {
            sqlite3_bind_text(statement_, ++bound_, value.data(), static_cast<int>(value.size()),
                              SQLITE_TRANSIENT);
        }
        return *this;
    }
    Statement& with(const base::Digest& value) {
        if (prepared_) {
            sqlite3_bind_blob(statement_, ++bound_, value.bytes.data(),
                              static_cast<int>(value.bytes.size()), SQLITE_TRANSIENT);
        }
        return *this;
    }

    /// SQLITE_ROW, SQLITE_DONE or an error code.
    int step() { return prepared_ ? sqlite3_step(statement_) : SQLITE_ERROR; }

    std::int64_t integer(int column) { return sqlite3_column_int64(statement_, column); }
    std::uint64_t natural(int column) { return static_cast<std::uint64_t>(integer(column)); }
    base::Instant instant(int column) { return base::instant_of_micros(integer(column)); }
    std::string text(int column) {
        const void* bytes = sqlite3_column_blob(statement_, column);
        const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
        return bytes == nullptr ? std::string()
                                : std::string(static_cast<const char*>(bytes), size);
    }
    base::Digest digest(int column) {
        base::Digest digest;
        const std::string bytes = text(column);
        std::copy_n(bytes.begin(), std::min(bytes.size(), digest.bytes.size()),
                    digest.bytes.begin());
        return digest;
    }

private:
    sqlite3_stmt* statement_ = nullptr;
    bool prepared_ = false;
    int bound_ = 0;
};

bool carried_out(sqlite3* database, const char* sql) {
    return sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK;
}

/// A write transaction; taken back unless committed.
class Transaction {
public:
    Transaction(sqlite3* database, const std::filesystem::path& file)
        : database_(database), file_(file) {
        open_ = carried_out(database_, "BEGIN IMMEDIATE");
    }
    ~Transaction() {
        if (sqlite3_get_autocommit(database_) == 0) carried_out(database_, "ROLLBACK");
    }
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    explicit operator bool() const { return open_; }
    tl::unexpected<base::Error> failure() const {
        return error_of(database_, file_.native(), Moment::before_commit);
    }
    base::Result<void> commit() {
        if (carried_out(database_, "COMMIT")) return {};
        return error_of(database_, file_.native(), Moment::at_commit);
    }

private:
    sqlite3* database_;
    const std::filesystem::path& file_;
    bool open_ = false;
};

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

/// Keeps two processes from making the same new file at once: turning WAL on does not wait.
base::Result<base::Fd> lock_folder(const std::filesystem::path& folder) {
    base::Fd lock(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!lock) return base::fail(base::system_error("cannot open folder", folder, errno));
    int outcome = 0;
    do {
        outcome = flock(lock.number(), LOCK_EX);
    } while (outcome != 0 && errno == EINTR);
    if (outcome != 0) return base::fail(base::system_error("cannot lock folder", folder, errno));
    return lock;
}

}  // namespace

Store::Store(sqlite3* database, std::filesystem::path file)
    : database_(database), file_(std::move(file)) {}

Store::~Store() {
    sqlite3_close_v2(database_);
}

base::Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& file) {
    auto lock = lock_folder(file.has_parent_path() ? file.parent_path() : ".");
    if (!lock) return base::fail(lock);
    sqlite3* database = nullptr;
    const int opened = sqlite3_open_v2(
        file.c_str(), &database,
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
        nullptr);
    std::unique_ptr<Store> store(new Store(database, file));
    if (opened != SQLITE_OK) return error_of(database, file.native(), Moment::before_commit);
    sqlite3_busy_timeout(database, kBusyMillis);
    if (auto ready = store->prepare_schema(); !ready) return base::fail(ready);
    return store;
}

base::Result<void> Store::prepare_schema() {
    const auto number = [this](const char* sql) -> std::optional<std::int64_t> {
        Statement statement(database_, sql);
        if (statement.step() != SQLITE_ROW) return std::nullopt;
        return statement.integer(0);
    };
    const auto id = number("PRAGMA application_id");
    const auto version = number("PRAGMA user_version");
    const auto tables = number("SELECT count(*) FROM sqlite_schema");
    if (!id || !version || !tables) {
        return error_of(database_, file_.native(), Moment::before_commit);
    }
    if (*tables > 0 && *id != kApplicationId) {
        return damaged(file_.native(), "its header names another program");
    }
    if (*version > kSchemaVersion) {
        return base::fail(
            base::Failure::rejected,
            {.code = "CF0408",
             .what = fmt::format("{} was written by a newer crossfade", file_.native()),
             .why =
                 fmt::format("its schema is {}, this program knows {}", *version, kSchemaVersion),
             .fix = "use the newer program"});
    }
    if (!carried_out(database_, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;")) {
        return error_of(database_, file_.native(), Moment::before_commit);
    }
    if (*tables > 0) return {};

    Transaction transaction(database_, file_);
    if (!transaction) return transaction.failure();
    const std::string header = fmt::format("PRAGMA application_id={}; PRAGMA user_version={};",
                                           kApplicationId, kSchemaVersion);
    if (!carried_out(database_, kSchema) || !carried_out(database_, header.c_str())) {
        return transaction.failure();
    }
    return transaction.commit();
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
