// Requests that wait instead of failing, over real sockets.

#include "edge/testing.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace edge {
namespace {

using namespace std::chrono_literals;
using testing::App;
using testing::eventually;
using testing::get;
using testing::Got;
using testing::House;
using testing::Wire;

class Hold : public ::testing::Test {
protected:
    void begin(const std::function<void(base::Json&)>& change = {}) {
        app = std::make_unique<App>("one");
        house.start();
        house.configure([&](base::Json& config) {
            config["rules"].push_back(
                {{"priority", 1}, {"path", "/fixed"}, {"fixed", {{"status", 204}}}});
            if (change) change(config);
        });
        house.weights(1, 0);
        house.add("blue", *app);
        address = house.address();
    }
    void hold(const HoldOrder& order) {
        const auto held = house.edge->control().put_hold(house.permit, order);
        ASSERT_TRUE(held) << held.error().line();
    }
    void release() { ASSERT_TRUE(house.edge->control().release_hold(house.permit, {})); }
    bool waiting(std::size_t count) {
        return eventually([&] { return house.edge->control().holds()["waiting"] == count; });
    }

    House house{2};
    std::unique_ptr<App> app;
    std::string address;
};

TEST_F(Hold, requests_wait_for_the_end_of_a_pause_and_all_are_answered) {
    begin();
    for (const HoldOrder& order : {HoldOrder{.groups = {"blue"}, .listeners = {}, .span = 1min},
                                   HoldOrder{.groups = {}, .listeners = {"http"}, .span = 1min}}) {
        const std::uint64_t before = app->requests;
        hold(order);
        std::vector<std::unique_ptr<Wire>> wires;
        for (int i = 0; i < 20; ++i) {
            wires.push_back(std::make_unique<Wire>(address));
            wires.back()->send(get("/name"));
        }
        ASSERT_TRUE(waiting(20));
        EXPECT_EQ(app->requests, before);
        Wire other(address);
        EXPECT_EQ(other.ask(get("/fixed")).status, 204) << "only what would be forwarded waits";
        release();
        for (auto& wire : wires) EXPECT_EQ(wire->answer().status, 200);
        EXPECT_TRUE(waiting(0));
        EXPECT_EQ(other.ask(get("/name")).status, 200);
    }
}

TEST_F(Hold, a_body_follows_when_its_request_goes_on) {
    begin();
    hold({.groups = {"blue"}, .listeners = {}, .span = 1min});
    Wire wire(address);
    const std::string body(300'000, 'b');
    wire.send("POST /name HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n");
    ASSERT_TRUE(waiting(1));
    release();
    ASSERT_TRUE(wire.send(body));
    EXPECT_EQ(wire.answer().status, 200);
}

TEST_F(Hold, a_pause_ends_by_itself) {
    begin();
    hold({.groups = {"blue"}, .listeners = {}, .span = 60ms});
    Wire wire(address);
    EXPECT_EQ(wire.ask(get("/name")).status, 200);
    EXPECT_EQ(house.edge->control().holds()["groups"], base::Json::object());
}

TEST_F(Hold, who_waits_too_long_is_told_when_to_come_back) {
    begin([](base::Json& config) { config["limits"]["hold_longest_ms"] = 40; });
    hold({.groups = {"blue"}, .listeners = {}, .span = 1min});
    Wire wire(address);
    const Got got = wire.ask(get("/name"));
    EXPECT_EQ(got.status, 503);
    EXPECT_EQ(got.fields.at("retry-after"), "1");
    EXPECT_TRUE(waiting(0));
    EXPECT_NE(house.edge->control().metrics().find("crossfade_edge_held_expired_total 1\n"),
              std::string::npos);
}

TEST_F(Hold, no_more_wait_than_may) {
    begin([](base::Json& config) { config["limits"]["hold_requests"] = 1; });
    hold({.groups = {"blue"}, .listeners = {}, .span = 1min});
    Wire first(address);
    first.send(get("/name"));
    ASSERT_TRUE(waiting(1));
    Wire second(address);
    EXPECT_EQ(second.ask(get("/name")).status, 503);
    first.close();
    EXPECT_TRUE(waiting(0)) << "who leaves does not wait";
}

TEST_F(Hold, requests_wait_for_a_target_that_comes_back) {
    begin([](base::Json& config) { config["limits"]["hold_when_empty_ms"] = 20'000; });
    app->die();
    Wire wire(address);
    wire.send(get("/name"));
    ASSERT_TRUE(waiting(1));
    App back("two");
    house.add("blue", "two", back.address);
    EXPECT_EQ(wire.answer().status, 200);
}

TEST_F(Hold, a_person_needs_no_lease_and_holds_what_nobody_can_serve) {
    begin();
    house.permit.fence = 0;
    for (const HoldOrder& order : {HoldOrder{.groups = {"blue"}, .listeners = {}, .span = 1min},
                                   HoldOrder{.groups = {}, .listeners = {"*"}, .span = 1min}}) {
        hold(order);
        house.drain("blue", "one");
        house.await_state("blue", "one", "drained");
        ASSERT_TRUE(house.edge->control().forget_target(house.permit, "blue", "one"));
        Wire wire(address);
        wire.send(get("/name"));
        ASSERT_TRUE(waiting(1));
        house.add("blue", *app);
        house.await_state("blue", "one", "healthy");
        release();
        EXPECT_EQ(wire.answer().status, 200);
    }
}

TEST_F(Hold, what_does_not_exist_cannot_be_held) {
    begin();
    const auto held = house.edge->control().put_hold(house.permit, {.groups = {"red"}, .span = 1s});
    ASSERT_FALSE(held);
    EXPECT_EQ(held.error().diagnostic.code, "CF0541");
    Wire wire(address);
    EXPECT_EQ(wire.ask(get("/name")).status, 200);
}

}  // namespace
}  // namespace edge
