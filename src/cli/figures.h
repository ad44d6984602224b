#pragma once
// How a team releases, for `history --figures`.

#include "cli/session.h"

#include <chrono>

namespace cli {

Ending show_figures(Session& session, std::chrono::milliseconds window);

}  // namespace cli
