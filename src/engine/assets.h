#pragma once
// The port through which static files are published before the instances that refer to them.
// Behind it: local::Assets (a folder that the edge serves), aws::Assets (S3), sim::Assets.

#include "base/clock.h"
#include "base/result.h"
#include "engine/ticket.h"
#include "release/release.h"

#include <string>
#include <vector>

namespace engine {

/// Publishes and keeps; never overwrites a file that a kept release refers to (P10).
class Assets {
public:
    virtual ~Assets() = default;

    /// Uploads what is missing of the release's assets. A name that exists with other content is
    /// `rejected` unless the spec names it as unhashed. Repeating it uploads nothing more.
    virtual base::Result<void> publish(const release::Release& release, const Ticket& ticket,
                                       base::Deadline deadline) = 0;

    /// Fetches each file of the release as a user would and compares its digest;
    /// `unavailable` while one is missing or differs.
    virtual base::Result<void> verify(const release::Release& release, base::Deadline deadline) = 0;

    /// Forgets all files that none of `releases` refers to. Those of other releases may go.
    virtual base::Result<void> retain(const std::vector<release::Release>& releases,
                                      const Ticket& ticket, base::Deadline deadline) = 0;
};

}  // namespace engine
