#pragma once
// One Auto Scaling group of a release: what it is, what it was wished to be, and the one change
// that comes next. Pure.
//
//     written: a wish -> suspend what scales by itself -> bounds, template version, number
//              -> instances of other versions end, one by one, as soon as they are spare
//              -> reached; where the wish says so: bounds, then processes, as they were found

#include "aws/wish.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace aws {

/// What would start or end instances by itself, for other reasons than the number wished.
/// `ReplaceUnhealthy` too: a release replaces what is broken, and says so.
inline constexpr const char* kScalingProcesses[] = {"AZRebalance", "AlarmNotification",
                                                    "ReplaceUnhealthy", "ScheduledActions"};
/// Without these no instance comes, serves or goes; they are never suspended by us.
inline constexpr const char* kNeededProcesses[] = {"Launch", "Terminate", "HealthCheck",
                                                   "AddToLoadBalancer"};

struct GroupMember {
    std::string id;
    std::string lifecycle;     ///< `InService`, `Pending:Wait`, `Terminating` …
    bool is_broken = false;    ///< Auto Scaling says that it is to be replaced.
    bool is_serving = false;   ///< In service, and a healthy target: both.
    std::int64_t version = 0;  ///< Of the launch template it was started with.

    bool is_leaving() const { return lifecycle.starts_with("Terminat"); }
};

struct Group {
    std::string name;
    std::string template_version;  ///< As it stands there: a number, or `$Latest`.
    std::uint32_t min = 0;
    std::uint32_t max = 0;
    std::uint32_t desired = 0;
    std::set<std::string> suspended;
    std::vector<GroupMember> members;
    std::optional<Wish> wish;
    std::optional<Kept> kept;  ///< While its scaling is taken over.
};

struct Suspend {
    std::set<std::string> processes;
};
struct Resume {
    std::set<std::string> processes;
};
/// Bounds and number at once; the template version only where one is given.
struct Resize {
    std::uint32_t min = 0;
    std::uint32_t max = 0;
    std::uint32_t desired = 0;
    std::int64_t version = 0;
};
/// `in_place`: another one is started for it.
struct Terminate {
    std::string id;
    bool in_place = false;
};
/// Only the tags change.
struct Note {
    Wish wish;
    std::optional<Kept> kept;
};
using Move = std::variant<Suspend, Resume, Resize, Terminate, Note>;

/// The one change that brings the group further; none where it waits or has arrived. A change that
/// was made already is not asked for again, so a crash between any two loses nothing.
std::optional<Move> next_move(const Group& group);

/// Whether the wish is fulfilled, as far as instances are concerned.
bool is_reached(const Group& group);

/// Whether it is reached, but its scaling is still to be given back.
bool is_to_be_freed(const Group& group);

/// The next change that gives its scaling back as it was found, whether or not its wish is reached:
/// for a group that no release holds any more. None where nothing is held.
std::optional<Move> next_to_free(const Group& group);

/// The group once `move` is made: what a read would give, where nothing else happens.
void apply(Group& group, const Move& move);

}  // namespace aws
