#include "report/spans.h"

#include "base/json.h"
#include "engine/body.h"
#include "engine/journal.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

namespace report {
namespace {

using engine::Record;
using engine::RecordKind;
using std::chrono::microseconds;

microseconds between(base::Instant from, base::Instant until) {
    return std::max(microseconds{0}, std::chrono::duration_cast<microseconds>(until - from));
}

// The run that the present record belongs to, and whose move it is.
class Folding {
public:
    base::Result<void> take(const Record& record) {
        const auto kind = engine::record_kind_from(record.kind);
        if (!kind) return base::fail(kind);
        const auto body = base::json_from(record.body);
        if (!body) return base::fail(body);
        if (*kind == RecordKind::begun) begin(record, *body);
        if (runs_.empty() || runs_.back().ended) return {};
        note(*kind, record, *body);
        settle(record.at);
        return {};
    }

    std::vector<RunSpan> all(base::Instant now) && {
        if (waits_since_) runs_.back().waited += between(*waits_since_, now);
        return std::move(runs_);
    }

private:
    void begin(const Record& record, const base::Json& body) {
        const base::Json& plan = engine::part_of(body, "plan");
        runs_.push_back({.id = record.release,
                         .strategy = engine::text_in(plan, "strategy"),
                         .begun = record.at,
                         .ended = {},
                         .ending = {},
                         .way_back = {},
                         .steps = {}});
        gates_.clear();
        waits_since_.reset();
        turned_at_.reset();
        at_gate_ = paused_ = alone_ = false;
        for (const base::Json& step : engine::part_of(plan, "steps")) {
            if (engine::text_in(engine::part_of(step, "action"), "kind") == "gate")
                gates_.insert(engine::text_in(step, "id"));
        }
    }

    void note(RecordKind kind, const Record& record, const base::Json& body) {
        const std::string step = engine::text_in(body, "step");
        if (kind == RecordKind::entered) {
            at_gate_ = gates_.contains(step) && !turned_at_;
            runs_.back().steps.push_back({.id = step,
                                          .stage = engine::text_in(body, "stage"),
                                          .back = turned_at_.has_value(),
                                          .begun = record.at,
                                          .ended = {}});
        } else if (kind == RecordKind::passed) {
            at_gate_ = false;
            end_step(step, record.at);
        } else if (kind == RecordKind::request && !engine::flag_in(body, "void")) {
            paused_ = engine::text_in(body, "verb") == "pause";
        } else if (kind == RecordKind::turned) {
            at_gate_ = paused_ = false;
            turned_at_ = record.at;
        } else if (kind == RecordKind::interrupted || kind == RecordKind::resumed) {
            alone_ = kind == RecordKind::interrupted;
        } else if (kind == RecordKind::ended) {
            end(record, body);
        }
    }

    void end_step(const std::string& step, base::Instant at) {
        auto& steps = runs_.back().steps;
        const auto open = std::find_if(steps.rbegin(), steps.rend(), [&](const StepSpan& each) {
            return each.id == step && !each.ended;
        });
        if (open != steps.rend()) open->ended = at;
    }

    void end(const Record& record, const base::Json& body) {
        RunSpan& run = runs_.back();
        at_gate_ = paused_ = alone_ = false;
        run.ended = record.at;
        if (const auto ending = engine::ending_from(engine::text_in(body, "ending")))
            run.ending = *ending;
        if (turned_at_) run.way_back = between(*turned_at_, record.at);
    }

    void settle(base::Instant at) {
        const bool waits = at_gate_ || paused_ || alone_;
        if (waits && !waits_since_) waits_since_ = at;
        if (waits || !waits_since_) return;
        runs_.back().waited += between(*waits_since_, at);
        waits_since_.reset();
    }

    std::vector<RunSpan> runs_;
    std::set<std::string> gates_;
    std::optional<base::Instant> waits_since_;
    std::optional<base::Instant> turned_at_;
    bool at_gate_ = false;
    bool paused_ = false;
    bool alone_ = false;
};

}  // namespace

microseconds RunSpan::length(base::Instant now) const {
    return between(begun, ended.value_or(now));
}

microseconds RunSpan::active(base::Instant now) const {
    return std::max(microseconds{0}, length(now) - waited);
}

base::Result<std::vector<RunSpan>> spans_of(const std::vector<Record>& records, base::Instant now) {
    Folding folding;
    for (const Record& record : records) {
        if (const auto taken = folding.take(record); !taken) return base::fail(taken);
    }
    return std::move(folding).all(now);
}

}  // namespace report
