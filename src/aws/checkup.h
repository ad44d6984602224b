#pragma once
// What is wrong with an application's place on AWS, from what was seen of it: the settings that
// cost others a release. Pure; survey.h looks.

#include "aws/group.h"
#include "aws/permissions.h"
#include "aws/value.h"
#include "base/finding.h"
#include "base/result.h"
#include "release/spec.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace aws {

struct Identity {
    std::string account;
    std::string arn;
    std::string source;  ///< Of the keys, as KeyRing::source.
};

struct Right {
    Permission permission;
    bool is_allowed = false;
};

struct BalancerSight {
    std::string state;                              ///< `active`
    std::map<std::string, std::string> attributes;  ///< As AWS names them.
    std::set<std::string> zones;
};

struct TargetGroupSight {
    std::string protocol;
    std::string type;  ///< `instance`
    std::int64_t port = 0;
    bool is_checked = true;
    std::string health_path;
    std::chrono::seconds health_interval{0};
    std::int64_t healthy_after = 0;
    std::set<std::string> balancers;  ///< ARNs
    std::map<std::string, std::string> attributes;
    std::map<std::string, std::string> targets;  ///< State by id; several ports count as one.
};

struct ScalingSight {
    Group group;
    std::string arn;
    std::string launch_template;          ///< `lt-…`; empty where it has none.
    std::set<std::string> target_groups;  ///< ARNs
    std::set<std::string> zones;
    bool asks_targets = false;  ///< It replaces what its target group finds unhealthy.
    std::chrono::seconds grace{0};
    bool protects_instances = false;  ///< From scale-in, when they are new.
};

struct TemplateSight {
    bool needs_token = false;  ///< IMDSv2 alone.
};

struct BucketSight {
    bool keeps_versions = false;
    bool is_locked = false;
};

/// Both of each pair: blue, then green. What could not be seen says why.
struct Sight {
    base::Result<Identity> identity;
    std::optional<std::chrono::seconds> ahead;  ///< AWS's clock of ours.
    base::Result<std::vector<Right>> rights;
    base::Result<Value> rule;
    base::Result<BalancerSight> balancer;
    std::array<base::Result<TargetGroupSight>, 2> targets;
    std::array<base::Result<ScalingSight>, 2> scaling;
    base::Result<TemplateSight> launch_template;
    base::Result<BucketSight> bucket;
    base::Result<std::map<std::string, std::int64_t>> limits;  ///< Of load balancers, by name.
};

/// What the journal and the lease say of releases.
struct Standing {
    enum class Kind {
        idle,
        driven,      ///< A release is under way, and someone drives it.
        unfinished,  ///< It is, and nobody does.
        warm,        ///< The one before the last still stands.
        unknown,     ///< They could not be read.
    };
    Kind kind = Kind::idle;
    std::string who = {};  ///< Drives, or which release it is.
};

/// In the order in which a person would look. Where it is not known who asks, nothing else is said.
std::vector<base::Finding> checkup(const release::Spec& spec, const Sight& sight,
                                   const Standing& standing);

/// Whether `group` is still held by a release that is over: what `Fleet::give_back` gives back.
bool is_left_behind(const Group& group, const Standing& standing);

}  // namespace aws
