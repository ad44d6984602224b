// The edge as a whole: what must hold while everything changes.

#include "edge/edge.h"

#include "edge/testing.h"
#include "net/call.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <string>
#include <thread>

namespace edge {
namespace {

using namespace std::chrono_literals;
using testing::App;
using testing::eventually;
using testing::get;
using testing::Got;
using testing::House;
using testing::Wire;

/// Clients that ask without pause until told to stop, each on a connection that it keeps.
class Crowd {
public:
    Crowd(const std::string& address, int clients) {
        for (int i = 0; i < clients; ++i) {
            threads_.emplace_back([this, address, i] { run(address, i); });
        }
    }
    ~Crowd() { stop(); }
    void stop() {
        over_ = true;
        for (std::thread& thread : threads_) thread.join();
        threads_.clear();
    }

    std::atomic<std::uint64_t> answered{0};
    std::atomic<std::uint64_t> failed{0};
    std::mutex mutex;
    std::string first_failure;

private:
    void run(const std::string& address, int index) {
        std::unique_ptr<Wire> wire;
        for (int i = 0; !over_; ++i) {
            if (!wire) wire = std::make_unique<Wire>(address);
            const bool post = (i + index) % 3 == 0;
            const Got got = wire->ask(
                post ? "POST /work HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                       "4\r\nbody\r\n0\r\n\r\n"
                     : get("/work"));
            if (got.status == 200 && got.complete) {
                ++answered;
            } else {
                ++failed;
                const std::lock_guard lock(mutex);
                if (first_failure.empty()) {
                    first_failure = (post ? "POST " : "GET ") + got.head + got.body +
                                    (got.closed ? " (closed)" : "");
                }
            }
            if (got.closed || (i + index) % 50 == 49) wire.reset();
        }
    }

    std::atomic<bool> over_{false};
    std::vector<std::thread> threads_;
};

void work(const net::ExchangePtr& exchange) {
    exchange->collect(1 << 20, [exchange](const std::string&) {
        exchange->answer(net::Response::text(200, std::string(300, 'x')));
    });
}

TEST(TheEdge, loses_no_request_while_weights_change_and_targets_drain_and_die) {
    House house(2);
    house.start();
    house.configure();
    house.weights(1, 0);
    std::map<std::string, std::unique_ptr<App>> apps;
    const auto launch = [&](const std::string& group, int round) {
        const std::string id = group + std::to_string(round);
        apps[id] = std::make_unique<App>(id, work);
        house.add(group, *apps[id]);
        return id;
    };
    launch("blue", 0);
    launch("green", 0);
    Crowd crowd(house.address(), 6);
    for (int round = 1; round <= 12; ++round) {
        const std::string from = round % 2 == 1 ? "blue" : "green";
        const std::string to = round % 2 == 1 ? "green" : "blue";
        if (round > 1) launch(to, round);
        for (const unsigned share : {50U, 500U, 1000U}) {
            if (to == "green") {
                house.weights(1000 - share, share);
            } else {
                house.weights(share, 1000 - share);
            }
        }
        for (auto& [id, app] : apps) {
            if (!app || !id.starts_with(from)) continue;
            house.drain(from, id);
            house.await_state(from, id, "drained");
            const std::uint64_t served = app->requests;
            app->die();
            EXPECT_EQ(app->requests, served) << "nothing came after drained";
            ASSERT_TRUE(house.edge->control().forget_target(house.permit, from, id));
            app.reset();
        }
    }
    crowd.stop();
    EXPECT_EQ(crowd.failed, 0U) << crowd.first_failure;
    EXPECT_GT(crowd.answered, 100U);
    EXPECT_EQ(house.counts("blue")["errors"], 0);
    EXPECT_EQ(house.counts("green")["errors"], 0);
}

TEST(TheEdge, answers_a_write_when_every_worker_runs_it) {
    House house(4);
    App blue("blue");
    App green("green");
    house.start();
    house.configure();
    house.weights(1, 0);
    house.add("blue", blue);
    house.add("green", green);
    std::vector<std::unique_ptr<Wire>> wires;
    for (int i = 0; i < 32; ++i) {
        wires.push_back(std::make_unique<Wire>(house.address()));
        ASSERT_EQ(wires.back()->ask(get("/name")).body, "blue");
    }
    for (int round = 0; round < 10; ++round) {
        const bool to_green = round % 2 == 0;
        house.weights(to_green ? 0 : 1, to_green ? 1 : 0);
        for (auto& wire : wires) {
            ASSERT_EQ(wire->ask(get("/name")).body, to_green ? "green" : "blue");
        }
    }
}

TEST(TheEdge, starts_from_its_state_file_and_serves_without_being_told) {
    House house(2);
    App blue("blue");
    App green("green");
    house.start();
    house.configure();
    house.configure(
        [&](base::Json& config) { config["listeners"][0]["address"] = house.address(); });
    house.weights(0, 1);
    house.add("blue", blue);
    house.add("green", green);
    house.drain("blue", "blue");
    const std::string address = house.address();
    house.permit.fence = 7;
    house.weights(0, 1000);
    house.stop();
    house.start();
    Wire wire(address);
    const Got got = wire.ask(get("/name"));
    EXPECT_EQ(got.body, "green") << got.status;
    house.await_state("blue", "blue", "drained");
    EXPECT_EQ((*house.edge->control().weights())["weights"]["green"], 1000);
    const auto stale = house.edge->control().put_weights({.fence = 6, .token = {}},
                                                         base::Json::object({{"blue", 1}}));
    ASSERT_FALSE(stale);
    EXPECT_EQ(stale.error().diagnostic.code, "CF0510");
}

TEST(TheEdge, refuses_a_state_file_that_it_cannot_understand) {
    House house(1);
    std::ofstream(house.folder.path / "edge.json") << R"({"groups":{},"config":{"x":1}})";
    Edge edge({.admin_socket = {},
               .state_file = house.folder.path / "edge.json",
               .access_log = {},
               .workers = 1},
              house.clock);
    const auto started = edge.start();
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().diagnostic.code, "CF0520");
}

TEST(TheEdge, changes_nothing_when_a_port_is_in_use_or_its_state_cannot_be_stored) {
    House house(2);
    App blue("blue");
    house.start();
    house.configure();
    house.weights(1, 0);
    house.add("blue", blue);
    Wire wire(house.address());
    const base::Json before = *house.edge->control().config();
    base::Json config = before["config"];
    config["listeners"].push_back({{"name", "more"}, {"address", blue.address}});
    const auto taken = house.edge->control().put_config(house.permit, config);
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error().diagnostic.code, "CF0516");
    EXPECT_EQ(taken.error().failure, base::Failure::conflict);
    std::filesystem::remove(house.folder.path / "edge.json");
    std::filesystem::create_directory(house.folder.path / "edge.json");
    std::ofstream(house.folder.path / "edge.json" / "in-the-way") << "x";
    const auto lost =
        house.edge->control().put_weights(house.permit, base::Json::object({{"green", 1}}));
    ASSERT_FALSE(lost);
    EXPECT_EQ(lost.error().diagnostic.code, "CF0515");
    EXPECT_EQ((*house.edge->control().config())["version"], before["version"]);
    EXPECT_EQ(wire.ask(get("/name")).body, "blue");
    std::filesystem::remove_all(house.folder.path / "edge.json");
}

TEST(TheEdge, lets_requests_end_when_it_stops) {
    House house(1);  // Workers retire one after the other: whoever is idle would not speak for all.
    std::atomic<bool> asked{false};
    net::ExchangePtr kept;
    App slow("slow", [&](const net::ExchangePtr& exchange) {
        kept = exchange;
        asked = true;
    });
    house.start();
    house.configure();
    house.weights(1, 0);
    house.add("blue", slow);
    const std::string address = house.address();
    Wire idle(address);
    ASSERT_EQ(idle.ask(get("/name")).status, 200);
    Wire wire(address);
    ASSERT_TRUE(wire.send(get("/slow")));
    ASSERT_TRUE(eventually([&] { return asked.load(); }));
    std::jthread stopping([&] { house.stop(); });
    EXPECT_TRUE(idle.ended());
    kept->loop().post([&] { kept->answer(net::Response::text(200, "done")); });
    const Got got = wire.answer();
    EXPECT_EQ(got.body, "done");
    EXPECT_EQ(got.fields.at("connection"), "close");
    stopping.join();
    EXPECT_FALSE(Wire(address).connected());
    slow.die();
    kept.reset();
}

std::uint64_t resident_bytes() {
    std::ifstream file("/proc/self/statm");
    std::uint64_t pages = 0;
    std::uint64_t resident = 0;
    file >> pages >> resident;
    return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

TEST(TheEdge, streams_an_upload_in_constant_memory_whoever_is_slower) {
    constexpr std::uint64_t kBytes = 400ULL * 1024 * 1024;
    constexpr std::uint64_t kGrowthMax = 24ULL * 1024 * 1024;
    House house(1);
    App sink("sink", [](const net::ExchangePtr& exchange) {
        auto count = std::make_shared<std::uint64_t>(0);
        exchange->stream({.on_bytes =
                              [exchange, count](std::string_view bytes) {
                                  *count += bytes.size();
                                  // Now and then it does not read for a while.
                                  if (*count % 64 != 0) return;
                                  exchange->pause();
                                  exchange->loop().post([exchange] { exchange->resume(); });
                              },
                          .on_end =
                              [exchange, count](bool whole) {
                                  exchange->answer(net::Response::text(whole ? 200 : 500,
                                                                       std::to_string(*count)));
                              }});
    });
    house.start();
    house.configure();
    house.weights(1, 0);
    house.add("blue", sink);
    Wire wire(house.address());
    const std::string piece(1024 * 1024, 'x');
    ASSERT_TRUE(wire.send("POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: " +
                          std::to_string(kBytes) + "\r\n\r\n"));
    ASSERT_TRUE(wire.send(piece));
    const std::uint64_t before = resident_bytes();
    std::uint64_t most = 0;
    for (std::uint64_t sent = piece.size(); sent < kBytes; sent += piece.size()) {
        ASSERT_TRUE(wire.send(piece));
        most = std::max(most, resident_bytes());
    }
    EXPECT_EQ(wire.answer().body, std::to_string(kBytes));
    EXPECT_LT(most - std::min(before, most), kGrowthMax);
}

TEST(TheEdge, takes_orders_over_its_admin_socket) {
    House house(2);
    App blue("blue");
    house.start();
    house.configure();
    const auto socket = *net::Address::unix_path((house.folder.path / "edge.sock").string());
    const auto ask = [&](const std::string& method, const std::string& target,
                         const base::Json& body = {}) {
        const auto answer = net::call(
            socket, {.method = method, .target = target, .body = body.is_null() ? "" : body.dump()},
            house.clock.deadline_in(10s), house.clock);
        EXPECT_TRUE(answer) << answer.error().line();
        auto json = base::json_from(answer->body);
        base::Json made = json ? *json : base::Json{{"text", answer->body}};
        made["status_code"] = answer->status;
        return made;
    };
    EXPECT_EQ(ask("GET", "/v1/weights")["code"], "CF0525");
    EXPECT_EQ(
        ask("PUT", "/v1/weights", {{"fence", 3}, {"weights", {{"blue", 1000}}}})["status_code"],
        200);
    EXPECT_EQ(
        ask("PUT", "/v1/weights", {{"fence", 2}, {"weights", {{"blue", 1000}}}})["status_code"],
        409);
    EXPECT_EQ(ask("PUT", "/v1/weights", {{"fence", 3}, {"weights", {{"blue", 0}}}})["code"],
              "CF0511");
    EXPECT_EQ(ask("PUT", "/v1/weights", {{"fence", 3}, {"weights", {{"red", 1}}}})["code"],
              "CF0512");
    EXPECT_EQ(ask("PUT", "/v1/weights", {{"weights", {{"blue", 1}}}})["code"], "CF0009");
    const std::string target = "/v1/groups/blue/targets/blue";
    EXPECT_EQ(ask("GET", target)["code"], "CF0513");
    const base::Json order = {
        {"fence", 0}, {"address", blue.address}, {"labels", {{"release", "r1"}}}};
    EXPECT_EQ(ask("PUT", target, order)["status_code"], 200);
    EXPECT_EQ(ask("PUT", target, order)["status_code"], 200) << "repeating is harmless";
    house.await_state("blue", "blue", "healthy");
    EXPECT_EQ(ask("GET", "/v1/groups")["groups"]["blue"]["targets"][0]["labels"]["release"], "r1");
    EXPECT_EQ(ask("DELETE", target + "?forget=true")["code"], "CF0521");
    EXPECT_EQ(ask("DELETE", target + "?fence=3&deadline_ms=1000")["state"], "draining");
    house.await_state("blue", "blue", "drained");
    EXPECT_EQ(ask("PUT", target, order)["code"], "CF0519");
    EXPECT_EQ(ask("DELETE", target + "?forget=true")["status_code"], 200);
    EXPECT_EQ(ask("DELETE", target + "?forget=true")["status_code"], 200);
    EXPECT_EQ(ask("GET", "/v1/health")["workers"], 2);
    EXPECT_EQ(ask("GET", "/v1/observe?seconds=5")["groups"]["blue"]["requests_begun"], 0);
    EXPECT_EQ(ask("GET", "/v1/observe?seconds=0")["code"], "CF0526");
    EXPECT_TRUE(ask("GET", "/v1/counts").contains("epoch"));
    EXPECT_NE(ask("GET", "/metrics")["text"].get<std::string>().find("crossfade_edge_"),
              std::string::npos);
    EXPECT_EQ(ask("GET", "/v1/nothing")["status_code"], 404);
    EXPECT_EQ(ask("POST", "/v1/config", base::Json::object())["status_code"], 405);
    EXPECT_EQ(ask("PUT", "/v1/config", base::Json::array())["code"], "CF0518");
}

}  // namespace
}  // namespace edge
