#pragma once
// The one listener rule that divides an application's requests: its weights, and whether anything
// else of it is as it was. Pure.

#include "aws/value.h"
#include "base/result.h"
#include "base/units.h"

#include <string>

namespace aws {

/// The two permanent target groups, by ARN; both always stand in the rule.
struct Groups {
    std::string blue;
    std::string green;
};

/// Green's share, from the weights of both groups in the rule's forward action.
/// `rejected` (CF0813) where the rule is a default one, does not forward, or names other groups.
base::Result<base::Permille> share_in(const Value& rule, const Groups& groups);

/// The rule's actions with the weights of `green` and of all else as they are: settings that no
/// model names included.
base::Result<List> actions_with(const Value& rule, const Groups& groups, base::Permille green);

/// A digest of all of the rule but the two weights: the same until someone changes something.
std::string rest_of(const Value& rule);

/// The ARN of the load balancer that a rule is of: its name is in the rule's.
std::string load_balancer_of(const std::string& rule);

}  // namespace aws
