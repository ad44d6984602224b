#pragma once
// poll(2) until a deadline.

#include "base/clock.h"

#include <poll.h>

#include <cstddef>

namespace local {

/// Waits until one of `watched` is ready; false at the deadline. Interruptions are waited over.
bool wait_for(pollfd* watched, std::size_t count, base::Clock& clock, base::Deadline deadline);

}  // namespace local
