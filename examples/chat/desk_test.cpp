#include "chat/desk.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <map>

#include "base/json.h"
#include "chat/identity.h"
#include "chat/posts.h"
#include "chat/tail.h"
#include "chat/twins.h"

namespace chat {
namespace {

/// The thread that an instance's answers and events come home to.
class HomeThread {
public:
    HomeThread()
        : thread_([this](const std::stop_token& stop) {
              while (true) {
                  std::function<void()> work;
                  {
                      std::unique_lock lock(mutex_);
                      if (!waiting_.wait(lock, stop, [this] { return !works_.empty(); })) return;
                      work = std::move(works_.front());
                      works_.pop_front();
                  }
                  work();
              }
          }) {}

    void post(std::function<void()> work) {
        {
            const std::scoped_lock lock(mutex_);
            works_.push_back(std::move(work));
        }
        waiting_.notify_one();
    }

private:
    std::mutex mutex_;
    std::condition_variable_any waiting_;
    std::deque<std::function<void()>> works_;
    std::jthread thread_;
};

/// What an instance is to the stream of events: a writer, a reader, and a way to be woken.
class Instance {
public:
    Instance(const Database& database, base::Clock& clock) : name_(fresh_id()) {
        if (!database.is_postgres()) wake_ = *Wake::open(database.wake_folder(), name_);
        const auto home = [this](std::function<void()> work) { home_.post(std::move(work)); };
        tail_ = std::make_unique<Tail>(database, wake_.get(), home,
                                       Tail::Ends{.events =
                                                      [this](const std::vector<Event>& events) {
                                                          for (const Event& e : events) note(e);
                                                      },
                                                  .lost = [this](const Snapshot&) { ++lost; }});
        desk_ = std::make_unique<Desk>(
            Desk::Place{
                .database = database, .clock = clock, .instance = name_, .wake = wake_.get()},
            home, [this] { tail_->wake(); });
        EXPECT_TRUE(desk_->start(1));
        const auto snapshot = tail_->start();
        EXPECT_TRUE(snapshot);
        began_after = snapshot->cursor;
    }
    ~Instance() {
        desk_.reset();
        tail_.reset();
    }

    void say(const std::string& text) {
        ++asked;
        desk_->write<bool>(
            [text](Write& write) {
                write.events.push_back(event_of(text, "{}", {}));
                return true;
            },
            [this](const base::Result<bool>& done) {
                if (!done) {
                    EXPECT_EQ(done.error().failure, base::Failure::unknown);
                    ++unknown;
                }
                ++said;
            });
    }
    /// Whatever it was to say has been said.
    bool quiet() const { return said == asked; }
    std::vector<std::int64_t> heard() {
        const std::scoped_lock lock(mutex_);
        return ids_;
    }
    Desk& desk() { return *desk_; }

    std::int64_t began_after = 0;
    int asked = 0;
    std::atomic<int> said = 0;
    std::atomic<int> unknown = 0;
    std::atomic<int> lost = 0;

private:
    void note(const Event& event) {
        const std::scoped_lock lock(mutex_);
        ids_.push_back(event.id);
    }

    std::string name_;
    std::mutex mutex_;
    std::vector<std::int64_t> ids_;
    HomeThread home_;
    std::unique_ptr<Wake> wake_;
    std::unique_ptr<Tail> tail_;
    std::unique_ptr<Desk> desk_;
};

class DeskTest : public DatabaseTest {
protected:
    template <typename Condition>
    testing::AssertionResult eventually(Condition condition) {
        const base::Tick until = clock.tick() + std::chrono::seconds{120};
        while (!condition()) {
            if (clock.tick() > until) return testing::AssertionFailure() << "in vain";
            clock.wait_until(clock.tick() + std::chrono::milliseconds{1}, {});
        }
        return testing::AssertionSuccess();
    }
    /// All ids from the instance's beginning to `last`, each once, in order.
    static testing::AssertionResult whole(Instance& instance, std::int64_t last) {
        const std::vector<std::int64_t> ids = instance.heard();
        for (std::size_t i = 0; i < ids.size(); ++i) {
            const std::int64_t wanted = instance.began_after + 1 + static_cast<std::int64_t>(i);
            if (ids[i] != wanted) {
                return testing::AssertionFailure() << "heard " << ids[i] << " for " << wanted;
            }
        }
        if (instance.began_after + static_cast<std::int64_t>(ids.size()) != last) {
            return testing::AssertionFailure() << "heard " << ids.size() << " up to " << last;
        }
        return testing::AssertionSuccess();
    }

    base::SystemClock clock;
};

TEST_P(DeskTest, every_instance_hears_every_event_once_and_in_order_while_instances_come_and_go) {
    constexpr int kEach = 150;
    Instance blue(*database, clock);
    Instance green(*database, clock);
    std::vector<std::unique_ptr<Instance>> passing;
    for (int i = 0; i < kEach; ++i) {
        blue.say("b");
        green.say("g");
        if (i % 50 == 25) passing.push_back(std::make_unique<Instance>(*database, clock));
        if (!passing.empty()) passing.back()->say("p");
        if (i % 50 == 45 && passing.size() > 1) passing.erase(passing.begin());
    }
    ASSERT_TRUE(eventually([&] { return blue.quiet() && green.quiet(); }));
    Instance late(*database, clock);
    late.say("l");
    ASSERT_TRUE(eventually([&] { return late.quiet(); }));
    for (auto& one : passing) one->say("p");
    for (auto& one : passing) ASSERT_TRUE(eventually([&] { return one->quiet(); }));
    const auto newest = [&] { return newest_event(*sql); };
    ASSERT_TRUE(eventually([&] {
        const auto at_end = [&](Instance& instance) {
            const auto ids = instance.heard();
            return !ids.empty() && ids.back() == newest();
        };
        return at_end(blue) && at_end(green) && at_end(late) && at_end(*passing.back());
    }));
    EXPECT_TRUE(whole(blue, newest()));
    EXPECT_TRUE(whole(green, newest()));
    EXPECT_TRUE(whole(late, newest()));
    for (auto& one : passing) EXPECT_TRUE(whole(*one, newest()));
}

TEST_P(DeskTest, one_job_that_fails_does_not_take_others_back) {
    Instance blue(*database, clock);
    std::promise<base::Result<int>> bad;
    std::promise<base::Result<int>> good;
    blue.desk().write<int>(
        [](Write& write) {
            write.events.push_back(event_of("never", "{}", {}));
            write.sql.run("INSERT INTO counters VALUES ('events', 1)");
            return 1;
        },
        [&](base::Result<int> done) { bad.set_value(std::move(done)); });
    blue.desk().write<int>(
        [](Write& write) {
            write.sql.run("INSERT INTO counters VALUES ('mine', 1)");
            return 2;
        },
        [&](base::Result<int> done) { good.set_value(std::move(done)); });
    const auto refused = bad.get_future().get();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().failure, base::Failure::rejected);
    EXPECT_EQ(good.get_future().get(), 2);
    EXPECT_EQ(sql->run("SELECT value FROM counters WHERE name = 'mine'").size(), 1U);
    EXPECT_EQ(newest_event(*sql), 0);
}

TEST_P(DeskTest, an_instance_that_slept_too_long_is_told_that_events_were_lost) {
    Instance blue(*database, clock);
    // Written and forgotten in one transaction: nobody can have read them.
    sql->begin_write();
    Write job{*sql, 1000};
    job.events.push_back(event_of("one", "{}", {}));
    store_events(job, "other");
    forget_events(job, 2000);
    ASSERT_TRUE(sql->commit());
    blue.say("two");
    ASSERT_TRUE(eventually([&] { return blue.lost == 1; }));
    blue.say("three");
    ASSERT_TRUE(eventually([&] {
        const auto ids = blue.heard();
        return !ids.empty() && ids.back() == newest_event(*sql);
    }));
}

/// A file's connection is never lost.
class DeskOnServerTest : public DeskTest {};

TEST_P(DeskOnServerTest, opens_a_lost_connection_again_and_writes_nothing_twice) {
    Instance blue(*database, clock);
    for (int i = 0; i < 40; ++i) {
        blue.say("e");
        if (i % 10 == 5) {
            sql->run(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND datname = current_database()");
        }
    }
    ASSERT_TRUE(eventually([&] { return blue.quiet(); }));
    const std::int64_t stored = newest_event(*sql);
    EXPECT_LE(stored, 40);
    EXPECT_GE(stored, 40 - blue.unknown);
    ASSERT_TRUE(eventually([&] { return std::ssize(blue.heard()) == stored; }));
    EXPECT_TRUE(whole(blue, stored));
}

INSTANTIATE_TEST_SUITE_P(Both, DeskTest, testing::Values(Kind::sqlite, Kind::postgres),
                         [](const auto& instance) { return name_of(instance.param); });
INSTANTIATE_TEST_SUITE_P(Server, DeskOnServerTest, testing::Values(Kind::postgres),
                         [](const auto& instance) { return name_of(instance.param); });

}  // namespace
}  // namespace chat
