#pragma once
// How a command ends, as a number that scripts can act on. Part of the product's interface:
// a number keeps its meaning.

#include "base/result.h"

#include <span>
#include <string_view>

namespace cli {

enum class ExitCode {
    done = 0,
    error = 1,
    usage = 2,
    credentials = 4,
    rolled_back = 5,
    rollback_failed = 6,
    lease_held = 7,
    refused = 8,
    timed_out = 9,
    interrupted = 75,      ///< EX_TEMPFAIL of sysexits.h: the same command may go on later.
    run_void = 98,         ///< `load` only: the figures mean nothing.
    unmet = 99,            ///< `load` only, as k6 does.
    killed_by_int = 130,   ///< 128 + SIGINT, as shells count.
    killed_by_term = 143,  ///< 128 + SIGTERM.
};

struct ExitCodeEntry {
    ExitCode code;
    std::string_view name;     ///< One word, as it stands in JSON.
    std::string_view meaning;  ///< One sentence.
    std::string_view next;     ///< What a script or a person does then.
};

/// All of them, in rising order.
std::span<const ExitCodeEntry> exit_codes();

std::string_view name_of(ExitCode code);

/// How a command that failed with `error` ends: by its code where that says more than its kind.
ExitCode exit_code_of(const base::Error& error);

}  // namespace cli
