#pragma once
// What every Store does. Include it in one test file of a provider and instantiate:
// INSTANTIATE_TEST_SUITE_P(local, StoreContract, testing::Values(&make_bench));

#include "engine/journal.h"
#include "engine/store.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace engine {

class StoreBench {
public:
    virtual ~StoreBench() = default;
    /// An empty store.
    virtual Store& store() = 0;
    /// The same store, as another process sees it.
    virtual Store& another() = 0;
};

class StoreContract : public testing::TestWithParam<std::unique_ptr<StoreBench> (*)()> {
protected:
    static constexpr std::chrono::milliseconds kLength{10'000};

    std::unique_ptr<StoreBench> bench = GetParam()();
    Store& store = bench->store();
    base::Instant now{std::chrono::seconds{1'700'000'000}};

    Lease leased(const std::string& holder = "ada") {
        const auto lease = store.acquire(holder, "deploy r1", now, kLength);
        EXPECT_TRUE(lease) << lease.error().line();
        return lease.value_or(Lease{});
    }
    Record next(const std::optional<Record>& last, const std::string& body = "{}") const {
        return record_after(last, {RecordKind::observed, "r1", "user ada", now, body});
    }
};

TEST_P(StoreContract, an_empty_journal_has_no_last_record) {
    EXPECT_EQ(store.last()->has_value(), false);
    EXPECT_TRUE(store.read(1, 10)->empty());
}

TEST_P(StoreContract, what_was_appended_is_read_by_others_exactly) {
    const Lease lease = leased();
    const Record record = next({}, R"({"text":"ü \" \u0000 \\"})");
    ASSERT_TRUE(store.append(record, lease.fence));
    const auto read = bench->another().read(1, 10);
    ASSERT_TRUE(read);
    ASSERT_EQ(read->size(), 1U);
    const Record& found = read->front();
    EXPECT_EQ(found.index, 1U);
    EXPECT_EQ(found.at, record.at);
    EXPECT_EQ(found.release, record.release);
    EXPECT_EQ(found.actor, record.actor);
    EXPECT_EQ(found.kind, record.kind);
    EXPECT_EQ(found.body, record.body);
    EXPECT_EQ(found.previous, record.previous);
    EXPECT_EQ(found.hash, record.hash);
    EXPECT_EQ(hash_of(found), found.hash);
}

TEST_P(StoreContract, reads_in_pages) {
    const Lease lease = leased();
    std::optional<Record> last;
    for (int i = 0; i < 7; ++i) {
        last = next(last);
        ASSERT_TRUE(store.append(*last, lease.fence));
    }
    EXPECT_EQ(store.read(1, 3)->size(), 3U);
    EXPECT_EQ(store.read(4, 3)->front().index, 4U);
    EXPECT_EQ(store.read(7, 3)->size(), 1U);
    EXPECT_TRUE(store.read(8, 3)->empty());
    EXPECT_EQ((*store.last())->index, 7U);
    EXPECT_TRUE(verify(*store.read(1, 100)).intact);
}

TEST_P(StoreContract, only_the_next_record_is_taken) {
    const Lease lease = leased();
    const Record first = next({});
    ASSERT_TRUE(store.append(first, lease.fence));
    for (const Record& wrong : {first, next(next(first)), [&] {
                                    Record other = next(first);
                                    other.previous = base::sha256("elsewhere");
                                    other.hash = hash_of(other);
                                    return other;
                                }()}) {
        const auto refused = bench->another().append(wrong, lease.fence);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().failure, base::Failure::conflict);
    }
    EXPECT_EQ((*store.last())->index, 1U);
}

TEST_P(StoreContract, a_replaced_lease_appends_no_more) {
    const Lease lease = leased();
    now += kLength + std::chrono::seconds{1};
    const auto other = bench->another().acquire("bob", "deploy r2", now, kLength);
    ASSERT_TRUE(other);
    EXPECT_GT(other->fence, lease.fence);
    const auto refused = store.append(next({}), lease.fence);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().failure, base::Failure::conflict);
    EXPECT_TRUE(bench->another().append(next({}), other->fence));
}

TEST_P(StoreContract, fence_zero_marks_what_needs_no_lease) {
    EXPECT_TRUE(store.append(next({}), 0));
}

TEST_P(StoreContract, a_held_lease_is_refused_with_its_holder_and_purpose) {
    leased();
    const auto refused = bench->another().acquire("bob", "deploy r2", now, kLength);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().failure, base::Failure::conflict);
    EXPECT_NE(refused.error().diagnostic.text().find("ada"), std::string::npos);
    EXPECT_NE(refused.error().diagnostic.text().find("deploy r1"), std::string::npos);
}

TEST_P(StoreContract, the_same_holder_takes_its_lease_again_with_a_new_fence) {
    const Lease first = leased();
    EXPECT_GT(leased().fence, first.fence);
    EXPECT_FALSE(store.renew(first, now, kLength));
}

TEST_P(StoreContract, renewing_prolongs_and_keeps_the_fence) {
    const Lease lease = leased();
    now += kLength + std::chrono::seconds{5};  // over, yet nobody took it
    const auto renewed = store.renew(lease, now, kLength);
    ASSERT_TRUE(renewed);
    EXPECT_EQ(renewed->fence, lease.fence);
    EXPECT_EQ(renewed->until, now + kLength);
    EXPECT_FALSE(bench->another().acquire("bob", "x", now, kLength));
}

TEST_P(StoreContract, a_released_lease_is_free_and_the_fence_still_grows) {
    const Lease lease = leased();
    ASSERT_TRUE(store.release(lease));
    EXPECT_EQ(store.lease()->has_value(), false);
    const auto other = bench->another().acquire("bob", "x", now, kLength);
    ASSERT_TRUE(other);
    EXPECT_GT(other->fence, lease.fence);
    EXPECT_TRUE(store.release(lease));  // was replaced: nothing to do
    EXPECT_EQ((*store.lease())->holder, "bob");
}

TEST_P(StoreContract, the_present_lease_is_seen_by_others) {
    const Lease lease = leased();
    const auto seen = bench->another().lease();
    ASSERT_TRUE(seen);
    ASSERT_TRUE(*seen);
    EXPECT_EQ((*seen)->holder, "ada");
    EXPECT_EQ((*seen)->purpose, "deploy r1");
    EXPECT_EQ((*seen)->fence, lease.fence);
    EXPECT_EQ((*seen)->until, lease.until);
}

TEST_P(StoreContract, wishes_are_read_in_order_and_once) {
    ASSERT_TRUE(bench->another().ask("pause", "", "user bob", now));
    const auto second = bench->another().ask("promote", "shift-2", "user eve", now);
    ASSERT_TRUE(second);
    const auto all = store.requests(0);
    ASSERT_TRUE(all);
    ASSERT_EQ(all->size(), 2U);
    EXPECT_EQ(all->front().verb, "pause");
    EXPECT_EQ(all->back().argument, "shift-2");
    EXPECT_EQ(all->back().actor, "user eve");
    EXPECT_EQ(all->back().at, now);
    EXPECT_EQ(store.requests(all->front().id)->size(), 1U);
    EXPECT_TRUE(store.requests(second->id)->empty());
}

}  // namespace engine
