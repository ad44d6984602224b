#include "release/plan.h"

#include "base/json.h"
#include "release/sample.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

namespace release {
namespace {

/// What a plan's steps make of the two pools and the share: enough to tell where a run ends.
struct World {
    std::optional<Release> blue;
    std::optional<Release> green;
    base::Permille green_share;
    std::optional<Release> published;

    std::optional<Release>& in(Pool pool) { return pool == Pool::blue ? blue : green; }
    Pool active() const { return green_share == base::kAll ? Pool::green : Pool::blue; }
};

/// Carries the plan out; asserts P3 and P4 on the way.
void carry_out(const Plan& plan, World& world) {
    for (const Step& step : plan.steps) {
        if (const auto* scale = std::get_if<ScaleUp>(&step.action)) {
            world.in(scale->pool) = plan.to;
        } else if (const auto* shift = std::get_if<Shift>(&step.action)) {
            RC_ASSERT(world.in(shift->to).has_value());
            RC_ASSERT(same(*world.in(shift->to), plan.to));
            world.green_share =
                shift->to == Pool::green
                    ? shift->share
                    : base::Permille{static_cast<std::uint16_t>(1000 - shift->share.value)};
        } else if (const auto* retire = std::get_if<Retire>(&step.action)) {
            RC_ASSERT(world.active() != retire->pool);
            RC_ASSERT(world.green_share == base::kAll || world.green_share == base::kNone);
            world.in(retire->pool).reset();
        } else if (const auto* replace = std::get_if<Replace>(&step.action)) {
            RC_ASSERT(replace->pool == world.active());
            if (replace->updated == replace->instances) world.in(replace->pool) = plan.to;
        } else if (const auto* both = std::get_if<Recreate>(&step.action)) {
            RC_ASSERT(both->from == world.active());
            world.in(both->from).reset();
            world.in(both->to) = plan.to;
            world.green_share = both->to == Pool::green ? base::kAll : base::kNone;
        } else if (std::holds_alternative<PublishAssets>(step.action)) {
            world.published = plan.to;
        }
    }
}

rc::Gen<Release> any_release(std::string id) {
    return rc::gen::map(
        rc::gen::tuple(rc::gen::inRange(0, 3), rc::gen::inRange(0, 3), rc::gen::inRange(0, 3),
                       rc::gen::elementOf(std::vector<std::string>{"c", "d"}),
                       rc::gen::elementOf(std::vector<std::string>{"", "web", "web2"})),
        [id](const auto& parts) {
            const auto& [major, minor, patch, config, assets] = parts;
            return sample_release(id, fmt::format("{}.{}.{}", major, minor, patch), config, assets);
        });
}

rc::Gen<Spec> any_spec() {
    return rc::gen::exec([] {
        Spec spec = sample_spec();
        spec.service.instances = *rc::gen::inRange<std::uint32_t>(1, 8);
        spec.strategy.rolling_batch = *rc::gen::inRange<std::uint32_t>(1, 4);
        spec.compatibility.fan_out = *rc::gen::element(FanOut::shared, FanOut::none);
        spec.compatibility.overlap = *rc::gen::element(Overlap::allowed, Overlap::none);
        spec.compatibility.schema = *rc::gen::element(SchemaChange::none, SchemaChange::expand);
        spec.strategy.patch = *rc::gen::element<std::optional<StrategyKind>>(
            std::nullopt, StrategyKind::rolling, StrategyKind::blue_green);
        spec.strategy.bake = milliseconds{*rc::gen::inRange(0, 3)};
        spec.strategy.keep_warm = milliseconds{*rc::gen::inRange(0, 3)};
        for (int i = *rc::gen::inRange(0, 3); i > 0; --i)
            spec.hooks.push_back({.name = fmt::format("h{}", i),
                                  .stage = static_cast<Stage>(*rc::gen::inRange(0, 10)),
                                  .command = {"x"},
                                  .url = {}});
        for (int i = *rc::gen::inRange(0, 3); i > 0; --i)
            spec.gates.push_back({.name = fmt::format("g{}", i),
                                  .stage = static_cast<Stage>(*rc::gen::inRange(0, 10)),
                                  .owner = "ada"});
        for (int i = *rc::gen::inRange(0, 4); i > 0; --i)
            spec.strategy.steps.push_back(
                {.weight = base::Permille{static_cast<std::uint16_t>(i * 100)},
                 .hold = milliseconds{i},
                 .wait_for_person = *rc::gen::arbitrary<bool>()});
        return spec;
    });
}

/// A plan from `r1` in blue, or nothing when the policy refuses it.
std::optional<Plan> any_plan() {
    const auto forced = *rc::gen::element<std::optional<StrategyKind>>(
        std::nullopt, std::nullopt, StrategyKind::canary, StrategyKind::rolling,
        StrategyKind::blue_green);
    const Present present =
        *rc::gen::arbitrary<bool>() ? sample_present(*any_release("r1")) : Present{};
    auto plan = plan_release(*any_spec(), *any_release("r2"), present, forced);
    if (!plan) return {};
    return *plan;
}

RC_GTEST_PROP(AnyPlan, prints_as_json_that_reads_back_the_same, ()) {
    const auto plan = any_plan();
    RC_PRE(plan.has_value());
    const auto again = plan_from_json(plan_to_json(*plan));
    RC_ASSERT(again.has_value());
    RC_ASSERT(*again == *plan);
    RC_ASSERT(digest_of(*again) == digest_of(*plan));
}

RC_GTEST_PROP(AnyPlan, has_step_ids_that_stand_once, ()) {
    const auto plan = any_plan();
    RC_PRE(plan.has_value());
    std::set<std::string> ids;
    for (const Step& step : plan->steps) RC_ASSERT(ids.insert(step.id).second);
}

RC_GTEST_PROP(AnyPlan, has_every_gate_before_users_could_notice_or_at_its_stage, ()) {
    const auto plan = any_plan();
    RC_PRE(plan.has_value());
    std::size_t gates = 0;
    for (const Step& step : plan->steps)
        if (step.id.starts_with("gate-")) ++gates;
    std::size_t wanted = 0;
    for (const Step& step : plan->steps)
        if (const auto* consent = std::get_if<AwaitConsent>(&step.action);
            consent != nullptr && consent->gate.owner == "ada")
            ++wanted;
    RC_ASSERT(gates == wanted);
}

RC_GTEST_PROP(AnyPlan, ends_with_all_on_the_new_release, ()) {
    const Spec spec = *any_spec();
    const Release from = *any_release("r1");
    const auto plan = plan_release(spec, *any_release("r2"), sample_present(from), {});
    RC_PRE(plan.has_value());
    World world{.blue = from, .green = {}, .green_share = {}, .published = from};
    carry_out(*plan, world);
    RC_ASSERT(world.active() == plan->target);
    if (plan->strategy != StrategyKind::publish) RC_ASSERT(same(*world.in(plan->target), plan->to));
    if (plan->to.assets != base::Digest{}) RC_ASSERT(world.published->assets == plan->to.assets);
}

RC_GTEST_PROP(AnyRollback, restores_what_was_before_the_release, ()) {
    const Spec spec = *any_spec();
    const Release from = *any_release("r1");
    const auto plan = plan_release(spec, *any_release("r2"), sample_present(from), {});
    RC_PRE(plan.has_value());
    World world{.blue = from, .green = {}, .green_share = {}, .published = from};
    Plan carried = *plan;
    const bool overlaps = plan->target != plan->active && plan->strategy != StrategyKind::recreate;
    const bool warm = overlaps && *rc::gen::arbitrary<bool>();
    if (warm) carried.steps.pop_back();  // RETIRE has not come yet.
    carry_out(carried, world);
    const Present present{.active_release = plan->to,
                          .active = plan->target,
                          .idle_release = world.in(other(plan->target)),
                          .idle_healthy = warm ? spec.service.instances : 0};
    const auto back = plan_rollback(spec, from, present, "r3");
    RC_ASSERT(back.has_value());
    RC_ASSERT(!warm || std::holds_alternative<Shift>(back->steps.front().action));
    carry_out(*back, world);
    RC_ASSERT(world.active() == back->target);
    if (back->strategy != StrategyKind::publish) RC_ASSERT(same(*world.in(back->target), from));
    if (from.assets != base::Digest{}) RC_ASSERT(world.published->assets == from.assets);
}

/// Every leaf of the JSON, changed; what is still a plan must have another digest, unless only the
/// place has changed from which files are fetched whose digests are in the plan.
void change_each_leaf(const base::Json& whole, base::Json& part, base::Json& root,
                      const base::Digest& before, int& changed) {
    if (part.is_structured()) {
        for (auto&& [key, inner] : part.items()) {
            if (key.ends_with("_source")) continue;
            change_each_leaf(whole, inner, root, before, changed);
        }
        return;
    }
    const base::Json old = part;
    if (part.is_string())
        part = old.get<std::string>() + "x";
    else if (part.is_boolean())
        part = !old.get<bool>();
    else if (part.is_number())
        part = old.get<std::uint64_t>() + 1;
    if (part != old)
        if (const auto other_plan = plan_from_json(root.dump())) {
            EXPECT_NE(digest_of(*other_plan), before) << root.dump();
            ++changed;
        }
    part = old;
}

TEST(PlanDigests, change_with_every_leaf_of_the_plan) {
    Spec spec = sample_spec();
    spec.hooks = {{.name = "h", .stage = Stage::test, .command = {"x"}, .url = {}}};
    spec.gates = {{.name = "g", .stage = Stage::shift, .owner = "ada"}};
    const auto plan = plan_release(spec, sample_release("r2", "2.0.0"),
                                   sample_present(sample_release("r1", "1.0.0")), {});
    ASSERT_TRUE(plan);
    base::Json root = base::Json::parse(plan_to_json(*plan));
    int changed = 0;
    change_each_leaf(root, root, root, digest_of(*plan), changed);
    EXPECT_GT(changed, 60);
}

TEST(PlanDigests, are_the_same_wherever_the_same_files_lie) {
    const auto plan = plan_release(sample_spec(), sample_release("r2", "2.0.0"),
                                   sample_present(sample_release("r1", "1.0.0")), {});
    ASSERT_TRUE(plan);
    Plan elsewhere = *plan;
    elsewhere.to.artifact_source = "/another/workspace/chat";
    elsewhere.from->artifact_source = "/a/third/chat";
    EXPECT_EQ(digest_of(elsewhere), digest_of(*plan));
    elsewhere.to.artifact.bytes[0] ^= 1;
    EXPECT_NE(digest_of(elsewhere), digest_of(*plan));
}

TEST(PlanJson, that_is_not_exactly_a_plan_is_refused) {
    const auto plan = plan_release(sample_spec(), sample_release("r1", "1.0.0"), Present{}, {});
    ASSERT_TRUE(plan);
    const base::Json good = base::Json::parse(plan_to_json(*plan));
    ASSERT_TRUE(plan_from_json(good.dump()));
    const auto refused = [&good](auto change) {
        base::Json json = good;
        change(json);
        const auto read = plan_from_json(json.dump());
        return read ? std::string{} : read.error().diagnostic.why;
    };
    EXPECT_EQ(refused([](base::Json& json) { json.erase("strategy"); }), "`strategy` is missing");
    EXPECT_EQ(refused([](base::Json& json) { json["more"] = 1; }),
              "`it` has members that are not known");
    EXPECT_EQ(refused([](base::Json& json) { json["steps"][0]["action"]["kind"] = "dance"; }),
              "`steps[0].action` is of no known kind");
    EXPECT_EQ(refused([](base::Json& json) { json["steps"][2]["action"]["pool"] = "red"; }),
              "`steps[2].action.pool` is none of its words");
    EXPECT_EQ(refused([](base::Json& json) { json["instances"] = -1; }),
              "`instances` is no whole number in its range");
    EXPECT_EQ(refused([](base::Json& json) { json["guard"]["error_rate_max"] = 1001; }),
              "`guard.error_rate_max` is more than all");
    EXPECT_EQ(refused([](base::Json& json) { json["to"]["version"] = "1"; }),
              "`to.version` is no version");
    EXPECT_FALSE(plan_from_json("[]"));
    EXPECT_FALSE(plan_from_json("{"));
}

}  // namespace
}  // namespace release
