#include "engine/sim/scenario.h"

#include "base/check.h"
#include "base/json.h"
#include "engine/history.h"
#include "engine/journal.h"
#include "engine/progress.h"
#include "release/sample.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace sim {

using engine::HookState;
using engine::Run;
using release::Pool;
using std::chrono::seconds;

namespace {

constexpr milliseconds kBetweenLives{150};
constexpr milliseconds kAfterwards{3'000};

/// `1.0.1+config` differs from 1.0.1 in its configuration only, `+assets` in its assets.
release::Release release_of(const std::string& text, std::uint32_t number) {
    const std::size_t plus = text.find('+');
    const std::string version = text.substr(0, plus);
    const std::string what = plus == std::string::npos ? "" : text.substr(plus + 1);
    return release::sample_release("r" + std::to_string(number), version,
                                   what == "config" ? "changed" : "c",
                                   what == "assets" ? "changed" : "web");
}

release::Hook hook_at(release::Stage stage, std::string name) {
    release::Hook hook;
    hook.name = std::move(name);
    hook.stage = stage;
    hook.command = {"true"};
    hook.deadline = milliseconds{4'000};
    return hook;
}

/// How far a ramp came in how many moves depends on what its ticks happened to see.
std::string likeness_of(const std::string& effect) {
    // How often a hold was renewed depends on how long things took.
    std::size_t at = effect.find("/share-");
    if (at == std::string::npos) at = effect.find("/hold-");
    if (at == std::string::npos) return effect;
    return effect.substr(0, at) + effect.substr(effect.find('/', at + 1));
}

release::Spec ramping_spec() {
    release::Spec spec = quick_spec();
    spec.strategy.steps.clear();
    spec.guard.interval = milliseconds{100};
    spec.guard.warm_up = milliseconds{1'500};
    // Much may be harmed, so that little evidence is needed and few moves are made.
    spec.guard.harm_max = 20'000;
    return spec;
}

release::Spec recreating_spec() {
    release::Spec spec = quick_spec();
    spec.compatibility.overlap = release::Overlap::none;
    spec.strategy.recreate_hold = milliseconds{3'000};
    return spec;
}

Scenario scenario_of(std::string name, std::string to, const release::Spec& spec) {
    Scenario scenario;
    scenario.name = std::move(name);
    scenario.to = std::move(to);
    scenario.spec = spec;
    return scenario;
}

std::vector<Scenario> recreating(const Traits& bad, const Traits& never_boots) {
    std::vector<Scenario> group;
    for (const char* const name : {"recreate", "recreate_bad", "recreate_never_boots"}) {
        group.push_back(scenario_of(name, "2.0.0", recreating_spec()));
    }
    group[1].traits = bad;
    group[2].traits = never_boots;
    group.push_back(scenario_of("recreate_rollback", "1.0.0!", recreating_spec()));
    group.back().history = {"1.0.0", "2.0.0"};
    return group;
}

std::vector<Scenario> ramping(const Traits& bad) {
    std::vector<Scenario> group{scenario_of("ramp", "1.0.1", ramping_spec()),
                                scenario_of("ramp_bad", "1.0.1", ramping_spec())};
    group[1].traits = bad;
    return group;
}

}  // namespace

engine::Driver driver_named(std::string holder) {
    engine::Driver driver;
    driver.actor = "user ada";
    driver.holder = std::move(holder);
    driver.pace = {
        .poll = milliseconds{250}, .call = milliseconds{1'000}, .lease = milliseconds{10'000}};
    return driver;
}

release::Spec quick_spec() {
    release::Spec spec = release::sample_spec();
    spec.service.instances = 2;
    spec.service.boot_deadline = milliseconds{3'000};
    spec.strategy.steps = {{base::Permille{100}, milliseconds{1'000}, false},
                           {base::Permille{500}, milliseconds{1'000}, false}};
    spec.strategy.rolling_hold = milliseconds{750};
    spec.strategy.settle = milliseconds{200};
    spec.strategy.settle_before_leaving = milliseconds{300};
    spec.strategy.bake = milliseconds{1'000};
    spec.strategy.keep_warm = milliseconds{4'000};
    spec.strategy.drain_deadline = milliseconds{4'000};
    spec.strategy.progress_deadline = milliseconds{20'000};
    spec.guard.requests_min = 5;
    spec.guard.error_rate_max = base::Permille{50};
    spec.guard.interval = milliseconds{500};
    spec.guard.unknown_max = milliseconds{2'000};
    return spec;
}

std::vector<Scenario> every_scenario() {
    Traits bad;
    bad.errors_permille = 1000;
    Traits never_boots;
    never_boots.boots = false;
    Traits crashes;
    crashes.lives_for = milliseconds{2'500};
    std::vector<Scenario> all;
    all.reserve(64);  // references stay good
    const auto add = [&all](std::string name, std::string to) -> Scenario& {
        all.push_back(scenario_of(std::move(name), std::move(to), quick_spec()));
        return all.back();
    };
    add("first", "1.0.0").history.clear();
    Scenario& sick_first = add("first_never_boots", "1.0.0");
    sick_first.history.clear();
    sick_first.traits = never_boots;
    add("canary", "1.0.1");
    add("canary_bad", "1.0.1").traits = bad;
    add("canary_never_boots", "1.0.1").traits = never_boots;
    add("blue_green", "2.0.0");
    add("blue_green_bad", "2.0.0").traits = bad;
    add("rolling", "1.0.0+config");
    add("rolling_bad", "1.0.0+config").traits = bad;
    add("rolling_never_boots", "1.0.0+config").traits = never_boots;
    add("publish", "1.0.0+assets");
    Scenario& warm = add("rollback_warm", "1.0.0!");
    warm.history = {"1.0.0", "2.0.0"};
    warm.tail_first = false;
    Scenario& cold = add("rollback_cold", "1.0.0!");
    cold.history = {"1.0.0", "2.0.0"};
    Scenario& rolled = add("rollback_rolling", "1.0.0!");
    rolled.history = {"1.0.0", "1.0.0+config"};
    Scenario& next = add("deploy_into_a_warm_pool", "2.0.1");
    next.history = {"1.0.0", "2.0.0"};
    next.tail_first = false;
    Scenario& hooked = add("hooks_and_gates", "2.0.0");
    hooked.spec.hooks = {hook_at(release::Stage::test, "smoke"),
                         hook_at(release::Stage::shift, "announce"),
                         hook_at(release::Stage::retire, "migrate")};
    hooked.spec.gates = {{"go", release::Stage::shift, "release team", milliseconds{9'000},
                          release::GateDefault::abort}};
    hooked.hooks = {{"smoke", {HookState::in_progress, HookState::succeeded}}};
    hooked.wishes = {{"gate-go", "promote gate-go"}};
    Scenario& no = add("hook_says_no", "2.0.0");
    no.spec.hooks = {hook_at(release::Stage::test, "smoke")};
    no.hooks = {{"smoke", {HookState::failed}}};
    add("gate_nobody_answers", "2.0.0").spec.gates = hooked.spec.gates;
    Scenario& aborted = add("aborted_in_bake", "2.0.0");
    aborted.wishes = {{"bake", "abort"}};
    Scenario& paused = add("paused_and_resumed", "1.0.1");
    paused.wishes = {{"watch-1", "pause"}, {"", "resume"}};
    for (std::vector<Scenario> group : {recreating(bad, never_boots), ramping(bad)}) {
        std::move(group.begin(), group.end(), std::back_inserter(all));
    }
    return all;
}

Scenario scenario_named(std::string_view name) {
    for (const Scenario& each : every_scenario()) {
        if (each.name == name) return each;
    }
    CHECK(!"a scenario of this name");
    return {};
}

std::string to_text(const Finale& finale) {
    std::string out = finale.ending + ", green " + finale.split;
    for (const std::string& pool : finale.pools) out += ", " + pool;
    for (const std::string& effect : finale.effects) out += "\n  " + effect;
    return out;
}

Play::Play(const Scenario& scenario, std::uint64_t seed) : scenario_(scenario) {
    place_ = std::make_unique<Place>(seed, Setting{});
    place_->never_two = scenario.spec.compatibility.overlap == release::Overlap::none;
    for (const auto& [name, answers] : scenario.hooks) place_->hook_answers[name] = answers;
    play_history(scenario);
    plan_next(scenario, scenario.to, scenario.forced);
    if (scenario.to.back() != '!') place_->world.set_traits(plan_.to.id, scenario.traits);
    place_->crossings = 0;
    effects_before_ = place_->effects.size();
    records_seen_ = place_->disk.records.size();
}

Play Play::fork() const {
    Play other;
    other.scenario_ = scenario_;
    other.place_ = place_->fork();
    other.plan_ = plan_;
    other.records_seen_ = records_seen_;
    other.wishes_granted_ = wishes_granted_;
    other.effects_before_ = effects_before_;
    return other;
}

void Play::plan_next(const Scenario& scenario, const std::string& to,
                     std::optional<release::StrategyKind> forced) {
    const auto releases = engine::releases_of(place_->disk.records);
    CHECK(releases.has_value());
    const release::Present present = engine::present_of(*releases, place_->world.instances());
    const std::string id = "r" + std::to_string(releases->next_number);
    if (to.back() == '!') {
        const auto back = engine::previous_release(*releases);
        CHECK(back.has_value());
        auto plan = release::plan_rollback(scenario.spec, *back, present, id);
        CHECK(plan.has_value());
        plan_ = *plan;
        return;
    }
    auto plan = release::plan_release(scenario.spec, release_of(to, releases->next_number), present,
                                      forced);
    CHECK(plan.has_value());
    plan_ = *plan;
}

void Play::play_history(const Scenario& scenario) {
    Scenario calm = scenario;
    for (std::size_t i = 0; i < scenario.history.size(); ++i) {
        calm.spec.hooks.clear();
        calm.spec.gates.clear();
        plan_next(calm, scenario.history[i], {});
        auto run = Run::begin(place_->ports(), plan_, driver_named("historian"));
        CHECK(run.has_value());
        outcome_ = run->carry_through({}, nullptr);
        CHECK(outcome_.ending == engine::Ending::succeeded);
        const bool last = i + 1 == scenario.history.size();
        if (!last || scenario.tail_first) CHECK(finish_tail("historian"));
    }
    CHECK(place_->violations.empty());
}

bool Play::finish_tail(const std::string& holder) {
    if (place_->disk.records.back().kind == "closed") return true;
    auto run = Run::resume(place_->ports(), driver_named(holder));
    if (!run) return false;
    const engine::Outcome tail = run->carry_through({}, nullptr);
    return tail.ending == outcome_.ending;
}

/// The last record of `kind` of the run under test.
const engine::Record* Play::last_of(std::string_view kind) const {
    const std::vector<engine::Record>& records = place_->disk.records;
    const auto at = std::find_if(records.rbegin(), records.rend(), [&](const auto& each) {
        return each.release == plan_.id && each.kind == kind;
    });
    return at == records.rend() ? nullptr : &*at;
}

/// People act when a step is entered: the wish is there before the next move.
void Play::grant_wishes() {
    const std::vector<engine::Record>& records = place_->disk.records;
    for (; records_seen_ < records.size(); ++records_seen_) {
        if (wishes_granted_ == scenario_.wishes.size()) continue;
        const auto& [step, wish] = scenario_.wishes[wishes_granted_];
        const engine::Record& record = records[records_seen_];
        const bool now = step.empty() ? record.kind == "request"
                                      : record.kind == "entered" &&
                                            record.body.find('"' + step + '"') != std::string::npos;
        if (!now) continue;
        const std::size_t space = wish.find(' ');
        const std::string argument = space == std::string::npos ? "" : wish.substr(space + 1);
        place_->disk.requests.push_back({place_->disk.requests.size() + 1, place_->world.now(),
                                         "user bob", wish.substr(0, space), argument});
        ++wishes_granted_;
    }
}

/// True when the run is over and nothing of it is left.
bool Play::one_life(const std::string& holder) {
    const bool begun = last_of("begun") != nullptr;
    if (const engine::Record* end = last_of("ended")) {
        const auto body = base::json_from(end->body);
        outcome_.ending = *engine::ending_from(body->at("ending").get<std::string>());
        return finish_tail(holder);
    }
    auto run = begun ? Run::resume(place_->ports(), driver_named(holder))
                     : Run::begin(place_->ports(), plan_, driver_named(holder));
    if (!run) return false;
    outcome_ = run->carry_through({}, nullptr);
    const bool over = outcome_.ending != engine::Ending::interrupted &&
                      outcome_.ending != engine::Ending::displaced;
    if (!over && between) between(outcome_);
    return over && finish_tail(holder);
}

Finale Play::perform(std::uint32_t lives) {
    const auto scripted = place_->script;
    place_->script = [this, scripted](std::uint64_t crossing, std::string_view call) {
        grant_wishes();
        crossings.push_back({std::string(call), place_->disk.records.size()});
        return scripted ? scripted(crossing, call) : Fault::none;
    };
    bool over = false;
    for (std::uint32_t life = 0; life < lives && !over; ++life) {
        try {
            // A driver that died is followed by one that knows it is dead: the same holder.
            const bool thief = place_->disk.lease && place_->disk.lease->holder == "thief";
            over = one_life(thief ? "thief" : "driver");
        } catch (const SimulatedCrash&) {
            over = false;
        }
        if (!over) place_->world.advance_to(place_->world.now() + kBetweenLives);
    }
    place_->script = nullptr;
    place_->world.advance_to(place_->world.now() + kAfterwards);
    return finale();
}

Finale Play::finale() const {
    Finale finale;
    const auto progress = engine::progress_of(place_->disk.records);
    finale.ending = progress && progress->plan.id == plan_.id && progress->ending
                        ? std::string(engine::name_of(*progress->ending))
                        : "none";
    if (progress && !progress->closed) finale.ending += ", not closed";
    const auto split = place_->world.split();
    finale.split = split ? std::to_string(split->green.value) : "none";
    std::map<std::string, int> pools;
    for (const engine::Instance& each : place_->world.instances()) {
        ++pools[fmt::format("{} {}", release::name_of(each.pool), each.release)];
    }
    for (const auto& [pool, count] : pools) {
        finale.pools.push_back(fmt::format("{} {}", pool, count));
    }
    for (std::size_t i = effects_before_; i < place_->effects.size(); ++i) {
        finale.effects.insert(likeness_of(place_->effects[i]));
    }
    return finale;
}

}  // namespace sim
