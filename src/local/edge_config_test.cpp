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

}  // namespace
}  // namespace local
