#pragma once
// Tables of the past, as pure functions.

#include "cli/session.h"
#include "cli/text.h"
#include "engine/history.h"
#include "engine/store.h"

#include <cstddef>
#include <string>
#include <vector>

namespace cli {

std::string history_text(const std::vector<engine::PastRun>& runs, base::Instant now,
                         const Paint& paint, std::size_t columns);
/// Records as a table, or as JSON of schema `crossfade.journal/1`.
Ending show_records(Session& session, const std::vector<engine::Record>& records);

std::string journal_text(const std::vector<engine::Record>& records, const Paint& paint,
                         std::size_t columns);

}  // namespace cli
