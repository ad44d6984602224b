#pragma once
// WebSockets that are not asked to leave a target which drains.

#include <cstdint>
#include <limits>

namespace edge {

/// As `sockets_a_second` of a drain: no socket is asked; what is open stays until the deadline cuts
/// it.
inline constexpr std::uint32_t kKeepSockets = std::numeric_limits<std::uint32_t>::max();

}  // namespace edge
