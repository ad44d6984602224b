#include "load/oracle.h"

#include <gtest/gtest.h>

#include <chrono>

namespace load {
namespace {

using namespace std::chrono_literals;

constexpr UserNo kAnn = 0, kBob = 1, kCat = 2, kDan = 3;
constexpr std::uint64_t kPost = 11, kOtherPost = 12;

/// A channel of Ann, Bob and Cat; Dan is elsewhere. Times are since the start.
struct LoadOracle : testing::Test {
    Oracle oracle{4, 5s};
    ChannelNo channel = oracle.add_channel({kCat, kAnn, kBob});

    static base::Tick at(std::chrono::nanoseconds since) { return base::Tick{1h} + since; }

    MessageName posted(UserNo sender, std::chrono::nanoseconds when) {
        const MessageName name = oracle.post(sender, channel, at(when));
        oracle.sent(name, at(when));
        oracle.answered(name, at(when + 10ms));
        oracle.stored(name, kPost + name.sender * 1000 + name.n);
        return name;
    }
    void push(UserNo receiver, MessageName name, std::chrono::nanoseconds when) {
        oracle.pushed(receiver, name, kPost + name.sender * 1000 + name.n, at(when));
    }
    void push_all(MessageName name, std::chrono::nanoseconds when) {
        for (const UserNo user : {kAnn, kBob, kCat}) push(user, name, when);
    }
    MessageOutcome end() {
        oracle.audited(channel);
        return oracle.outcome();
    }
};

TEST_F(LoadOracle, a_message_pushed_once_to_each_member_is_delivered_and_nothing_else) {
    push_all(posted(kAnn, 0s), 20ms);
    const MessageOutcome outcome = end();
    EXPECT_EQ(outcome.posted, 1);
    EXPECT_EQ(outcome.expected, 3);
    EXPECT_EQ(outcome.delivered, 3);
    EXPECT_EQ(outcome.live, 3);
    EXPECT_EQ(outcome.lost + outcome.duplicated + outcome.late + outcome.out_of_order, 0);
    EXPECT_EQ(outcome.retried + outcome.unanswered + outcome.strangers + outcome.recovered, 0);
    EXPECT_NEAR(outcome.delivery.max_ms, 20, 0.02);
    EXPECT_EQ(oracle.outstanding(), 0);
}

TEST_F(LoadOracle, a_push_that_never_came_is_lost_although_the_post_is_stored) {
    const MessageName name = posted(kAnn, 0s);
    push(kAnn, name, 20ms);
    push(kCat, name, 20ms);
    EXPECT_EQ(oracle.outstanding(), 1);
    const MessageOutcome outcome = end();
    EXPECT_EQ(outcome.lost, 1);
    EXPECT_EQ(outcome.never_pushed, 1);
    EXPECT_EQ(outcome.delivered, 2);
}

TEST_F(LoadOracle, an_answered_message_that_is_not_in_the_channel_has_vanished_for_everyone) {
    const MessageName name = oracle.post(kAnn, channel, at(0s));
    oracle.sent(name, at(0s));
    oracle.answered(name, at(10ms));
    push(kAnn, name, 20ms);
    const MessageOutcome outcome = end();
    EXPECT_EQ(outcome.vanished, 3);
    EXPECT_EQ(outcome.lost, 3);
    EXPECT_EQ(outcome.delivered, 0);
}

TEST_F(LoadOracle, without_an_audit_what_nobody_saw_is_still_lost) {
    posted(kAnn, 0s);
    EXPECT_EQ(oracle.outcome().lost, 3);
}

TEST_F(LoadOracle, a_resync_after_a_gap_recovers_a_message) {
    const MessageName name = posted(kAnn, 0s);
    push(kAnn, name, 20ms);
    push(kCat, name, 20ms);
    oracle.resynced(kBob, name, kPost + name.n, at(3s));
    const MessageOutcome outcome = end();
    EXPECT_EQ(outcome.recovered, 1);
    EXPECT_EQ(outcome.delivered, 3);
    EXPECT_EQ(outcome.lost, 0);
    EXPECT_EQ(outcome.late, 0);
    EXPECT_NEAR(outcome.delivery_all.max_ms, 3000, 3);
    EXPECT_NEAR(outcome.delivery.max_ms, 20, 0.02);
}

TEST_F(LoadOracle, what_comes_long_after_the_answer_is_late_pushed_or_recovered) {
    const MessageName name = posted(kAnn, 0s);
    push(kAnn, name, 20ms);
    push(kBob, name, 6s);
    oracle.resynced(kCat, name, kPost + name.n, at(7s));
    EXPECT_EQ(end().late, 2);
}

TEST_F(LoadOracle, a_second_push_is_a_duplicate_and_a_third_is_the_same_one) {
    const MessageName name = posted(kAnn, 0s);
    push_all(name, 20ms);
    push(kBob, name, 30ms);
    push(kBob, name, 40ms);
    const MessageOutcome outcome = end();
    EXPECT_EQ(outcome.duplicated, 1);
    EXPECT_EQ(outcome.delivered, 3);
    EXPECT_EQ(outcome.stored_twice, 0);
}

TEST_F(LoadOracle, a_resync_that_repeats_what_was_pushed_is_no_duplicate) {
    const MessageName name = posted(kAnn, 0s);
    push_all(name, 20ms);
    oracle.resynced(kBob, name, kPost + name.n, at(1s));
    oracle.resynced(kBob, name, kPost + name.n, at(2s));
    EXPECT_EQ(end().duplicated, 0);
}

TEST_F(LoadOracle, a_push_that_crosses_the_resync_is_no_duplicate) {
    const MessageName name = posted(kAnn, 0s);
    push(kAnn, name, 20ms);
    push(kCat, name, 20ms);
    oracle.resynced(kBob, name, kPost + name.n, at(1s));
    push(kBob, name, 1001ms);
    const MessageOutcome outcome = end();
    EXPECT_EQ(outcome.duplicated, 0);
    EXPECT_EQ(outcome.delivered, 3);
}

TEST_F(LoadOracle, a_retry_that_made_a_second_post_is_stored_twice) {
    const MessageName name = posted(kAnn, 0s);
    push_all(name, 20ms);
    oracle.stored(name, kOtherPost + 500);
    const MessageOutcome outcome = end();
    EXPECT_EQ(outcome.stored_twice, 1);
    EXPECT_EQ(outcome.duplicated, 1);
}

TEST_F(LoadOracle, a_lost_answer_is_retried_and_counts_as_one_message) {
    const MessageName name = oracle.post(kAnn, channel, at(0s));
    oracle.sent(name, at(0s));
    oracle.sent(name, at(2s));
    push_all(name, 20ms);
    oracle.answered(name, at(2010ms));
    oracle.stored(name, kPost);
    const MessageOutcome outcome = end();
    EXPECT_EQ(outcome.posted, 1);
    EXPECT_EQ(outcome.retried, 1);
    EXPECT_EQ(outcome.delivered, 3);
    EXPECT_EQ(oracle.outstanding(), 0);
}

TEST_F(LoadOracle, a_message_given_up_on_may_be_absent) {
    const MessageName name = oracle.post(kAnn, channel, at(0s));
    oracle.sent(name, at(0s));
    oracle.given_up(name);
    const MessageOutcome outcome = end();
    EXPECT_EQ(outcome.unanswered, 1);
    EXPECT_EQ(outcome.expected, 0);
    EXPECT_EQ(outcome.lost, 0);
}

TEST_F(LoadOracle, a_message_given_up_on_that_exists_must_reach_everyone) {
    const MessageName name = oracle.post(kAnn, channel, at(0s));
    oracle.sent(name, at(0s));
    oracle.given_up(name);
    oracle.stored(name, kPost);
    push(kBob, name, 20ms);
    const MessageOutcome outcome = end();
    EXPECT_EQ(outcome.posted, 0);
    EXPECT_EQ(outcome.delivered, 1);
    EXPECT_EQ(outcome.never_pushed, 2);
}

TEST_F(LoadOracle, a_message_read_before_one_that_was_answered_earlier_is_out_of_order) {
    const MessageName first = posted(kAnn, 0s);
    const MessageName second = posted(kBob, 1s);
    push(kCat, second, 1020ms);
    push(kCat, first, 1030ms);
    push(kAnn, first, 20ms);
    push(kAnn, second, 1020ms);
    EXPECT_EQ(end().out_of_order, 1);
}

TEST_F(LoadOracle, messages_whose_posts_overlapped_have_no_order) {
    const MessageName first = posted(kAnn, 0s);
    const MessageName second = posted(kBob, 5ms);
    push(kCat, second, 20ms);
    push(kCat, first, 21ms);
    EXPECT_EQ(end().out_of_order, 0);
}

TEST_F(LoadOracle, a_push_to_one_who_is_no_member_is_a_strangers) {
    const MessageName name = posted(kAnn, 0s);
    push_all(name, 20ms);
    push(kDan, name, 20ms);
    oracle.pushed(kBob, {.sender = kAnn, .n = 77}, kPost, at(20ms));
    oracle.pushed(kBob, {.sender = 4711, .n = 0}, kPost, at(20ms));
    EXPECT_EQ(end().strangers, 3);
}

TEST_F(LoadOracle, names_the_channels_that_an_audit_must_read) {
    oracle.add_channel({kAnn, kDan});
    posted(kAnn, 0s);
    posted(kBob, 1s);
    EXPECT_EQ(oracle.channels_used(), std::vector<ChannelNo>{channel});
}

TEST_F(LoadOracle, a_push_may_come_before_the_answer) {
    const MessageName name = oracle.post(kAnn, channel, at(0s));
    oracle.sent(name, at(0s));
    push(kBob, name, 1ms);
    EXPECT_EQ(oracle.outstanding(), 0);
    oracle.answered(name, at(2ms));
    EXPECT_EQ(oracle.outstanding(), 2);
    push(kAnn, name, 3ms);
    push(kCat, name, 3ms);
    EXPECT_EQ(oracle.outstanding(), 0);
}

}  // namespace
}  // namespace load
