// The ports that speak to the edge, on the real one: a process of its own, as in use.

#include "base/json.h"
#include "edge/serve.h"
#include "engine/assets_contract.h"
#include "engine/metrics_contract.h"
#include "engine/traffic_contract.h"
#include "local/assets.h"
#include "local/edge_admin.h"
#include "local/ground_test.h"
#include "local/manifest.h"
#include "local/metrics.h"
#include "local/seat.h"
#include "local/traffic.h"
#include "net/call.h"

#include <poll.h>

namespace local {
namespace {

/// Answers 200 to everything but /bad.
void serve_users(const std::string& address) {
    net::Loop loop(real_clock());
    net::Server server(loop, {}, [](const net::ExchangePtr& exchange) {
        exchange->answer(net::Response::text(exchange->request().path == "/bad" ? 500 : 200, "x"));
    });
    if (server.listen(*net::Address::parse(address))) loop.run();
}

/// Passes calls on to the edge; while the file `lose` is there, one answer is thrown away.
void serve_lossily(const std::filesystem::path& from, const std::filesystem::path& to,
                   const std::filesystem::path& lose) {
    net::Loop loop(real_clock());
    net::Server server(loop, {}, [&](const net::ExchangePtr& exchange) {
        exchange->collect(1U << 20U, [&, exchange](const std::string& body) {
            net::Call call{.method = exchange->request().method_text,
                           .target = exchange->request().target,
                           .body = body};
            const auto answer = net::call(*net::Address::unix_path(to.native()), call,
                                          soon(real_clock()), real_clock());
            std::error_code error;
            if (!answer || (call.method != "GET" && std::filesystem::remove(lose, error))) {
                exchange->abort();
            } else {
                exchange->answer(net::Response::json(answer->status, answer->body));
            }
        });
    });
    if (server.listen(*net::Address::unix_path(from.native()))) loop.run();
}

/// A real edge with one healthy instance in each pool.
class RealEdge {
public:
    RealEdge() {
        EXPECT_TRUE(folder.create());
        spec.application = "app";
        spec.listen = "127.0.0.1:0";
        spec.service.health.interval = std::chrono::milliseconds(50);
        spec.routes.push_back({.path = "/static/*", .assets = true});
        start();
        Machine machine(folder, "/nowhere", clock);
        const auto configured = machine.configure(
            spec, place.path, {.fence = 1, .step = {"up/configure/do"}}, soon(clock));
        EXPECT_TRUE(configured) << configured.error().line();
        const auto health = called({"GET", "/v1/health", {}});
        listen = health.at("listeners").at(0).at("address");
    }

    void start() {
        edge = std::make_unique<Forked>([this] {
            const edge::Options options{.admin_socket = folder.root() / "real.sock",
                                        .state_file = folder.edge_config(),
                                        .access_log = {},
                                        .workers = 1,
                                        .grace = std::chrono::milliseconds(100)};
            const auto served = edge::serve(options, clock);
            if (!served) fprintf(stderr, "%s\n", served.error().line().c_str());
        });
        lossy = std::make_unique<Forked>(
            [this] { serve_lossily(folder.edge_socket(), folder.root() / "real.sock", lose()); });
        EXPECT_TRUE(eventually(clock, [this] {
            return call(folder.edge_socket(), "edge", {"GET", "/v1/health", {}}, clock, soon(clock))
                .has_value();
        }));
    }

    void add_instances() {
        EdgeAdmin admin(folder.edge_socket(), clock);
        std::set<std::string> taken;
        for (const auto pool : {release::Pool::blue, release::Pool::green}) {
            Record record{
                .id = std::string(release::name_of(pool)) + "-1", .pool = pool, .release = "r1"};
            record.address = *free_address(folder.root(), servers.size() + 1, taken);
            taken.insert(record.address);
            servers.push_back(std::make_unique<Forked>([&record] { serve_users(record.address); }));
            EXPECT_TRUE(admin.add(record, soon(clock)));
        }
        EXPECT_TRUE(eventually(clock, [&] {
            const auto targets = admin.targets(soon(clock));
            return targets && targets->size() == 2 && targets->at("blue-1").state == "healthy" &&
                   targets->at("green-1").state == "healthy";
        }));
    }

    nlohmann::json called(const Call& what) {
        auto json = call(folder.edge_socket(), "edge", what, clock, soon(clock));
        EXPECT_TRUE(json) << json.error().line();
        return json.value_or(nlohmann::json{});
    }
    int request(const std::string& path) {
        const auto answer = net::call(*net::Address::parse(listen),
                                      {.method = "GET", .target = path}, soon(clock), clock);
        return answer ? answer->status : 0;
    }
    std::filesystem::path lose() const { return place.path / "lose"; }

    base::Clock& clock = real_clock();
    TemporaryFolder place;
    Folder folder{place.path / ".crossfade"};
    release::Spec spec;
    std::string listen;
    std::unique_ptr<Forked> edge;
    std::unique_ptr<Forked> lossy;
    std::vector<std::unique_ptr<Forked>> servers;
};

class TrafficOnEdge final : public engine::TrafficBench {
public:
    TrafficOnEdge() { real_.add_instances(); }
    engine::Traffic& traffic() override { return traffic_; }
    base::Clock& clock() override { return real_.clock; }
    std::vector<std::string> instances(release::Pool pool) override {
        return {std::string(release::name_of(pool)) + "-1"};
    }
    void request(unsigned count) override {
        for (unsigned i = 0; i < count; ++i) EXPECT_EQ(real_.request("/"), 200);
    }
    bool lose_next_answer() override {
        put(real_.lose(), "x");
        return true;
    }
    bool wait_for(const std::function<bool()>& holds) override {
        return eventually(real_.clock, holds);
    }

private:
    RealEdge real_;
    Traffic traffic_{real_.folder, real_.clock};
};

class MetricsOnEdge final : public engine::MetricsBench {
public:
    MetricsOnEdge() {
        real_.add_instances();
        Traffic traffic(real_.folder, real_.clock);
        EXPECT_TRUE(traffic.set(engine::all_to(release::Pool::green),
                                {.fence = 2, .step = {"r1/shift/do"}}, soon(real_.clock)));
    }
    engine::Metrics& metrics() override { return metrics_; }
    base::Clock& clock() override { return real_.clock; }
    void request(unsigned good, unsigned bad) override {
        for (unsigned i = 0; i < good; ++i) EXPECT_EQ(real_.request("/"), 200);
        for (unsigned i = 0; i < bad; ++i) EXPECT_EQ(real_.request("/bad"), 500);
    }
    bool wait_for(const std::function<bool()>& holds) override {
        return eventually(real_.clock, holds);
    }

private:
    RealEdge real_;
    Metrics metrics_{real_.folder, real_.clock};
};

class AssetsOnEdge final : public engine::AssetsBench {
public:
    engine::Assets& assets() override { return assets_; }
    base::Clock& clock() override { return real.clock; }
    release::Release release(const std::string& id) override {
        const std::filesystem::path source = real.place.path / "assets" / id;
        put(source / ("app-" + id + ".js"), "// " + id + "\n" + std::string(5000, ' '));
        put(source / "deep er/shared.css", "body {}\n");
        put(source / ("image-" + id + ".png"), std::string(3000, '\x01') + id);
        release::Release made;
        made.id = id;
        made.assets = *base::digest_of(source);
        made.assets_source = source;
        return made;
    }

    RealEdge real;

private:
    Assets assets_{real.folder, {.listen = real.listen, .prefix = "/static/"}, real.clock};
};

struct AssetsHere : testing::Test {
    base::Result<void> publish(const release::Release& release) {
        return bench.assets().publish(release, {.fence = 7, .step = {release.id}},
                                      soon(bench.clock()));
    }
    std::filesystem::path published() { return bench.real.folder.assets(); }
    AssetsOnEdge bench;
};

TEST_F(AssetsHere, a_name_with_other_content_is_rejected_and_what_is_there_stays) {
    ASSERT_TRUE(publish(bench.release("r1")));
    auto other = bench.release("r2");
    put(std::filesystem::path(other.assets_source) / "deep er/shared.css", "body {color:red}\n");
    other.assets = *base::digest_of(other.assets_source);
    const auto refused = publish(other);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().failure, base::Failure::rejected);
    EXPECT_EQ(refused.error().diagnostic.code, "CF0455");
    EXPECT_FALSE(std::filesystem::exists(published() / "app-r2.js"));
    EXPECT_EQ(content_of(published() / "deep er/shared.css"), "body {}\n");
}

TEST_F(AssetsHere, text_gets_a_compressed_copy_and_images_do_not) {
    ASSERT_TRUE(publish(bench.release("r1")));
    EXPECT_TRUE(std::filesystem::exists(published() / "app-r1.js.gz"));
    EXPECT_LT(std::filesystem::file_size(published() / "app-r1.js.gz"), 200U);
    EXPECT_FALSE(std::filesystem::exists(published() / "image-r1.png.gz"));
}

TEST_F(AssetsHere, a_file_changed_behind_our_back_is_noticed) {
    const auto r1 = bench.release("r1");
    ASSERT_TRUE(publish(r1));
    put(published() / "app-r1.js", "changed");
    const auto verified = bench.assets().verify(r1, soon(bench.clock()));
    ASSERT_FALSE(verified);
    EXPECT_EQ(verified.error().diagnostic.code, "CF0458");
}

TEST_F(AssetsHere, what_nobody_refers_to_any_more_goes_with_its_compressed_copy) {
    const auto r1 = bench.release("r1");
    const auto r2 = bench.release("r2");
    ASSERT_TRUE(publish(r1));
    ASSERT_TRUE(publish(r2));
    ASSERT_TRUE(bench.assets().retain({r2}, {.fence = 7, .step = {"retain"}}, soon(bench.clock())));
    EXPECT_FALSE(std::filesystem::exists(published() / "app-r1.js"));
    EXPECT_FALSE(std::filesystem::exists(published() / "app-r1.js.gz"));
    EXPECT_TRUE(std::filesystem::exists(published() / "app-r2.js.gz"));
    EXPECT_TRUE(std::filesystem::exists(published() / "deep er/shared.css"));
}

TEST_F(AssetsHere, assets_that_changed_since_the_plan_are_rejected) {
    const auto r1 = bench.release("r1");
    put(std::filesystem::path(r1.assets_source) / "late.js", "x");
    const auto refused = publish(r1);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().diagnostic.code, "CF0456");
}

TEST(MachineOnARealEdge, a_port_in_use_is_told_with_who_has_it) {
    RealEdge real;
    release::Spec spec = real.spec;
    const base::Fd other = std::move(*net::listen_on(*net::Address::parse("127.0.0.1:0")));
    spec.listen = net::local_address(other.number())->text();
    Machine machine(real.folder, "/nowhere", real.clock);
    const auto refused =
        machine.configure(spec, {}, {.fence = 2, .step = {"again/configure/do"}}, soon(real.clock));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().failure, base::Failure::unavailable);
    EXPECT_EQ(refused.error().diagnostic.code, "CF0445");
    EXPECT_NE(refused.error().line().find("local_test"), std::string::npos)
        << refused.error().line();
}

TEST(TrafficOnThisMachine, without_an_edge_all_is_unavailable_and_nothing_invented) {
    const TemporaryFolder place;
    const Folder folder(place.path);
    Traffic traffic(folder, real_clock());
    Metrics metrics(folder, real_clock());
    const base::Deadline deadline = soon(real_clock());
    EXPECT_EQ(traffic.read(deadline).error().failure, base::Failure::unavailable);
    EXPECT_EQ(traffic.observe(std::chrono::seconds(1), deadline).error().failure,
              base::Failure::unavailable);
    EXPECT_EQ(traffic.set({}, {}, deadline).error().failure, base::Failure::unavailable);
    EXPECT_EQ(metrics.read(deadline).error().failure, base::Failure::unavailable);
}

std::unique_ptr<engine::TrafficBench> traffic_bench() {
    return std::make_unique<TrafficOnEdge>();
}
std::unique_ptr<engine::MetricsBench> metrics_bench() {
    return std::make_unique<MetricsOnEdge>();
}
std::unique_ptr<engine::AssetsBench> assets_bench() {
    return std::make_unique<AssetsOnEdge>();
}

}  // namespace
}  // namespace local

namespace engine {
INSTANTIATE_TEST_SUITE_P(local, TrafficContract, testing::Values(&local::traffic_bench));
INSTANTIATE_TEST_SUITE_P(local, MetricsContract, testing::Values(&local::metrics_bench));
INSTANTIATE_TEST_SUITE_P(local, AssetsContract, testing::Values(&local::assets_bench));
}  // namespace engine
