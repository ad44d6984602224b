#include "aws/fleet.h"

#include "aws/fleet_twin_test.h"
#include "base/file.h"
#include "engine/fleet_contract.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <set>

namespace aws {
namespace {

using namespace std::chrono_literals;
using release::Pool;

struct World {
    HandClock clock;
    ScalingTwin twin{clock};
    Client scaling = client_of(twin, clock, "autoscaling");
    Client balancing = client_of(twin, clock, "elasticloadbalancing");
    Client compute = client_of(twin, clock, "ec2");
    Client bucket = client_of(twin, clock, "s3");
    Fleet fleet = made();

    Fleet made(Hand hand = Hand::drives) {
        return Fleet({.blue = "shop-blue",
                      .green = "shop-green",
                      .targets = {.blue = BalancerTwin::kBlue, .green = BalancerTwin::kGreen},
                      .launch_template = "lt-1",
                      .template_version = "1",
                      .boot = {.application = "shop",
                               .region = "eu-central-1",
                               .bucket = "state",
                               .prefix = "shop",
                               .port = 8065,
                               .user = "shop"}},
                     {scaling, balancing, compute, bucket}, clock, hand);
    }
    base::Deadline soon() { return clock.deadline_in(60s); }
    static engine::Ticket ticket(const std::string& step, std::uint64_t fence = 7) {
        return {.fence = fence, .step = {"r1/" + step}};
    }
    release::Release release(const std::string& id) {
        release::Release out{.id = id,
                             .version = *release::version_from("1.0.0"),
                             .artifact = base::sha256(id),
                             .config = {},
                             .assets = {},
                             .artifact_source = "/nowhere/" + id + ".tar.gz",
                             .assets_source = {},
                             .process = {.command = {"${artifact}/server"},
                                         .environment = {{"PORT", "${port}"}},
                                         .secrets = {}}};
        twin.objects["shop/artifacts/" + out.artifact.hex()] = id;
        return out;
    }
    bool wait_for(const std::function<bool()>& holds) {
        for (int i = 0; i < 60; ++i) {
            if (holds()) return true;
            clock.spent += 15s;
            twin.advance();
        }
        return false;
    }
    /// Until the fleet lists so many healthy ones of `id` in `pool`, and no others there.
    bool comes_to(Pool pool, const std::string& id, std::size_t instances) {
        return wait_for([&] {
            const auto list = fleet.list(soon());
            if (!list) return false;
            std::size_t healthy = 0;
            std::size_t all = 0;
            for (const engine::Instance& each : *list) {
                if (each.pool != pool) continue;
                ++all;
                if (each.release == id && each.state == engine::InstanceState::healthy) ++healthy;
            }
            return healthy == instances && all == instances;
        });
    }
    /// One step of a release, whatever its calls meet with.
    template <typename Wish>
    void insist(const Wish& wish) {
        for (int i = 0; i < 9; ++i)
            if (wish()) return;
        ADD_FAILURE() << "never accepted";
    }
    /// r1 in blue, then r2 in green, then blue is retired.
    void release_both() {
        const auto r1 = release("r1");
        const auto r2 = release("r2");
        insist([&] { return fleet.ensure(Pool::blue, {r1, 2}, ticket("up-1"), soon()); });
        EXPECT_TRUE(comes_to(Pool::blue, "r1", 2));
        insist([&] { return fleet.ensure(Pool::green, {r2, 3}, ticket("up-2"), soon()); });
        EXPECT_TRUE(comes_to(Pool::green, "r2", 3));
        insist([&] { return fleet.retire(Pool::blue, ticket("retire"), soon()); });
        EXPECT_TRUE(comes_to(Pool::blue, "", 0));
    }
};

class Bench final : public engine::FleetBench {
public:
    engine::Fleet& fleet() override { return world_.fleet; }
    base::Clock& clock() override { return world_.clock; }
    release::Release release(const std::string& id) override { return world_.release(id); }
    release::Release sick_release(const std::string& id) override {
        auto out = world_.release(id);
        world_.twin.sick.insert(out.artifact.hex());
        return out;
    }
    release::Release lost_release(const std::string& id) override {
        auto out = world_.release(id);
        world_.twin.objects.clear();
        return out;
    }
    void kill(const engine::Instance& instance) override {
        for (auto* const group : {&world_.twin.blue, &world_.twin.green})
            for (auto& each : group->instances)
                if (each.id == instance.id) each.health = each.target = "Unhealthy";
    }
    bool wait_for(const std::function<bool()>& holds) override { return world_.wait_for(holds); }

private:
    World world_;
};

std::unique_ptr<engine::FleetBench> make_bench() {
    return std::make_unique<Bench>();
}

class ScalingFleet : public testing::Test {
protected:
    World world;
    ScalingTwin& twin = world.twin;

    static std::set<std::string> scaling() {
        return {std::begin(kScalingProcesses), std::end(kScalingProcesses)};
    }
};

TEST_F(ScalingFleet, a_release_boots_from_a_version_of_its_own_that_is_pinned_by_number) {
    const auto r1 = world.release("r1");
    ASSERT_TRUE(world.fleet.ensure(Pool::blue, {r1, 2}, World::ticket("up"), world.soon()));
    ASSERT_TRUE(world.comes_to(Pool::blue, "r1", 2));
    ASSERT_EQ(twin.versions.size(), 2U);
    EXPECT_EQ(twin.blue.version, "2");
    EXPECT_EQ(twin.versions[1].source, "1");
    EXPECT_NE(twin.versions[1].script.find(r1.artifact.hex()), std::string::npos);
    EXPECT_NE(twin.versions[1].script.find("pool='blue'"), std::string::npos);
}

TEST_F(ScalingFleet, the_way_back_goes_to_the_template_version_that_a_release_was_made_from) {
    auto r1 = world.release("r1");
    r1.process.environment[kTemplateVariable] = "9";
    ASSERT_TRUE(world.fleet.ensure(Pool::blue, {r1, 2}, World::ticket("up"), world.soon()));
    EXPECT_EQ(twin.versions[1].source, "9");
}

TEST_F(ScalingFleet, while_a_release_goes_on_nothing_scales_by_itself_in_either_pool) {
    twin.blue.suspended = {"AZRebalance"};  // by someone else
    const auto r1 = world.release("r1");
    ASSERT_TRUE(world.fleet.ensure(Pool::blue, {r1, 2}, World::ticket("up-1"), world.soon()));
    ASSERT_TRUE(world.comes_to(Pool::blue, "r1", 2));
    twin.blue.min = 1;
    twin.blue.max = 9;
    twin.blue.desired = 4;  // scaled out since
    ASSERT_TRUE(world.comes_to(Pool::blue, "r1", 4));
    const auto r2 = world.release("r2");
    ASSERT_TRUE(world.fleet.ensure(Pool::green, {r2, 3}, World::ticket("up-2"), world.soon()));
    ASSERT_TRUE(world.comes_to(Pool::green, "r2", 3));
    EXPECT_EQ(twin.blue.suspended, scaling());
    EXPECT_EQ(twin.green.suspended, scaling());
    EXPECT_EQ(twin.blue.min, 4);  // as large as it was: it may have to take all users back
    EXPECT_EQ(twin.blue.max, 4);
    EXPECT_EQ(twin.blue.desired, 4);
    EXPECT_EQ(twin.green.min, 3);
    EXPECT_EQ(twin.green.max, 3);
    ASSERT_TRUE(world.fleet.retire(Pool::green, World::ticket("up-2/undo"), world.soon()));
    ASSERT_TRUE(world.comes_to(Pool::green, "", 0));
    EXPECT_EQ(twin.blue.suspended, std::set<std::string>{"AZRebalance"});
    EXPECT_EQ(twin.blue.min, 1);
    EXPECT_EQ(twin.blue.max, 9);
    EXPECT_EQ(twin.blue.desired, 4);
    EXPECT_TRUE(twin.green.suspended.empty());
}

TEST_F(ScalingFleet, scaling_is_given_back_before_the_end_of_a_release_is_seen) {
    world.release_both();
    EXPECT_TRUE(twin.green.suspended.empty());
    EXPECT_TRUE(twin.blue.suspended.empty());
    EXPECT_EQ(twin.green.min, 0);
    EXPECT_EQ(twin.green.max, 6);
    EXPECT_EQ(twin.green.desired, 3);
    EXPECT_EQ(twin.blue.max, 0);
}

TEST_F(ScalingFleet, bounds_of_a_retired_pool_come_back_with_its_next_release) {
    world.release_both();
    const auto r3 = world.release("r3");
    ASSERT_TRUE(world.fleet.ensure(Pool::blue, {r3, 2}, World::ticket("up-3"), world.soon()));
    ASSERT_TRUE(world.comes_to(Pool::blue, "r3", 2));
    ASSERT_TRUE(world.fleet.retire(Pool::green, World::ticket("retire-3"), world.soon()));
    ASSERT_TRUE(world.comes_to(Pool::green, "", 0));
    EXPECT_EQ(twin.blue.max, 6);
    EXPECT_TRUE(twin.blue.suspended.empty());
}

TEST_F(ScalingFleet, who_only_watches_changes_nothing) {
    const auto r1 = world.release("r1");
    ASSERT_TRUE(world.fleet.ensure(Pool::blue, {r1, 2}, World::ticket("up"), world.soon()));
    Fleet watcher = world.made(Hand::watches);
    const std::size_t before = twin.changes.size();
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(watcher.list(world.soon()));
    EXPECT_EQ(twin.changes.size(), before);
}

TEST_F(ScalingFleet, a_process_that_a_release_needs_and_someone_suspended_is_named) {
    twin.green.suspended = {"Launch"};
    const auto refused = world.fleet.ensure(Pool::green, {world.release("r1"), 2},
                                            World::ticket("up"), world.soon());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().diagnostic.code, "CF0822");
    EXPECT_TRUE(twin.green.tags.empty());
}

TEST_F(ScalingFleet, what_is_told_as_before_our_last_write_is_not_believed) {
    const auto r1 = world.release("r1");
    ASSERT_TRUE(world.fleet.ensure(Pool::blue, {r1, 2}, World::ticket("up"), world.soon()));
    const auto tags = twin.blue.tags;
    twin.blue.tags.clear();
    const auto list = world.fleet.list(world.soon());
    ASSERT_FALSE(list);
    EXPECT_EQ(list.error().failure, base::Failure::unavailable);
    twin.blue.tags = tags;
    EXPECT_TRUE(world.fleet.list(world.soon()));
}

TEST_F(ScalingFleet, a_secret_of_an_environment_that_no_instance_has_is_refused) {
    auto r1 = world.release("r1");
    r1.process.secrets["TOKEN"] = {.kind = release::SecretSource::Kind::environment,
                                   .name = "TOKEN"};
    const auto refused = world.fleet.prepare(r1, World::ticket("prepare"), world.soon());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().diagnostic.code, "CF0823");
}

TEST_F(ScalingFleet, an_artifact_is_uploaded_once_under_its_digest) {
    const auto file =
        std::filesystem::temp_directory_path() / ("crossfade-fleet-" + std::to_string(getpid()));
    ASSERT_TRUE(base::write_file(file, "a server"));
    auto r1 = world.release("r1");
    twin.objects.clear();
    r1.artifact = base::sha256("a server");
    r1.artifact_source = file.string();
    ASSERT_TRUE(world.fleet.prepare(r1, World::ticket("prepare"), world.soon()));
    EXPECT_EQ(twin.objects.at("shop/artifacts/" + r1.artifact.hex()), "a server");
    EXPECT_EQ(twin.objects.size(), 2U);  // and the config
    const std::size_t before = twin.changes.size();
    ASSERT_TRUE(world.fleet.prepare(r1, World::ticket("prepare"), world.soon()));
    EXPECT_EQ(twin.changes.size(), before);
    twin.objects.clear();
    ASSERT_TRUE(base::write_file(file, "another server"));
    const auto refused = world.fleet.prepare(r1, World::ticket("prepare"), world.soon());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().diagnostic.code, "CF0826");
    std::filesystem::remove(file);
}

TEST_F(ScalingFleet, what_a_release_that_is_over_left_so_is_given_back_and_nothing_else) {
    const auto r1 = world.release("r1");
    ASSERT_TRUE(world.fleet.ensure(Pool::blue, {r1, 2}, World::ticket("up"), world.soon()));
    ASSERT_TRUE(world.comes_to(Pool::blue, "r1", 2));
    const auto r2 = world.release("r2");
    ASSERT_TRUE(world.fleet.ensure(Pool::green, {r2, 3}, World::ticket("up-2"), world.soon()));
    // Nobody ever looks again: both are held, and one has not what it was wished to have.
    twin.green.suspended.insert("Terminate");
    const std::string wish = twin.green.tags["crossfade:wish"];
    Fleet second = world.made();
    const auto given = second.give_back(World::ticket("give-back", 8), world.soon());
    ASSERT_TRUE(given);
    EXPECT_EQ(*given, (std::vector<std::string>{"shop-blue", "shop-green"}));
    EXPECT_TRUE(twin.blue.suspended.empty());
    EXPECT_EQ(twin.green.suspended, std::set<std::string>{"Terminate"});
    EXPECT_EQ(twin.blue.min, 0);
    EXPECT_EQ(twin.blue.max, 6);
    EXPECT_EQ(twin.blue.desired, 2);
    EXPECT_EQ(twin.green.max, 6);
    EXPECT_EQ(twin.green.tags["crossfade:wish"], wish);
    const std::size_t before = twin.changes.size();
    const auto again = second.give_back(World::ticket("give-back", 8), world.soon());
    ASSERT_TRUE(again);
    EXPECT_TRUE(again->empty());
    EXPECT_EQ(twin.changes.size(), before);
}

TEST_F(ScalingFleet, nothing_is_given_back_under_a_lease_that_was_replaced) {
    ASSERT_TRUE(world.fleet.ensure(Pool::blue, {world.release("r1"), 2}, World::ticket("up", 9),
                                   world.soon()));
    ASSERT_TRUE(world.comes_to(Pool::blue, "r1", 2));
    const auto refused = world.made().give_back(World::ticket("give-back", 8), world.soon());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().diagnostic.code, "CF0821");
}

// Whatever one request meets with, the release ends where it was to end, and scaling with it.
TEST_F(ScalingFleet, a_mishap_at_any_request_changes_nothing_about_the_end) {
    World calm;
    calm.release_both();
    const std::size_t requests = calm.twin.actions.size();
    for (const Mishap kind : {Mishap::unreached, Mishap::unanswered, Mishap::lost_answer})
        for (std::size_t at = 0; at < requests; ++at) {
            World one;
            one.twin.misfortune = {.at = static_cast<int>(at), .kind = kind};
            one.release_both();
            ASSERT_FALSE(HasFailure()) << at;
            EXPECT_TRUE(one.twin.green.suspended.empty()) << at;
            EXPECT_TRUE(one.twin.blue.suspended.empty()) << at;
            EXPECT_EQ(one.twin.green.max, 6) << at;
            EXPECT_EQ(one.twin.green.desired, 3) << at;
        }
}

// A controller that dies after any request, and another one with a higher fence after it.
TEST_F(ScalingFleet, whoever_comes_after_a_crash_at_any_request_carries_the_replacement_on) {
    for (std::size_t at = 0; at < 60; ++at) {
        World one;
        const auto r1 = one.release("r1");
        const auto r2 = one.release("r2");
        ASSERT_TRUE(one.fleet.ensure(Pool::blue, {r1, 3}, World::ticket("up"), one.soon()));
        ASSERT_TRUE(one.comes_to(Pool::blue, "r1", 3));
        std::size_t seen = 0;
        struct Died {};
        one.twin.before = [&] {
            if (seen++ == at) throw Died{};
        };
        std::size_t fewest = 3;
        const auto count = [&] {
            const auto& all = one.twin.blue.instances;
            fewest = std::min(fewest, static_cast<std::size_t>(std::count_if(
                                          all.begin(), all.end(), [](const auto& each) {
                                              return each.target == "healthy" &&
                                                     each.lifecycle == "InService";
                                          })));
        };
        const auto release_it = [&](Fleet& fleet, std::uint64_t fence) {
            for (std::uint32_t updated = 1; updated <= 3; ++updated) {
                const auto step = "replace-" + std::to_string(updated);
                ASSERT_TRUE(fleet.replace(Pool::blue, {r2, 3}, updated, World::ticket(step, fence),
                                          one.soon()));
                ASSERT_TRUE(one.wait_for([&] {
                    count();
                    const auto list = fleet.list(one.soon());
                    return list && list->size() == 3 &&
                           std::count_if(list->begin(), list->end(), [](const auto& each) {
                               return each.release == "r2" &&
                                      each.state == engine::InstanceState::healthy;
                           }) >= updated;
                }));
            }
        };
        try {
            Fleet first = one.made();
            release_it(first, 7);
        } catch (const Died&) {
        }
        one.twin.before = nullptr;
        Fleet second = one.made();
        release_it(second, 8);
        ASSERT_FALSE(HasFailure()) << at;
        EXPECT_EQ(fewest, 3U) << at;
        EXPECT_TRUE(one.twin.blue.suspended.empty()) << at;
        EXPECT_EQ(one.twin.blue.max, 6) << at;
        EXPECT_EQ(one.twin.blue.desired, 3) << at;
    }
}

}  // namespace
}  // namespace aws

namespace engine {
INSTANTIATE_TEST_SUITE_P(aws, FleetContract, testing::Values(&aws::make_bench));
}  // namespace engine
