#pragma once
// The versions of one launch template: each release has its own, pinned by number.

#include "aws/client.h"
#include "base/result.h"

#include <cstdint>
#include <map>
#include <string>

namespace aws {

/// Versions never change, so what was read once is remembered. Used by one thread.
class Versions {
public:
    /// `template_id` is `lt-…`. `compute` outlives this.
    Versions(Client& compute, std::string template_id)
        : compute_(&compute), template_(std::move(template_id)) {}

    /// The number of the version that boots with `script` and is otherwise as `source`: found by
    /// its description, else made. An answer that was lost is found by the same call later.
    base::Result<std::int64_t> ensure(const std::string& release, const std::string& script,
                                      const std::string& source, const Terms& terms);

    /// The id of the release that a version is of; for a version of someone else, what it is.
    base::Result<std::string> release_of(std::int64_t version, const Terms& terms);

private:
    base::Result<void> read(const Terms& terms);

    Client* compute_;
    std::string template_;
    std::map<std::int64_t, std::string> descriptions_;
};

}  // namespace aws
