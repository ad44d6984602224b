// What users of an Application Load Balancer know: stickiness, header rules, desync modes.

#include "base/file.h"
#include "edge/http/forward.h"
#include "edge/testing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace edge {
namespace {

using namespace std::chrono_literals;
using base::Json;
using testing::App;
using testing::eventually;
using testing::get;
using testing::Got;
using testing::House;
using testing::Wire;

/// Answers with the request's fields as lines, when the body has come.
void mirror(const net::ExchangePtr& exchange) {
    exchange->collect(100, [exchange](const std::string&) {
        std::string text;
        for (const auto& [name, value] : exchange->request().fields) {
            text += name + ": " + value + "\n";
        }
        net::Response answer = net::Response::text(200, text);
        answer.fields.add("Server", "app/1");
        exchange->answer(answer);
    });
}

class Alb : public ::testing::Test {
protected:
    void begin(const std::vector<std::pair<std::string, std::string>>& targets,
               App::Handler handler = {}) {
        house.start();
        house.configure(change);
        house.weights(1, 1);
        for (const auto& [group, name] : targets) {
            apps.push_back(std::make_unique<App>(name, handler));
            house.add(group, *apps.back());
        }
    }
    /// The name of who answered, and the cookies that it came with.
    std::string ask(std::string_view cookies = "") {
        Wire wire(house.address());
        const std::string more =
            cookies.empty() ? std::string() : "Cookie: " + std::string(cookies) + "\r\n";
        got = wire.ask(get("/name", more));
        return got.body;
    }
    /// `name=value` of a Set-Cookie of the last answer; empty for none.
    std::string cookie(const std::string& name) const {
        const std::size_t at = got.head.find("Set-Cookie: " + name + "=");
        if (at == std::string::npos) return {};
        const std::size_t from = at + std::string_view("Set-Cookie: ").size();
        return got.head.substr(from, got.head.find(';', from) - from);
    }

    House house{1};
    std::vector<std::unique_ptr<App>> apps;
    std::function<void(Json&)> change;
    Got got;
};

TEST_F(Alb, keeps_who_was_given_a_group_in_it_and_deals_strangers_by_weight) {
    change = [](Json& config) { config["rules"][0]["forward"]["stickiness_s"] = 60; };
    begin({{"blue", "b"}, {"green", "g"}});
    std::map<std::string, std::string> of;
    for (int i = 0; i < 10; ++i) {
        const std::string name = ask();
        of[name] = cookie("AWSALBTG");
    }
    ASSERT_EQ(of.size(), 2U);
    EXPECT_NE(got.head.find("Set-Cookie: AWSALBTGCORS="), std::string::npos);
    EXPECT_NE(got.head.find("; Path=/; SameSite=None; Secure\r\n"), std::string::npos);
    EXPECT_NE(got.head.find("; Expires="), std::string::npos);
    EXPECT_EQ(got.head.find("Max-Age"), std::string::npos);
    for (const auto& [name, cookie] : of) {
        for (int i = 0; i < 10; ++i) EXPECT_EQ(ask("x=1; " + cookie), name);
        std::string cors = cookie;
        EXPECT_EQ(ask(cors.insert(8, "CORS")), name);
    }
}

TEST_F(Alb, empties_a_group_of_weight_0_whatever_cookies_say) {
    change = [](Json& config) { config["rules"][0]["forward"]["stickiness_s"] = 60; };
    begin({{"blue", "b"}, {"green", "g"}});
    house.weights(1, 0);
    ASSERT_EQ(ask(), "b");
    const std::string blue = cookie("AWSALBTG");
    house.weights(0, 1);
    EXPECT_EQ(ask(blue), "g");
    const std::string anew = cookie("AWSALBTG");
    house.weights(1, 1);
    for (int i = 0; i < 6; ++i) EXPECT_EQ(ask(anew), "g") << "the cookie was written anew";
}

TEST_F(Alb, moves_each_user_of_a_cohort_once_while_a_share_rises) {
    change = [](Json& config) { config["rules"][0]["forward"]["cohort"] = {{"cookie", "place"}}; };
    begin({{"blue", "b"}, {"green", "g"}});
    house.weights(10, 0);
    std::vector<std::string> users;
    for (int i = 0; i < 40; ++i) {
        EXPECT_EQ(ask(), "b");
        users.push_back(cookie("place"));
    }
    EXPECT_NE(got.head.find("; Path=/; HttpOnly; SameSite=Lax\r\n"), std::string::npos);
    std::set<std::string> moved;
    std::vector<std::size_t> sizes;
    for (const std::uint32_t share : {2U, 5U, 8U, 10U}) {
        house.weights(10 - share, share);
        for (const std::string& user : users) {
            const bool green = ask("x=1; " + user) == "g";
            EXPECT_TRUE(cookie("place").empty()) << "she has one";
            EXPECT_TRUE(green || !moved.contains(user)) << "taken back at " << share;
            if (green) moved.insert(user);
        }
        sizes.push_back(moved.size());
    }
    EXPECT_EQ(moved.size(), users.size());
    EXPECT_TRUE(sizes[0] < sizes[1] && sizes[1] < sizes[3]) << sizes[0] << " " << sizes[1];
    EXPECT_EQ(ask("place=forged"), "g");
    EXPECT_FALSE(cookie("place").empty()) << "who brings what we did not seal is new";
}

TEST_F(Alb, tells_the_users_of_a_cohort_by_a_header_and_deals_those_without_one_by_weight) {
    change = [](Json& config) {
        config["rules"][0]["forward"]["cohort"] = {{"header", "X-User"}, {"salt", "r7"}};
    };
    begin({{"blue", "b"}, {"green", "g"}});
    std::map<std::string, std::string> of;
    const auto as = [&](const std::string& user) {
        Wire wire(house.address());
        return wire.ask(get("/name", "X-User: " + user + "\r\n")).body;
    };
    for (int i = 0; i < 30; ++i) of[std::to_string(i)] = as(std::to_string(i));
    std::set<std::string> both;
    for (const auto& [user, name] : of) {
        EXPECT_EQ(as(user), name);
        both.insert(name);
    }
    EXPECT_EQ(both.size(), 2U);
    std::map<std::string, int> strangers;
    for (int i = 0; i < 10; ++i) ++strangers[ask()];
    EXPECT_EQ(strangers, (std::map<std::string, int>{{"b", 5}, {"g", 5}}));
    EXPECT_EQ(got.head.find("Set-Cookie"), std::string::npos);
    of.clear();
    house.drain("green", "g");
    EXPECT_EQ(as("1"), "b") << "where her group has nobody for her, another has";
}

TEST_F(Alb, keeps_who_was_given_a_target_there_until_it_leaves) {
    change = [](Json& config) {
        config["rules"][0]["forward"] = {{"weights", {{"blue", 1}}}};
        config["groups"]["blue"]["stickiness"] = {{"kind", "lb_cookie"}, {"duration_s", 60}};
    };
    begin({{"blue", "b1"}, {"blue", "b2"}, {"blue", "b3"}});
    const std::string name = ask();
    const std::string bond = cookie("AWSALB");
    EXPECT_FALSE(cookie("AWSALBCORS").empty());
    for (int i = 0; i < 9; ++i) EXPECT_EQ(ask(bond), name);
    EXPECT_FALSE(cookie("AWSALB").empty()) << "refreshed with every answer";
    house.drain("blue", name);
    const std::string other = ask(bond);
    EXPECT_NE(other, name);
    const std::string anew = cookie("AWSALB");
    for (int i = 0; i < 6; ++i) EXPECT_EQ(ask(anew), other);
    EXPECT_EQ(ask("AWSALB=forged").size(), 2U) << "as if it had none";
}

TEST_F(Alb, knows_its_cookies_again_after_a_restart) {
    change = [](Json& config) {
        config["rules"][0]["forward"] = {{"weights", {{"blue", 1}}}};
        config["groups"]["blue"]["stickiness"] = {{"kind", "lb_cookie"}};
    };
    begin({{"blue", "b1"}, {"blue", "b2"}, {"blue", "b3"}});
    const std::string name = ask();
    const std::string bond = cookie("AWSALB");
    house.stop();
    house.start();
    for (const auto& app : apps) house.await_state("blue", app->name, "healthy");
    for (int i = 0; i < 6; ++i) EXPECT_EQ(ask(bond), name);
}

TEST_F(Alb, follows_the_applications_own_cookie_while_both_come_along) {
    change = [](Json& config) {
        config["rules"][0]["forward"] = {{"weights", {{"blue", 1}}}};
        config["groups"]["blue"]["stickiness"] = {{"kind", "app_cookie"}, {"cookie", "SID"}};
    };
    const auto login = [](const net::ExchangePtr& exchange) {
        net::Response answer = net::Response::text(200, "in");
        answer.fields.add("Set-Cookie", "SID=7; HttpOnly");
        exchange->answer(answer);
    };
    begin({{"blue", "b1"}, {"blue", "b2"}}, login);
    Wire wire(house.address());
    got = wire.ask(get("/login"));
    const std::string bond = cookie("AWSALBAPP-0");
    ASSERT_FALSE(bond.empty());
    const std::string name = ask("SID=7; " + bond);
    EXPECT_TRUE(cookie("AWSALBAPP-0").empty()) << "the application set nothing";
    for (int i = 0; i < 6; ++i) EXPECT_EQ(ask("SID=7; " + bond), name);
    std::set<std::string> without;
    for (int i = 0; i < 6; ++i) without.insert(ask(bond));
    EXPECT_EQ(without.size(), 2U) << "both cookies are needed";
}

TEST_F(Alb, starts_a_later_target_slowly_and_a_groups_first_ones_not) {
    change = [](Json& config) { config["groups"]["blue"]["slow_start_ms"] = 900'000; };
    begin({});
    for (const char* name : {"b1", "b2", "b3"}) {
        apps.push_back(std::make_unique<App>(name));
        apps.back()->healthy = false;
    }
    const auto answers = [&] {
        std::map<std::string, int> made;
        for (int i = 0; i < 40; ++i) ++made[ask()];
        return made;
    };
    house.add("blue", "b1", apps[0]->address);
    house.add("blue", "b2", apps[1]->address);
    for (const int i : {0, 1}) {
        apps[static_cast<std::size_t>(i)]->healthy = true;
    }
    house.await_state("blue", "b1", "healthy");
    house.await_state("blue", "b2", "healthy");
    EXPECT_EQ(answers(), (std::map<std::string, int>{{"b1", 20}, {"b2", 20}}));
    apps[2]->healthy = true;
    house.add("blue", *apps[2]);
    EXPECT_LT(answers()["b3"], 3) << "a thousandth, in its first second";
}

TEST_F(Alb, cuts_a_drain_that_names_no_deadline_at_the_groups_delay_with_502) {
    change = [](Json& config) { config["groups"]["blue"]["deregistration_delay_ms"] = 0; };
    begin({{"blue", "b"}}, mirror);
    Wire wire(house.address());
    wire.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx");
    ASSERT_TRUE(eventually([&] { return house.target("blue", "b")["in_flight"] == 1; }));
    house.drain("blue", "b", kGroupsDelay);
    EXPECT_EQ(wire.answer().status, 502);
    EXPECT_TRUE(eventually([&] { return house.target("blue", "b")["state"] == "drained"; }));
}

TEST_F(Alb, writes_the_forwarding_headers_as_the_attributes_say) {
    begin({{"blue", "b"}}, mirror);
    const auto with = [&](const Json& attributes, std::string_view more) {
        change = [&](Json& config) { config["attributes"] = attributes; };
        const std::string before = house.address();
        house.configure([&](Json& config) {
            config["listeners"][0]["address"] = before;
            change(config);
        });
        Wire wire(before);
        return "\n" + wire.ask(get("/", more)).body;
    };
    const auto has = [](const std::string& text, std::string_view line) {
        std::string low = text;
        std::transform(low.begin(), low.end(), low.begin(),
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        return low.find("\n" + std::string(line)) != std::string::npos;
    };
    const std::string_view came = "X-Forwarded-For: 10.0.0.9\r\n";
    EXPECT_TRUE(has(with(Json::object(), came), "x-forwarded-for: 10.0.0.9, 127.0.0.1\n"));
    EXPECT_TRUE(has(with({{"client_port", true}}, came), "x-forwarded-for: 10.0.0.9, 127.0.0.1:"));
    EXPECT_TRUE(has(with({{"forwarded_for", "preserve"}}, came), "x-forwarded-for: 10.0.0.9\n"));
    EXPECT_FALSE(has(with({{"forwarded_for", "remove"}}, came), "x-forwarded-for"));
    EXPECT_TRUE(has(with(Json::object(), ""), "host: app.test\n"));
    const std::string port = house.address().substr(house.address().rfind(':'));
    EXPECT_TRUE(has(with({{"preserve_host", false}}, ""), "host: app.test" + port + "\n"));
    const std::string_view odd = "X_Odd: 1\r\nX-Even: 2\r\n";
    EXPECT_TRUE(has(with(Json::object(), odd), "x_odd: 1\n"));
    const std::string dropped = with({{"drop_invalid_fields", true}}, odd);
    EXPECT_FALSE(has(dropped, "x_odd"));
    EXPECT_TRUE(has(dropped, "x-even: 2\n") && has(dropped, "host: app.test\n"));
}

TEST_F(Alb, sets_the_fields_of_answers_that_it_is_told_to_on_its_own_too) {
    change = [](Json& config) {
        config["attributes"]["answer_fields"] = {{"Server", ""},
                                                 {"X-Frame-Options", "DENY"},
                                                 {"Strict-Transport-Security", "max-age=1"}};
        config["rules"].push_back(
            {{"priority", 1}, {"path", "/fixed"}, {"fixed", {{"status", 200}, {"body", "x"}}}});
    };
    begin({{"blue", "b"}}, mirror);
    Wire wire(house.address());
    for (const char* path : {"/", "/fixed"}) {
        const Got answer = wire.ask(get(path));
        EXPECT_EQ(answer.fields.count("server"), 0U) << path;
        EXPECT_EQ(answer.fields.at("x-frame-options"), "DENY") << path;
        EXPECT_EQ(answer.fields.at("strict-transport-security"), "max-age=1") << path;
    }
}

TEST_F(Alb, passes_a_valid_trace_parent_on_and_makes_one_where_there_is_none) {
    begin({{"blue", "b"}}, mirror);
    Wire wire(house.address());
    const std::string valid = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    std::string body = wire.ask(get("/", "traceparent: " + valid + "\r\ntracestate: a=1\r\n")).body;
    EXPECT_NE(body.find("traceparent: " + valid + "\n"), std::string::npos);
    EXPECT_NE(body.find("tracestate: a=1\n"), std::string::npos);
    for (const std::string& wrong :
         {std::string(), std::string("traceparent: 00-x\r\ntracestate: a=1\r\n"),
          "traceparent: " + valid + "\r\ntraceparent: " + valid + "\r\n"}) {
        body = wire.ask(get("/", wrong)).body;
        const std::size_t at = body.find("traceparent: ");
        ASSERT_NE(at, std::string::npos) << body;
        EXPECT_TRUE(is_trace_parent(body.substr(at + 13, 55)));
        EXPECT_EQ(body.find("traceparent: ", at + 1), std::string::npos);
        EXPECT_EQ(body.find("tracestate"), std::string::npos) << "it belonged to the other";
    }
}

TEST(TraceParents, are_valid_in_one_form_only) {
    const std::string valid = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    EXPECT_TRUE(is_trace_parent(valid));
    EXPECT_TRUE(is_trace_parent("01" + valid.substr(2) + "-more"));
    for (const std::string& wrong :
         {std::string(), valid.substr(1), valid + "-more", valid + "0", "ff" + valid.substr(2),
          "01" + valid.substr(2) + "more", "00-" + std::string(32, '0') + valid.substr(35),
          valid.substr(0, 36) + std::string(16, '0') + "-01", "0A" + valid.substr(2),
          "00_" + valid.substr(3)}) {
        EXPECT_FALSE(is_trace_parent(wrong)) << wrong;
    }
}

TEST_F(Alb, lets_irregular_requests_through_as_the_desync_mode_says) {
    begin({{"blue", "b"}}, mirror);
    struct Row {
        const char* mode;
        std::string_view request;
        int status;
        bool closed;
    };
    const std::string_view acceptable = "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
    const std::string_view ambiguous = "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx";
    const std::string_view severe = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1x\r\n\r\n";
    const std::string_view compliant = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    for (const Row& row :
         {Row{"monitor", compliant, 200, false}, Row{"monitor", acceptable, 200, false},
          Row{"monitor", ambiguous, 200, false}, Row{"monitor", severe, 400, true},
          Row{"defensive", acceptable, 200, false}, Row{"defensive", ambiguous, 200, true},
          Row{"defensive", severe, 400, true}, Row{"strictest", compliant, 200, false},
          Row{"strictest", acceptable, 400, true}, Row{"strictest", ambiguous, 400, true}}) {
        const std::string address = house.address();
        house.configure([&](Json& config) {
            config["listeners"][0]["address"] = address;
            config["attributes"]["desync"] = row.mode;
        });
        Wire wire(address);
        const Got answer = wire.ask(row.request);
        EXPECT_EQ(answer.status, row.status) << row.mode << ": " << row.request;
        const auto connection = answer.fields.find("connection");
        EXPECT_EQ(connection != answer.fields.end() && connection->second == "close", row.closed)
            << row.mode << ": " << row.request;
    }
    EXPECT_TRUE(eventually([&] { return house.target("blue", "b")["in_flight"] == 0; }));
}

TEST_F(Alb, closes_the_targets_connection_too_behind_an_ambiguous_request) {
    begin({{"blue", "b"}}, mirror);
    const auto pooled_after = [&](unsigned requests) {
        EXPECT_TRUE(eventually([&] { return house.target("blue", "b")["requests"] == requests; }));
        return house.target("blue", "b")["pooled"];
    };
    Wire(house.address()).ask(get("/"));
    EXPECT_EQ(pooled_after(1), 1);
    Wire(house.address()).ask("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx");
    EXPECT_EQ(pooled_after(2), 0);
}

TEST_F(Alb, logs_a_line_of_the_fields_that_parsers_of_its_log_expect) {
    house.access_log = house.folder.path / "access.log";
    change = [](Json& config) {
        config["rules"].push_back({{"priority", 1},
                                   {"path", "/old"},
                                   {"redirect", {{"status", 301}, {"location", "/new"}}}});
    };
    begin({{"blue", "b"}}, mirror);
    Wire(house.address()).ask(get("/a?b", "User-Agent: x \"y\"\r\n"));
    Wire(house.address()).ask(get("/old"));
    Wire(house.address()).ask("GET / HTTP/1.1\r\nHost: a:1\r\nContent-Length: 0\r\n\r\n");
    Wire(house.address()).ask("GET / HTTP/1.1\r\nHost: a\r\nBad Header: 1\r\n\r\n");
    {
        // Leaves before its answer: the target never gives one.
        Wire hasty(house.address());
        hasty.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nab");
        EXPECT_TRUE(eventually([&] { return house.target("blue", "b")["in_flight"] == 1; }));
    }
    EXPECT_TRUE(eventually([&] { return house.target("blue", "b")["in_flight"] == 0; }));
    house.stop();
    const std::string text = base::read_file(house.access_log, {.count = 1 << 20}).value_or("");
    std::vector<std::vector<std::string>> lines;
    std::vector<std::string> fields(1);
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\n') {
            lines.push_back(std::exchange(fields, std::vector<std::string>(1)));
        } else if (text[i] == '"') {
            quoted = !quoted;
        } else if (text[i] == ' ' && !quoted) {
            fields.emplace_back();
        } else {
            if (text[i] == '\\') ++i;
            fields.back() += text[i];
        }
    }
    ASSERT_EQ(lines.size(), 5U) << text;
    for (const auto& line : lines) EXPECT_EQ(line.size(), 29U + 4U + 5U) << text;
    const auto& plain = lines[0];
    EXPECT_EQ(plain[0], "http");
    EXPECT_EQ(plain[4], apps[0]->address);
    EXPECT_EQ(plain[8] + plain[9], "200200");
    const std::string port = plain[12].substr(0, plain[12].rfind('/', plain[12].find("/a?b")));
    EXPECT_TRUE(plain[12].starts_with("GET http://app.test:") &&
                plain[12].ends_with("/a?b HTTP/1.1"))
        << plain[12];
    EXPECT_EQ(plain[13], "x \"y\"");
    EXPECT_EQ(plain[16], "blue");
    EXPECT_TRUE(plain[17].starts_with("Root=1-"));
    EXPECT_EQ(plain[18], "app.test");
    EXPECT_EQ(plain[20], "100");
    EXPECT_EQ(plain[22], "forward");
    EXPECT_EQ(plain[25], apps[0]->address);
    EXPECT_EQ(plain[26], "200");
    EXPECT_EQ(plain[27] + plain[28], "--");
    EXPECT_EQ(plain[33] + plain[34] + plain[35], "b1r1");
    EXPECT_EQ(plain[36] + plain[37], "--") << "of WebSockets";
    EXPECT_EQ(lines[1][8] + lines[1][22] + lines[1][23], "301redirect/new");
    EXPECT_EQ(lines[2][27] + lines[2][28], "AcceptableGetHeadZeroContentLength");
    EXPECT_TRUE(lines[2][12].starts_with("GET http://a:1/ "));
    EXPECT_EQ(lines[3][8] + lines[3][27] + lines[3][28], "400AcceptableNonCompliantHeader");
    EXPECT_EQ(lines[4][8] + lines[4][9], "460-") << text;
}

TEST_F(Alb, counts_by_rule_and_by_release) {
    begin({{"blue", "b"}}, mirror);
    for (int i = 0; i < 3; ++i) Wire(house.address()).ask(get("/"));
    const auto has = [&](std::string_view sample) {
        return house.edge->control().metrics().find(sample) != std::string::npos;
    };
    EXPECT_TRUE(
        eventually([&] { return has("crossfade_edge_route_requests_total{rule=\"100\"} 3\n"); }));
    EXPECT_TRUE(has("crossfade_edge_release_requests_total{group=\"blue\",release=\"r1\"} 3\n"));
    EXPECT_TRUE(has("crossfade_edge_release_sockets{group=\"blue\",release=\"r1\"} 0\n"));
    EXPECT_TRUE(has("crossfade_edge_route_seconds_count{rule=\"100\"} 3\n"));
}

}  // namespace
}  // namespace edge
