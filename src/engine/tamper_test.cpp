// P7: whatever is done to a journal after it was written is found. All of a real one's edits,
// deletions, repetitions, swaps and truncations, and many of a long one's.

#include "base/log.h"
#include "base/random.h"
#include "engine/journal.h"
#include "engine/sim/scenario.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace engine {
namespace {

using Journal = std::vector<Record>;

Journal of_a_release() {
    base::log::only_errors();
    sim::Play play(sim::scenario_named("canary"), 1);
    play.perform();
    return play.place().disk.records;
}

Head head_of(const Journal& records) {
    return {records.back().index, records.back().hash};
}

std::ptrdiff_t offset(std::size_t at) {
    return static_cast<std::ptrdiff_t>(at);
}

/// What the holder of the store could do so that the chain holds again from `at` on.
void chain_anew(Journal& records, std::size_t at) {
    for (; at < records.size(); ++at) {
        records[at].index = at + 1;
        records[at].previous = at == 0 ? base::Digest{} : records[at - 1].hash;
        records[at].hash = hash_of(records[at]);
    }
}

TEST(Tampering, with_any_byte_of_any_record_changes_its_hash) {
    std::size_t tried = 0;
    for (const Record& record : of_a_release()) {
        for (std::string Record::* member :
             {&Record::release, &Record::actor, &Record::kind, &Record::body}) {
            for (std::size_t at = 0; at < (record.*member).size(); ++at) {
                Record changed = record;
                (changed.*member)[at] = (changed.*member)[at] == 'x' ? 'y' : 'x';
                ASSERT_NE(hash_of(changed), record.hash) << record.index << ' ' << at;
                ++tried;
            }
        }
    }
    EXPECT_GT(tried, 5'000U);
}

TEST(Tampering, with_any_member_of_any_record_is_found_at_that_record) {
    const Journal good = of_a_release();
    for (std::size_t at = 0; at < good.size(); ++at) {
        const auto found = [&](auto edit) {
            Journal records = good;
            edit(records[at]);
            return verify(records).first_bad;
        };
        EXPECT_EQ(found([](Record& each) { ++each.index; }), at + 1);
        EXPECT_EQ(found([](Record& each) { each.at -= std::chrono::microseconds{1}; }), at + 1);
        EXPECT_EQ(found([](Record& each) { each.release += ' '; }), at + 1);
        EXPECT_EQ(found([](Record& each) { each.actor = "user mallory"; }), at + 1);
        EXPECT_EQ(found([](Record& each) { each.kind = "verdic"; }), at + 1);
        EXPECT_EQ(found([](Record& each) { each.body += ' '; }), at + 1);
        EXPECT_EQ(found([](Record& each) { each.previous.bytes[0] ^= 1; }), at + 1);
        EXPECT_EQ(found([](Record& each) { each.hash.bytes[0] ^= 1; }), at + 1);
    }
}

TEST(Tampering, by_deletion_repetition_or_truncation_anywhere_is_found) {
    const Journal good = of_a_release();
    for (std::size_t at = 0; at < good.size(); ++at) {
        Journal shorter = good;
        shorter.erase(shorter.begin() + offset(at));
        EXPECT_EQ(verify(shorter, {head_of(good)}).first_bad, at + 1);
        Journal longer = good;
        longer.insert(longer.begin() + offset(at), good[at]);
        EXPECT_EQ(verify(longer).first_bad, at + 2);
        Journal cut(good.begin(), good.begin() + offset(at));
        EXPECT_EQ(verify(cut, {head_of(good)}).first_bad, at + 1);
    }
}

TEST(Tampering, by_a_swap_of_any_two_is_found_at_the_first) {
    const Journal good = of_a_release();
    for (std::size_t one = 0; one < good.size(); ++one) {
        for (std::size_t other = one + 1; other < good.size(); ++other) {
            Journal records = good;
            std::swap(records[one], records[other]);
            ASSERT_EQ(verify(records).first_bad, one + 1) << one << ' ' << other;
        }
    }
}

// Whoever can write the store can make a chain that holds. A head that was noted elsewhere, at the
// changed record or later, gives it away.
TEST(Tampering, by_one_who_makes_the_chain_anew_is_found_by_any_head_noted_since) {
    const Journal good = of_a_release();
    for (std::size_t at = 0; at < good.size(); at += 3) {
        Journal records = good;
        records[at].actor = "user mallory";
        chain_anew(records, at);
        EXPECT_TRUE(verify(records).intact);
        for (std::size_t noted = 0; noted < good.size(); ++noted) {
            const Head head{good[noted].index, good[noted].hash};
            EXPECT_EQ(verify(records, {head}).intact, noted < at) << at << ' ' << noted;
        }
        Journal dropped = good;
        dropped.erase(dropped.begin() + offset(at));
        chain_anew(dropped, at);
        EXPECT_FALSE(verify(dropped, {head_of(good)}).intact);
    }
}

TEST(Tampering, heads_that_contradict_each_other_are_found) {
    const Journal good = of_a_release();
    Head other = head_of(good);
    other.hash.bytes[3] ^= 1;
    EXPECT_TRUE(verify(good, {head_of(good), head_of(good)}).intact);
    EXPECT_FALSE(verify(good, {head_of(good), other}).intact);
}

TEST(Tampering, with_a_long_journal_is_found_wherever_it_is) {
    Journal good;
    constexpr std::uint64_t kRecords = 1'000;
    for (std::uint64_t i = 0; i < kRecords; ++i) {
        const std::optional<Record> last = good.empty() ? std::nullopt : std::optional(good.back());
        good.push_back(record_after(
            last, {RecordKind::observed, "r1", "user ada", base::Instant{std::chrono::seconds{i}},
                   R"({"n":)" + std::to_string(i) + "}"}));
    }
    base::Random random(7);
    for (int turn = 0; turn < 60; ++turn) {
        Journal records = good;
        const std::size_t at = random.below(kRecords - 1);
        switch (turn % 4) {
            case 0:
                records[at].body.at(random.below(records[at].body.size())) = '#';
                break;
            case 1:
                records.erase(records.begin() + offset(at));
                break;
            case 2:
                std::swap(records[at], records[at + 1 + random.below(kRecords - at - 1)]);
                break;
            default:
                records.resize(at);
        }
        EXPECT_EQ(verify(records, {head_of(good)}).first_bad, at + 1) << turn;
    }
}

}  // namespace
}  // namespace engine
