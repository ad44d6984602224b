#include "release/plan.h"

#include "base/digest.h"
#include "base/duration.h"
#include "base/result.h"
#include "base/units.h"
#include "release/change.h"
#include "release/pool.h"
#include "release/release.h"
#include "release/spec.h"
#include "release/stage.h"
#include "release/strategy.h"
#include "release/version.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace release {

namespace {

using base::Failure;

std::string percent(base::Permille share) {
    return share.value % 10 == 0 ? fmt::format("{} %", share.value / 10)
                                 : fmt::format("{}.{} %", share.value / 10, share.value % 10);
}

std::string title(const Release& release) {
    return fmt::format("{} ({})", to_text(release.version), release.id);
}

/// Adds steps in order and gives each its id.
class Steps {
public:
    explicit Steps(const Plan& plan) : plan_(plan) {}

    /// `name` is the id where a kind occurs once; else it is numbered.
    void add(std::string id, Stage stage, Action action, std::string reason,
             milliseconds expected = {}) {
        steps_.push_back({std::move(id), stage, std::move(action), std::move(reason), expected});
    }
    void add_numbered(std::string_view kind, Stage stage, Action action, std::string reason,
                      milliseconds expected) {
        add(fmt::format("{}-{}", kind, ++numbers_[std::string(kind)]), stage, std::move(action),
            std::move(reason), expected);
    }

    void check() {
        add("check", Stage::preflight, CheckWorld{},
            "The world must be as this plan was made for before anything changes.");
    }
    void publish(const Change& change) {
        if (change.assets && plan_.to.assets != base::Digest{})
            add("publish", Stage::publish_assets, PublishAssets{},
                "Assets are there and verified before the first instance that refers to them.");
    }
    void prepare() {
        add("prepare", Stage::prepare, Prepare{},
            "The artifact is fetched and its digest checked while nothing depends on it yet.");
    }
    void scale_up(const HealthCheck& health) {
        add("scale-up", Stage::scale_up, ScaleUp{plan_.target, plan_.instances},
            fmt::format("{} {} of {} must be healthy in {} before a user is sent there.",
                        plan_.instances, plan_.instances == 1 ? "instance" : "instances",
                        title(plan_.to), name_of(plan_.target)),
            health.interval * health.healthy_after);
    }
    void shift(base::Permille share, std::string reason) {
        add_numbered("shift", Stage::shift, Shift{plan_.target, share}, std::move(reason),
                     plan_.is_rollback ? milliseconds{0} : plan_.settings.settle);
    }
    void recreate() {
        add("recreate", Stage::replace, Recreate{plan_.active, plan_.target, plan_.instances},
            fmt::format("Requests wait while {} ends and {} starts; each at most {}.",
                        title(*plan_.from), title(plan_.to),
                        base::to_text(plan_.settings.recreate_hold)));
    }
    void bake(std::string reason) {
        if (plan_.settings.bake > milliseconds{0})
            add("bake", Stage::bake, Watch{plan_.settings.bake}, std::move(reason),
                plan_.settings.bake);
    }
    void drain() {
        add("drain", Stage::drain, Drain{plan_.active},
            fmt::format("Sockets still on {} are asked to move; what is in flight ends there.",
                        name_of(plan_.active)),
            std::max(plan_.settings.settle_before_leaving - plan_.settings.bake, milliseconds{0}));
    }
    void retire(milliseconds keep_warm, std::string reason) {
        add("retire", Stage::retire, Retire{plan_.active, keep_warm}, std::move(reason), keep_warm);
    }

    std::vector<Step> take() { return std::move(steps_); }

private:
    const Plan& plan_;
    std::vector<Step> steps_;
    std::map<std::string, int> numbers_;
};

std::string ramp_reason(const Guard& guard) {
    if (guard.exposure_max)
        return fmt::format("At most {} of users meet it until it is known to be no worse.",
                           percent(*guard.exposure_max));
    return fmt::format("Its share rises as far as a budget of {} harmed requests affords.",
                       guard.harm_max);
}

void add_canary(Steps& steps, const Plan& plan) {
    if (rises_by_evidence(plan)) {
        steps.add("ramp", Stage::shift, Ramp{plan.target}, ramp_reason(plan.guard),
                  milliseconds{0});
        return;
    }
    for (const CanaryStep& stop : plan.settings.steps) {
        steps.shift(stop.weight,
                    fmt::format("{} of new requests go to the new release.", percent(stop.weight)));
        if (stop.hold > milliseconds{0})
            steps.add_numbered(
                "watch", Stage::shift, Watch{stop.hold},
                fmt::format("Its counts are judged at {}; a fail goes back.", percent(stop.weight)),
                stop.hold);
        if (stop.wait_for_person)
            steps.add_numbered(
                "consent", Stage::shift,
                AwaitConsent{Gate{.name = fmt::format("canary at {}", percent(stop.weight)),
                                  .stage = Stage::shift,
                                  .owner = {}}},
                fmt::format("The spec wants a person's consent at {}.", percent(stop.weight)),
                milliseconds{0});
    }
}

void add_test(Steps& steps, const Spec& spec) {
    if (std::any_of(spec.hooks.begin(), spec.hooks.end(),
                    [](const Hook& hook) { return hook.stage == Stage::test; }))
        steps.add("test", Stage::test, Test{},
                  "The new instances are tested before any user is sent to them.");
}

std::vector<Step> swap_steps(const Spec& spec, const Plan& plan) {
    Steps steps(plan);
    steps.check();
    steps.publish(plan.change);
    steps.prepare();
    steps.scale_up(spec.service.health);
    add_test(steps, spec);
    if (plan.strategy == StrategyKind::canary) add_canary(steps, plan);
    if (!plan.from) {
        steps.shift(base::kAll, "All requests go to the first release.");
        return steps.take();
    }
    steps.shift(base::kAll, "All new requests go to the new release.");
    // Users on two sides that share no events are brought together before anything is watched.
    const bool sockets_first = spec.compatibility.fan_out == FanOut::none;
    if (sockets_first) steps.drain();
    steps.bake("All traffic is on the new release; the old one stands by, warm.");
    if (!sockets_first) steps.drain();
    steps.retire(
        plan.settings.keep_warm,
        plan.settings.keep_warm > milliseconds{0}
            ? fmt::format("{} stays warm for a while, then its instances end.", title(*plan.from))
            : fmt::format("The instances of {} end.", title(*plan.from)));
    return steps.take();
}

enum class Watching { after_each_batch, none };

std::vector<Step> rolling_steps(const Plan& plan, Watching watching) {
    Steps steps(plan);
    steps.check();
    steps.publish(plan.change);
    steps.prepare();
    const std::uint32_t batch = std::max<std::uint32_t>(plan.settings.rolling_batch, 1);
    for (std::uint32_t updated = 0; updated < plan.instances;) {
        updated = std::min(plan.instances, updated + batch);
        steps.add_numbered(
            "replace", Stage::replace, Replace{plan.active, updated, plan.instances},
            fmt::format("{} of {} run {}; each new one is healthy before an old one drains.",
                        updated, plan.instances, title(plan.to)),
            plan.settings.settle_before_leaving);
        if (watching == Watching::after_each_batch && plan.settings.rolling_hold > milliseconds{0})
            steps.add_numbered("watch", Stage::replace, Watch{plan.settings.rolling_hold},
                               "The pool's counts are judged before the next batch; a fail goes "
                               "back.",
                               plan.settings.rolling_hold);
    }
    return steps.take();
}

std::vector<Step> recreate_steps(const Plan& plan) {
    Steps steps(plan);
    steps.check();
    steps.publish(plan.change);
    steps.prepare();
    steps.recreate();
    if (!plan.is_rollback) steps.bake("All traffic is on the new release; the old one has ended.");
    return steps.take();
}

std::vector<Step> publish_steps(const Plan& plan) {
    Steps steps(plan);
    steps.check();
    steps.publish(plan.change);
    return steps.take();
}

std::vector<Step> warm_rollback_steps(const Plan& plan) {
    Steps steps(plan);
    steps.shift(base::kAll,
                fmt::format("{} stands warm and healthy in {}: one write brings it back.",
                            title(plan.to), name_of(plan.target)));
    steps.publish(plan.change);
    steps.drain();
    steps.retire(milliseconds{0}, fmt::format("The instances of {} end.", title(*plan.from)));
    return steps.take();
}

std::vector<Step> cold_rollback_steps(const Spec& spec, const Plan& plan) {
    Steps steps(plan);
    steps.check();
    steps.publish(plan.change);
    steps.prepare();
    steps.scale_up(spec.service.health);
    steps.shift(base::kAll, "All new requests go back.");
    steps.drain();
    steps.retire(milliseconds{0}, fmt::format("The instances of {} end.", title(*plan.from)));
    return steps.take();
}

/// Whether users could notice the step: a gate never stands after the first of these.
bool is_felt(const Step& step, StrategyKind strategy) {
    return std::holds_alternative<Shift>(step.action) ||
           std::holds_alternative<Ramp>(step.action) ||
           std::holds_alternative<Replace>(step.action) ||
           std::holds_alternative<Recreate>(step.action) ||
           (strategy == StrategyKind::publish &&
            std::holds_alternative<PublishAssets>(step.action));
}

/// Puts hooks and gates where their stages begin. Gates stand before hooks: nothing of a stage
/// happens without consent. A gate whose stage the plan lacks stands before the first step that
/// users could notice, so that none is lost.
class Insertion {
public:
    Insertion(const Spec& spec, Plan& plan) : spec_(spec), plan_(plan), placed_(spec.gates.size()) {
        for (std::size_t i = 0; i < placed_.size(); ++i) placed_[i] = !stands(spec.gates[i]);
    }

    void run() {
        const std::vector<Step> bare = std::move(plan_.steps);
        plan_.steps.clear();
        for (const Step& step : bare) occurs_.insert(step.stage);
        std::set<Stage> begun;
        bool felt = false;
        for (const Step& step : bare) {
            const bool begins = begun.insert(step.stage).second;
            const bool first_felt = !felt && is_felt(step, plan_.strategy);
            felt = felt || first_felt;
            if (begins || first_felt) add_gates(step.stage, begins, first_felt);
            // What a test hook looks at has to be handed out first.
            if (step.stage == Stage::test) plan_.steps.push_back(step);
            if (begins) add_hooks(step.stage);
            if (step.stage != Stage::test) plan_.steps.push_back(step);
        }
        for (std::size_t i = 0; i < placed_.size(); ++i)
            if (!placed_[i]) place(i, bare.back().stage);
        for (const Hook& hook : spec_.hooks)
            if (!occurs_.contains(hook.stage))
                plan_.notes.push_back(fmt::format("Hook `{}` is not called: this plan has no {}.",
                                                  hook.name, name_of(hook.stage)));
    }

private:
    /// Whether the gate is meant for this release; said where it would have asked a second person.
    bool stands(const Gate& gate) {
        const auto among = [](const auto& values, auto value) {
            return values.empty() || std::find(values.begin(), values.end(), value) != values.end();
        };
        const bool meant = among(gate.changes, plan_.change.kind);
        const bool stands = meant && among(gate.strategies, plan_.strategy);
        if (!stands && gate.second_person)
            plan_.notes.push_back(
                fmt::format("Gate `{}` asks nobody: it is not for {} {}.", gate.name,
                            meant ? "the strategy" : "the change",
                            meant ? name_of(plan_.strategy) : name_of(plan_.change.kind)));
        return stands;
    }
    void add_gates(Stage stage, bool begins, bool first_felt) {
        for (std::size_t i = 0; i < placed_.size(); ++i) {
            const Stage wanted = spec_.gates[i].stage;
            const bool here = begins && wanted == stage;
            const bool instead = first_felt && !occurs_.contains(wanted);
            if (!placed_[i] && (here || instead)) place(i, stage);
        }
    }
    void place(std::size_t i, Stage stage) {
        const Gate& gate = spec_.gates[i];
        placed_[i] = true;
        plan_.steps.push_back(
            {fmt::format("gate-{}", gate.name), stage, AwaitConsent{gate},
             fmt::format("{} has to consent{}.", gate.owner.empty() ? "A person" : gate.owner,
                         gate.second_person ? ", other than who began the release" : ""),
             milliseconds{0}});
        if (stage != gate.stage)
            plan_.notes.push_back(fmt::format("Gate `{}` waits in {}: this plan has no {}.",
                                              gate.name, name_of(stage), name_of(gate.stage)));
    }
    void add_hooks(Stage stage) {
        for (const Hook& hook : spec_.hooks)
            if (hook.stage == stage)
                plan_.steps.push_back({fmt::format("hook-{}", hook.name), stage, CallHook{hook},
                                       stage == Stage::test
                                           ? "It tests the new instances; a failure goes back."
                                           : "The spec has it called at this stage's beginning.",
                                       milliseconds{0}});
    }

    const Spec& spec_;
    Plan& plan_;
    std::vector<bool> placed_;
    std::set<Stage> occurs_;
};

/// Whether `rule` asks a second person wherever `before` does.
bool covers(const Gate& rule, const Gate& before) {
    const auto holds = [](const auto& now, const auto& then) {
        if (now.empty() || then.empty()) return now.empty();
        return std::all_of(then.begin(), then.end(), [&](const auto& each) {
            return std::find(now.begin(), now.end(), each) != now.end();
        });
    };
    return rule.second_person && rule.name == before.name && holds(rule.changes, before.changes) &&
           holds(rule.strategies, before.strategies);
}

/// The spec with the rules that it drops: they stand once more, in whatever release drops them.
/// Else whoever may edit the spec could release alone.
Spec with_dropped_rules(const Spec& spec, const Present& present, Plan& plan) {
    Spec out = spec;
    for (const Gate& rule : spec.gates)
        if (rule.second_person) plan.rules.push_back(rule);
    for (const Gate& before : present.rules) {
        const auto covered = [&](const Gate& rule) { return covers(rule, before); };
        if (std::any_of(spec.gates.begin(), spec.gates.end(), covered)) continue;
        std::erase_if(out.gates, [&](const Gate& gate) { return gate.name == before.name; });
        Gate& again = out.gates.emplace_back(before);
        again.changes.clear();
        again.strategies.clear();
        plan.notes.push_back(
            fmt::format("Gate `{}` stands once more: the spec asks for less than the one of the "
                        "release that serves, and that needs the second person, too.",
                        before.name));
    }
    return out;
}

/// The hook that carries the contract migration out late, if the spec has one: any at RETIRE.
bool contracts_late(const Spec& spec) {
    return std::any_of(spec.hooks.begin(), spec.hooks.end(),
                       [](const Hook& hook) { return hook.stage == Stage::retire; });
}

std::string way_back_of_recreate(const Spec& spec, const Plan& plan) {
    if (spec.compatibility.schema == SchemaChange::contract)
        return fmt::format(
            "None from the first instance of {} on: it contracts the schema, and {} cannot work on "
            "it.",
            title(plan.to), title(*plan.from));
    return fmt::format("The same the other way: requests wait again while {} ends and {} starts.",
                       title(plan.to), title(*plan.from));
}

std::string way_back_of_swap(const Spec& spec, const Plan& plan) {
    const std::string from = title(*plan.from);
    if (spec.compatibility.schema == SchemaChange::contract) {
        if (!contracts_late(spec))
            return fmt::format(
                "None from SCALE_UP on: the first instance of {} contracts the schema, and {} "
                "cannot work on it. Call the migration in a hook at RETIRE to keep the way back "
                "open until then.",
                title(plan.to), from);
        return fmt::format(
            "Until RETIRE, one write to the router brings {} back; from then on none, because the "
            "schema is contracted there.",
            from);
    }
    if (plan.settings.keep_warm == milliseconds{0})
        return fmt::format(
            "Until RETIRE, one write to the router brings {} back; after it, its instances have to "
            "be started again first.",
            from);
    return fmt::format(
        "One write to the router brings {} back, until {} after everything is on {}; later its "
        "instances have to be started again first.",
        from, base::to_text(plan.settings.keep_warm), title(plan.to));
}

std::string way_back_of(const Spec& spec, const Plan& plan) {
    if (!plan.from) return "None: this is the first release. An abort ends its instances.";
    if (plan.strategy == StrategyKind::publish)
        return fmt::format("The assets of {} are kept and published again.", title(*plan.from));
    if (plan.strategy == StrategyKind::rolling)
        return fmt::format(
            "The instances are replaced backwards, {} at a time; {} is not kept warm.",
            std::max<std::uint32_t>(plan.settings.rolling_batch, 1), title(*plan.from));
    if (plan.strategy == StrategyKind::recreate) return way_back_of_recreate(spec, plan);
    return way_back_of_swap(spec, plan);
}

/// What every plan has in common.
Plan plan_for(const Spec& spec, const Release& to, const Present& present) {
    Plan plan;
    plan.application = spec.application;
    plan.from = present.active_release;
    plan.to = to;
    plan.active = present.active;
    plan.change = change_between(present.active_release, to);
    plan.instances = spec.service.instances;
    plan.guard = spec.guard;
    plan.settings = spec.strategy;
    plan.settings.steps = canary_stops(spec);
    if (spec.compatibility.fan_out == FanOut::none) plan.settings.drain_sockets_a_second = 0;
    plan.boot_deadline = spec.service.boot_deadline;
    return plan;
}

void note_idle_release(Plan& plan, const Present& present) {
    if (plan.target == plan.active || !present.idle_release ||
        same(*present.idle_release, plan.to) || plan.strategy == StrategyKind::publish)
        return;
    plan.notes.push_back(fmt::format(
        "{} still stands in {} and ends now: its place is needed, and with it goes the instant "
        "way back to it.",
        title(*present.idle_release), name_of(plan.target)));
}

tl::unexpected<base::Error> no_rollback(std::string code, const Release& to, std::string why,
                                        std::string fix) {
    return base::fail(Failure::rejected,
                      {.code = std::move(code),
                       .what = fmt::format("there is no way back to {}", title(to)),
                       .why = std::move(why),
                       .fix = std::move(fix)});
}

base::Result<void> may_go_back(const Spec& spec, const Release& to, const Present& present) {
    if (!present.active_release)
        return no_rollback("CF0221", to, "nothing runs", "use `crossfade deploy`");
    const Release& from = *present.active_release;
    if (same(from, to))
        return no_rollback("CF0220", to, "the identical release runs already",
                           "name another: `crossfade history` lists them");
    if (spec.compatibility.schema == SchemaChange::contract && to.version < from.version)
        return no_rollback(
            "CF0222", to,
            fmt::format("{} has contracted the schema (`compatibility.schema: contract`), and an "
                        "older release cannot work on it",
                        title(from)),
            "release a correction forward; if you have restored the schema yourself, set "
            "`compatibility.schema: none` and call this again");
    return allowed(spec.compatibility, from.version, to.version);
}

}  // namespace

std::vector<CanaryStep> canary_stops(const Spec& spec) {
    if (!spec.strategy.steps.empty() || spec.guard.compare) return spec.strategy.steps;
    return {{.weight = base::Permille{50}},
            {.weight = base::Permille{250}},
            {.weight = base::Permille{500}}};
}

bool rises_by_evidence(const Plan& plan) {
    return plan.strategy == StrategyKind::canary && plan.settings.steps.empty();
}

milliseconds Plan::expected() const {
    milliseconds sum{0};
    for (const Step& step : steps) sum += step.expected;
    return sum;
}

base::Result<Plan> plan_release(const Spec& spec, const Release& to, const Present& present,
                                std::optional<StrategyKind> forced) {
    Plan plan = plan_for(spec, to, present);
    auto choice = choose_strategy(spec, plan.from, to, plan.change, forced);
    if (!choice) return base::fail(choice);
    plan.id = to.id;
    plan.strategy = choice->kind;
    plan.strategy_reason = std::move(choice->reason);
    plan.notes = std::move(choice->notes);
    const bool swaps = plan.from && (plan.strategy == StrategyKind::blue_green ||
                                     plan.strategy == StrategyKind::canary ||
                                     plan.strategy == StrategyKind::recreate);
    plan.target = swaps ? other(plan.active) : plan.active;
    if (plan.strategy == StrategyKind::publish)
        plan.steps = publish_steps(plan);
    else if (plan.strategy == StrategyKind::rolling)
        plan.steps = rolling_steps(plan, Watching::after_each_batch);
    else if (plan.strategy == StrategyKind::recreate)
        plan.steps = recreate_steps(plan);
    else
        plan.steps = swap_steps(spec, plan);
    if (const auto& preview = plan.settings.preview; preview && swaps)
        plan.notes.push_back(
            fmt::format("Requests with the preview's `{}` reach {} from the moment its instances "
                        "are there; no other does before it has a share.",
                        preview->header, to_text(to.version)));
    if (const auto& cohort = plan.settings.cohort; cohort && swaps)
        plan.notes.push_back(fmt::format(
            "Users are divided, not requests: each is told by the {} `{}` and moves once.",
            cohort->header.empty() ? "cookie" : "header",
            cohort->header.empty() ? cohort->cookie : cohort->header));
    const bool stays = plan.target == plan.active || plan.strategy == StrategyKind::recreate;
    if (plan.from && stays && plan.strategy != StrategyKind::publish && !plan.guard.metrics.empty())
        plan.notes.emplace_back(
            "`guard.metrics` are not looked at: the two releases do not serve beside each other.");
    note_idle_release(plan, present);
    const Spec ruled = with_dropped_rules(spec, present, plan);
    Insertion{ruled, plan}.run();
    plan.way_back = way_back_of(spec, plan);
    return plan;
}

base::Result<Plan> plan_rollback(const Spec& spec, const Release& to, const Present& present,
                                 std::string id) {
    if (auto free = may_go_back(spec, to, present); !free) return base::fail(free);
    Plan plan = plan_for(spec, to, present);
    plan.id = std::move(id);
    plan.is_rollback = true;
    plan.notes.emplace_back("Gates and hooks are left out: a way back waits for nobody.");
    plan.way_back = fmt::format("Release {} forward again.", title(*plan.from));
    plan.target = other(plan.active);
    const bool stands = present.idle_release && same(*present.idle_release, to);
    const auto usual = choose_strategy(spec, plan.from, to, plan.change, {});
    if (usual && usual->kind == StrategyKind::recreate) {
        plan.strategy = StrategyKind::recreate;
        plan.strategy_reason = usual->reason;
        plan.steps = recreate_steps(plan);
    } else if (stands && present.idle_healthy >= plan.instances) {
        plan.strategy = StrategyKind::blue_green;
        plan.strategy_reason = "the release stands by, warm and healthy: one write brings it back";
        plan.steps = warm_rollback_steps(plan);
    } else if (usual && usual->kind == StrategyKind::publish) {
        plan.strategy = StrategyKind::publish;
        plan.strategy_reason = "only assets differ: those of before are published again";
        plan.target = plan.active;
        plan.steps = publish_steps(plan);
    } else if (usual && usual->kind == StrategyKind::rolling && !stands) {
        plan.strategy = StrategyKind::rolling;
        plan.strategy_reason = "it was released instance by instance and goes back likewise";
        plan.target = plan.active;
        plan.steps = rolling_steps(plan, Watching::none);
    } else {
        plan.strategy = StrategyKind::blue_green;
        plan.strategy_reason =
            stands ? fmt::format("{} of {} instances stand by healthy: the rest is started first",
                                 present.idle_healthy, plan.instances)
                   : "nothing of it stands by: its instances are started first, then all is "
                     "flipped at once";
        plan.steps = cold_rollback_steps(spec, plan);
    }
    note_idle_release(plan, present);
    return plan;
}

}  // namespace release
