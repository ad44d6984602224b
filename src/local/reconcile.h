#pragma once
// What the agent does next, from what is wished, what runs and what the edge says. Pure: carried
// out by agent.cpp, and decided anew after each change.

#include "base/clock.h"
#include "local/record.h"
#include "local/wish.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace local {

/// A target of the edge's groups, as the edge tells it.
struct Target {
    release::Pool pool = release::Pool::blue;
    std::string address;
    std::string state;  ///< initial, healthy, unhealthy, draining, drained, unused
    std::string reason;
    std::uint32_t in_flight = 0;
    std::uint32_t sockets = 0;
    std::uint32_t pooled = 0;

    bool leaving() const { return state == "draining" || state == "drained"; }
    friend bool operator==(const Target&, const Target&) = default;
};

/// All targets by id; none while the edge does not answer.
using EdgeView = std::optional<std::map<std::string, Target>>;

// What can be done.

/// Makes a new instance known, to be started.
struct Create {
    release::Pool pool;
    std::string release;
};
/// Runs the instance's process.
struct Start {
    std::string id;
};
/// Tells the edge where it is; requests come once the edge's checks pass.
struct Register {
    std::string id;
};
/// From now on it is leaving; the drain's deadline begins.
struct Leave {
    std::string id;
    std::string reason;
};
/// Asks the edge, again if need be, to let go of it until the record's deadline.
struct Drain {
    std::string id;
};
/// SIGTERM: the edge has proven that nothing is left, or the deadline is over.
struct Stop {
    std::string id;
    std::string reason;
};
/// SIGKILL: the grace is over.
struct Kill {
    std::string id;
};
/// Nothing of it runs: its record goes, and its target if the edge still has one.
struct Remove {
    std::string id;
};
/// A target that is nobody's.
struct Forget {
    release::Pool pool;
    std::string id;
};

using Action = std::variant<Create, Start, Register, Leave, Drain, Stop, Kill, Remove, Forget>;

struct Decision {
    std::vector<Action> actions;
    /// When to decide anew although nothing has happened.
    std::optional<base::Instant> wake;
    /// Something depends on what the edge will say next.
    bool watch_edge = false;
};

/// The wish as it is to be while the machine goes down: nothing.
enum class Course { keep, down };

/// Instances whose process has ended have no `process`; the caller turns an end into a phase by
/// `ended` before it asks.
Decision decide(const Wish& wish, Course course, const std::vector<Record>& records,
                const EdgeView& edge, base::Instant now);

/// The record after its process has ended by itself: to be started again, after a pause that
/// grows with each quick end; a leaving one stays as it is, without a process.
Record ended(Record record, std::string how, base::Instant now);

}  // namespace local
