#include "net/url.h"

#include <gtest/gtest.h>

namespace net {
namespace {

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

TEST(Paths, that_climb_or_hide_a_nul_have_no_segments) {
    EXPECT_EQ(path_segments("/a//b%20c/"), (std::vector<std::string>{"a", "b c"}));
    for (const char* bad : {"/../x", "/a/%2e%2e/b", "/.", "/a%00b", "/%g0"}) {
        EXPECT_FALSE(path_segments(bad)) << bad;
    }
}

}  // namespace
}  // namespace net
