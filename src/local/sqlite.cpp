#include "local/sqlite.h"

#include "base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <cerrno>
#include <optional>

namespace local {

namespace {

constexpr int kBusyMillis = 5000;

tl::unexpected<base::Error> damaged(const std::string& file, std::string why) {
    return base::fail(base::Failure::rejected,
                      {.code = "CF0403",
                       .what = fmt::format("{} is damaged or no store of crossfade", file),
                       .why = std::move(why),
                       .fix = "put a copy back in its place; nothing was written to it"});
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

base::Result<void> prepare_schema(sqlite3* database, const std::filesystem::path& file,
                                  const Schema& schema) {
    const auto number = [database](const char* sql) -> std::optional<std::int64_t> {
        Statement statement(database, sql);
        if (statement.step() != SQLITE_ROW) return std::nullopt;
        return statement.integer(0);
    };
    const auto id = number("PRAGMA application_id");
    const auto version = number("PRAGMA user_version");
    const auto tables = number("SELECT count(*) FROM sqlite_schema");
    if (!id || !version || !tables) {
        return error_of(database, file.native(), Moment::before_commit);
    }
    if (*tables > 0 && *id != schema.application_id) {
        return damaged(file.native(), "its header names another program");
    }
    if (*version > schema.version) {
        return base::fail(
            base::Failure::rejected,
            {.code = "CF0408",
             .what = fmt::format("{} was written by a newer crossfade", file.native()),
             .why =
                 fmt::format("its schema is {}, this program knows {}", *version, schema.version),
             .fix = "use the newer program"});
    }
    if (!carried_out(database, schema.pragmas)) {
        return error_of(database, file.native(), Moment::before_commit);
    }
    if (*tables > 0) return {};

    Transaction transaction(database, file);
    if (!transaction) return transaction.failure();
    const std::string header = fmt::format("PRAGMA application_id={}; PRAGMA user_version={};",
                                           schema.application_id, schema.version);
    if (!carried_out(database, schema.tables) || !carried_out(database, header.c_str())) {
        return transaction.failure();
    }
    return transaction.commit();
}

}  // namespace

base::Result<Database> open_database(const std::filesystem::path& file, const Schema& schema) {
    auto lock = lock_folder(file.has_parent_path() ? file.parent_path() : ".");
    if (!lock) return base::fail(lock);
    sqlite3* opened = nullptr;
    const int outcome = sqlite3_open_v2(
        file.c_str(), &opened,
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
        nullptr);
    Database database(opened);
    if (outcome != SQLITE_OK) return error_of(opened, file.native(), Moment::before_commit);
    sqlite3_busy_timeout(opened, kBusyMillis);
    if (auto ready = prepare_schema(opened, file, schema); !ready) return base::fail(ready);
    return database;
}

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

bool carried_out(sqlite3* database, const char* sql) {
    return sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK;
}

}  // namespace local
