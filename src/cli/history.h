#pragma once
// Tables of the past, as pure functions.

#include "cli/text.h"
#include "engine/history.h"
#include "engine/store.h"

#include <cstddef>
#include <string>
#include <vector>

namespace cli {

std::string history_text(const std::vector<engine::PastRun>& runs, base::Instant now,
                         const Paint& paint, std::size_t columns);
std::string journal_text(const std::vector<engine::Record>& records, const Paint& paint,
                         std::size_t columns);

}  // namespace cli
