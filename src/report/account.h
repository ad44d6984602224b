#pragma once
// What became of one release, folded from its journal: the value that every report shows. Pure.

#include "base/clock.h"
#include "base/result.h"
#include "base/units.h"
#include "engine/history.h"
#include "engine/journal.h"
#include "engine/status.h"
#include "engine/store.h"
#include "judge/counts.h"
#include "judge/verdict.h"
#include "release/plan.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace report {

/// A share of new requests that was set for the new release.
struct Share {
    base::Instant at;
    base::Permille share;
    std::optional<base::Instant> real_at;  ///< When the data plane was seen to keep it.
};

/// Counts of both releases since the new one got its first request.
struct Point {
    base::Instant at;
    judge::Counts fresh;
    judge::Counts old;
};

struct Judgement {
    base::Instant at;
    judge::Verdict verdict;
};

/// What a person asked of the run.
struct Wish {
    base::Instant at;
    std::string by;
    std::string verb;
    std::string argument;
    bool taken = true;  ///< False: it does not count.
    std::string why_void = {};
};

/// A call to the world that failed, or that was made more than once.
struct Trouble {
    base::Instant at;
    std::string step;
    std::string what;
};

struct Account {
    engine::PastRun run;
    release::Plan plan;
    std::string sentence;  ///< How it ended, for people.
    base::Diagnostic diagnostic;
    std::vector<engine::StepStatus> steps;  ///< Forward, then those of the way back.
    std::size_t steps_forward = 0;
    std::vector<Share> shares;
    std::vector<Point> points;
    std::vector<Judgement> judgements;
    std::vector<Wish> wishes;
    std::vector<Trouble> troubles;
    std::vector<std::string> drivers;  ///< Who drove it, one after the other.
    std::optional<base::Instant> turned_at;
    engine::Head head;  ///< The journal's end when the release's last record was written.
    engine::Audit audit;

    bool succeeded() const { return run.ending == engine::Ending::succeeded; }
    /// From its beginning to its end, or to its last record.
    std::chrono::milliseconds length() const;
    /// The last counts, if there are any.
    const Point* last() const { return points.empty() ? nullptr : &points.back(); }
};

/// Fails with `not_found` when the journal has no run of this id, and `rejected` when it cannot be
/// read as a journal.
base::Result<Account> account_of(const std::vector<engine::Record>& records,
                                 const std::string& run);

/// User-minutes on the release: its open sockets over time, from its first request to its end.
double user_minutes(const Account& account);

}  // namespace report
