#include "load/chat_text.h"

#include <gtest/gtest.h>

namespace load {
namespace {

// As the reference chat and Mattermost write it: the post is a JSON text within JSON.
constexpr std::string_view kPosted =
    R"({"event":"posted","data":{"channel_type":"O","post":"{\"channel_id\":\"c1\",\"id\":\"p77\",)"
    R"(\"message\":\"cf1:r9:12:345: the quick\",\"metadata\":{\"files\":[{\"id\":\"f1\"}]}}"},)"
    R"("broadcast":{"channel_id":"c1"},"seq":41})";

TEST(LoadChatText, a_message_can_be_named_from_its_text) {
    const std::string text = message_text("r9", {.sender = 12, .n = 345}, 200);
    EXPECT_EQ(message_in(text, "r9"), (MessageName{12, 345}));
    EXPECT_GE(text.size(), 200);
}

TEST(LoadChatText, what_is_of_another_run_or_cut_short_has_no_name) {
    for (const std::string_view text :
         {"", "hello", "cf1:", "cf1:r9", "cf1:r9:", "cf1:r9:1:2",
          "cf1:r9:x:2:", "cf1:r90:1:2:", "cf1:r8:1:2:", "cf1:r9:99999999999:2:"})
        EXPECT_EQ(message_in(text, "r9"), std::nullopt) << text;
}

TEST(LoadChatText, an_event_gives_name_post_and_sequence) {
    const EventText event = event_in(kPosted, "r9");
    EXPECT_EQ(event.kind, EventText::Kind::posted);
    EXPECT_EQ(event.seq, 41);
    EXPECT_EQ(event.message, (MessageName{12, 345}));
    EXPECT_EQ(event.post, hash_of("p77"));
}

TEST(LoadChatText, replies_take_no_sequence_number) {
    const EventText reply =
        event_in(R"({"status":"OK","seq_reply":1,"data":{"text":"pong"}})", "r");
    EXPECT_EQ(reply.kind, EventText::Kind::reply);
    EXPECT_EQ(reply.seq, std::nullopt);
}

TEST(LoadChatText, hello_names_the_connection_and_the_version) {
    constexpr std::string_view kHello =
        R"({"event":"hello","data":{"connection_id":"abc","server_version":"1.0.1.x"},)"
        R"("broadcast":{},"seq":0})";
    EXPECT_EQ(event_in(kHello, "r").kind, EventText::Kind::hello);
    EXPECT_EQ(hello_in(kHello)->connection_id, "abc");
    EXPECT_EQ(hello_in(kHello)->version, "1.0.1.x");
    EXPECT_EQ(hello_in("{"), std::nullopt);
}

TEST(LoadChatText, a_list_of_posts_is_read_oldest_first) {
    const auto posts = posts_in(
        R"({"order":["b","a"],"posts":{"a":{"message":"cf1:r:1:0: x","create_at":5},)"
        R"("b":{"message":"cf1:r:2:7: x","create_at":3},"c":{"message":"hi","create_at":1}}})",
        "r");
    ASSERT_EQ(posts->size(), 2);
    EXPECT_EQ(posts->at(0).message, (MessageName{2, 7}));
    EXPECT_EQ(posts->at(1).post, hash_of("a"));
    EXPECT_FALSE(posts_in("[]", "r"));
    EXPECT_FALSE(posts_in("<html>", "r"));
}

TEST(LoadChatText, assets_are_those_of_the_pages_own_host) {
    const auto assets = assets_in(
        R"(<script src="/static/app.1a.js"></script><link href="/static/app.css">)"
        R"(<a href="/login"></a><script src="//cdn.example/x.js"></script><img src="/static/app.1a.js">)");
    EXPECT_EQ(assets, (std::vector<std::string>{"/static/app.1a.js", "/static/app.css"}));
}

}  // namespace
}  // namespace load
