#include "edge/rule/route.h"

#include <gtest/gtest.h>

#include <string>

namespace edge {
namespace {

TEST(Patterns, know_stars_and_question_marks) {
    struct Row {
        const char* pattern;
        const char* text;
        bool fits;
    };
    for (const Row& row :
         {Row{"*", "", true}, Row{"/a/*", "/a/", true}, Row{"/a/*", "/a", false},
          Row{"/a", "/a", true}, Row{"/a", "/ab", false}, Row{"/a?c", "/abc", true},
          Row{"*.png", "/x/y.png", true}, Row{"*.png", "/x/y.png.txt", false},
          Row{"/a*b*c", "/aXbYbZc", true}, Row{"/a*b*c", "/aXbYbZ", false}, Row{"", "", true},
          Row{"?", "", false}, Row{"a**", "a", true}, Row{"/A", "/a", false}}) {
        EXPECT_EQ(fits(row.pattern, row.text, Case::matters), row.fits)
            << row.pattern << ' ' << row.text;
    }
    EXPECT_TRUE(fits("*.Example.org", "WWW.example.ORG", Case::ignored));
}

TEST(Patterns, with_many_stars_end_quickly) {
    const std::string text(5000, 'a');
    EXPECT_FALSE(fits("*a*a*a*a*a*a*a*b", text, Case::matters));
}

std::vector<Rule> rules() {
    std::vector<Rule> made(4);
    made[0].when.path = "/static/*";
    made[1].when.header_name = "X-Pool";
    made[1].when.header_value = "Green";
    made[2].when.host = "*.example.org";
    made[2].when.methods = {"GET", "HEAD"};
    made[3].when.listener = "http";
    return made;
}

TEST(Rules, are_met_in_order_and_all_conditions_of_one_must_hold) {
    const auto none = [](std::string_view) { return std::optional<std::string_view>(); };
    const auto green = [](std::string_view name) {
        return name == "X-Pool" ? std::optional<std::string_view>("green") : std::nullopt;
    };
    const Asked plain{.listener = "http", .method = "GET", .path = "/x", .host = "example.org"};
    Asked asked = plain;
    asked.path = "/static/app.js";
    EXPECT_EQ(match(rules(), asked, green), 0U);
    EXPECT_EQ(match(rules(), plain, green), 1U);
    EXPECT_EQ(match(rules(), plain, none), 3U);
    asked = plain;
    asked.host = "www.example.org";
    EXPECT_EQ(match(rules(), asked, none), 2U);
    asked.method = "POST";
    EXPECT_EQ(match(rules(), asked, none), 3U);
    asked.listener = "other";
    EXPECT_EQ(match(rules(), asked, none), std::nullopt);
}

TEST(RequestTargets, are_taken_apart) {
    EXPECT_EQ(path_of("/a/b?c=/d"), "/a/b");
    EXPECT_EQ(path_of("http://h:80/a?x"), "/a");
    EXPECT_EQ(path_of("http://h"), "/");
    EXPECT_EQ(path_of("http://h?x"), "/");
    EXPECT_EQ(path_of("*"), "*");
    EXPECT_EQ(query_of("/a?b?c"), "b?c");
    EXPECT_EQ(host_of("h:80"), "h");
    EXPECT_EQ(host_of("[::1]:80"), "[::1]");
}

TEST(Redirects, put_the_requests_parts_in_place_and_nothing_that_breaks_a_line) {
    const Asked asked{.listener = "", .method = "GET", .path = "/a/b", .host = "h"};
    EXPECT_EQ(location_of({301, "https://#{host}:#{port}/#{path}?#{query}"}, asked, "q=1", "81"),
              "https://h:81/a/b?q=1");
    EXPECT_EQ(location_of({301, "/#{path}#{x}"},
                          {.listener = "", .method = "", .path = "/a\r\nb", .host = ""}, "", ""),
              "/ab#{x}");
}

}  // namespace
}  // namespace edge
