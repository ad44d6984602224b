#include "cli/text.h"

#include <gtest/gtest.h>

namespace cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(CliText, a_character_counts_as_wide_as_a_terminal_draws_it) {
    EXPECT_EQ(columns_of("plain"), 5U);
    EXPECT_EQ(columns_of("größe"), 5U);
    EXPECT_EQ(columns_of("日本"), 4U);
    EXPECT_EQ(columns_of("e\xCC\x81"), 1U);
    EXPECT_EQ(columns_of("\x1b[31mred\x1b[0m"), 3U);
    EXPECT_EQ(columns_of("🚀"), 2U);
    EXPECT_EQ(columns_of("●○◐"), 3U);
}

TEST(CliText, what_would_steer_a_terminal_is_taken_out) {
    EXPECT_EQ(harmless("a\x1b[2Jb\r\n"), "a [2Jb  ");
    EXPECT_EQ(harmless("ok\xFFz"), "ok\xEF\xBF\xBDz");
    EXPECT_EQ(harmless("\xC0\xAF"), "\xEF\xBF\xBD\xEF\xBF\xBD");
    EXPECT_EQ(harmless("ü日"), "ü日");
}

TEST(CliText, what_is_cut_says_so_and_never_splits_a_character) {
    EXPECT_EQ(cut("12345678", 5), "1234…");
    EXPECT_EQ(cut("日本語", 4), "日…");
    EXPECT_EQ(cut("fits", 4), "fits");
    EXPECT_EQ(cut("\x1b[31mlong word\x1b[0m", 5), "\x1b[31mlong…\x1b[0m");
}

TEST(CliText, columns_that_say_nothing_are_left_out) {
    Table table({"NAME", "REASON", "SOCKETS"});
    table.right(2);
    table.row({"blue-1", "", "12"});
    table.row({"größe-2", "", "7"});
    EXPECT_EQ(table.text(Paint(false)),
              "NAME     SOCKETS\n"
              "blue-1        12\n"
              "größe-2        7\n");
}

TEST(CliText, spans_have_two_units_at_most) {
    EXPECT_EQ(span_text(seconds(0)), "0s");
    EXPECT_EQ(span_text(milliseconds(840)), "840ms");
    EXPECT_EQ(span_text(seconds(59)), "59s");
    EXPECT_EQ(span_text(seconds(190)), "3m 10s");
    EXPECT_EQ(span_text(seconds(7200)), "2h");
    EXPECT_EQ(span_text(seconds(86'400 * 3 + 3600 * 4)), "3d 4h");
    EXPECT_EQ(percent_text(5), "0.5 %");
    EXPECT_EQ(percent_text(1000), "100 %");
    EXPECT_EQ(counted(1, "socket"), "1 socket");
    EXPECT_EQ(counted(0, "socket"), "0 sockets");
}

TEST(CliText, a_paragraph_breaks_at_spaces_only) {
    EXPECT_EQ(wrap("one two three", 8, "  "), "  one\n  two\n  three");
    EXPECT_EQ(wrap("one two three", 9), "one two\nthree");
    EXPECT_EQ(wrap("unbreakable", 4), "unbreakable");
}

TEST(CliText, a_slip_of_the_finger_finds_what_was_meant) {
    const std::vector<std::string> words{"status", "deploy", "rollback"};
    EXPECT_EQ(nearest("stauts", words), "status");
    EXPECT_EQ(nearest("deplyo", words), "deploy");
    EXPECT_EQ(nearest("frobnicate", words), "");
}

}  // namespace
}  // namespace cli
