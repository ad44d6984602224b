#include "local/store.h"

#include "local/temporary_test.h"

#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>
#include <fstream>

namespace local {
namespace {

using std::chrono::milliseconds;

base::Instant at(std::int64_t seconds) {
    return base::instant_of_micros(seconds * 1'000'000);
}

/// A record that follows `last`, with a hash that only has to differ.
engine::Record following(const std::optional<engine::Record>& last, const std::string& body) {
    engine::Record record{.index = last ? last->index + 1 : 1,
                          .at = at(5),
                          .release = "r1",
                          .actor = "user ada",
                          .kind = "noted",
                          .body = body,
                          .previous = last ? last->hash : base::Digest{},
                          .hash = {}};
    record.hash = base::sha256(record.previous.hex() + body);
    return record;
}

struct StoreFile : testing::Test {
    std::unique_ptr<Store> opened() {
        auto store = Store::open(folder.path / "state.db");
        EXPECT_TRUE(store) << store.error().line();
        return store ? std::move(*store) : nullptr;
    }

    TemporaryFolder folder;
};

TEST_F(StoreFile, what_was_added_is_read_back_whole_by_another_process) {
    const auto record = following(std::nullopt, std::string("{\"a\":\"\0\u00e4\"}", 11));
    ASSERT_TRUE(opened()->append(record, 0));
    const auto read = opened()->read(1, 10);
    ASSERT_TRUE(read);
    ASSERT_EQ(read->size(), 1U);
    EXPECT_EQ(read->front().body, record.body);
    EXPECT_EQ(read->front().hash, record.hash);
    EXPECT_EQ(read->front().at, record.at);
}

TEST_F(StoreFile, the_journal_has_one_next_record_whoever_adds_it) {
    const auto a = opened();
    const auto b = opened();
    ASSERT_TRUE(a->append(following(std::nullopt, "a"), 0));
    const auto late = b->append(following(std::nullopt, "b"), 0);
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().failure, base::Failure::conflict);
    ASSERT_TRUE(b->append(following(*b->last(), "b"), 0));
    EXPECT_EQ(a->read(1, 10)->size(), 2U);
}

TEST_F(StoreFile, many_processes_adding_at_once_lose_nothing_and_leave_no_gap) {
    constexpr int kProcesses = 4;
    constexpr int kRecords = 15;
    std::vector<pid_t> children;
    for (int child = 0; child < kProcesses; ++child) {
        const pid_t pid = fork();
        if (pid == 0) {
            auto store = Store::open(folder.path / "state.db");
            int added = 0;
            while (store && added < kRecords) {
                const auto last = (*store)->last();
                if (!last) _exit(1);
                const auto done = (*store)->append(
                    following(*last, std::to_string(child) + ":" + std::to_string(added)), 0);
                if (done)
                    ++added;
                else if (done.error().failure != base::Failure::conflict)
                    _exit(1);
            }
            _exit(store ? 0 : 1);
        }
        children.push_back(pid);
    }
    for (const pid_t pid : children) {
        int status = -1;
        ASSERT_EQ(waitpid(pid, &status, 0), pid);
        EXPECT_EQ(status, 0);
    }
    const auto records = opened()->read(1, 1000);
    ASSERT_EQ(records->size(), static_cast<std::size_t>(kProcesses * kRecords));
    for (std::size_t i = 1; i < records->size(); ++i) {
        EXPECT_EQ((*records)[i].index, i + 1);
        EXPECT_EQ((*records)[i].previous, (*records)[i - 1].hash);
    }
}

TEST_F(StoreFile, a_lease_in_force_names_who_holds_it_since_when_and_for_what) {
    ASSERT_TRUE(opened()->acquire("ada@host", "deploy r2 (1.0.1)", at(10), milliseconds(20'000)));
    const auto refused = opened()->acquire("bob@host", "deploy r3", at(29), milliseconds(20'000));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().failure, base::Failure::conflict);
    EXPECT_NE(refused.error().line().find("ada@host"), std::string::npos);
    EXPECT_NE(refused.error().line().find("deploy r2 (1.0.1)"), std::string::npos);
    EXPECT_NE(refused.error().line().find("1970-01-01T00:00:10"), std::string::npos);
}

TEST_F(StoreFile, a_replaced_lease_can_write_nothing_any_more) {
    const auto store = opened();
    const auto first = store->acquire("ada", "deploy", at(10), milliseconds(1000));
    ASSERT_TRUE(store->append(following(std::nullopt, "a"), first->fence));
    const auto second = store->acquire("bob", "resume", at(11), milliseconds(1000));
    ASSERT_TRUE(second);
    EXPECT_GT(second->fence, first->fence);
    const auto late = store->append(following(*store->last(), "b"), first->fence);
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().failure, base::Failure::conflict);
    EXPECT_FALSE(store->renew(*first, at(11), milliseconds(1000)));
    EXPECT_TRUE(store->release(*first));
    EXPECT_EQ((*store->lease())->holder, "bob");
    EXPECT_TRUE(store->append(following(*store->last(), "b"), second->fence));
}

TEST_F(StoreFile, fences_grow_through_releases_and_restarts) {
    std::uint64_t fence = 0;
    for (int i = 0; i < 3; ++i) {
        const auto store = opened();
        const auto lease = store->acquire("ada", "x", at(i), milliseconds(1000));
        ASSERT_TRUE(lease);
        EXPECT_EQ(lease->fence, ++fence);
        ASSERT_TRUE(store->release(*lease));
        EXPECT_FALSE(*store->lease());
    }
}

TEST_F(StoreFile, requests_are_seen_once_each_and_in_order) {
    const auto store = opened();
    const auto first = store->ask("pause", "", "user ada", at(1));
    const auto second = store->ask("promote", "shift-2", "user bob", at(2));
    ASSERT_TRUE(first && second);
    const auto all = store->requests(0);
    ASSERT_EQ(all->size(), 2U);
    EXPECT_EQ((*all)[1].argument, "shift-2");
    EXPECT_EQ(store->requests(first->id)->front().verb, "promote");
    EXPECT_TRUE(store->requests(second->id)->empty());
}

TEST_F(StoreFile, a_full_disk_is_unavailable_with_its_own_code_and_hurts_nothing) {
    auto store = opened();
    ASSERT_TRUE(store->append(following(std::nullopt, "small"), 0));
    store->limit_pages(12);
    std::optional<base::Error> full;
    for (int i = 0; i < 100 && !full; ++i) {
        const auto done = store->append(following(*store->last(), std::string(4000, 'x')), 0);
        if (!done) full = done.error();
    }
    ASSERT_TRUE(full);
    EXPECT_EQ(full->failure, base::Failure::unavailable);
    EXPECT_EQ(full->diagnostic.code, "CF0402");
    const auto before = store->read(1, 1000);
    ASSERT_TRUE(before);
    store->limit_pages(10'000);
    EXPECT_TRUE(store->append(following(before->back(), "after"), 0));
    EXPECT_EQ(store->read(1, 1000)->size(), before->size() + 1);
}

TEST_F(StoreFile, a_file_that_may_not_grow_is_reported_and_keeps_what_it_has) {
    ASSERT_TRUE(opened()->append(following(std::nullopt, "small"), 0));
    const pid_t pid = fork();
    if (pid == 0) {
        limit_file_size(96 * 1024);
        auto store = Store::open(folder.path / "state.db");
        if (!store) _exit(2);
        for (int i = 0; i < 200; ++i) {
            const auto last = (*store)->last();
            if (!last) _exit(3);
            const auto done = (*store)->append(following(*last, std::string(4000, 'x')), 0);
            if (!done)
                _exit(done.error().failure == base::Failure::unavailable ||
                              done.error().failure == base::Failure::unknown
                          ? 0
                          : 4);
        }
        _exit(5);
    }
    int status = -1;
    ASSERT_EQ(waitpid(pid, &status, 0), pid);
    EXPECT_EQ(status, 0);
    const auto store = opened();
    const auto records = store->read(1, 1000);
    ASSERT_TRUE(records);
    EXPECT_TRUE(store->append(following(records->back(), "after"), 0));
}

TEST_F(StoreFile, another_programs_file_is_refused_and_left_alone) {
    const std::string text(8192, 'z');
    std::ofstream(folder.path / "state.db") << text;
    const auto store = Store::open(folder.path / "state.db");
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().failure, base::Failure::rejected);
    EXPECT_EQ(store.error().diagnostic.code, "CF0403");
    std::ifstream file(folder.path / "state.db");
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), text);
}

TEST_F(StoreFile, damage_within_is_reported_when_it_is_met) {
    {
        const auto store = opened();
        for (int i = 0; i < 20; ++i) {
            ASSERT_TRUE(store->append(following(*store->last(), std::string(4000, 'x')), 0));
        }
    }
    std::fstream file(folder.path / "state.db", std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096 + 8);
    for (int i = 0; i < 15; ++i) file << std::string(4096, '\xee');
    file.close();
    const auto store = Store::open(folder.path / "state.db");
    if (store) {
        const auto records = (*store)->read(1, 1000);
        ASSERT_FALSE(records);
        EXPECT_EQ(records.error().diagnostic.code, "CF0403");
    } else {
        EXPECT_EQ(store.error().diagnostic.code, "CF0403");
    }
}

TEST_F(StoreFile, a_newer_schema_is_left_to_the_newer_program) {
    opened();
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open((folder.path / "state.db").c_str(), &database), SQLITE_OK);
    sqlite3_exec(database, "PRAGMA user_version=99", nullptr, nullptr, nullptr);
    sqlite3_close(database);
    const auto store = Store::open(folder.path / "state.db");
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().diagnostic.code, "CF0408");
}

TEST_F(StoreFile, dying_between_two_records_leaves_the_first) {
    const pid_t pid = fork();
    if (pid == 0) {
        auto store = Store::open(folder.path / "state.db");
        const bool done = store && (*store)->append(following(std::nullopt, "a"), 0).has_value();
        _exit(done ? 0 : 1);  // no destructor: the log is not folded into the file
    }
    int status = -1;
    ASSERT_EQ(waitpid(pid, &status, 0), pid);
    ASSERT_EQ(status, 0);
    EXPECT_EQ(opened()->read(1, 10)->size(), 1U);
}

}  // namespace
}  // namespace local
