#pragma once
// How far a run is, folded from its records and from nothing else: what a process that died knew,
// the next one knows.

#include "base/clock.h"
#include "base/result.h"
#include "engine/evidence.h"
#include "engine/hooks.h"
#include "engine/journal.h"
#include "engine/status.h"
#include "engine/ticket.h"
#include "judge/counts.h"
#include "judge/usual.h"
#include "judge/verdict.h"
#include "release/plan.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace engine {

/// Which records may follow which.
///
/// idle -begun-> going -intent-> calling -result-> going -ended-> tail -closed-> idle
/// going -turned-> back -intent-> back_calling -result-> back -ended-> tail
/// A driver that died in `calling` is followed by `resumed`, or asks again; `passed` ends it where
/// what the call was to do is seen, or no longer needed.
enum class Phase { idle, going, calling, back, back_calling, tail, tail_calling };

/// The phase after a record of `kind`; none: such a record is illegal there.
std::optional<Phase> phase_after(Phase phase, RecordKind kind);

/// One effect of the present step, by its token.
struct CallState {
    std::uint32_t tries = 0;
    bool done = false;
    base::Instant first;  ///< Of the first intent.
    base::Instant last;   ///< Of the last intent or result.
    std::optional<base::Failure> failure;
    base::Diagnostic diagnostic;
    std::optional<HookState> hook;
    std::chrono::milliseconds retry_after{0};
};

/// The step under way.
struct StepState {
    base::Instant entered;
    base::Instant mark_at;   ///< When it last got further than ever: deadlines count from here.
    std::uint64_t mark = 0;  ///< How far, in a measure of the step's own.
    std::map<std::string, CallState> calls;
    std::optional<base::Instant> real_at;  ///< When the share was observed to be real.
    std::optional<base::Instant> unknown_since;
    bool judged = false;                   ///< A verdict was recorded in this step.
    std::optional<base::Permille> course;  ///< Of a ramp: the share that it wants now.
    std::uint32_t courses = 0;             ///< How many it has wanted.
    base::Instant course_at;
};

/// Counts of both pools, accumulated from readings.
struct Tally {
    bool started = false;
    judge::PoolCounts last;   ///< The last reading that was recorded.
    judge::PoolCounts run;    ///< Since the release got its first request.
    judge::PoolCounts watch;  ///< Since the present watch began.

    /// With one more reading.
    Tally with(const judge::PoolCounts& reading) const;
};

struct Progress {
    release::Plan plan;
    base::Digest digest;
    std::string actor;
    std::string order;  ///< Empty: none was named.
    base::Instant begun_at;
    std::vector<release::Release> reachable;  ///< What a rollback could still go to.
    std::string driver;                       ///< The actor of the last `begun` or `resumed`.

    Phase phase = Phase::idle;
    bool turned = false;
    bool interrupted = false;
    Cause cause = Cause::none;
    std::string reason;
    base::Diagnostic diagnostic;
    std::vector<release::Step> way_back;  ///< Set when the run turns.

    std::size_t next = 0;  ///< Index into `steps()` of the present step, or of the next.
    std::optional<StepState> step;
    std::map<std::string, StepStatus> marks;  ///< By step id: when entered and passed.

    bool touched = false;                  ///< Some intent was recorded.
    bool shifted = false;                  ///< The new pool may have had traffic.
    bool scaled = false;                   ///< The new pool's instances are of this run.
    bool recreated = false;                ///< Requests may have been held, and instances ended.
    std::set<std::string> replaced;        ///< Ids of Replace steps that may have had effect.
    std::optional<base::Instant> real_at;  ///< When the present share was seen to be real.
    std::chrono::milliseconds slowest_split{0};  ///< From the intent of a split to its answer.
    Tally tally;
    std::optional<judge::Usual> usual;  ///< Of the old release, before the new one's first request.
    std::optional<Evidence> evidence;   ///< Where the old release serves beside the new one.
    judge::Verdict verdict;
    base::Instant verdict_at;

    std::uint64_t request_seen = 0;
    std::optional<base::Instant> paused_at;
    bool promoted = false;
    bool abort_wanted = false;
    std::string wanted_by;
    std::set<std::string> consents;  ///< Ids of the steps that were consented to.
    std::vector<Consent> answers;    ///< To gates, also those that do not count.

    std::optional<Ending> ending;
    base::Instant ended_at;
    std::uint64_t harm = 0;  ///< As stated at the end.
    std::optional<base::Instant> retire_at;
    bool closed = false;
    bool kept = false;   ///< Closed with the old pool still standing, for a rollback to it.
    bool hurry = false;  ///< Not from records: the pool is wanted, a warm one is retired at once.
    Head head;

    /// The steps of the present direction.
    const std::vector<release::Step>& steps() const { return turned ? way_back : plan.steps; }
    Direction direction() const { return turned ? Direction::back : Direction::forward; }
    const release::Step* present() const {
        return next < steps().size() ? &steps()[next] : nullptr;
    }
    /// The step of this id, where it waits for a second person.
    const release::AwaitConsent* second_person_at(std::string_view id) const;
    /// True when only the retirement of a warm pool is left.
    bool only_tail_left() const;
    std::chrono::milliseconds keep_warm() const;

    /// Takes one record in; rejects one that is illegal here or cannot be read.
    base::Result<void> apply(const Record& record);
    /// The same for a run that is closed, as far as its place in history needs: reads few bodies,
    /// and does not ask whether a record may stand where it does.
    base::Result<void> recall(const Record& record);

private:
    base::Result<void> take(RecordKind kind, const Record& record, const nlohmann::json& body);
    base::Result<void> begin(const Record& record, const nlohmann::json& body);
    void enter(const Record& record, const nlohmann::json& body);
    void intend(const Record& record, const nlohmann::json& body);
    void moved(base::Instant at);
    void result(const Record& record, const nlohmann::json& body);
    void count(const Record& record, const nlohmann::json& body);
    void observe(const Record& record, const nlohmann::json& body);
    void judged(const Record& record, const nlohmann::json& body);
    void wish(const Record& record, const nlohmann::json& body);
    void turn(const nlohmann::json& body);
    base::Result<void> end(const Record& record, const nlohmann::json& body);
};

/// The progress of the run that the last `begun` started; `not_found` in a journal without any.
base::Result<Progress> progress_of(const std::vector<Record>& records);

/// Who began the run, as far as it is proven: the one who is no second person.
std::string beginner_of(const Progress& progress);

/// How a run ended, for people; of one that has not ended: that it was interrupted.
std::string ending_sentence(const Progress& progress);

Status status_from(const Progress& progress, const Sight& sight, const std::optional<Lease>& lease);

/// What has to be undone, in order, for a run that turns where `progress` stands: traffic first,
/// then capacity; batches of a rolling release in reverse.
std::vector<release::Step> way_back_of(const Progress& progress);

}  // namespace engine
