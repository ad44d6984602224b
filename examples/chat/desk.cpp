#include "chat/desk.h"

#include <chrono>
#include <utility>

#include "base/log.h"

namespace chat {
namespace {

// Enough that hundreds of writes a second are a few commits; few enough that the last waits for
// little more than one.
constexpr std::size_t kBatchMax = 64;
constexpr std::chrono::milliseconds kReopenEvery{200};
constexpr int kTriesMax = 8;

}  // namespace

Desk::Desk(Place place, Home home, std::function<void()> committed)
    : place_(std::move(place)), home_(std::move(home)), committed_(std::move(committed)) {}

Desk::~Desk() {
    for (std::jthread& thread : threads_) thread.request_stop();
    threads_.clear();
}

base::Result<void> Desk::start(std::size_t readers) {
    for (std::size_t i = 0; i <= readers; ++i) {
        auto sql = place_.database.open();
        if (!sql) return base::fail(sql);
        const auto serve = i == 0 ? &Desk::serve_writes : &Desk::serve_reads;
        threads_.emplace_back(
            [this, serve, own = std::move(*sql)](const std::stop_token& stop) mutable {
                (this->*serve)(std::move(own), stop);
            });
    }
    return {};
}

void Desk::add_read(ReadJob job) {
    {
        const std::scoped_lock lock(mutex_);
        reads_.push_back(std::move(job));
    }
    reads_waiting_.notify_one();
}

void Desk::add_write(WriteJob job) {
    {
        const std::scoped_lock lock(mutex_);
        writes_.push_back(std::move(job));
    }
    writes_waiting_.notify_one();
}

void Desk::serve_reads(std::unique_ptr<Sql> sql, const std::stop_token& stop) {
    while (true) {
        ReadJob job;
        {
            std::unique_lock lock(mutex_);
            if (!reads_waiting_.wait(lock, stop, [this] { return !reads_.empty(); })) return;
            job = std::move(reads_.front());
            reads_.pop_front();
        }
        sql->forget_error();
        job.run(*sql);
        if (sql->broken()) {
            // A read changes nothing, so it may be done again.
            reopen(sql, stop);
            sql->forget_error();
            job.run(*sql);
        }
        job.end(sql->error());
    }
}

void Desk::serve_writes(std::unique_ptr<Sql> sql, const std::stop_token& stop) {
    while (true) {
        std::vector<WriteJob> batch;
        {
            std::unique_lock lock(mutex_);
            if (!writes_waiting_.wait(lock, stop, [this] { return !writes_.empty(); })) return;
            while (!writes_.empty() && batch.size() < kBatchMax) {
                batch.push_back(std::move(writes_.front()));
                writes_.pop_front();
            }
        }
        write_batch(*sql, batch);
        for (int tries = 1; sql->broken() && tries < kTriesMax; ++tries) {
            reopen(sql, stop);
            batch = end_all_but_undone(batch);
            write_batch(*sql, batch);
        }
        for (const WriteJob& job : batch) job.end(job.error);
    }
}

std::vector<Desk::WriteJob> Desk::end_all_but_undone(std::vector<WriteJob>& batch) {
    std::vector<WriteJob> undone;
    for (WriteJob& job : batch) {
        if (!job.error || job.error->failure != base::Failure::unavailable) {
            job.end(job.error);
            continue;
        }
        job.error.reset();
        undone.push_back(std::move(job));
    }
    return undone;
}

void Desk::write_batch(Sql& sql, std::vector<WriteJob>& batch) {
    if (batch.empty()) return;
    sql.begin_write();
    const auto now = place_.clock.now().time_since_epoch();
    Write write{sql, std::chrono::duration_cast<std::chrono::milliseconds>(now).count()};
    run_jobs(write, batch);
    store_events(write, place_.instance);
    const auto done = sql.commit();
    if (!done) {
        for (WriteJob& job : batch) job.error = done.error();
        return;
    }
    if (write.events.empty()) return;
    if (place_.wake) place_.wake->ring();
    committed_();
}

// One job's refusal takes back that job alone.
void Desk::run_jobs(Write& write, std::vector<WriteJob>& batch) {
    for (WriteJob& job : batch) {
        const std::size_t events = write.events.size();
        write.sql.open_savepoint();
        job.run(write);
        if (!write.sql.error()) {
            write.sql.close_savepoint();
            continue;
        }
        job.error = write.sql.error();
        write.events.resize(events);
        write.sql.roll_back_savepoint();
    }
}

void Desk::reopen(std::unique_ptr<Sql>& sql, const std::stop_token& stop) {
    const base::Tick give_up = place_.clock.tick() + std::chrono::seconds{10};
    base::log::warn("database.lost");
    while (!stop.stop_requested() && place_.clock.tick() < give_up) {
        auto fresh = place_.database.open();
        if (fresh) {
            sql = std::move(*fresh);
            return;
        }
        place_.clock.wait_until(place_.clock.tick() + kReopenEvery, stop);
    }
}

}  // namespace chat
