#pragma once
// Where database work is done, off the loop's thread: a few readers, and one writer that puts
// waiting jobs into one transaction. Answers come home to the owner's thread.

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "chat/event.h"
#include "chat/sql.h"
#include "chat/wake.h"

namespace chat {

class Desk {
public:
    using Home = std::function<void(std::function<void()>)>;
    struct Place {
        const Database& database;
        base::Clock& clock;
        std::string instance;
        Wake* wake = nullptr;  ///< Rung after each commit that has events.
    };

    /// `committed` is called by the writer's thread after each commit that has events.
    Desk(Place place, Home home, std::function<void()> committed);
    /// Does what is queued, then ends its threads.
    ~Desk();

    /// Opens connections and begins; `readers` threads besides the writer.
    base::Result<void> start(std::size_t readers);

    /// Runs `job` on a reader and `done` at home with what it gave, or why the database refused.
    template <typename T>
    void read(std::function<T(Sql&)> job, std::function<void(base::Result<T>)> done) {
        auto slot = std::make_shared<std::optional<T>>();
        add_read({[slot, job = std::move(job)](Sql& sql) { slot->emplace(job(sql)); },
                  finish<T>(slot, std::move(done))});
    }

    /// The same in a write transaction, with whatever other jobs are waiting. `job` may run again
    /// if the connection was lost before anything was stored; so it changes nothing but `Write`.
    template <typename T>
    void write(std::function<T(Write&)> job, std::function<void(base::Result<T>)> done) {
        auto slot = std::make_shared<std::optional<T>>();
        add_write({[slot, job = std::move(job)](Write& write) { slot->emplace(job(write)); },
                   finish<T>(slot, std::move(done))});
    }

private:
    using Error = std::optional<base::Error>;
    struct ReadJob {
        std::function<void(Sql&)> run;
        std::function<void(const Error&)> end;
    };
    struct WriteJob {
        std::function<void(Write&)> run;
        std::function<void(const Error&)> end;
        Error error = {};
    };

    template <typename T>
    std::function<void(const Error&)> finish(std::shared_ptr<std::optional<T>> slot,
                                             std::function<void(base::Result<T>)> done) {
        return [this, slot, done = std::move(done)](const Error& error) {
            home_([slot, done, error] {
                if (error) {
                    done(base::fail(*error));
                } else {
                    done(std::move(**slot));
                }
            });
        };
    }

    void add_read(ReadJob job);
    void add_write(WriteJob job);
    void serve_reads(std::unique_ptr<Sql> sql, const std::stop_token& stop);
    void serve_writes(std::unique_ptr<Sql> sql, const std::stop_token& stop);
    void write_batch(Sql& sql, std::vector<WriteJob>& batch);
    /// What the lost connection has certainly not done is given back, to be done again.
    static std::vector<WriteJob> end_all_but_undone(std::vector<WriteJob>& batch);
    void run_jobs(Write& write, std::vector<WriteJob>& batch);
    void reopen(std::unique_ptr<Sql>& sql, const std::stop_token& stop);

    Place place_;
    Home home_;
    std::function<void()> committed_;
    std::mutex mutex_;
    std::condition_variable_any reads_waiting_;
    std::condition_variable_any writes_waiting_;
    std::deque<ReadJob> reads_;
    std::deque<WriteJob> writes_;
    std::vector<std::jthread> threads_;
};

}  // namespace chat
