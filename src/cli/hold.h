#pragma once
// Requests that wait at the edge, because a person says so.

#include "cli/session.h"

#include <chrono>
#include <string>

namespace cli {

struct HoldOptions {
    std::string pool;  ///< Empty: all requests.
    std::chrono::milliseconds span{30'000};
    bool status = false;  ///< Changes nothing, only shows.
};
Ending hold(Session& session, const HoldOptions& options);
Ending unhold(Session& session);

}  // namespace cli
