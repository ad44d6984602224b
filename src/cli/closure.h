#pragma once
// Whether a release may begin: a named lock holds all of them, a freeze of the spec those of a
// time. Neither holds what takes users back.

#include "cli/drive.h"
#include "cli/session.h"

#include <optional>
#include <string>

namespace cli {

/// The lock that holds, with who set it, when and why, if one does.
base::Result<std::optional<engine::Request>> lock_of(engine::Store& store);

/// Refuses while a lock (CF0752, exit 7) or a freeze (CF0753, exit 8) holds, unless `despite` says
/// why it does not count this time.
tl::expected<void, Refusal> require_open(Opened& opened, const release::Spec& spec,
                                         base::Instant now, const std::string& despite);

}  // namespace cli
