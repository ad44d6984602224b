#pragma once
// Who does something: the person or job, for the journal, and the process, for the lease.

#include <string>
#include <string_view>

namespace cli {

/// `user ada`, the Jenkins job with its number, or `console ada (t3)` for a token's owner.
std::string actor_of_process();

/// This very process, told apart from one that had its number before: `ada@host pid 7 since 123`.
std::string holder_of_process();

/// True only for a holder as above that was of this machine and certainly is no more.
bool is_gone(std::string_view holder);

}  // namespace cli
