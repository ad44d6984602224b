#pragma once
// Who does something: the person or job, for the journal, and the process, for the lease.

#include <string>
#include <string_view>

namespace cli {

/// `user ada`, `console ada (t3)` for a token's owner, or the Jenkins job with its number, the user
/// whose process claims to be it, and who approved.
std::string actor_of_process();

/// An actor as the journal has it, apart by what anybody could say and what was proven.
struct Identity {
    std::string claimed;  ///< Empty: nothing beyond what is proven.
    std::string proven;
};
Identity identity_of(std::string_view actor);

/// This very process, told apart from one that had its number before: `ada@host pid 7 since 123`.
std::string holder_of_process();

/// True only for a holder as above that was of this machine and certainly is no more.
bool is_gone(std::string_view holder);

}  // namespace cli
