#include "report/checks.h"

#include "base/duration.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

namespace report {
namespace {

using engine::StepStatus;
using std::chrono::milliseconds;

milliseconds between(base::Instant from, base::Instant until) {
    return std::chrono::duration_cast<milliseconds>(until - from);
}

milliseconds took(const StepStatus& step) {
    return step.entered && step.passed ? between(*step.entered, *step.passed) : milliseconds{0};
}

std::string percent(base::Permille share) {
    return fmt::format("{:g} %", static_cast<double>(share.value) / 10);
}

Outcome outcome_of(const Account& account, const StepStatus& step) {
    if (step.passed) return Outcome::passed;
    const bool stopped_here = step.entered && account.run.ending && !account.succeeded();
    return stopped_here ? Outcome::failed : Outcome::skipped;
}

const StepStatus* status_of(const Account& account, const std::string& id) {
    const auto found = std::find_if(account.steps.begin(), account.steps.end(),
                                    [&](const StepStatus& each) { return each.id == id; });
    return found == account.steps.end() ? nullptr : &*found;
}

Check of_release(const Account& account) {
    Check check{.suite = "release",
                .name = fmt::format("{} serves", to_text(account.run.release.version)),
                .said = account.sentence,
                .took = account.length()};
    if (!account.run.ending) check.outcome = Outcome::skipped;
    if (account.run.ending && !account.succeeded()) check.outcome = Outcome::failed;
    return check;
}

void add_steps(const Account& account, std::vector<Check>& out) {
    for (const StepStatus& step : account.steps) {
        Check check{.suite = "steps",
                    .name = fmt::format("{} {}", name_of(step.stage), step.id),
                    .outcome = outcome_of(account, step),
                    .said = step.reason,
                    .took = took(step)};
        if (check.outcome == Outcome::failed) check.said = account.run.reason;
        out.push_back(std::move(check));
    }
}

std::string consent_to(const Account& account, const std::string& step, const release::Gate& gate) {
    for (const Wish& wish : account.wishes) {
        if (wish.verb != "promote" || !wish.taken) continue;
        const std::string_view wanted(wish.argument);
        const bool all = wanted.empty() && !gate.second_person;
        if (all || wanted.substr(0, wanted.find(' ')) == step)
            return fmt::format("{} consented", wish.by);
    }
    return "nobody consented";
}

void add_gates(const Account& account, std::vector<Check>& out) {
    for (const release::Step& step : account.plan.steps) {
        const StepStatus* status = status_of(account, step.id);
        const auto* gate = std::get_if<release::AwaitConsent>(&step.action);
        const auto* hook = std::get_if<release::CallHook>(&step.action);
        if (status == nullptr || (gate == nullptr && hook == nullptr)) continue;
        const auto trouble =
            std::find_if(account.troubles.rbegin(), account.troubles.rend(),
                         [&](const Trouble& each) { return each.step == step.id; });
        std::string said =
            gate != nullptr ? consent_to(account, step.id, gate->gate) : "it succeeded";
        if (!status->entered) said = "it did not come to it";
        if (hook != nullptr && trouble != account.troubles.rend()) said = trouble->what;
        out.push_back(
            {.suite = "gates",
             .name = gate != nullptr ? "consent: " + gate->gate.name : "hook: " + hook->hook.name,
             .outcome = outcome_of(account, *status),
             .said = std::move(said),
             .took = took(*status)});
    }
}

// The last verdict in each step that watches.
void add_verdicts(const Account& account, std::vector<Check>& out) {
    for (std::size_t i = 0; i < account.steps_forward; ++i) {
        const StepStatus& step = account.steps[i];
        const Judgement* last = nullptr;
        for (const Judgement& each : account.judgements) {
            const bool within = step.entered && each.at >= *step.entered &&
                                (!step.passed || each.at <= *step.passed);
            if (within) last = &each;
        }
        if (last == nullptr) continue;
        const judge::Word word = last->verdict.word;
        out.push_back({.suite = "verdicts",
                       .name = fmt::format("{}: {}", step.id, last->verdict.metric),
                       .outcome = word == judge::Word::fail   ? Outcome::failed
                                  : word == judge::Word::pass ? Outcome::passed
                                                              : Outcome::skipped,
                       .said = last->verdict.reason,
                       .took = took(step)});
    }
}

// P3: a later share, or the end, comes only after the one before was seen in the data plane.
Check capacity_left_late(const Account& account) {
    Check check{.suite = "promises",
                .name = "P3 capacity leaves only after the weights are observed",
                .said = "no weight was set"};
    for (const StepStatus& step : account.steps) {
        const bool leaves =
            step.stage == release::Stage::drain || step.stage == release::Stage::retire;
        if (!leaves || !step.entered) continue;
        for (const Share& share : account.shares) {
            if (share.at >= *step.entered) continue;
            const bool last_before =
                &share == &account.shares.back() || (&share + 1)->at >= *step.entered;
            if (!last_before) continue;
            const bool seen = share.real_at && *share.real_at <= *step.entered;
            check.said = fmt::format("{} was {} before {}", percent(share.share),
                                     seen ? "observed" : "not observed", step.id);
            if (!seen) {
                check.outcome = Outcome::failed;
                return check;
            }
        }
    }
    if (check.said == "no weight was set") check.outcome = Outcome::skipped;
    return check;
}

// P4: the new pool has its healthy instances before it gets its first share.
Check pool_was_healthy(const Account& account) {
    Check check{.suite = "promises",
                .name = "P4 traffic goes only to a pool with healthy instances",
                .outcome = Outcome::skipped,
                .said = "no weight was set"};
    for (const StepStatus& step : account.steps) {
        if (step.stage != release::Stage::scale_up || account.shares.empty()) continue;
        const bool before = step.passed && *step.passed <= account.shares.front().at;
        check.outcome = before ? Outcome::passed : Outcome::failed;
        check.said = before ? "its instances were healthy before its first share"
                            : "it got a share before its instances were healthy";
    }
    return check;
}

// P5: how long from the decision until the share was taken away.
Check rollback_was_quick(const Account& account) {
    Check check{.suite = "promises",
                .name = "P5 a rollback is one write to the router",
                .outcome = Outcome::skipped,
                .said = "it did not go back"};
    if (!account.turned_at) return check;
    check.said = "it had no traffic to take away";
    const auto back =
        std::find_if(account.shares.begin(), account.shares.end(),
                     [&](const Share& each) { return each.at >= *account.turned_at; });
    if (back == account.shares.end()) return check;
    const milliseconds span = between(*account.turned_at, back->real_at.value_or(back->at));
    check.said = fmt::format("all requests were back {} after the decision{}", base::to_text(span),
                             back->real_at ? "" : " to go back, though that was not observed");
    check.took = span;
    check.outcome = Outcome::passed;
    return check;
}

Check harm_was_within(const Account& account) {
    const std::uint64_t most = account.plan.guard.harm_max;
    return {.suite = "promises",
            .name = "P9 harm stays within its budget",
            .outcome = account.run.harm > most ? Outcome::failed : Outcome::passed,
            .said = fmt::format("{} requests failed, at most {} may", account.run.harm, most)};
}

Check journal_is_whole(const Account& account) {
    return {.suite = "promises",
            .name = "P7 the journal is whole",
            .outcome = account.audit.intact ? Outcome::passed : Outcome::failed,
            .said = account.audit.intact ? fmt::format("{} records, head {}", account.audit.records,
                                                       account.head.hash.hex())
                                         : fmt::format("record {}: {}", account.audit.first_bad,
                                                       account.audit.finding)};
}

Check plan_was_reviewed(const Account& account) {
    return {.suite = "promises",
            .name = "P12 what ran is what was planned",
            .said = "the plan's digest is " + account.run.plan.hex()};
}

}  // namespace

std::string_view name_of(Outcome outcome) {
    switch (outcome) {
        case Outcome::passed:
            return "passed";
        case Outcome::failed:
            return "failed";
        case Outcome::skipped:
            return "skipped";
    }
    return "";
}

std::vector<Check> checks_of(const Account& account) {
    std::vector<Check> out{of_release(account)};
    add_steps(account, out);
    add_gates(account, out);
    add_verdicts(account, out);
    out.push_back(capacity_left_late(account));
    out.push_back(pool_was_healthy(account));
    out.push_back(rollback_was_quick(account));
    out.push_back(journal_is_whole(account));
    out.push_back(harm_was_within(account));
    out.push_back(plan_was_reviewed(account));
    return out;
}

}  // namespace report
