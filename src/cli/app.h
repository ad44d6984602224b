#pragma once
// From words to an exit code.

#include "base/clock.h"

#include <string>
#include <vector>

namespace cli {

/// Reads the words, does the command, shows what came of it. `program` is argv[0].
int run(const std::string& program, const std::vector<std::string>& words, base::Clock& clock);

}  // namespace cli
