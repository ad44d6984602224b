#include "net/url.h"

#include <gtest/gtest.h>

namespace net {
namespace {

TEST(PercentEncoding, gives_back_what_was_encoded) {
    std::string all;
    for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
    EXPECT_EQ(percent_decoded(percent_encoded(all)), all);
    EXPECT_EQ(percent_encoded("a b/ä"), "a%20b%2F%C3%A4");
    for (const char* broken : {"%", "%1", "%zz", "a%2"}) {
        EXPECT_FALSE(percent_decoded(broken)) << broken;
    }
}

TEST(Queries, are_read_pair_by_pair_with_plus_as_space) {
    const auto pairs = query_pairs("a=1&b=x+y%21&&c&a=2&d=%zz");
    ASSERT_EQ(pairs.size(), 5U);
    EXPECT_EQ(pairs[1].second, "x y!");
    EXPECT_EQ(pairs[4].second, "%zz");
    EXPECT_EQ(query_value("a=1&a=2", "a"), "1");
    EXPECT_EQ(query_value("c", "c"), "");
    EXPECT_FALSE(query_value("a=1", "b"));
}

TEST(Cookies, are_found_by_their_whole_name) {
    EXPECT_EQ(cookie_value("xa=0; a=1; b=\"2\"", "a"), "1");
    EXPECT_EQ(cookie_value("xa=0; a=1; b=\"2\"", "b"), "2");
    EXPECT_FALSE(cookie_value("xa=0", "a"));
}

TEST(Base64, agrees_with_the_vectors_of_rfc_4648_and_takes_one_spelling_only) {
    EXPECT_EQ(base64(""), "");
    EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
    EXPECT_EQ(base64("fo"), "Zm8=");
    EXPECT_EQ(base64_decoded("Zm8="), "fo");
    for (const char* wrong : {"Zm8", "Zm9=", "Z===", "Zm 8", "====",
                              "Zg=="
                              "Zg=="}) {
        EXPECT_FALSE(base64_decoded(wrong)) << wrong;
    }
}

TEST(Paths, that_climb_or_hide_a_nul_have_no_segments) {
    EXPECT_EQ(path_segments("/a//b%20c/"), (std::vector<std::string>{"a", "b c"}));
    for (const char* bad : {"/../x", "/a/%2e%2e/b", "/.", "/a%00b", "/%g0"}) {
        EXPECT_FALSE(path_segments(bad)) << bad;
    }
}

}  // namespace
}  // namespace net
