#include "chat/postgres.h"

#include <libpq-fe.h>

#include <unordered_map>
#include <utility>

#include "base/file.h"

namespace chat {
namespace {

// Any number will do that no other application uses on the same database.
constexpr std::string_view kQueueAtLock = "SELECT pg_advisory_xact_lock(7238455102)";
constexpr std::string_view kChannel = "crossfade_chat";

struct Finish {
    void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct Clear {
    void operator()(PGresult* result) const { PQclear(result); }
};
using Answer = std::unique_ptr<PGresult, Clear>;

class Postgres final : public Sql {
public:
    explicit Postgres(PGconn* connection) : connection_(connection) {}

    Rows run(std::string_view statement, const std::vector<Value>& values) override {
        if (error_) return {};
        const std::string* const name = prepare(statement, values.size());
        if (!name) return {};
        std::vector<std::string> numbers(values.size());
        std::vector<const char*> texts(values.size());
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (const auto* number = std::get_if<std::int64_t>(&values[i])) {
                numbers[i] = std::to_string(*number);
                texts[i] = numbers[i].c_str();
            } else if (const auto* text = std::get_if<std::string>(&values[i])) {
                texts[i] = text->c_str();
            }
        }
        const Answer answer(PQexecPrepared(connection_.get(), name->c_str(),
                                           static_cast<int>(texts.size()), texts.data(), nullptr,
                                           nullptr, 0));
        if (!accept(answer.get())) return {};
        return rows_of(answer.get());
    }

    void begin_write() override {
        error_.reset();
        run("BEGIN", {});
        run(kQueueAtLock, {});
    }
    void begin_read() override {
        error_.reset();
        run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", {});
    }

    base::Result<void> commit() override {
        // A connection lost inside COMMIT leaves it open whether the server did it.
        const bool begun = !error_;
        run("COMMIT", {});
        if (!error_) return {};
        base::Error error = *error_;
        if (begun && broken()) error.failure = base::Failure::unknown;
        roll_back();
        return base::fail(std::move(error));
    }

    void roll_back() override {
        error_.reset();
        if (PQtransactionStatus(connection_.get()) != PQTRANS_IDLE) run("ROLLBACK", {});
    }

    void open_savepoint() override { run("SAVEPOINT part", {}); }
    void close_savepoint() override { run("RELEASE SAVEPOINT part", {}); }
    void roll_back_savepoint() override {
        if (broken()) return;
        error_.reset();
        run("ROLLBACK TO SAVEPOINT part", {});
        run("RELEASE SAVEPOINT part", {});
    }

    const std::optional<base::Error>& error() const override { return error_; }
    void forget_error() override { error_.reset(); }
    bool broken() const override { return PQstatus(connection_.get()) != CONNECTION_OK; }

    int listen() override {
        if (!listening_) {
            run("LISTEN " + std::string(kChannel), {});
            listening_ = !error_;
        }
        return PQsocket(connection_.get());
    }

    bool take_announcements() override {
        bool any = false;
        PQconsumeInput(connection_.get());
        while (PGnotify* const notice = PQnotifies(connection_.get())) {
            PQfreemem(notice);
            any = true;
        }
        return any;
    }

    void announce() override { run("NOTIFY " + std::string(kChannel), {}); }

private:
    const std::string* prepare(std::string_view statement, std::size_t values) {
        const auto found = prepared_.find(std::string(statement));
        if (found != prepared_.end()) return &found->second;
        const std::string text(statement);
        std::string name = "s" + std::to_string(prepared_.size());
        const Answer answer(PQprepare(connection_.get(), name.c_str(), text.c_str(),
                                      static_cast<int>(values), nullptr));
        if (!accept(answer.get())) return nullptr;
        return &prepared_.emplace(text, std::move(name)).first->second;
    }

    bool accept(const PGresult* answer) {
        const ExecStatusType status = PQresultStatus(answer);
        if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return true;
        // Only the primary message: the detail may quote what users wrote.
        const char* const primary =
            answer ? PQresultErrorField(answer, PG_DIAG_MESSAGE_PRIMARY) : nullptr;
        error_ = base::Error{broken() ? base::Failure::unavailable : base::Failure::rejected,
                             {.code = "CF0801",
                              .what = "the database refused a statement",
                              .why = primary ? primary : "the connection is lost"}};
        return false;
    }

    static Rows rows_of(const PGresult* answer) {
        Rows rows(static_cast<std::size_t>(PQntuples(answer)));
        const int columns = PQnfields(answer);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const int at = static_cast<int>(i);
            for (int column = 0; column < columns; ++column) {
                if (PQgetisnull(answer, at, column)) {
                    rows[i].columns.emplace_back();
                } else {
                    rows[i].columns.emplace_back(
                        std::string(PQgetvalue(answer, at, column),
                                    static_cast<std::size_t>(PQgetlength(answer, at, column))));
                }
            }
        }
        return rows;
    }

    std::unique_ptr<PGconn, Finish> connection_;
    std::unordered_map<std::string, std::string> prepared_;
    std::optional<base::Error> error_;
    bool listening_ = false;
};

}  // namespace

base::Result<std::unique_ptr<Sql>> open_postgres(const base::Secret& url) {
    PGconn* const connection = PQconnectdb(url.reveal().c_str());
    auto sql = std::make_unique<Postgres>(connection);
    if (PQstatus(connection) != CONNECTION_OK) {
        return base::fail(base::Failure::unavailable,
                          {.code = "CF0802",
                           .what = "cannot connect to the PostgreSQL server",
                           .why = "it refused the connection or did not answer",
                           .fix = "check DATABASE_URL and that the server is running"});
    }
    // A notice is for a person at a terminal ("relation already exists").
    PQsetNoticeProcessor(connection, [](void*, const char*) {}, nullptr);
    return sql;
}

}  // namespace chat
