#pragma once
// Lengths of time as people write them: `250ms`, `90s`, `10m`, `1h30m`, `7d`.

#include "base/result.h"

#include <chrono>
#include <string>
#include <string_view>

namespace base {

/// Parts in falling order of unit, each at most once; a unit is required, even for zero.
/// Rejects signs, fractions, spaces and anything above 3650 days.
Result<std::chrono::milliseconds> duration_from(std::string_view text);

/// The shortest text that `duration_from` reads back as the same length; `0s` for none.
std::string to_text(std::chrono::milliseconds length);

}  // namespace base
