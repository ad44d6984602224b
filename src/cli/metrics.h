#pragma once
// What Prometheus scrapes, as `crossfade metrics` prints it and the console serves it.

#include "cli/session.h"
#include "cli/view_source.h"
#include "engine/metrics.h"

#include <chrono>
#include <string>

namespace cli {

/// Asks the world once; `call` bounds the question for counts.
base::Result<std::string> metrics_text(ViewSource& source, engine::Metrics& metrics,
                                       base::Clock& clock, std::chrono::milliseconds call);

/// The command.
Ending metrics(Session& session);

}  // namespace cli
