#pragma once
// Why a release went on, waits, or went back: its shares and its evidence, metric by metric.

#include "cli/session.h"
#include "cli/text.h"
#include "engine/journal.h"
#include "engine/progress.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

/// Whether `text` can only mean a release: `r7`, or a version.
bool is_release_name(std::string_view text);

/// `records` end with the run's last.
std::string explanation_text(const engine::Progress& progress,
                             const std::vector<engine::Record>& records, const Paint& paint,
                             std::size_t columns);

Ending explain_release(Session& session, const std::string& wanted);

}  // namespace cli
