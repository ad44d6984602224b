#include "console/ledger.h"

#include "base/json.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

using namespace std::chrono_literals;

namespace console {
namespace {

const base::Instant kNow = base::instant_of_micros(1'700'000'000'000'000);

Tick tick_at(base::Instant at, std::uint64_t requests, std::uint64_t errors) {
    Tick tick{.at = at, .span = 1000ms, .measured = true, .pools = {}};
    tick.pools[0].requests = requests;
    tick.pools[1].errors = errors;
    return tick;
}

std::filesystem::path fresh_folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "console-XXXXXX").string();
    return mkdtemp(pattern.data());
}

class LedgerTest : public testing::Test {
protected:
    ~LedgerTest() override { std::filesystem::remove_all(folder); }

    std::uint64_t sum(const Ledger& ledger, const char* name, base::Instant now) const {
        return base::member<std::uint64_t>(*base::json_from(ledger.json(now)), name).value();
    }

    std::filesystem::path folder = fresh_folder();
};

TEST_F(LedgerTest, what_was_recorded_is_there_after_a_restart) {
    {
        Ledger ledger(folder / "minutes", {});
        ASSERT_TRUE(ledger.open(kNow));
        for (int i = 0; i < 180; ++i) ledger.add(tick_at(kNow + i * 1s, 10, i == 7 ? 3 : 0));
        ledger.flush();
    }
    Ledger ledger(folder / "minutes", {});
    ASSERT_TRUE(ledger.open(kNow + 1h));
    EXPECT_EQ(sum(ledger, "requests", kNow + 1h), 1800U);
    EXPECT_EQ(sum(ledger, "errors", kNow + 1h), 3U);
    EXPECT_EQ(sum(ledger, "measured_seconds", kNow + 1h), 180U) << "not the hour that went by";
}

TEST_F(LedgerTest, nothing_measured_is_nothing_recorded) {
    Ledger ledger(folder / "minutes", {});
    ASSERT_TRUE(ledger.open(kNow));
    ledger.add(Tick{.at = kNow, .span = 1000ms, .measured = false, .pools = {}});
    EXPECT_EQ(sum(ledger, "measured_seconds", kNow), 0U);
}

TEST_F(LedgerTest, what_is_older_than_the_window_does_not_count_and_leaves_the_file) {
    {
        Ledger ledger(folder / "minutes", {});
        ASSERT_TRUE(ledger.open(kNow));
        ledger.add(tick_at(kNow, 10, 5));
        ledger.flush();
    }
    Ledger ledger(folder / "minutes", {});
    ASSERT_TRUE(ledger.open(kNow + std::chrono::days{61}));
    EXPECT_EQ(sum(ledger, "errors", kNow + std::chrono::days{61}), 0U);
    EXPECT_EQ(std::filesystem::file_size(folder / "minutes"), 0U);
}

TEST_F(LedgerTest, a_second_one_reads_and_does_not_write) {
    Ledger first(folder / "minutes", {});
    ASSERT_TRUE(first.open(kNow));
    Ledger second(folder / "minutes", {});
    ASSERT_TRUE(second.open(kNow));
    EXPECT_TRUE(first.writes());
    EXPECT_FALSE(second.writes());
    second.add(tick_at(kNow, 10, 0));
    second.flush();
    EXPECT_EQ(std::filesystem::file_size(folder / "minutes"), 0U);
}

TEST_F(LedgerTest, a_torn_line_is_left_out) {
    ASSERT_TRUE(base::write_file(folder / "minutes", "28333333 10 1 60000\n28333334 10 1 600"));
    Ledger ledger(folder / "minutes", {});
    ASSERT_TRUE(ledger.open(kNow));
    EXPECT_EQ(sum(ledger, "requests", kNow), 10U);
    ledger.add(tick_at(kNow + 120s, 5, 0));
    ledger.flush();
    Ledger again(folder / "minutes", {});
    ASSERT_TRUE(again.open(kNow));
    EXPECT_EQ(sum(again, "requests", kNow), 15U);
}

}  // namespace
}  // namespace console
