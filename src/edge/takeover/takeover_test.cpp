// One edge in another's place: what it takes along, what it leaves to end, and what it changes when
// it fails: nothing. Two edges in one process; tests/e2e/takeover_test.py has two processes.

#include "base/build.h"
#include "base/file.h"
#include "edge/http2/http2_testing.h"
#include "edge/socket/echo_test.h"
#include "edge/takeover/giver.h"
#include "edge/takeover/line.h"
#include "edge/testing.h"
#include "net/tls/testing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <fstream>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace edge::takeover {
namespace {

using namespace std::chrono_literals;
using testing::App;
using testing::Caller;
using testing::Deflate;
using testing::Echo;
using testing::eventually;
using testing::get;
using testing::Got;
using testing::House;
using testing::Wire;
using What = Line::Heard::What;
namespace tls = net::tls::testing;

/// Answers when it is told to.
class Patient {
public:
    void let_go() {
        app.post([this] {
            for (const auto& exchange : std::exchange(waiting_, {})) {
                exchange->answer(net::Response::text(200, "late"));
            }
            waits = 0;
        });
    }

    std::atomic<int> waits{0};
    App app{"slow", [this](const net::ExchangePtr& exchange) {
                waiting_.push_back(exchange);
                ++waits;
            }};

private:
    std::vector<net::ExchangePtr> waiting_;
};

class Takeover : public ::testing::Test {
protected:
    void SetUp() override {
        house.access_log = (house.folder.path / "access.log").string();
        house.start();
        house.configure(
            [](base::Json& config) { config["rules"][0]["forward"]["sockets"] = "swap"; });
        house.weights(1, 0);
        address = house.address();
    }
    /// A request that its instance has, and does not answer yet.
    void ask_for_work(Patient& slow, Wire& wire) {
        house.add("blue", slow.app);
        house.await_state("blue", "slow", "healthy");
        ASSERT_TRUE(wire.send(get("/work")));
        ASSERT_TRUE(eventually([&] { return slow.waits == 1; }));
    }
    void TearDown() override {
        house.stop();
        for (auto& end : ends)
            if (end.valid()) end.wait();
        for (auto& edge : before) edge->stop();
    }

    Options options(bool takeover) const {
        return {.admin_socket = house.folder.path / "edge.sock",
                .state_file = house.folder.path / "edge.json",
                .access_log = house.access_log,
                .workers = 1,
                .takeover = takeover};
    }
    std::filesystem::path path() const { return house.folder.path / "edge.next"; }

    /// The house's edge is another from here on.
    void take_over() {
        Edge& old = *house.edge;
        std::future<void>& end = ends.emplace_back();
        old.when_taken_over([this, &old, &end] {
            if (stops_when_gone) end = std::async(std::launch::async, [&old] { old.stop(); });
            ++gone;
        });
        auto next = std::make_unique<Edge>(options(true), house.clock);
        const auto started = next->start();
        ASSERT_TRUE(started) << started.error().line();
        before.push_back(std::exchange(house.edge, std::move(next)));
    }

    /// A new edge that says hello and then what the test says.
    std::optional<Line> stranger(std::uint32_t version = kWireVersion) {
        auto line = open_line(path());
        if (!line) return std::nullopt;
        line->try_send(Hello{.version = version, .build = "stranger"});
        return std::move(*line);
    }
    /// Passes over what comes before.
    template <typename Awaited>
    static bool hears(const Line& line) {
        while (true) {
            const auto heard = line.receive(10s);
            if (heard.what != What::message) return false;
            if (std::holds_alternative<Awaited>(heard.message)) return true;
        }
    }
    static bool hears_end(const Line& line) {
        auto heard = line.receive(10s);
        while (heard.what == What::message) heard = line.receive(10s);
        return heard.what == What::over;
    }
    /// One that went all the way.
    std::optional<Line> serving_stranger() {
        auto line = stranger();
        if (!line || !hears<Whole>(*line)) return std::nullopt;
        line->try_send(Ready{});
        if (!hears<Go>(*line)) return std::nullopt;
        line->try_send(Serving{});
        return line;
    }

    /// Serves, may be changed, and may be taken over: as if nothing had been.
    void expect_undisturbed() {
        EXPECT_EQ(Wire(address).ask(get("/name")).status, 200);
        ASSERT_TRUE(
            eventually([&] { return std::filesystem::exists(house.folder.path / "edge.sock"); }));
        ASSERT_TRUE(eventually([&] { return std::filesystem::exists(path()); }));
        house.weights(2, 0);
        take_over();
        EXPECT_EQ(Wire(address).ask(get("/name")).body, "blue");
    }

    App blue{"blue"};
    House house{2};
    std::vector<std::unique_ptr<Edge>> before;
    std::atomic<int> gone{0};
    bool stops_when_gone = false;  ///< As its process does.
    std::deque<std::future<void>> ends;
    std::string address;
};

TEST_F(Takeover, goes_on_with_every_listener_target_and_count) {
    house.add("blue", blue);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(Wire(address).ask(get("/name")).status, 200);
    ASSERT_TRUE(eventually([&] { return house.counts("blue")["requests"] == 5; }));
    const base::Json before_it = *house.edge->control().config();
    take_over();
    EXPECT_EQ(house.target("blue", "blue")["state"], "healthy");
    EXPECT_EQ(house.counts("blue")["requests"], 5);
    EXPECT_EQ(house.address(), address);
    EXPECT_GT((*house.edge->control().config())["version"], before_it["version"]);
    EXPECT_EQ((*house.edge->control().config())["fence"], before_it["fence"]);
    EXPECT_EQ(Wire(address).ask(get("/name")).body, "blue");
    EXPECT_TRUE(eventually([&] { return house.counts("blue")["requests"] == 6; }));
    EXPECT_TRUE(eventually([&] { return gone == 1; })) << "nothing was left there";
}

TEST_F(Takeover, takes_along_a_connection_that_rests) {
    house.add("blue", blue);
    Wire wire(address);
    EXPECT_EQ(wire.ask(get("/name")).status, 200);
    const Wire silent(address);
    take_over();
    EXPECT_TRUE(eventually([&] { return gone == 1; }));
    before.front()->stop();
    const Got got = wire.ask(get("/name"));
    EXPECT_EQ(got.status, 200);
    EXPECT_FALSE(got.fields.contains("connection"));
}

TEST_F(Takeover, waits_for_who_has_not_said_yet_what_it_speaks) {
    house.configure([](base::Json& config) { config["listeners"][0]["http2"] = true; });
    house.add("blue", blue);
    Wire wire(address);
    ASSERT_TRUE(eventually([&] {
        const std::string told = house.edge->control().metrics();
        return told.find("\ncrossfade_edge_connections_accepted_total 1\n") != std::string::npos;
    }));
    stops_when_gone = true;
    take_over();
    for (int i = 0; i < 100; ++i) EXPECT_EQ(Wire(address).ask(get("/name")).status, 200);
    EXPECT_EQ(gone, 0) << "it would be closed with a request on its way";
    EXPECT_EQ(wire.ask(get("/name")).body, "blue");
    EXPECT_TRUE(eventually([&] { return gone == 1; }));
}

TEST_F(Takeover, lets_a_request_in_flight_end_where_it_is_and_takes_its_connection_then) {
    Patient slow;
    Wire wire(address);
    ask_for_work(slow, wire);
    take_over();
    EXPECT_EQ(gone, 0);
    slow.let_go();
    EXPECT_EQ(wire.answer().body, "late");
    EXPECT_TRUE(eventually([&] { return gone == 1; }));
    before.front()->stop();
    EXPECT_EQ(wire.ask(get("/name")).body, "slow");
}

TEST_F(Takeover, proves_no_target_empty_while_the_edge_before_uses_it) {
    Patient slow;
    Wire wire(address);
    ask_for_work(slow, wire);
    take_over();
    EXPECT_EQ(house.target("blue", "slow")["in_flight"], 1);
    house.drain("blue", "slow");
    take_over();
    EXPECT_EQ(house.target("blue", "slow")["state"], "draining");
    EXPECT_EQ(house.target("blue", "slow")["in_flight"], 1) << "seen through two generations";
    slow.let_go();
    EXPECT_EQ(wire.answer().body, "late");
    house.await_state("blue", "slow", "drained");
    EXPECT_TRUE(eventually([&] { return gone == 2; }));
}

TEST_F(Takeover, keeps_every_byte_of_every_socket_in_order) {
    Echo echo("echo");
    house.add("blue", "echo", echo.address);
    house.await_state("blue", "echo", "healthy");
    std::vector<std::unique_ptr<Caller>> callers;
    for (unsigned i = 0; i < 8; ++i) {
        callers.push_back(
            std::make_unique<Caller>(address, i, i % 2 == 0 ? Deflate::no : Deflate::yes));
    }
    for (auto& caller : callers) caller->begin();
    for (int round = 0; round < 3; ++round) {
        take_over();
        ASSERT_TRUE(eventually([&] { return gone == round + 1; })) << "not all sockets came along";
        before.back()->stop();
        EXPECT_TRUE(eventually([&] { return house.target("blue", "echo")["sockets"] == 8; }));
    }
    for (auto& caller : callers) {
        caller->end();
        EXPECT_EQ(caller->finding(), "") << "caller " << caller->seed;
        EXPECT_GT(caller->echoed(), 0U);
    }
    EXPECT_EQ(house.target("blue", "echo")["sockets_opened"], 8) << "each was opened once";
    EXPECT_TRUE(eventually([&] { return house.target("blue", "echo")["sockets"] == 0; }));
}

TEST_F(Takeover, leaves_a_sockets_line_in_the_log_to_who_sees_its_end) {
    Echo echo("echo");
    house.add("blue", "echo", echo.address);
    house.await_state("blue", "echo", "healthy");
    auto caller = std::make_unique<Caller>(address, 1, Deflate::no);
    ASSERT_TRUE(caller->ask(std::string(5000, 'a')));
    take_over();
    ASSERT_TRUE(eventually([&] { return gone == 1; }));
    before.back()->stop();
    ASSERT_TRUE(caller->ask(std::string(7000, 'b')));
    caller.reset();
    EXPECT_TRUE(eventually([&] { return house.target("blue", "echo")["sockets"] == 0; }));
    house.stop();
    const std::string log = base::read_file(house.access_log, base::Bytes{1 << 20}).value_or("");
    EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 1) << log;
    EXPECT_TRUE(log.ends_with(" 1006 \"-\"\n")) << log;
    const std::size_t statuses = log.find(" 101 101 ");
    ASSERT_NE(statuses, std::string::npos);
    EXPECT_GT(std::stoul(log.substr(statuses + 9)), 12'000U) << "what both edges relayed";
}

TEST_F(Takeover, hands_a_socket_that_it_took_to_another_target) {
    Echo one("one");
    Echo two("two");
    house.add("blue", "one", one.address);
    house.await_state("blue", "one", "healthy");
    Caller caller(address, 1, Deflate::yes);
    caller.begin();
    take_over();
    ASSERT_TRUE(eventually([&] { return gone == 1; }));
    house.add("blue", "two", two.address);
    house.await_state("blue", "two", "healthy");
    house.drain("blue", "one");
    house.await_state("blue", "one", "drained");
    EXPECT_EQ(house.target("blue", "two")["sockets"], 1);
    caller.end();
    EXPECT_EQ(caller.finding(), "");
}

TEST_F(Takeover, is_refused_to_who_speaks_another_version) {
    house.add("blue", blue);
    const auto line = stranger(kWireVersion + 1);
    const auto heard = line->receive(10s);
    ASSERT_EQ(heard.what, What::message);
    EXPECT_NE(std::get<Refused>(heard.message).why.find("version"), std::string::npos);
    expect_undisturbed();
}

TEST_F(Takeover, changes_nothing_when_the_new_edge_dies_at_hello) {
    house.add("blue", blue);
    stranger().reset();
    open_line(path())->hang_up();
    expect_undisturbed();
}

TEST_F(Takeover, changes_nothing_when_the_new_edge_talks_nonsense) {
    house.add("blue", blue);
    auto line = stranger();
    ASSERT_TRUE(hears<Whole>(*line));
    line->try_send(Welcome{});
    EXPECT_EQ(line->receive(10s).what, What::over);
    expect_undisturbed();
}

TEST_F(Takeover, changes_nothing_when_the_new_edge_dies_before_it_is_ready) {
    house.add("blue", blue);
    auto line = stranger();
    ASSERT_TRUE(hears<Whole>(*line));
    line.reset();
    expect_undisturbed();
}

TEST_F(Takeover, goes_back_to_the_old_edge_when_the_new_one_dies_before_it_serves) {
    house.add("blue", blue);
    Wire kept(address);
    EXPECT_EQ(kept.ask(get("/name")).status, 200);
    auto line = stranger();
    ASSERT_TRUE(hears<Whole>(*line));
    line->try_send(Ready{});
    ASSERT_TRUE(std::holds_alternative<Go>(line->receive(10s).message));
    Wire queued(address);
    ASSERT_TRUE(queued.send(get("/name")));
    line.reset();
    EXPECT_EQ(queued.answer().status, 200) << "the listener was never closed";
    EXPECT_EQ(kept.ask(get("/name")).status, 200);
    expect_undisturbed();
}

TEST_F(Takeover, goes_back_to_the_old_edge_when_the_new_one_dies_while_it_serves) {
    Patient slow;
    Wire wire(address);
    ask_for_work(slow, wire);
    auto line = serving_stranger();
    ASSERT_TRUE(line);
    ASSERT_TRUE(hears<Report>(*line));
    line.reset();
    Wire queued(address);
    EXPECT_EQ(queued.ask(get("/name")).status, 200);
    slow.let_go();
    EXPECT_EQ(wire.answer().body, "late");
    EXPECT_EQ(wire.ask(get("/name")).status, 200) << "its connection stayed";
    EXPECT_EQ(gone, 0);
}

TEST_F(Takeover, tells_the_next_new_edge_what_it_told_the_one_that_died) {
    Patient slow;
    Wire wire(address);
    ask_for_work(slow, wire);
    for (int round = 0; round < 2; ++round) {
        auto line = serving_stranger();
        ASSERT_TRUE(line);
        if (round == 0) line->try_send(Part{"the beginning of a state"});
        EXPECT_TRUE(hears<Report>(*line)) << "of round " << round;
        line.reset();
        ASSERT_TRUE(eventually([&] { return open_line(path()).has_value(); }));
    }
    take_over();
    house.drain("blue", "slow");
    slow.let_go();
    EXPECT_EQ(wire.answer().body, "late");
    house.await_state("blue", "slow", "drained");
}

TEST_F(Takeover, accepts_again_also_where_the_stored_state_is_spoilt) {
    house.add("blue", blue);
    auto line = serving_stranger();
    ASSERT_TRUE(line);
    std::ofstream(house.folder.path / "edge.json") << "{";
    line.reset();
    EXPECT_EQ(Wire(address).ask(get("/name")).status, 200);
}

TEST_F(Takeover, keeps_what_is_left_when_the_new_edge_is_told_to_end) {
    Patient slow;
    Wire wire(address);
    ask_for_work(slow, wire);
    auto line = serving_stranger();
    ASSERT_TRUE(line);
    line->try_send(Farewell{});
    ASSERT_TRUE(hears_end(*line)) << "nothing is given to an edge that ends";
    slow.let_go();
    EXPECT_EQ(wire.answer().body, "late");
    EXPECT_EQ(wire.ask(get("/name")).status, 200) << "its connection stayed";
}

TEST_F(Takeover, lets_the_new_edge_go_on_when_the_old_one_is_told_to_stop_on_the_way) {
    house.add("blue", blue);
    auto line = stranger();
    ASSERT_TRUE(hears<Whole>(*line));
    line->try_send(Ready{});
    ASSERT_TRUE(hears<Go>(*line));
    house.stop();
    EXPECT_TRUE(hears<Farewell>(*line));
}

TEST_F(Takeover, passes_on_what_comes_from_two_edges_before) {
    stops_when_gone = true;
    Patient slow;
    house.add("blue", slow.app);
    for (int round = 1; round <= 3; ++round) {
        Wire wire(address);
        ASSERT_TRUE(wire.send(get("/work")));
        ASSERT_TRUE(eventually([&] { return slow.waits == 1; }));
        take_over();
        take_over();
        slow.let_go();
        EXPECT_EQ(wire.answer().body, "late");
        ASSERT_TRUE(eventually([&] { return gone == 2 * round; }));
        ends.clear();
        ASSERT_EQ(wire.ask(get("/name")).body, "slow") << "round " << round;
    }
}

class TakeoverOfTls : public Takeover {
protected:
    void SetUp() override {
        Takeover::SetUp();
        const auto made = tls::make_pair(house.folder.path, "app", {"app.test"});
        house.configure([&](base::Json& config) {
            config["listeners"][0]["tls"] = {
                {"certificates", {{{"certificate", made.certificate}, {"key", made.key}}}}};
        });
        house.weights(1, 0);
        address = house.address();
    }
};

TEST_F(TakeoverOfTls, tells_who_has_a_request_in_flight_to_come_anew) {
    Patient slow;
    house.add("blue", slow.app);
    const Wire wire(address);
    tls::Client client(wire.descriptor(), {});
    ASSERT_TRUE(client.send(get("/work")));
    ASSERT_TRUE(eventually([&] { return slow.waits == 1; }));
    take_over();
    while (true) {
        slow.let_go();
        const std::string answer = client.read_until("late");
        ASSERT_NE(answer.find("late"), std::string::npos) << "ended, and was not told so";
        if (answer.find("Connection: close\r\n") != std::string::npos) break;
        // The departure had not begun.
        ASSERT_TRUE(client.send(get("/work")));
        ASSERT_TRUE(eventually([&] { return slow.waits == 1; }));
    }
    EXPECT_TRUE(eventually([&] { return gone == 1; }));
}

TEST_F(TakeoverOfTls, tells_who_begins_http2_meanwhile_to_come_anew) {
    house.add("blue", blue);
    const Wire wire(address);
    take_over();
    tls::Client client(wire.descriptor(), {.alpn = "\x02h2"});
    ASSERT_EQ(client.alpn(), "h2");
    client.send(std::string(testing::FrameClient::kPreface) +
                testing::frame(testing::FrameKinds::kSettings, 0, 0, ""));
    std::string came;
    testing::Frame taken;
    do {
        while (!testing::take_frame(came, taken)) {
            const std::string more = client.read();
            ASSERT_FALSE(more.empty());
            came += more;
        }
    } while (taken.type != testing::FrameKinds::kGoaway);
}

TEST_F(Takeover, starts_anew_where_no_edge_runs) {
    house.add("blue", blue);
    house.stop();
    house.edge = std::make_unique<Edge>(options(true), house.clock);
    ASSERT_TRUE(house.edge->start());
    EXPECT_EQ(house.target("blue", "blue")["state"], "healthy");
}

TEST_F(Takeover, takes_the_edge_before_along_when_it_is_told_to_end) {
    Patient slow;
    Wire wire(address);
    ask_for_work(slow, wire);
    take_over();
    house.stop();
    EXPECT_TRUE(eventually([&] { return gone == 1; })) << "it does not take everything back";
    slow.let_go();
    EXPECT_EQ(wire.answer().body, "late");
}

}  // namespace
}  // namespace edge::takeover
