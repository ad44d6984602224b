#include "edge/http/event_stream.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace edge {
namespace {

constexpr std::string_view kRequest =
    "GET /events HTTP/1.1\r\nHost: a\r\nlast-event-id: old\r\nX: y\r\n\r\n";

std::string all_of(EventStream& stream, std::string_view bytes, std::size_t piece) {
    std::string got;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        got += stream.take(bytes.substr(at, piece));
    }
    return got;
}

TEST(EventStreamTest, gives_whole_events_on_however_they_are_cut_and_whatever_ends_their_lines) {
    for (const std::string_view end : {"\n", "\r", "\r\n"}) {
        std::string text;
        for (const std::string_view line : {"id: 1", "data: a", "", ": keep alive", "", "id:2",
                                            "data: b", "data: c", "", "data: half"}) {
            text.append(line).append(end);
        }
        const std::string whole = text.substr(0, text.rfind("data: half"));
        for (std::size_t piece = 1; piece <= text.size(); ++piece) {
            EventStream stream{std::string(kRequest)};
            EXPECT_EQ(all_of(stream, text, piece), whole) << piece;
            EXPECT_TRUE(stream.may_go_on());
            EXPECT_NE(stream.request().find("\r\nLast-Event-ID: 2\r\n\r\n"), std::string::npos);
        }
    }
}

TEST(EventStreamTest, asks_for_what_follows_the_last_whole_event) {
    EventStream stream{std::string(kRequest)};
    EXPECT_EQ(stream.request(), kRequest) << "nothing was given on: as the client asked";
    stream.take("id: 7\ndata\n\nid: 8\ndata: not all of it");
    EXPECT_EQ(stream.request(),
              "GET /events HTTP/1.1\r\nHost: a\r\nX: y\r\nLast-Event-ID: 7\r\n\r\n");
    stream.forget_begun();
    EXPECT_EQ(stream.take("id: 8\ndata: all of it\n\n"), "id: 8\ndata: all of it\n\n");
    EXPECT_NE(stream.request().find("Last-Event-ID: 8\r\n"), std::string::npos);
}

TEST(EventStreamTest, cannot_be_taken_up_where_events_have_no_ids) {
    EventStream stream{std::string(kRequest)};
    EXPECT_TRUE(stream.may_go_on());
    stream.take("data: a\n\n");
    EXPECT_FALSE(stream.may_go_on());
    stream.take("id: 1\ndata: a\n\n");
    EXPECT_TRUE(stream.may_go_on());
    stream.take("data: b\n\n");
    EXPECT_TRUE(stream.may_go_on()) << "the last id stays until another is said";
    stream.take("id\ndata: c\n\n");
    EXPECT_FALSE(stream.may_go_on()) << "an empty one takes it back";
    stream.take(std::string_view("id: 2\0x\ndata: d\n\n", 18));
    EXPECT_FALSE(stream.may_go_on()) << "one with a zero byte is none";
}

TEST(EventStreamTest,
     gives_an_event_that_is_too_long_on_as_it_comes_and_cannot_be_taken_up_within) {
    EventStream stream{std::string(kRequest)};
    stream.take("id: 1\ndata: a\n\n");
    const std::string line = "data: " + std::string(EventStream::kEventMax, 'x') + "\n";
    EXPECT_EQ(stream.take(line), line);
    EXPECT_FALSE(stream.may_go_on());
    EXPECT_EQ(stream.take("data: y"), "data: y");
    EXPECT_EQ(stream.take("\nid: 2\n\n"), "\nid: 2\n\n");
    EXPECT_TRUE(stream.may_go_on());
}

TEST(EventStreamTest, gives_the_rest_on_when_the_stream_is_over) {
    EventStream stream{std::string(kRequest)};
    EXPECT_EQ(stream.take("data: a"), "");
    EXPECT_EQ(stream.rest(), "data: a");
}

}  // namespace
}  // namespace edge
