#pragma once
// One connection to a database, in the SQL that SQLite 3.35 and PostgreSQL 13 share.
// Behind it: Sqlite (a file, WAL) and Postgres (a URL).

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/secret.h"

namespace chat {

using Value = std::variant<std::monostate, std::int64_t, std::string>;

/// One row of an answer. A column that is null reads as zero and as empty.
struct Row {
    std::vector<Value> columns;

    std::int64_t number(std::size_t column) const;
    const std::string& text(std::size_t column) const;
};
using Rows = std::vector<Row>;

/// Runs statements; used by one thread.
///
/// Failures stick: once a statement fails, every later one of the same transaction answers no rows
/// and changes nothing, `error()` tells why, and `commit` fails. So code between `begin_*` and
/// `commit` reads straight on, and whoever opened the transaction looks once. Statements
/// outside a transaction are transactions of their own; their failure sticks until `begin_*` or
/// `forget_error`.
class Sql {
public:
    virtual ~Sql() = default;

    /// Placeholders are `$1`, `$2`, …; all but literal statements are prepared once and kept.
    virtual Rows run(std::string_view statement, const std::vector<Value>& values = {}) = 0;

    /// One writer in the whole installation: waits until every other instance's write is over.
    /// So what is committed later was also begun later, and no two writers can deadlock.
    virtual void begin_write() = 0;
    /// All statements until `commit` see the same state.
    virtual void begin_read() = 0;
    virtual base::Result<void> commit() = 0;
    virtual void roll_back() = 0;

    /// Part of a transaction that can be taken back alone, its error included.
    virtual void open_savepoint() = 0;
    virtual void close_savepoint() = 0;
    virtual void roll_back_savepoint() = 0;

    virtual const std::optional<base::Error>& error() const = 0;
    virtual void forget_error() = 0;

    /// True when nothing of this connection can work any more; a new one must be opened.
    virtual bool broken() const = 0;

    /// The descriptor that becomes readable when another connection said `announce`, or -1 where
    /// the database cannot tell. Listens from the first call on.
    virtual int listen() = 0;
    /// Takes what made the descriptor readable. True where there was something; it may also have
    /// come with the answer of a statement, unseen by whoever waits for the descriptor.
    virtual bool take_announcements() = 0;
    /// Inside a write: wakes every listener once this is committed.
    virtual void announce() = 0;
};

/// Where the database is: a path, or `postgres://…`. Opens connections; used by any thread.
class Database {
public:
    explicit Database(base::Secret address) : address_(std::move(address)) {}

    bool is_postgres() const;
    /// The folder in which instances of one SQLite file leave their wake-up sockets.
    std::string wake_folder() const;

    /// Fails with `unavailable` when the server does not answer or the file cannot be opened.
    base::Result<std::unique_ptr<Sql>> open() const;

private:
    base::Secret address_;
};

/// `($first, $first+1, …)` for `count` values: fewer are padded by repeating the last, so that few
/// different statements are prepared. Appends the values to `values`.
std::string in_list(const std::vector<std::string>& wanted, std::vector<Value>& values);

/// Creates what is missing, alone among all instances; harmless when repeated.
base::Result<void> create_schema(Sql& sql);

}  // namespace chat
