#include "report/account.h"

#include "base/json.h"
#include "engine/body.h"
#include "engine/evidence.h"
#include "engine/progress.h"

#include <fmt/format.h>

#include <algorithm>

namespace report {
namespace {

using engine::Record;
using engine::RecordKind;

bool is(const Record& record, RecordKind kind) {
    return record.kind == name_of(kind);
}

// One record after the other, with the progress before and after it.
class Folding {
public:
    explicit Folding(Account& account) : account_(account) {}

    base::Result<void> take(const Record& record) {
        const auto taken = progress_.apply(record);
        if (!taken) return taken;
        const auto body = base::json_from(record.body);
        if (!body) return base::fail(body);
        note(record, *body);
        note_counts(record);
        return {};
    }

    const engine::Progress& progress() const { return progress_; }

private:
    void note(const Record& record, const base::Json& body) {
        if (is(record, RecordKind::begun) || is(record, RecordKind::resumed)) {
            account_.drivers.push_back(record.actor);
        } else if (is(record, RecordKind::intent)) {
            note_intent(record, body);
        } else if (is(record, RecordKind::result)) {
            note_result(record, body);
        } else if (is(record, RecordKind::observed) && engine::text_in(body, "fact") == "share") {
            if (!account_.shares.empty() && !account_.shares.back().real_at)
                account_.shares.back().real_at = record.at;
        } else if (is(record, RecordKind::verdict)) {
            account_.judgements.push_back({record.at, progress_.verdict});
        } else if (is(record, RecordKind::turned)) {
            account_.turned_at = record.at;
            keep_steps();
        } else if (is(record, RecordKind::request)) {
            account_.wishes.push_back({.at = record.at,
                                       .by = engine::text_in(body, "by"),
                                       .verb = engine::text_in(body, "verb"),
                                       .argument = engine::text_in(body, "argument"),
                                       .taken = !engine::flag_in(body, "void"),
                                       .why_void = engine::text_in(body, "why")});
        }
    }

    void note_intent(const Record& record, const base::Json& body) {
        step_ = engine::text_in(body, "step");
        if (engine::text_in(body, "effect") != "set_split") return;
        const auto green = static_cast<std::uint16_t>(engine::number_in(body, "green"));
        const base::Permille share{progress_.plan.target == release::Pool::green
                                       ? green
                                       : static_cast<std::uint16_t>(base::kAll.value - green)};
        // Asked again after a crash or a lost answer: still the same move.
        const bool again = !account_.shares.empty() && account_.shares.back().share == share &&
                           !account_.shares.back().real_at;
        if (!again) account_.shares.push_back({record.at, share, std::nullopt});
    }

    void note_result(const Record& record, const base::Json& body) {
        const std::string hook = engine::text_in(body, "hook");
        const std::string outcome = engine::text_in(body, "outcome");
        if (outcome == "done" && hook != "failed") return;
        const base::Json& why = engine::part_of(body, "diagnostic");
        account_.troubles.push_back({record.at, step_, engine::text_in(why, "what")});
    }

    void note_counts(const Record& record) {
        const judge::PoolCounts& run = progress_.tally.run;
        const judge::Counts& fresh = engine::counts_of(run, progress_.plan.target);
        const judge::Counts& old = engine::counts_of(run, release::other(progress_.plan.target));
        if (!progress_.tally.started || progress_.plan.target == progress_.plan.active) return;
        const Point* last = account_.last();
        const bool same = last != nullptr && last->fresh.requests == fresh.requests &&
                          last->old.requests == old.requests &&
                          last->fresh.sockets_open == fresh.sockets_open;
        if (!same) account_.points.push_back({record.at, fresh, old});
    }

public:
    // The way there is kept before the run turns, as its steps are then those of the way back.
    void keep_steps() {
        const bool back = progress_.turned && account_.steps_forward > 0;
        const std::vector<release::Step>& steps = back ? progress_.way_back : progress_.plan.steps;
        for (std::size_t i = 0; i < steps.size(); ++i) {
            engine::StepStatus status{.id = steps[i].id,
                                      .stage = steps[i].stage,
                                      .reason = steps[i].reason,
                                      .place = engine::StepStatus::Place::ahead,
                                      .entered = {},
                                      .passed = {}};
            if (const auto mark = progress_.marks.find(steps[i].id);
                mark != progress_.marks.end()) {
                status.entered = mark->second.entered;
                status.passed = mark->second.passed;
                status.place = status.passed ? engine::StepStatus::Place::passed
                                             : engine::StepStatus::Place::current;
            }
            account_.steps.push_back(std::move(status));
        }
        if (!back) account_.steps_forward = steps.size();
    }

private:
    Account& account_;
    engine::Progress progress_;
    std::string step_;
};

// A run's records: from its beginning until the next one's.
struct Stretch {
    std::vector<Record>::const_iterator begin;
    std::vector<Record>::const_iterator end;
};

base::Result<Stretch> records_of(const std::vector<Record>& records, const std::string& run) {
    const auto begun = std::find_if(records.begin(), records.end(), [&](const Record& each) {
        return is(each, RecordKind::begun) && each.release == run;
    });
    if (begun == records.end()) {
        return base::fail(base::Failure::not_found,
                          {.code = "CF0722",
                           .what = fmt::format("there is no release {}", run),
                           .fix = "`crossfade history` lists them"});
    }
    return Stretch{begun, std::find_if(begun + 1, records.end(), [](const Record& each) {
                       return is(each, RecordKind::begun);
                   })};
}

}  // namespace

std::chrono::milliseconds Account::length() const {
    base::Instant until = run.ended.value_or(run.begun);
    if (!run.ended && !points.empty()) until = points.back().at;
    return std::chrono::duration_cast<std::chrono::milliseconds>(until - run.begun);
}

base::Result<Account> account_of(const std::vector<Record>& records, const std::string& run) {
    const auto own = records_of(records, run);
    if (!own) return base::fail(own);
    Account account;
    Folding folding(account);
    for (auto record = own->begin; record != own->end; ++record) {
        if (const auto taken = folding.take(*record); !taken) return base::fail(taken);
    }
    folding.keep_steps();
    const engine::Progress& progress = folding.progress();
    const auto releases = engine::releases_of({own->begin, own->end});
    if (!releases) return base::fail(releases);
    account.run = releases->runs.front();
    account.plan = progress.plan;
    account.sentence = engine::ending_sentence(progress);
    account.diagnostic = progress.diagnostic;
    account.audit = engine::verify({records.begin(), own->end});
    account.head = account.audit.head;
    return account;
}

double user_minutes(const Account& account) {
    double minutes = 0;
    for (std::size_t i = 0; i + 1 < account.points.size(); ++i) {
        const auto span = std::chrono::duration<double, std::ratio<60>>(account.points[i + 1].at -
                                                                        account.points[i].at);
        minutes += span.count() * static_cast<double>(account.points[i].fresh.sockets_open);
    }
    return minutes;
}

}  // namespace report
