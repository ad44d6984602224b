// Server-sent events through the edge, while their target is replaced.

#include "edge/testing.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace edge {
namespace {

using testing::App;
using testing::eventually;
using testing::get;
using testing::House;
using testing::Wire;

/// Says to all who listen what the test says, and notes from where on they want to hear.
class Source {
public:
    explicit Source(const std::string& name)
        : app(name, [this](const net::ExchangePtr& exchange) { serve(exchange); }) {}

    void say(const std::string& text) {
        app.post([this, text] {
            for (const net::ExchangePtr& each : streams_) each->write(text);
        });
    }
    void end() {
        app.post([this] {
            for (const net::ExchangePtr& each : streams_) each->end();
        });
    }
    /// The ids from which it was asked to go on; `none` for who named none.
    std::vector<std::string> asked() {
        const std::scoped_lock lock(mutex_);
        return asked_;
    }

private:
    void serve(const net::ExchangePtr& exchange) {
        const std::scoped_lock lock(mutex_);
        const auto id = exchange->request().fields.find("Last-Event-ID");
        asked_.emplace_back(id ? *id : "none");
        net::FieldList fields;
        fields.add("Content-Type", "text/event-stream; charset=utf-8");
        exchange->begin(200, fields);
        streams_.push_back(exchange);
    }

    std::mutex mutex_;
    std::vector<std::string> asked_;
    std::vector<net::ExchangePtr> streams_;

public:
    App app;  // ends first
};

class Events : public ::testing::Test {
protected:
    void begin(const std::string& events) {
        house.start();
        house.configure(
            [&](base::Json& config) { config["rules"][0]["forward"]["events"] = events; });
        house.weights(1, 0);
        house.add("blue", one.app);
        wire = std::make_unique<Wire>(house.address());
        wire->send(get("/events", "Last-Event-ID: 0\r\n"));
        ASSERT_TRUE(eventually([&] { return !one.asked().empty(); }));
        EXPECT_NE(wire->read(12).find("200"), std::string::npos);
    }
    /// Reads until `text` has come; false at the end.
    bool hears(std::string_view text) {
        while (heard.find(text) == std::string::npos) {
            const std::string more = wire->read(1);
            if (more.empty()) return false;
            heard += more;
        }
        return true;
    }

    Source one{"one"};
    Source two{"two"};
    House house{1};
    std::unique_ptr<Wire> wire;
    std::string heard;
};

TEST_F(Events, of_a_target_that_leaves_come_from_another_one_without_a_gap) {
    begin("take_up");
    one.say("id: 1\ndata: a\n\n");
    one.say("id: 2\ndata: b\n\n");
    ASSERT_TRUE(hears("data: b\n\n"));
    house.add("blue", two.app);
    house.drain("blue", "one");
    ASSERT_TRUE(eventually([&] { return two.asked() == std::vector<std::string>{"2"}; }));
    EXPECT_TRUE(eventually([&] { return house.target("blue", "one")["state"] == "drained"; }));
    two.say("id: 3\ndata: c\n\n");
    ASSERT_TRUE(hears("data: c\n\n"));
    two.end();
    EXPECT_TRUE(hears("\r\n0\r\n\r\n")) << "an end that is the application's is the client's";
}

TEST_F(Events, of_a_target_that_dies_within_one_are_said_whole_by_another) {
    begin("take_up");
    one.say("id: 1\ndata: a\n\nid: 2\nda");
    ASSERT_TRUE(hears("data: a\n\n"));
    house.add("blue", two.app);
    one.app.die();
    ASSERT_TRUE(eventually([&] { return two.asked() == std::vector<std::string>{"1"}; }));
    two.say("id: 2\ndata: b\n\n");
    ASSERT_TRUE(hears("id: 2\ndata: b\n\n"));
    EXPECT_EQ(heard.find("id: 2\nda\r\n"), std::string::npos);
    two.end();
}

TEST_F(Events, wait_for_a_target_when_there_is_none) {
    begin("take_up");
    one.say("id: 1\ndata: a\n\n");
    ASSERT_TRUE(hears("data: a\n\n"));
    one.app.die();
    ASSERT_TRUE(eventually([&] { return house.target("blue", "one")["in_flight"] == 0; }));
    house.add("blue", two.app);
    ASSERT_TRUE(eventually([&] { return two.asked() == std::vector<std::string>{"1"}; }));
    two.say("id: 2\ndata: b\n\n");
    EXPECT_TRUE(hears("data: b\n\n"));
    two.end();
}

TEST_F(Events, without_ids_end_with_their_target) {
    begin("take_up");
    one.say("data: a\n\n");
    ASSERT_TRUE(hears("data: a\n\n"));
    house.add("blue", two.app);
    one.app.die();
    EXPECT_FALSE(hears("never"));
    EXPECT_TRUE(two.asked().empty());
}

TEST_F(Events, end_with_their_target_where_the_rule_says_so) {
    begin("end");
    one.say("id: 1\ndata: a\n\nid: 2\nda");
    ASSERT_TRUE(hears("id: 2\nda")) << "and are not held back";
    one.app.die();
    EXPECT_FALSE(hears("never"));
}

}  // namespace
}  // namespace edge
