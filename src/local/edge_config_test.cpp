#include "local/edge_config.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace local {
namespace {

const Places kPlaces{.assets = "/state/assets", .home = "/home/app"};

TEST(EdgeConfig, has_one_listener_and_holds_nobody_unless_told) {
    const auto config = edge_config_of({}, kPlaces);
    ASSERT_EQ(config["listeners"].size(), 1U);
    EXPECT_EQ(config["listeners"][0]["address"], "127.0.0.1:8080");
    EXPECT_EQ(config["limits"]["hold_when_empty_ms"], 0);
}

TEST(EdgeConfig, finds_certificates_where_the_spec_is) {
    release::Spec spec;
    spec.tls = release::Tls{.listen = "0.0.0.0:8443",
                            .certificates = {{.certificate = "tls/a.pem", .key = "/etc/a.key"}},
                            .only_1_3 = true,
                            .http2 = false};
    const auto listener = edge_config_of(spec, kPlaces)["listeners"][1];
    EXPECT_EQ(listener["address"], "0.0.0.0:8443");
    EXPECT_EQ(listener["http2"], false);
    EXPECT_EQ(listener["tls"]["minimum"], "1.3");
    const auto& certificate = listener["tls"]["certificates"][0];
    EXPECT_EQ(certificate["certificate"], "/home/app/tls/a.pem");
    EXPECT_EQ(certificate["key"], "/etc/a.key");
}

TEST(EdgeConfig, says_of_each_route_what_becomes_of_its_sockets_and_requests) {
    release::Spec spec;
    spec.service.requests_wait = std::chrono::seconds{9};
    spec.routes = {{.path = "/files/*", .replay = release::Replay::handed, .take_up_events = true},
                   {.path = "/*", .sockets = release::SocketMode::swap}};
    const auto config = edge_config_of(spec, kPlaces);
    EXPECT_EQ(config["limits"]["hold_when_empty_ms"], 9000);
    EXPECT_EQ(config["rules"][0]["forward"]["replay"], "handed");
    EXPECT_EQ(config["rules"][0]["forward"]["events"], "take_up");
    EXPECT_FALSE(config["rules"][0]["forward"].contains("sockets"));
    EXPECT_EQ(config["rules"][1]["forward"]["replay"], "safe");
    EXPECT_EQ(config["rules"][1]["forward"]["sockets"], "swap");
}

TEST(EdgeConfig, sends_those_who_know_the_word_to_the_new_release_on_every_route_to_it) {
    release::Spec spec;
    spec.routes = {{.path = "/static/*", .assets = true},
                   {.path = "/api/*", .header = {{"X-Beta", "1"}}},
                   {.path = "/*", .sockets = release::SocketMode::swap}};
    const auto plain = edge_config_of(spec, kPlaces)["rules"];
    Places places = kPlaces;
    places.preview = {.header = "X-Preview",
                      .value = base::Secret("open-sesame-12345"),
                      .pool = release::Pool::green};
    const auto rules = edge_config_of(spec, places)["rules"];
    ASSERT_EQ(rules.size(), plain.size() + 3);
    EXPECT_EQ(rules[0]["path"], "/static/*");
    EXPECT_EQ(rules[1]["header"],
              (nlohmann::json::array({{{"name", "X-Beta"}, {"value", "1"}},
                                      {{"name", "X-Preview"}, {"value", "open-sesame-12345"}}})));
    EXPECT_EQ(rules[1]["forward"]["weights"], (nlohmann::json{{"green", 1}}));
    EXPECT_EQ(rules[2]["header"], plain[1]["header"]);
    EXPECT_FALSE(rules[2]["forward"].contains("weights"));
    EXPECT_EQ(rules[3]["forward"]["sockets"], "swap");
    EXPECT_EQ(rules[5]["forward"]["weights"], (nlohmann::json{{"green", 1}}));
    EXPECT_EQ(rules.back()["priority"], 50'000);
    for (std::size_t i = 1; i < rules.size(); ++i) {
        EXPECT_LT(rules[i - 1]["priority"], rules[i]["priority"]);
    }
}

TEST(EdgeConfig, divides_users_on_every_route_to_the_service_and_salts_them_by_the_release) {
    release::Spec spec;
    spec.routes = {{.path = "/static/*", .assets = true}, {.path = "/api/*"}};
    spec.strategy.cohort = release::Cohort{.header = {}, .cookie = "place"};
    Places places = kPlaces;
    places.salt = "r7";
    const auto rules = edge_config_of(spec, places)["rules"];
    const nlohmann::json cohort{{"cookie", "place"}, {"salt", "r7"}};
    EXPECT_FALSE(rules[0].contains("forward"));
    EXPECT_EQ(rules[1]["forward"]["cohort"], cohort);
    EXPECT_EQ(rules.back()["forward"]["cohort"], cohort);
    spec.strategy.cohort = release::Cohort{.header = "X-User", .cookie = {}};
    EXPECT_EQ(edge_config_of(spec, places)["rules"][1]["forward"]["cohort"],
              (nlohmann::json{{"header", "X-User"}, {"salt", "r7"}}));
}

}  // namespace
}  // namespace local
