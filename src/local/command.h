#pragma once
// Running one command to its end, with a deadline and the end of what it printed.

#include "base/clock.h"
#include "base/result.h"
#include "local/process.h"

#include <cstddef>
#include <map>
#include <string>

namespace local {

struct Finished {
    Exit exit;
    bool timed_out = false;  ///< It was told to end, by SIGTERM and a second later by SIGKILL.
    std::string output;      ///< The last bytes of standard output and error, as they came.
};

/// Runs `launch` (its `output` is ours) in a session of its own and waits for its end. At
/// `deadline` it is made to end, with all that it started. `output_max` bounds what is kept.
base::Result<Finished> run_command(const Launch& launch, std::size_t output_max, base::Clock& clock,
                                   base::Deadline deadline);

}  // namespace local
