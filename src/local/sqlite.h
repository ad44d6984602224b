#pragma once
// SQLite as this room uses it: statements bound from left to right, write transactions, and what
// its answers mean. For .cpp files of this room.

#include "base/clock.h"
#include "base/digest.h"
#include "base/result.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace local {

struct CloseDatabase {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;

/// What a file is, in its header: never is another program's database taken for ours.
struct Schema {
    int application_id;
    int version;
    const char* tables;   ///< Statements that make them.
    const char* pragmas;  ///< Said at each opening.
};

/// Opens or makes the file, one process at a time. `rejected` when it is damaged, no file of this
/// schema or of a newer version; such a file is left alone.
base::Result<Database> open_database(const std::filesystem::path& file, const Schema& schema);

/// Whether the write that SQLite failed at may have reached the disk.
enum class Moment { before_commit, at_commit };

/// What SQLite's answer means to a caller.
tl::unexpected<base::Error> error_of(sqlite3* database, const std::string& file, Moment moment);

bool carried_out(sqlite3* database, const char* sql);

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

}  // namespace local
