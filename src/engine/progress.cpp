#include "engine/progress.h"

#include "engine/body.h"
#include "engine/person.h"
#include "engine/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace engine {

using base::Json;
using release::Pool;

namespace {

struct Transition {
    Phase from;
    RecordKind kind;
    Phase to;
};

constexpr Transition kTransitions[] = {
    {Phase::idle, RecordKind::begun, Phase::going},
    {Phase::going, RecordKind::entered, Phase::going},
    {Phase::going, RecordKind::observed, Phase::going},
    {Phase::going, RecordKind::verdict, Phase::going},
    {Phase::going, RecordKind::request, Phase::going},
    {Phase::going, RecordKind::passed, Phase::going},
    {Phase::going, RecordKind::interrupted, Phase::going},
    {Phase::going, RecordKind::resumed, Phase::going},
    {Phase::going, RecordKind::result, Phase::going},  // of a call that died, found done
    {Phase::going, RecordKind::intent, Phase::calling},
    {Phase::going, RecordKind::turned, Phase::back},
    {Phase::going, RecordKind::ended, Phase::tail},
    {Phase::calling, RecordKind::result, Phase::going},
    {Phase::calling, RecordKind::passed, Phase::going},  // what it was to do is seen, or not needed
    {Phase::calling, RecordKind::intent, Phase::calling},
    {Phase::calling, RecordKind::request, Phase::calling},
    {Phase::calling, RecordKind::interrupted, Phase::calling},
    {Phase::calling, RecordKind::resumed, Phase::going},
    {Phase::calling, RecordKind::turned, Phase::back},
    {Phase::calling, RecordKind::ended, Phase::tail},
    {Phase::back, RecordKind::entered, Phase::back},
    {Phase::back, RecordKind::observed, Phase::back},
    {Phase::back, RecordKind::request, Phase::back},
    {Phase::back, RecordKind::passed, Phase::back},
    {Phase::back, RecordKind::interrupted, Phase::back},
    {Phase::back, RecordKind::resumed, Phase::back},
    {Phase::back, RecordKind::result, Phase::back},  // of a call that died, found done
    {Phase::back, RecordKind::intent, Phase::back_calling},
    {Phase::back, RecordKind::ended, Phase::tail},
    {Phase::back_calling, RecordKind::result, Phase::back},
    {Phase::back_calling, RecordKind::passed, Phase::back},
    {Phase::back_calling, RecordKind::intent, Phase::back_calling},
    {Phase::back_calling, RecordKind::request, Phase::back_calling},
    {Phase::back_calling, RecordKind::interrupted, Phase::back_calling},
    {Phase::back_calling, RecordKind::resumed, Phase::back},
    {Phase::back_calling, RecordKind::ended, Phase::tail},
    {Phase::tail, RecordKind::entered, Phase::tail},
    {Phase::tail, RecordKind::observed, Phase::tail},
    {Phase::tail, RecordKind::request, Phase::tail},
    {Phase::tail, RecordKind::passed, Phase::tail},
    {Phase::tail, RecordKind::resumed, Phase::tail},
    {Phase::tail, RecordKind::intent, Phase::tail_calling},
    {Phase::tail, RecordKind::closed, Phase::idle},
    {Phase::tail_calling, RecordKind::result, Phase::tail},
    {Phase::tail_calling, RecordKind::passed, Phase::tail},
    {Phase::tail_calling, RecordKind::intent, Phase::tail_calling},
    {Phase::tail_calling, RecordKind::request, Phase::tail_calling},
    {Phase::tail_calling, RecordKind::resumed, Phase::tail},
    {Phase::tail_calling, RecordKind::closed, Phase::idle},
};

constexpr bool one_row_a_pair() {
    for (const Transition& a : kTransitions) {
        int rows = 0;
        for (const Transition& b : kTransitions) {
            rows += a.from == b.from && a.kind == b.kind ? 1 : 0;
        }
        if (rows != 1) return false;
    }
    return true;
}
static_assert(one_row_a_pair());

judge::Counts sum(const judge::Counts& a, const judge::Counts& b) {
    judge::Counts out = a;
    out.requests += b.requests;
    out.errors += b.errors;
    out.sockets_open = b.sockets_open;
    out.sockets_opened += b.sockets_opened;
    out.sockets_refused += b.sockets_refused;
    out.sockets_cut += b.sockets_cut;
    out.latency += b.latency;
    return out;
}

judge::PoolCounts sum(const judge::PoolCounts& a, const judge::PoolCounts& b) {
    return {.blue = sum(a.blue, b.blue), .green = sum(a.green, b.green)};
}

base::Failure failure_from(std::string_view name) {
    for (const base::Failure failure : {base::Failure::rejected, base::Failure::not_found,
                                        base::Failure::conflict, base::Failure::unavailable}) {
        if (base::name_of(failure) == name) return failure;
    }
    return base::Failure::unknown;
}

std::optional<HookState> hook_state_from(std::string_view name) {
    if (name == "succeeded") return HookState::succeeded;
    if (name == "failed") return HookState::failed;
    if (name == "in_progress") return HookState::in_progress;
    return std::nullopt;
}

judge::Word word_from(std::string_view name) {
    for (const judge::Word word : {judge::Word::pass, judge::Word::fail}) {
        if (judge::name_of(word) == name) return word;
    }
    return judge::Word::unknown;
}

tl::unexpected<base::Error> illegal(const Record& record, std::string why) {
    return base::fail(
        base::Failure::rejected,
        {.code = "CF0312",
         .what = fmt::format("record {} of the journal cannot stand where it does", record.index),
         .why = std::move(why),
         .fix = "run `crossfade audit verify`"});
}

}  // namespace

std::optional<Phase> phase_after(Phase phase, RecordKind kind) {
    if (kind == RecordKind::noted) return phase;  // of no run, so between any two records of one
    for (const Transition& row : kTransitions) {
        if (row.from == phase && row.kind == kind) return row.to;
    }
    return std::nullopt;
}

Tally Tally::with(const judge::PoolCounts& reading) const {
    if (!started) return {.started = true, .last = reading, .run = {}, .watch = {}};
    const judge::PoolCounts more{.blue = judge::difference(last.blue, reading.blue),
                                 .green = judge::difference(last.green, reading.green)};
    return {.started = true, .last = reading, .run = sum(run, more), .watch = sum(watch, more)};
}

std::chrono::milliseconds Progress::keep_warm() const {
    if (plan.steps.empty()) return {};
    const auto* retire = std::get_if<release::Retire>(&plan.steps.back().action);
    return retire == nullptr ? std::chrono::milliseconds{0} : retire->keep_warm;
}

bool Progress::only_tail_left() const {
    if (turned || next >= plan.steps.size() || keep_warm().count() == 0) return false;
    return std::all_of(
        plan.steps.begin() + static_cast<std::ptrdiff_t>(next), plan.steps.end(),
        [](const release::Step& each) { return each.stage == release::Stage::retire; });
}

base::Result<void> Progress::apply(const Record& record) {
    const auto kind = record_kind_from(record.kind);
    if (!kind) return base::fail(kind);
    const auto after = phase_after(phase, *kind);
    if (!after) return illegal(record, fmt::format("`{}` may not follow here", record.kind));
    const auto body = base::json_from(record.body);
    if (!body) return base::fail(body);
    phase = *after;
    head = {record.index, record.hash};
    return take(*kind, record, *body);
}

base::Result<void> Progress::recall(const Record& record) {
    const auto kind = record_kind_from(record.kind);
    if (!kind) return base::fail(kind);
    switch (*kind) {
        case RecordKind::begun:
        case RecordKind::entered:
        case RecordKind::intent:
        case RecordKind::turned:
        case RecordKind::ended:
        case RecordKind::closed: {
            const auto body = base::json_from(record.body);
            return body ? take(*kind, record, *body) : base::fail(body);
        }
        default:
            return {};
    }
}

base::Result<void> Progress::take(RecordKind kind, const Record& record, const Json& body) {
    switch (kind) {
        case RecordKind::begun:
            return begin(record, body);
        case RecordKind::entered:
            enter(record, body);
            return {};
        case RecordKind::intent:
            intend(record, body);
            return {};
        case RecordKind::result:
            result(record, body);
            return {};
        case RecordKind::observed:
            observe(record, body);
            return {};
        case RecordKind::verdict:
            judged(record, body);
            return {};
        case RecordKind::request:
            wish(record, body);
            return {};
        case RecordKind::passed:
            count(record, body);
            if (step) marks[text_in(body, "step")].passed = record.at;
            step.reset();
            ++next;
            return {};
        case RecordKind::turned:
            turn(body);
            return {};
        case RecordKind::interrupted:
            interrupted = true;
            return {};
        case RecordKind::resumed:
            interrupted = false;
            driver = record.actor;
            if (step) step->mark_at = record.at;  // nobody drove: no deadline ran
            return {};
        case RecordKind::ended:
            return end(record, body);
        case RecordKind::closed:
            closed = true;
            kept = flag_in(body, "kept");
            return {};
        case RecordKind::noted:
            return {};
    }
    return {};
}

base::Result<void> Progress::begin(const Record& record, const Json& body) {
    const std::string text = base::canonical(part_of(body, "plan"));
    auto read = release::plan_from_json(text);
    if (!read) return base::fail(read);
    plan = std::move(*read);
    digest = release::digest_of(plan);
    if (digest.hex() != text_in(body, "digest")) {
        return illegal(record, "its plan has another digest than it says");
    }
    for (const Json& each : part_of(body, "reachable")) {
        auto release = release_from(each);
        if (!release) return base::fail(release);
        reachable.push_back(std::move(*release));
    }
    actor = record.actor;
    driver = record.actor;
    order = text_in(body, "order");
    begun_at = record.at;
    request_seen = number_in(body, "requests_before");
    return {};
}

void Progress::enter(const Record& record, const Json& body) {
    step = StepState{};
    step->entered = record.at;
    step->mark_at = record.at;
    marks[text_in(body, "step")].entered = record.at;
    tally.watch = {};
    const release::Step* at = present();
    if (at != nullptr && (std::holds_alternative<release::Watch>(at->action) ||
                          std::holds_alternative<release::Ramp>(at->action))) {
        verdict = {};
    }
}

void Progress::intend(const Record& record, const Json& body) {
    touched = true;
    if (!step) return;
    CallState& call = step->calls[text_in(body, "token")];
    if (++call.tries == 1) call.first = record.at;
    call.last = record.at;
    const std::string effect = text_in(body, "effect");
    if (turned || ending) return;
    if (effect == "set_split") {
        shifted = true;
        real_at.reset();
    }
    if (effect == "hold_requests") recreated = true;
    if (effect == "ensure_pool" && !flag_in(body, "stood")) scaled = true;
    if (effect == "replace_batch" && present() != nullptr) replaced.insert(present()->id);
}

void Progress::result(const Record& record, const Json& body) {
    if (!step) return;
    CallState& call = step->calls[text_in(body, "token")];
    const std::string outcome = text_in(body, "outcome");
    call.last = record.at;
    call.hook = hook_state_from(text_in(body, "hook"));
    call.retry_after = std::chrono::milliseconds{number_in(body, "retry_after_ms")};
    call.done = outcome == "done" && (!call.hook || call.hook == HookState::succeeded);
    call.failure.reset();
    if (outcome != "done") {
        call.failure = failure_from(outcome);
        call.diagnostic = diagnostic_from(part_of(body, "diagnostic"));
    } else if (!call.done) {
        call.diagnostic = diagnostic_from(part_of(body, "diagnostic"));
    }
    if (call.done && evidence && !turned) {
        const auto took =
            std::chrono::duration_cast<std::chrono::milliseconds>(record.at - call.first);
        slowest_split = std::max(slowest_split, took);
        moved(record.at);
    }
}

/// The present step's split is stored.
void Progress::moved(base::Instant at) {
    if (present() == nullptr) return;
    if (const auto* shift = std::get_if<release::Shift>(&present()->action)) {
        evidence->shifted(shift->share, at);
    } else if (step->course) {
        evidence->shifted(*step->course, at);
    }
}

/// How long before a record its counts end.
std::chrono::milliseconds counts_age_in(const Json& body) {
    return std::chrono::milliseconds{number_in(body, "counts_age_ms")};
}

/// The counts of a record, if it has any.
void Progress::count(const Record& record, const Json& body) {
    const Json& counts = part_of(body, "counts");
    if (counts.is_null()) return;
    tally = tally.with(pool_counts_from(counts));
    if (!evidence) return;
    const Json& vitals = part_of(body, "vitals");
    evidence->see({.counts = tally.last,
                   .vitals = vitals.is_null() ? std::nullopt : std::optional(vitals_from(vitals)),
                   .sources = source_readings_from(part_of(body, "sources")),
                   .age = counts_age_in(body)},
                  record.at);
}

void Progress::observe(const Record& record, const Json& body) {
    const std::string fact = text_in(body, "fact");
    if (fact == "baseline") {
        count(record, body);
        const Json& known = part_of(body, "usual");
        if (!known.is_null()) usual = usual_from(known);
        if (!compares(plan)) return;
        const judge::Counts& ever = counts_of(tally.last, release::other(plan.target));
        const Evidence::Look before{.counts = tally.last,
                                    .sources = source_readings_from(part_of(body, "sources")),
                                    .age = counts_age_in(body)};
        evidence.emplace(plan, usual ? *usual : judge::usual_of({}, ever), before, record.at);
    } else if (step && fact == "course") {
        const auto share = static_cast<std::uint16_t>(number_in(body, "share"));
        step->course = std::min(base::Permille{share}, base::kAll);
        step->course_at = record.at;
        step->mark_at = record.at;
        ++step->courses;
    } else if (step && fact == "progress") {
        step->mark = number_in(body, "mark");
        step->mark_at = record.at;
    } else if (step && fact == "share") {
        step->real_at = record.at;
        real_at = record.at;
    }
}

void Progress::judged(const Record& record, const Json& body) {
    verdict = {.word = word_from(text_in(body, "word")),
               .metric = text_in(body, "metric"),
               .reason = text_in(body, "reason")};
    verdict_at = record.at;
    count(record, body);
    if (!step) return;
    step->judged = true;
    if (verdict.word != judge::Word::unknown) {
        step->unknown_since.reset();
    } else if (!step->unknown_since) {
        step->unknown_since = record.at;
    }
}

void Progress::wish(const Record& record, const Json& body) {
    request_seen = std::max(request_seen, number_in(body, "id"));
    const std::string verb = text_in(body, "verb");
    const std::string argument = text_in(body, "argument");
    const std::string by = text_in(body, "by");
    const bool is_void = flag_in(body, "void");
    if (verb == kPromote && !argument.empty()) {
        answers.push_back({.step = argument.substr(0, argument.find(' ')),
                           .by = by,
                           .at = record.at,
                           .why_void = is_void ? text_in(body, "why") : ""});
        if (is_void && answers.back().why_void.empty())
            answers.back().why_void = "it was for another plan or step";
    }
    if (is_void) return;
    wanted_by = by;
    if (verb == kPause && !paused_at) {
        paused_at = record.at;
    } else if (verb == kResume && paused_at) {
        if (step) step->mark_at += record.at - *paused_at;
        paused_at.reset();
    } else if (verb == kAbort) {
        abort_wanted = true;
        paused_at.reset();
    } else if (verb == kPromote) {
        if (paused_at && step) step->mark_at += record.at - *paused_at;
        paused_at.reset();
        if (argument.empty()) {
            promoted = true;
        } else {
            consents.insert(argument.substr(0, argument.find(' ')));
        }
    }
}

void Progress::turn(const Json& body) {
    cause = cause_from(text_in(body, "cause"));
    reason = text_in(body, "reason");
    diagnostic = diagnostic_from(part_of(body, "diagnostic"));
    way_back = way_back_of(*this);
    for (auto& [id, mark] : marks) {
        (void)id;
        mark.place = StepStatus::Place::undone;
    }
    turned = true;
    next = 0;
    step.reset();
    paused_at.reset();
    real_at.reset();
}

base::Result<void> Progress::end(const Record& record, const Json& body) {
    auto how = ending_from(text_in(body, "ending"));
    if (!how) return base::fail(how);
    ending = *how;
    ended_at = record.at;
    harm = number_in(body, "harm");
    if (const std::string why = text_in(body, "reason"); !why.empty()) reason = why;
    if (*how == Ending::succeeded && only_tail_left()) retire_at = record.at + keep_warm();
    if (*how != Ending::succeeded) step.reset();
    paused_at.reset();
    return {};
}

const release::AwaitConsent* Progress::second_person_at(std::string_view id) const {
    for (const release::Step& each : plan.steps) {
        const auto* gate = std::get_if<release::AwaitConsent>(&each.action);
        if (gate != nullptr && each.id == id) return gate->gate.second_person ? gate : nullptr;
    }
    return nullptr;
}

std::string beginner_of(const Progress& progress) {
    const Person person = person_of(progress.actor);
    return person.proven.empty() ? "whoever began the release" : person.proven;
}

base::Result<Progress> progress_of(const std::vector<Record>& records) {
    const auto begun = std::find_if(records.rbegin(), records.rend(), [](const Record& each) {
        return each.kind == name_of(RecordKind::begun);
    });
    if (begun == records.rend()) {
        return base::fail(base::Failure::not_found,
                          {.code = "CF0303", .what = "this application has had no release"});
    }
    Progress progress;
    for (auto at = begun.base() - 1; at != records.end(); ++at) {
        if (const auto applied = progress.apply(*at); !applied) return base::fail(applied);
    }
    return progress;
}

std::vector<release::Step> way_back_of(const Progress& progress) {
    const release::Plan& plan = progress.plan;
    std::vector<release::Step> back;
    const auto add = [&back](std::string id, release::Stage stage, release::Action action,
                             std::string reason) {
        back.push_back({std::move(id), stage, std::move(action), std::move(reason), {}});
    };
    std::uint32_t before = 0;
    for (const release::Step& step : plan.steps) {
        const auto* batch = std::get_if<release::Replace>(&step.action);
        if (batch == nullptr) continue;
        if (progress.replaced.contains(step.id)) {
            add("back-" + step.id, release::Stage::replace,
                release::Replace{batch->pool, batch->instances - before, batch->instances},
                "The batch runs the old release again.");
        }
        before = batch->updated;
    }
    std::reverse(back.begin(), back.end());
    if (plan.strategy == release::StrategyKind::recreate && plan.from) {
        if (progress.recreated) {
            add("back-recreate", release::Stage::replace,
                release::Recreate{plan.target, plan.active, plan.instances},
                "Requests wait while the new release ends and the old one starts again.");
        }
        return back;
    }
    if (plan.target != plan.active && progress.shifted) {
        add("back-shift", release::Stage::shift, release::Shift{plan.active, base::kAll},
            "All new requests go to the old release again.");
        add("back-drain", release::Stage::drain, release::Drain{plan.target},
            "Sockets on the new release are asked to move.");
    }
    const bool serves_alone = !plan.from && progress.shifted;
    if (progress.scaled && !serves_alone) {
        add("back-retire", release::Stage::retire,
            release::Retire{plan.target, std::chrono::milliseconds{0}},
            "The new release's instances end.");
    }
    return back;
}

}  // namespace engine
