#include "engine/run.h"

#include "base/check.h"
#include "base/json.h"
#include "base/log.h"
#include "engine/body.h"
#include "engine/decide.h"
#include "engine/history.h"
#include "engine/person.h"
#include "engine/progress.h"

#include <fmt/format.h>

#include <algorithm>

namespace engine {

using base::Failure;
using base::Json;
using base::Result;
using std::chrono::milliseconds;

namespace {

/// How many releases back a rollback may reach: their files are kept.
constexpr std::size_t kReachable = 5;
/// How long a driver goes on without a journal to write to, traffic standing still.
constexpr milliseconds kStorePatience{30'000};
constexpr milliseconds kStorePause{500};

bool is_lost(const base::Error& error) {
    return error.failure == Failure::conflict;
}

base::Deadline soon(const World& world, milliseconds patience) {
    return world.clock.deadline_in(patience);
}

std::vector<release::Release> reachable(const Releases& releases) {
    std::vector<release::Release> out;
    for (auto run = releases.runs.rbegin(); run != releases.runs.rend(); ++run) {
        const bool known = std::any_of(out.begin(), out.end(), [&](const release::Release& each) {
            return release::same(each, run->release);
        });
        if (run->ending != Ending::succeeded || known) continue;
        out.push_back(run->release);
        if (out.size() == kReachable) break;
    }
    return out;
}

std::string purpose_of(const release::Plan& plan) {
    return fmt::format("{} {} ({})", plan.is_rollback ? "rollback to" : "deploy",
                       release::to_text(plan.to.version), plan.id);
}

/// What a call may take: hooks have a time of their own.
milliseconds patience_for(const Effect& effect, milliseconds call) {
    const auto* out = std::get_if<CallOut>(&effect);
    return out == nullptr ? call : out->hook.timeout;
}

Json body_of(const Effect& effect) {
    Json body{{"effect", name_of(effect)}, {"says", sentence_of(effect)}};
    if (const auto* set = std::get_if<SetSplit>(&effect)) body["green"] = set->wanted.green.value;
    return body;
}

}  // namespace

struct Run::State {
    State(const World& place, Driver who, Lease held)
        : world(place), driver(std::move(who)), lease(std::move(held)), since(world.clock.now()) {}

    World world;
    Driver driver;
    Lease lease;
    base::Instant since;  ///< When this driver came: earlier nobody may have driven.
    std::optional<Record> last;
    std::optional<Record> unsure;  ///< May or may not have been added.
    Progress progress;
    std::optional<release::Plan> pending;  ///< Begins once the run before is closed.
    std::vector<release::Release> pending_reachable;
    std::uint64_t requests_before = 0;  ///< Older wishes were for other runs.
    bool tail_wanted = false;           ///< Resumed after success: waits and retires.
    std::shared_ptr<const Status> snapshot = std::make_shared<Status>();
    Sight sight;
    std::optional<base::Instant> asked_at;  ///< When wishes were last asked for.

    Result<void> load(const std::vector<Record>& records);
    Result<void> carry_on();
    Result<void> take(const Record& record);
    Result<bool> settle_unsure();
    Result<void> append(RecordKind kind, std::string body);
    Result<void> keep_lease();
    Result<bool> take_wish();
    void see(const Needs& needs);
    Result<Turn> make(const Move& move);
    Result<void> call(const Call& call);
    Result<Turn> begin_pending();
    Result<void> old_pool_leaves() const;
    void nap(base::Instant until, const std::stop_token& stop);
    void publish();
    Outcome outcome() const;
    Outcome stopped(Ending ending, std::string sentence, std::optional<base::Diagnostic> why);
};

Result<void> Run::State::load(const std::vector<Record>& records) {
    last = records.empty() ? std::nullopt : std::optional(records.back());
    auto folded = progress_of(records);
    if (folded) {
        progress = std::move(*folded);
    } else if (folded.error().failure == Failure::not_found) {
        progress = Progress{};
        progress.closed = true;
    } else {
        return base::fail(folded);
    }
    return {};
}

/// What another driver left open is this one's now; a call that it died in is open again.
Result<void> Run::State::carry_on() {
    if (progress.closed) return {};
    const Json body{{"fence", lease.fence}, {"says", "carried on by " + driver.actor}};
    return append(RecordKind::resumed, base::canonical(body));
}

Result<void> Run::State::take(const Record& record) {
    last = record;
    if (record.kind == name_of(RecordKind::begun)) {
        progress = Progress{};
        pending.reset();
    }
    return progress.apply(record);
}

/// A record whose fate was not known is found in the journal (true), or was never there.
Result<bool> Run::State::settle_unsure() {
    if (!unsure) return false;
    const auto found = world.store.last();
    if (!found) return base::fail(found);
    const Record wanted = *std::exchange(unsure, std::nullopt);
    if (*found && (*found)->hash == wanted.hash) {
        if (auto taken = take(wanted); !taken) return base::fail(taken);
        return true;
    }
    const std::uint64_t index = *found ? (*found)->index : 0;
    if (index + 1 == wanted.index) return false;
    return base::fail(Failure::conflict,
                      {.code = "CF0306", .what = "another driver writes this journal"});
}

Result<void> Run::State::append(RecordKind kind, std::string body) {
    if (auto settled = settle_unsure(); !settled) return base::fail(settled);
    const bool begins = kind == RecordKind::begun;
    CHECK(begins ? progress.closed : phase_after(progress.phase, kind).has_value());
    const Record record = record_after(last, {kind, begins ? pending->id : progress.plan.id,
                                              driver.actor, world.clock.now(), std::move(body)});
    const auto added = world.store.append(record, lease.fence);
    if (added) return take(record);
    if (added.error().failure != Failure::unknown) return added;
    unsure = record;
    const auto settled = settle_unsure();
    if (!settled && !is_lost(settled.error())) unsure = record;
    if (!settled) return base::fail(settled);
    if (*settled) return {};
    return base::fail(Failure::unavailable, added.error().diagnostic);
}

Result<void> Run::State::keep_lease() {
    const base::Instant now = world.clock.now();
    if (now < lease.until - driver.pace.lease * 2 / 3) return {};
    auto renewed = world.store.renew(lease, now, driver.pace.lease);
    if (!renewed) return base::fail(renewed);
    lease = *renewed;
    return {};
}

/// Takes up one wish; true if there was one.
Result<bool> Run::State::take_wish() {
    const base::Instant now = world.clock.now();
    if (pending || progress.closed || (asked_at && now < *asked_at + driver.pace.poll)) {
        return false;
    }
    const auto wishes = world.store.requests(progress.request_seen);
    if (!wishes) return base::fail(wishes);
    if (wishes->empty()) {
        asked_at = now;
        return false;
    }
    const Request& wish = wishes->front();
    const std::size_t space = wish.argument.find(' ');
    const std::string step = wish.argument.substr(0, space);
    const bool for_step = wish.verb == kPromote && !step.empty();
    const bool other_plan =
        space != std::string::npos && wish.argument.substr(space + 1) != progress.digest.hex();
    const bool present = progress.present() != nullptr && progress.present()->id == step;
    const bool unbound = space == std::string::npos && !present;
    std::string why;
    if (for_step && other_plan) why = "it is for another plan than the one that is carried out";
    if (for_step && unbound) why = "the release does not wait at this step";
    if (for_step && why.empty() && progress.second_person_at(step) != nullptr) {
        why = space == std::string::npos ? "it does not name the plan that it is for"
                                         : why_no_second_person(progress.actor, wish.actor);
    }
    Json body{{"id", wish.id},
              {"verb", wish.verb},
              {"argument", wish.argument},
              {"by", wish.actor},
              {"void", !why.empty()}};
    if (!why.empty()) body["why"] = why;
    const auto taken = append(RecordKind::request, base::canonical(body));
    if (!taken) return base::fail(taken);
    return true;
}

void Run::State::see(const Needs& needs) {
    const auto until = [this] { return soon(world, driver.pace.call); };
    sight = Sight{};
    if (needs.split) sight.split = world.traffic.read(until());
    if (needs.traffic) sight.traffic = world.traffic.observe(needs.window, until());
    if (needs.instances) sight.instances = world.fleet.list(until());
    if (needs.held) sight.held = world.traffic.held(until());
    if (needs.counts) {
        sight.counts = world.metrics.read(until());
        sight.counts_age = world.metrics.age(world.clock.now());
    }
    if (needs.past) sight.past = world.metrics.past(world.clock.now() - kHistory, until());
    // Asked from the beginning, so that answers are there when they are needed.
    const bool compares_yet = !progress.turned && !progress.ending && compares(progress.plan);
    if (world.sources != nullptr && compares_yet && !progress.plan.guard.metrics.empty()) {
        sight.sources = world.sources->latest(progress.plan);
    }
    if (needs.assets) sight.assets = world.assets.verify(progress.plan.to, until());
    sight.at = world.clock.now();
}

Result<void> Run::State::call(const Call& call) {
    Json intent = body_of(call.effect);
    const release::Step* step = progress.present();
    intent["step"] = step == nullptr ? "" : step->id;
    intent["direction"] = progress.turned ? "undo" : "do";
    intent["token"] = call.token.text;
    if (call.stood) intent["stood"] = true;
    if (auto written = append(RecordKind::intent, base::canonical(intent)); !written) {
        return written;
    }
    const Ticket ticket{lease.fence, call.token};
    const auto done = carry_out(call.effect, world, ticket,
                                soon(world, patience_for(call.effect, driver.pace.call)));
    Json result{{"token", call.token.text}};
    if (!done) {
        result["outcome"] = base::name_of(done.error().failure);
        result["diagnostic"] = json_of(done.error().diagnostic);
        if (is_lost(done.error())) {
            auto renewed = world.store.renew(lease, world.clock.now(), driver.pace.lease);
            if (!renewed) return base::fail(renewed);
            lease = *renewed;
        }
    } else {
        result["outcome"] = "done";
        if (std::holds_alternative<CallOut>(call.effect)) {
            constexpr std::string_view kStates[] = {"succeeded", "failed", "in_progress"};
            result["hook"] = kStates[static_cast<std::size_t>(done->state)];
            result["retry_after_ms"] = std::max<std::int64_t>(done->retry_after.count(), 0);
            result["diagnostic"] =
                json_of({.code = "CF0341", .what = done->reason, .why = done->output});
        }
    }
    return append(RecordKind::result, base::canonical(result));
}

Result<Turn> Run::State::make(const Move& move) {
    if (const auto* wait = std::get_if<Wait>(&move)) {
        return Turn{Turn::Kind::waiting, wait->until};
    }
    if (std::holds_alternative<Over>(move)) return Turn{Turn::Kind::over, world.clock.now()};
    Result<void> made;
    if (const auto* note = std::get_if<Note>(&move)) {
        made = append(note->kind, note->body);
    } else {
        made = call(std::get<Call>(move));
    }
    if (!made) return base::fail(made);
    return Turn{Turn::Kind::moved, world.clock.now()};
}

Result<Turn> Run::State::begin_pending() {
    Json kept = Json::array();
    for (const release::Release& each : pending_reachable) kept.push_back(json_of(each));
    const auto plan = base::json_from(release::plan_to_json(*pending));
    if (!plan) return base::fail(plan);
    Json body{{"plan", *plan},
              {"digest", release::digest_of(*pending).hex()},
              {"fence", lease.fence},
              {"says", purpose_of(*pending)},
              {"reachable", std::move(kept)},
              {"requests_before", requests_before}};
    if (!driver.order.empty()) body["order"] = driver.order;
    if (driver.commanded) body["commanded_micros"] = base::micros_of(*driver.commanded);
    if (auto begun = append(RecordKind::begun, base::canonical(body)); !begun) {
        return base::fail(begun);
    }
    return Turn{Turn::Kind::moved, world.clock.now()};
}

/// A plan that waits for the run before to give its pool back does not wait for ever.
Result<void> Run::State::old_pool_leaves() const {
    if (!pending || !progress.step) return {};
    const release::Strategy& settings = progress.plan.settings;
    const base::Instant late = std::max(progress.step->mark_at, since) + settings.drain_deadline +
                               settings.progress_deadline;
    if (world.clock.now() < late) return {};
    return base::fail(
        Failure::unavailable,
        {.code = "CF0307",
         .what = fmt::format("the pool of run {} cannot be emptied", progress.plan.id),
         .why = "instances of the release before are still there",
         .fix = "see `crossfade instances`"});
}

void Run::State::publish() {
    if (progress.plan.id.empty()) return;
    // A status shows all that was seen last, also of ports that this move did not ask.
    Sight shown = sight;
    shown.at = world.clock.now();
    auto status = std::make_shared<Status>(status_from(progress, shown, lease));
    if (!shown.split && snapshot->run == status->run) status->split = snapshot->split;
    if (!shown.instances) {
        status->instances = snapshot->instances;
        status->way_back = snapshot->way_back;
    }
    if (!shown.instances && !snapshot->pools.empty()) status->pools = snapshot->pools;
    if (shown.instances && snapshot->pools.size() == status->pools.size()) {
        for (std::size_t i = 0; i < status->pools.size(); ++i) {
            const PoolStatus& before = snapshot->pools[i];
            PoolStatus& pool = status->pools[i];
            if (!shown.split) pool.share_set = before.share_set;
            if (!shown.traffic) pool.share_observed = before.share_observed;
        }
    }
    snapshot = std::move(status);
}

Outcome Run::State::outcome() const {
    Outcome out;
    out.ending = progress.ending.value_or(Ending::interrupted);
    out.cause = progress.cause;
    out.sentence = ending_sentence(progress);
    if (!progress.diagnostic.code.empty()) out.diagnostic = progress.diagnostic;
    if (!progress.closed) out.retire_at = progress.retire_at;
    out.harm = progress.harm;
    return out;
}

Outcome Run::State::stopped(Ending ending, std::string sentence,
                            std::optional<base::Diagnostic> why) {
    Outcome out;
    out.ending = ending;
    out.sentence = std::move(sentence);
    out.diagnostic = std::move(why);
    return out;
}

Run::Run(std::unique_ptr<State> state) : state_(std::move(state)) {}
Run::Run(Run&&) noexcept = default;
Run& Run::operator=(Run&&) noexcept = default;
Run::~Run() = default;

namespace {

Result<void> plan_fits(const release::Plan& plan, const Releases& releases) {
    const auto refuse = [](std::string code, std::string why) {
        return base::fail(Failure::rejected,
                          {.code = std::move(code),
                           .what = "this plan is for another state of the application",
                           .why = std::move(why),
                           .fix = "plan again"});
    };
    const std::string serves = releases.current ? releases.current->id : "nothing";
    const std::string from = plan.from ? plan.from->id : "nothing";
    if (serves != from || (plan.from && !release::same(*plan.from, *releases.current))) {
        return refuse("CF0304", fmt::format("{} serves, the plan starts from {}", serves, from));
    }
    if (plan.from && plan.active != releases.active) {
        return refuse("CF0304",
                      fmt::format("{} is the active pool", release::name_of(releases.active)));
    }
    for (const PastRun& run : releases.runs) {
        if (run.id == plan.id) {
            return refuse("CF0305", fmt::format("the run {} was begun already", plan.id));
        }
    }
    return {};
}

}  // namespace

Result<Run> Run::begin(const World& world, const release::Plan& plan, const Driver& driver) {
    auto lease =
        world.store.acquire(driver.holder, purpose_of(plan), world.clock.now(), driver.pace.lease);
    if (!lease) return base::fail(lease);
    auto state = std::make_unique<State>(world, driver, *lease);
    const auto give_back = [&](const base::Error& error) {
        (void)world.store.release(*lease);
        return tl::unexpected<base::Error>(error);
    };
    const auto records = read_journal(world.store);
    if (!records) return give_back(records.error());
    if (auto loaded = state->load(*records); !loaded) return give_back(loaded.error());
    const auto releases = releases_of(*records);
    if (!releases) return give_back(releases.error());
    if (releases->under_way()) {
        return give_back(
            {Failure::conflict,
             {.code = "CF0302",
              .what = fmt::format("release {} has not ended", releases->runs.back().id),
              .why = "nobody drives it at the moment",
              .fix = "`crossfade resume` carries it on; `crossfade abort` and then "
                     "`crossfade resume` takes it back"}});
    }
    if (auto fits = plan_fits(plan, *releases); !fits) return give_back(fits.error());
    const auto wishes = world.store.requests(0);
    if (!wishes) return give_back(wishes.error());
    state->requests_before = wishes->empty() ? 0 : wishes->back().id;
    state->pending = plan;
    state->pending_reachable = reachable(*releases);
    state->progress.hurry = true;
    if (auto noted = state->carry_on(); !noted) return give_back(noted.error());
    return Run(std::move(state));
}

namespace {

base::Error nothing_to_resume() {
    return {
        Failure::not_found,
        {.code = "CF0303", .what = "no release is under way", .why = "there is nothing to resume"}};
}

}  // namespace

Result<Run> Run::resume(const World& world, const Driver& driver) {
    const auto last = world.store.last();
    if (!last) return base::fail(last);
    if (!*last || (*last)->kind == name_of(RecordKind::closed)) {
        return tl::unexpected(nothing_to_resume());
    }
    auto lease = world.store.acquire(driver.holder, "resume " + (*last)->release, world.clock.now(),
                                     driver.pace.lease);
    if (!lease) return base::fail(lease);
    const auto give_back = [&](const base::Error& error) {
        (void)world.store.release(*lease);
        return tl::unexpected<base::Error>(error);
    };
    auto state = std::make_unique<State>(world, driver, *lease);
    const auto records = read_journal(world.store);
    if (!records) return give_back(records.error());
    if (auto loaded = state->load(*records); !loaded) return give_back(loaded.error());
    if (state->progress.closed) return give_back(nothing_to_resume());
    state->tail_wanted = state->progress.ending.has_value();
    if (auto noted = state->carry_on(); !noted) return give_back(noted.error());
    return Run(std::move(state));
}

Result<Turn> Run::advance() {
    State& state = *state_;
    if (auto kept = state.keep_lease(); !kept) return base::fail(kept);
    if (auto settled = state.settle_unsure(); !settled) return base::fail(settled);
    if (state.pending && state.progress.closed) {
        return state.begin_pending();
    }
    if (state.pending && state.progress.ending == Ending::succeeded && !state.progress.step) {
        const release::Plan& wanted = *state.pending;
        const bool goes_back = wanted.is_rollback && state.progress.plan.from &&
                               wanted.to.id == state.progress.plan.from->id;
        if (goes_back) {
            const Json body{{"kept", true}, {"reason", "its old release is wanted again"}};
            return state.make(Note{RecordKind::closed, base::canonical(body)});
        }
    }
    if (auto leaves = state.old_pool_leaves(); !leaves) return base::fail(leaves);
    const auto wished = state.take_wish();
    if (!wished) return base::fail(wished);
    if (*wished) {
        return Turn{Turn::Kind::moved, state.world.clock.now()};
    }
    const bool warm = state.progress.ending == Ending::succeeded && !state.progress.closed &&
                      state.progress.present() != nullptr;
    if (warm && !state.tail_wanted && !state.pending) {
        return Turn{Turn::Kind::over, state.world.clock.now()};
    }
    state.see(needs_of(state.progress, state.world.clock.now()));
    const Move move = decide(state.progress, state.sight, state.driver.pace.poll);
    return state.make(move);
}

Outcome Run::carry_through(const std::stop_token& stop,
                           const std::function<void(const Status&)>& observer) {
    State& state = *state_;
    std::optional<base::Instant> failing_since;
    for (;;) {
        if (stop.stop_requested()) {
            const bool running = !state.progress.ending && !state.progress.closed;
            const Json body{{"reason", "the driver was told to stop"}};
            if (running) (void)state.append(RecordKind::interrupted, base::canonical(body));
            (void)state.world.store.release(state.lease);
            return state.stopped(Ending::interrupted,
                                 running ? "interrupted: traffic stays as it is; `crossfade "
                                           "resume` carries on"
                                         : "stopped; no release is under way",
                                 {});
        }
        const auto turn = advance();
        if (!turn && is_lost(turn.error())) {
            return state.stopped(Ending::displaced, "another driver carries this release on",
                                 turn.error().diagnostic);
        }
        if (!turn) {
            const base::Instant now = state.world.clock.now();
            if (!failing_since) {
                failing_since = now;
                base::log::warn("journal_unwritable", {{"why", turn.error().line()}});
            }
            if (now > *failing_since + kStorePatience) {
                return state.stopped(
                    Ending::interrupted,
                    "interrupted: the journal cannot be written, so nothing is moved; traffic "
                    "stays as it is; `crossfade resume` carries on",
                    turn.error().diagnostic);
            }
            state.world.clock.wait_until(state.world.clock.tick() + kStorePause, stop);
            continue;
        }
        failing_since.reset();
        if (observer) {
            state.publish();
            observer(*state.snapshot);
        }
        if (turn->kind == Turn::Kind::over) {
            (void)state.world.store.release(state.lease);
            return state.outcome();
        }
        if (turn->kind == Turn::Kind::waiting) state.nap(turn->until, stop);
    }
}

/// Waits until `until`, a wish of a person or the stop, whichever is first; keeps the lease.
void Run::State::nap(base::Instant until, const std::stop_token& stop) {
    while (world.clock.now() < until && !stop.stop_requested()) {
        const auto left = std::chrono::ceil<milliseconds>(until - world.clock.now());
        world.clock.wait_until(world.clock.tick() + std::min(left, driver.pace.poll), stop);
        if (!keep_lease()) return;  // the next move finds out why
        if (pending || progress.closed) continue;
        const auto wishes = world.store.requests(progress.request_seen);
        asked_at.reset();
        if (!wishes || !wishes->empty()) return;
    }
}

std::shared_ptr<const Status> Run::status() const {
    state_->publish();
    return state_->snapshot;
}

}  // namespace engine
