#pragma once
// Whether a share that was set has become real, from counts. Pure.

#include "base/units.h"

#include <cstdint>

namespace engine {

/// Fewer requests than this can hardly speak against any share.
inline constexpr std::uint64_t kRequestsThatTell = 30;

/// True unless the counts speak against it: by Chernoff's bound, a data plane that does send
/// `share` of the requests to the pool shows `to_pool` of `all`, or something less likely, at
/// least once in 100,000 looks. At 0 and 1000 ‰ a single stray request speaks against it.
/// Without any request nothing does: whoever asks decides how long to wait for one.
bool share_is_real(std::uint64_t to_pool, std::uint64_t all, base::Permille share);

}  // namespace engine
