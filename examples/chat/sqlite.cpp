#include "chat/sqlite.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>

#include <cerrno>
#include <unordered_map>
#include <utility>

#include "base/file.h"

namespace chat {
namespace {

struct CloseDatabase {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

class Sqlite final : public Sql {
public:
    Sqlite(sqlite3* database, base::Fd lock) : database_(database), lock_(std::move(lock)) {}
    ~Sqlite() override { statements_.clear(); }

    Rows run(std::string_view statement, const std::vector<Value>& values) override {
        if (error_) return {};
        sqlite3_stmt* const prepared = prepare(statement);
        if (!prepared) return {};
        bind(prepared, values);
        Rows rows;
        int code = SQLITE_ROW;
        while ((code = sqlite3_step(prepared)) == SQLITE_ROW) rows.push_back(row_of(prepared));
        if (code != SQLITE_DONE) note(code);
        sqlite3_reset(prepared);
        sqlite3_clear_bindings(prepared);
        return error_ ? Rows{} : rows;
    }

    void begin_write() override {
        error_.reset();
        while (flock(lock_.number(), LOCK_EX) != 0 && errno == EINTR) {
        }
        run("BEGIN IMMEDIATE", {});
    }
    void begin_read() override {
        error_.reset();
        run("BEGIN", {});
    }

    base::Result<void> commit() override {
        run("COMMIT", {});
        if (!error_) {
            flock(lock_.number(), LOCK_UN);
            return {};
        }
        base::Error error = *error_;
        roll_back();
        return base::fail(std::move(error));
    }

    void roll_back() override {
        error_.reset();
        if (!sqlite3_get_autocommit(database_.get())) run("ROLLBACK", {});
        flock(lock_.number(), LOCK_UN);
    }

    void open_savepoint() override { run("SAVEPOINT part", {}); }
    void close_savepoint() override { run("RELEASE part", {}); }
    void roll_back_savepoint() override {
        // Some failures (a full disk, say) take the whole transaction back: that error stays.
        if (sqlite3_get_autocommit(database_.get())) return;
        error_.reset();
        run("ROLLBACK TO part", {});
        run("RELEASE part", {});
    }

    const std::optional<base::Error>& error() const override { return error_; }
    void forget_error() override { error_.reset(); }
    bool broken() const override { return false; }

    int listen() override { return -1; }
    bool take_announcements() override { return false; }
    void announce() override {}

private:
    sqlite3_stmt* prepare(std::string_view statement) {
        const auto found = statements_.find(std::string(statement));
        if (found != statements_.end()) return found->second.get();
        sqlite3_stmt* prepared = nullptr;
        const int code = sqlite3_prepare_v3(database_.get(), statement.data(),
                                            static_cast<int>(statement.size()),
                                            SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
        if (code != SQLITE_OK) {
            note(code);
            return nullptr;
        }
        statements_.emplace(statement, prepared);
        return prepared;
    }

    static void bind(sqlite3_stmt* prepared, const std::vector<Value>& values) {
        for (std::size_t i = 0; i < values.size(); ++i) {
            const std::string name = "$" + std::to_string(i + 1);
            const int at = sqlite3_bind_parameter_index(prepared, name.c_str());
            if (at == 0) continue;
            if (const auto* number = std::get_if<std::int64_t>(&values[i])) {
                sqlite3_bind_int64(prepared, at, *number);
            } else if (const auto* text = std::get_if<std::string>(&values[i])) {
                sqlite3_bind_text(prepared, at, text->data(), static_cast<int>(text->size()),
                                  SQLITE_STATIC);
            } else {
                sqlite3_bind_null(prepared, at);
            }
        }
    }

    static Row row_of(sqlite3_stmt* prepared) {
        Row row;
        const int count = sqlite3_column_count(prepared);
        row.columns.reserve(static_cast<std::size_t>(count));
        for (int i = 0; i < count; ++i) {
            switch (sqlite3_column_type(prepared, i)) {
                case SQLITE_NULL:
                    row.columns.emplace_back();
                    break;
                case SQLITE_INTEGER:
                    row.columns.emplace_back(std::int64_t{sqlite3_column_int64(prepared, i)});
                    break;
                default:
                    row.columns.emplace_back(text_of(prepared, i));
            }
        }
        return row;
    }

    static std::string text_of(sqlite3_stmt* prepared, int column) {
        const auto* bytes = static_cast<const char*>(sqlite3_column_blob(prepared, column));
        const int size = sqlite3_column_bytes(prepared, column);
        return bytes ? std::string(bytes, static_cast<std::size_t>(size)) : std::string{};
    }

    void note(int code) {
        const int kind = code & 0xff;
        const bool passing = kind == SQLITE_BUSY || kind == SQLITE_FULL || kind == SQLITE_IOERR ||
                             kind == SQLITE_LOCKED;
        error_ = base::Error{passing ? base::Failure::unavailable : base::Failure::rejected,
                             {.code = "CF0801",
                              .what = "the database refused a statement",
                              .why = sqlite3_errmsg(database_.get())}};
    }

    std::unique_ptr<sqlite3, CloseDatabase> database_;
    base::Fd lock_;
    std::unordered_map<std::string, std::unique_ptr<sqlite3_stmt, Finalize>> statements_;
    std::optional<base::Error> error_;
};

}  // namespace

base::Result<std::unique_ptr<Sql>> open_sqlite(const std::string& path) {
    const std::string lock_path = path + ".lock";
    base::Fd lock(::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!lock) return base::fail(base::system_error("cannot open", lock_path, errno));

    sqlite3* database = nullptr;
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    const int code = sqlite3_open_v2(path.c_str(), &database, flags, nullptr);
    const int lock_number = lock.number();
    auto sql = std::make_unique<Sqlite>(database, std::move(lock));
    if (code != SQLITE_OK) {
        return base::fail(base::Failure::unavailable,
                          {.code = "CF0802",
                           .what = "cannot open the database " + path,
                           .why = sqlite3_errstr(code),
                           .fix = "check that the folder exists and can be written"});
    }
    sqlite3_busy_timeout(database, 10'000);
    // Changing to WAL needs the file alone; once changed, this does nothing.
    flock(lock_number, LOCK_EX);
    sql->run("PRAGMA journal_mode=WAL", {});
    flock(lock_number, LOCK_UN);
    // WAL with NORMAL survives the death of any process; only a power cut may take the last writes.
    sql->run("PRAGMA synchronous=NORMAL", {});
    if (sql->error()) return base::fail(*sql->error());
    return sql;
}

}  // namespace chat
