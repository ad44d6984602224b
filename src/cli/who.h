#pragma once
// Who does something: the person or job, for the journal, and the process, for the lease.

#include "base/result.h"
#include "cli/session.h"

#include <string>
#include <string_view>

namespace cli {

/// The user whose process this is, or who logged in to begin it; for a Jenkins job what it claims,
/// too. To be read by `engine::person_of`.
std::string actor_of_process();

/// The holder of the token in `session.token`, if it lets act (CF0913, CF0915).
base::Result<std::string> actor_by_token(const Session& session);

/// This very process, told apart from one that had its number before: `ada@host pid 7 since 123`.
std::string holder_of_process();

/// True only for a holder as above that was of this machine and certainly is no more.
bool is_gone(std::string_view holder);

}  // namespace cli
