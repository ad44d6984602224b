#pragma once
// Wishes to the process that drives a release, and waiting until it has taken them up.

#include "cli/commands.h"
#include "cli/drive.h"

#include <string_view>

namespace cli {

/// Leaves the wish and returns once the journal says that it was taken up, or refuses when the run
/// ends before (CF0726) or the time is over (CF0727, exit 9).
Ending leave_wish(Session& session, Opened& opened, std::string_view verb,
                  const WishOptions& options);

}  // namespace cli
