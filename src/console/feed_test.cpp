#include "console/feed.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace console {
namespace {

// What a page reads of a stream: the names of its events, and the last id.
struct Heard {
    std::vector<std::string> events;
    std::string id;
};

Heard heard_in(const std::string& text) {
    Heard heard;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text.find('\n', at);
        const std::string line = text.substr(at, end - at);
        if (line.starts_with("id: ")) heard.id = line.substr(4);
        if (line.starts_with("event: ")) heard.events.push_back(line.substr(7));
        if (line.starts_with("data: ")) heard.events.back() += " " + line.substr(6);
        at = end + 1;
    }
    return heard;
}

Heard follow(const Feed& feed, Cursor& cursor) {
    std::string out;
    while (!feed.follow(cursor, out, out.size() + 100)) {
    }
    return heard_in(out);
}

Feed feed_with(std::uint64_t records, std::uint64_t ticks) {
    Feed feed;
    for (std::uint64_t i = 1; i <= records; ++i) feed.add_record(i, fmt::format("{}", i));
    for (std::uint64_t i = 1; i <= ticks; ++i)
        feed.add_tick(static_cast<std::int64_t>(i * 1000), fmt::format("[{}]", i));
    return feed;
}

TEST(Feed, a_page_that_comes_back_gets_what_it_missed_and_nothing_twice) {
    Feed feed = feed_with(3, 2);
    feed.set(Part::status, "{}");
    Cursor cursor = *cursor_from("0-0");
    const Heard first = follow(feed, cursor);
    EXPECT_EQ(first.events, (std::vector<std::string>{"journal 1", "journal 2", "journal 3",
                                                      "tick [1]", "tick [2]", "status {}"}));
    feed.add_record(4, "4");
    feed.add_tick(3000, "[3]");
    // Another connection: all that it brings is the id.
    Cursor again = *cursor_from(first.id);
    EXPECT_EQ(follow(feed, again).events,
              (std::vector<std::string>{"journal 4", "tick [3]", "status {}"}));
}

TEST(Feed, cut_off_after_any_event_it_goes_on_without_gap_or_repetition) {
    const Feed feed = feed_with(7, 5);
    for (std::size_t cut = 1; cut <= 12; ++cut) {
        Cursor cursor;
        std::string out;
        while (heard_in(out).events.size() < cut) feed.follow(cursor, out, out.size() + 1);
        Cursor again = *cursor_from(heard_in(out).id);
        std::vector<std::string> all = heard_in(out).events;
        for (const std::string& event : follow(feed, again).events) all.push_back(event);
        EXPECT_EQ(all, (std::vector<std::string>{"journal 1", "journal 2", "journal 3", "journal 4",
                                                 "journal 5", "journal 6", "journal 7", "tick [1]",
                                                 "tick [2]", "tick [3]", "tick [4]", "tick [5]"}))
            << "cut after " << cut;
    }
}

TEST(Feed, what_was_too_far_behind_or_is_ahead_begins_anew) {
    const Feed feed = feed_with(Feed::kRecordsMax + 10, 0);
    Cursor far = *cursor_from("3-0");
    EXPECT_EQ(follow(feed, far).events, (std::vector<std::string>{"reset {}"}));
    EXPECT_EQ(far.record, feed.head());
    Cursor ahead = *cursor_from("999999-0");
    EXPECT_EQ(follow(feed, ahead).events, (std::vector<std::string>{"reset {}"}));
    Cursor near = *cursor_from("10-0");
    EXPECT_EQ(follow(feed, near).events.size(), Feed::kRecordsMax);
}

TEST(Feed, a_part_is_sent_when_it_differs_and_only_then) {
    Feed feed;
    Cursor cursor = feed.present();
    feed.set(Part::status, "{\"a\":1}");
    EXPECT_EQ(follow(feed, cursor).events.size(), 1U);
    feed.set(Part::status, "{\"a\":1}");
    EXPECT_EQ(follow(feed, cursor).events.size(), 0U);
    feed.set(Part::status, "{\"a\":2}");
    feed.set(Part::status, "{\"a\":3}");
    EXPECT_EQ(follow(feed, cursor).events, (std::vector<std::string>{"status {\"a\":3}"}));
}

TEST(Feed, it_never_grows_beyond_its_bounds) {
    const Feed feed = feed_with(10 * Feed::kRecordsMax, 3 * Feed::kTicksMax);
    Cursor cursor{.record = feed.head() - Feed::kRecordsMax, .tick = 0, .parts = {}};
    EXPECT_EQ(follow(feed, cursor).events.size(), Feed::kRecordsMax + Feed::kTicksMax);
}

TEST(Feed, a_clock_that_was_set_back_gives_no_second_tick_of_a_name) {
    Feed feed = feed_with(0, 3);
    feed.add_tick(2000, "[late]");
    EXPECT_EQ(feed.ticks_after(0), "[[1],[2],[3]]");
    EXPECT_EQ(feed.ticks_after(2000), "[[3]]");
}

TEST(Feed, an_id_of_anything_else_is_no_cursor) {
    for (const char* text : {"", "-", "1", "1-", "-1", "a-b", "1-2-3", "1 -2", "-1-2",
                             "99999999999999999999999-1", "1-99999999999999999999999"})
        EXPECT_FALSE(cursor_from(text)) << text;
    EXPECT_EQ(to_text(*cursor_from("12-34")), "12-34");
}

}  // namespace
}  // namespace console
