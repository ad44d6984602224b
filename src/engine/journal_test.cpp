#include "engine/journal.h"

#include <gtest/gtest.h>

#include <functional>

namespace engine {
namespace {

std::vector<Record> journal(int records) {
    std::vector<Record> out;
    for (int i = 0; i < records; ++i) {
        const std::optional<Record> last = out.empty() ? std::nullopt : std::optional(out.back());
        out.push_back(record_after(
            last, {RecordKind::observed, "r1", "user ada", base::Instant{std::chrono::seconds{i}},
                   R"({"n":)" + std::to_string(i) + "}"}));
    }
    return out;
}

Head head_of(const std::vector<Record>& records) {
    return {records.back().index, records.back().hash};
}

TEST(Journal, an_untouched_one_is_intact) {
    const auto records = journal(5);
    const Audit audit = verify(records, {head_of(records)});
    EXPECT_TRUE(audit.intact) << audit.finding;
    EXPECT_EQ(audit.records, 5U);
    EXPECT_EQ(audit.head.hash, records.back().hash);
    EXPECT_TRUE(verify({}).intact);
}

TEST(Journal, any_changed_member_is_found_where_it_is) {
    for (std::size_t at = 0; at < 5; ++at) {
        const auto change = [at](const std::function<void(Record&)>& edit) {
            auto records = journal(5);
            edit(records[at]);
            return verify(records);
        };
        const std::vector<std::function<void(Record&)>> edits = {
            [](Record& r) { r.at += std::chrono::microseconds{1}; },
            [](Record& r) { r.release = "r2"; },
            [](Record& r) { r.actor = "user bob"; },
            [](Record& r) { r.kind = "verdict"; },
            [](Record& r) { r.body[1] = ' '; },
            [](Record& r) { r.previous.bytes[7] ^= 1; },
            [](Record& r) { r.hash.bytes[31] ^= 1; },
        };
        for (std::size_t i = 0; i < edits.size(); ++i) {
            const Audit audit = change(edits[i]);
            EXPECT_FALSE(audit.intact) << "edit " << i << " of record " << at + 1;
            EXPECT_EQ(audit.first_bad, at + 1);
            EXPECT_FALSE(audit.finding.empty());
        }
    }
}

TEST(Journal, an_edit_with_its_hash_made_anew_is_found_at_the_next_record) {
    auto records = journal(5);
    records[2].body = "{}";
    records[2].hash = hash_of(records[2]);
    EXPECT_EQ(verify(records).first_bad, 4U);
}

TEST(Journal, a_dropped_or_swapped_record_is_found) {
    for (std::size_t at = 0; at + 1 < 5; ++at) {
        auto dropped = journal(5);
        dropped.erase(dropped.begin() + static_cast<std::ptrdiff_t>(at));
        EXPECT_EQ(verify(dropped).first_bad, at + 1);
        auto swapped = journal(5);
        std::swap(swapped[at], swapped[at + 1]);
        EXPECT_EQ(verify(swapped).first_bad, at + 1);
    }
}

TEST(Journal, a_cut_tail_is_found_by_whoever_noted_the_head) {
    auto records = journal(5);
    const Head noted = head_of(records);
    records.pop_back();
    EXPECT_TRUE(verify(records).intact);
    const Audit audit = verify(records, {noted});
    EXPECT_FALSE(audit.intact);
    EXPECT_EQ(audit.first_bad, 5U);
}

TEST(Journal, a_journal_written_anew_from_the_start_is_found_by_whoever_noted_a_head) {
    auto records = journal(5);
    const Head noted{records[2].index, records[2].hash};
    auto forged = journal(2);
    forged.push_back(record_after(forged.back(), {RecordKind::closed, "r1", "eve", {}, "{}"}));
    EXPECT_TRUE(verify(forged).intact);
    EXPECT_EQ(verify(forged, {noted}).first_bad, 3U);
}

TEST(Journal, every_kind_has_a_name_that_is_read_back) {
    for (int i = 0; i <= static_cast<int>(RecordKind::closed); ++i) {
        const auto kind = static_cast<RecordKind>(i);
        EXPECT_EQ(record_kind_from(name_of(kind)), kind);
    }
    EXPECT_FALSE(record_kind_from("rewritten"));
}

}  // namespace
}  // namespace engine
