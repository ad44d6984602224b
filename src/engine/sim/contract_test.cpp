// The simulated world passes what every provider passes, or its findings say nothing.

#include "engine/assets_contract.h"
#include "engine/fleet_contract.h"
#include "engine/hooks_contract.h"
#include "engine/metrics_contract.h"
#include "engine/sim/ports.h"
#include "engine/store_contract.h"
#include "engine/traffic_contract.h"

namespace sim {
namespace {

using release::Pool;

bool wait(Place& place, const std::function<bool()>& holds) {
    for (int i = 0; i < 400; ++i) {
        if (holds()) return true;
        place.world.advance_to(place.world.now() + milliseconds{50});
    }
    return false;
}

release::Release release_named(const std::string& id) {
    release::Release release;
    release.id = id;
    release.artifact = base::sha256(id);
    return release;
}

class SimulatedStore final : public engine::StoreBench {
public:
    engine::Store& store() override { return place_.ports().store; }
    engine::Store& another() override { return another_; }

private:
    Place place_{1, {}};
    sim::Store another_{place_};
};

class SimulatedFleet final : public engine::FleetBench {
public:
    engine::Fleet& fleet() override { return place_.ports().fleet; }
    base::Clock& clock() override { return place_.clock; }
    release::Release release(const std::string& id) override { return release_named(id); }
    release::Release sick_release(const std::string& id) override {
        Traits sick;
        sick.boots = false;
        place_.world.set_traits(id, sick);
        return release_named(id);
    }
    release::Release lost_release(const std::string& id) override {
        place_.artifacts_missing.insert(id);
        return release_named(id);
    }
    void kill(const engine::Instance& instance) override {
        place_.world.kill_instances(instance.pool);
    }
    bool wait_for(const std::function<bool()>& holds) override { return wait(place_, holds); }

private:
    Place place_{1, {}};
};

class SimulatedTraffic final : public engine::TrafficBench {
public:
    SimulatedTraffic() {
        place_.world.wish(Pool::blue, {release_named("r1"), 1, 0});
        place_.world.wish(Pool::green, {release_named("r2"), 1, 0});
        wait(place_, [this] {
            return place_.world.healthy(Pool::blue) == 1 && place_.world.healthy(Pool::green) == 1;
        });
    }
    engine::Traffic& traffic() override { return place_.ports().traffic; }
    base::Clock& clock() override { return place_.clock; }
    std::vector<std::string> instances(Pool pool) override {
        std::vector<std::string> ids;
        for (const engine::Instance& each : place_.world.instances()) {
            if (each.pool == pool) ids.push_back(each.id);
        }
        return ids;
    }
    void request(unsigned count) override {
        const auto until = place_.world.now() + std::chrono::milliseconds{5 * count + 50};
        place_.world.advance_to(until);
    }
    bool lose_next_answer() override {
        place_.script = [at = place_.crossings](std::uint64_t crossing, std::string_view) {
            return crossing == at ? Fault::lost_answer : Fault::none;
        };
        return true;
    }
    bool wait_for(const std::function<bool()>& holds) override { return wait(place_, holds); }

private:
    Place place_{1, {}};
};

class SimulatedAssets final : public engine::AssetsBench {
public:
    engine::Assets& assets() override { return place_.ports().assets; }
    base::Clock& clock() override { return place_.clock; }
    release::Release release(const std::string& id) override { return release_named(id); }

private:
    Place place_{1, {}};
};

class SimulatedMetrics final : public engine::MetricsBench {
public:
    SimulatedMetrics() {
        place_.world.wish(Pool::green, {release_named("r1"), 1, 0});
        Traits faulty;
        faulty.errors_permille = 300;
        place_.world.set_traits("r1", faulty);
        wait(place_, [this] { return place_.world.healthy(Pool::green) == 1; });
        place_.world.store_split(engine::all_to(Pool::green));
    }
    engine::Metrics& metrics() override { return place_.ports().metrics; }
    base::Clock& clock() override { return place_.clock; }
    void request(unsigned /*good*/, unsigned /*bad*/) override {
        place_.world.advance_to(place_.world.now() + std::chrono::seconds{1});
    }
    bool wait_for(const std::function<bool()>& holds) override { return wait(place_, holds); }

private:
    Place place_{1, {}};
};

class SimulatedHooks final : public engine::HooksBench {
public:
    engine::Hooks& hooks() override { return place_.ports().hooks; }
    base::Clock& clock() override { return place_.clock; }
    release::Hook ends_in(engine::HookState state) override {
        release::Hook hook;
        hook.name = std::string("ends in ") + std::to_string(static_cast<int>(state));
        place_.hook_answers[hook.name] = {state};
        return hook;
    }
    release::Hook checks_stage() override {
        release::Hook hook;
        hook.name = "checks stage";
        place_.hook_answers[hook.name] = {engine::HookState::succeeded, engine::HookState::failed};
        return hook;
    }
    release::Hook nowhere() override {
        place_.script = [at = place_.crossings](std::uint64_t crossing, std::string_view) {
            return crossing == at ? Fault::unavailable : Fault::none;
        };
        return {};
    }
    std::optional<release::Hook> hangs() override {
        place_.script = [at = place_.crossings](std::uint64_t crossing, std::string_view) {
            return crossing == at ? Fault::unanswered : Fault::none;
        };
        return release::Hook{};
    }

private:
    Place place_{1, {}};
};

template <typename Base, typename Bench>
std::unique_ptr<Base> make() {
    return std::make_unique<Bench>();
}

}  // namespace
}  // namespace sim

namespace engine {

INSTANTIATE_TEST_SUITE_P(sim, StoreContract,
                         testing::Values(&sim::make<StoreBench, sim::SimulatedStore>));
INSTANTIATE_TEST_SUITE_P(sim, FleetContract,
                         testing::Values(&sim::make<FleetBench, sim::SimulatedFleet>));
INSTANTIATE_TEST_SUITE_P(sim, TrafficContract,
                         testing::Values(&sim::make<TrafficBench, sim::SimulatedTraffic>));
INSTANTIATE_TEST_SUITE_P(sim, AssetsContract,
                         testing::Values(&sim::make<AssetsBench, sim::SimulatedAssets>));
INSTANTIATE_TEST_SUITE_P(sim, MetricsContract,
                         testing::Values(&sim::make<MetricsBench, sim::SimulatedMetrics>));
INSTANTIATE_TEST_SUITE_P(sim, HooksContract,
                         testing::Values(&sim::make<HooksBench, sim::SimulatedHooks>));

}  // namespace engine
