#pragma once
// A journal as a file that proves itself: one record a line, as JSON, with its hashes. Made to be
// kept and checked elsewhere.

#include "base/result.h"
#include "engine/store.h"

#include <string>
#include <string_view>
#include <vector>

namespace report {

/// Ends with a line feed, if there are records at all.
std::string journal_lines(const std::vector<engine::Record>& records);

/// Reads what `journal_lines` made; says nothing of whether the chain holds. Rejects a line that is
/// no record.
base::Result<std::vector<engine::Record>> journal_from_lines(std::string_view lines);

}  // namespace report
