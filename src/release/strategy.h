#pragma once
// Policy: which strategy a change gets, by which rule, and which changes get none.

#include "base/result.h"
#include "release/change.h"
#include "release/release.h"
#include "release/spec.h"

#include <optional>
#include <string>
#include <vector>

namespace release {

struct Choice {
    StrategyKind kind = StrategyKind::blue_green;
    std::string reason;              ///< The rule, one sentence.
    std::vector<std::string> notes;  ///< What the choice brings with it.
};

/// The strategy for going from `from` to `to`, where `change` is what differs.
///
/// The default by the size of the change gives way to the spec's own table, that to `forced`, and
/// all of these to what the application can bear: one that does not share events among instances,
/// or contracts its schema, is never split. Rejects nothing to do, a forbidden edge, a jump over
/// too many minor versions, and a forced strategy that the application cannot bear.
base::Result<Choice> choose_strategy(const Spec& spec, const std::optional<Release>& from,
                                     const Release& to, const Change& change,
                                     std::optional<StrategyKind> forced);

/// Rejects the way from one version to another if an edge of the spec forbids it.
base::Result<void> allowed(const Compatibility& compatibility, const Version& from,
                           const Version& to);

}  // namespace release
