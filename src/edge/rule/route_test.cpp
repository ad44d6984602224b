#include "edge/rule/route.h"
#include "edge/rule/network.h"
#include "net/http1.h"

#include <gtest/gtest.h>

#include <functional>
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
    made[0].when.paths = {"/static/*"};
    made[1].when.headers = {{.name = "X-Pool", .values = {"Green"}}};
    made[2].when.hosts = {"*.example.org"};
    made[2].when.methods = {"GET", "HEAD"};
    made[3].when.listener = "http";
    return made;
}

TEST(Rules, are_met_in_order_and_all_conditions_of_one_must_hold) {
    const auto none = [](const FieldCondition&) { return false; };
    const auto green = [](const FieldCondition& condition) { return condition.name == "X-Pool"; };
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

TEST(Rules, look_at_queries_in_their_parts_without_regard_to_case) {
    struct Row {
        QueryCondition wanted;
        std::string_view query;
        bool fits;
    };
    for (const Row& row :
         {Row{{"v", "1*"}, "a=b&V=12", true}, Row{{"v", "1*"}, "a=b&v=2", false},
          Row{{"", "beta"}, "x=BETA", true}, Row{{"", "beta"}, "beta", true},
          Row{{"", "beta"}, "betamax", false}, Row{{"v", "*"}, "v", true},
          Row{{"v", "*"}, "vv=1", false}, Row{{"v", "*"}, "", false},
          Row{{"v", "a=b"}, "&&v=a=b&", true}, Row{{"v?", "%20"}, "vx=%20", true}}) {
        Rule rule;
        rule.when.queries = {row.wanted};
        const Asked asked{
            .listener = "", .method = "GET", .path = "/", .host = "", .query = row.query};
        EXPECT_EQ(fits_but_for_header(rule.when, asked), row.fits)
            << row.wanted.key << '=' << row.wanted.value << " in " << row.query;
    }
}

TEST(Rules, know_networks_of_both_families) {
    struct Row {
        const char* network;
        const char* address;
        bool has;
    };
    for (const Row& row :
         {Row{"10.0.0.0/8", "10.255.0.1:1", true}, Row{"10.0.0.0/8", "11.0.0.1:1", false},
          Row{"10.1.2.3", "10.1.2.3:1", true}, Row{"10.1.2.3", "10.1.2.4:1", false},
          Row{"192.168.64.0/18", "192.168.127.9:1", true},
          Row{"192.168.64.0/18", "192.168.128.9:1", false}, Row{"0.0.0.0/0", "1.2.3.4:1", true},
          Row{"0.0.0.0/0", "[::1]:1", false}, Row{"2001:db8::/33", "[2001:db8:7fff::1]:1", true},
          Row{"2001:db8::/33", "[2001:db8:8000::1]:1", false}, Row{"::/0", "[fe80::1]:1", true}}) {
        const auto network = network_from(row.network);
        ASSERT_TRUE(network) << row.network;
        const auto address = net::Address::parse(row.address);
        ASSERT_TRUE(address) << row.address;
        EXPECT_EQ(network->has(bytes_of(*address)), row.has) << row.network << ' ' << row.address;
    }
    for (const char* wrong : {"", "10.0.0/8", "10.0.0.0/", "10.0.0.0/x", "::1/129", "10.0.0.0/33"})
        EXPECT_FALSE(network_from(wrong)) << wrong;
}

TEST(Rules, compare_every_line_of_a_field_with_every_value) {
    std::string bytes =
        "GET / HTTP/1.1\r\nHost: a\r\nX-A: one\r\nx-a: Two\r\nCookie: sid=7; b=1\r\n\r\n";
    struct Keep : net::RequestHandler {
        std::function<void(const net::RequestHead&)> look;
        void on_head(const net::RequestHead& head) override { look(head); }
        void on_body(std::string_view) override {}
        void on_end() override {}
    } keep;
    int looked = 0;
    keep.look = [&](const net::RequestHead& head) {
        ++looked;
        EXPECT_TRUE(holds({"X-A", {"zero", "t?o"}}, head.fields));
        EXPECT_TRUE(holds({"cookie", {"*b=1*"}}, head.fields));
        EXPECT_FALSE(holds({"X-A", {"three"}}, head.fields));
        EXPECT_FALSE(holds({"X-B", {"*"}}, head.fields));
    };
    net::RequestParser parser;
    parser.feed(bytes, keep);
    EXPECT_EQ(looked, 1);
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
