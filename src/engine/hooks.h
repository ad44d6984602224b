#pragma once
// The port through which a release calls out: commands and HTTP calls at the stages' borders.
// Behind it: local::Hooks (processes, libcurl), sim::Hooks.

#include "base/clock.h"
#include "base/result.h"
#include "engine/ticket.h"
#include "release/spec.h"

#include <chrono>
#include <map>
#include <string>

namespace engine {

enum class HookState { succeeded, failed, in_progress };

struct HookOutcome {
    HookState state = HookState::failed;
    std::chrono::milliseconds retry_after{0};  ///< Only with `in_progress`.
    std::string reason;                        ///< One line for people.
    std::string output;  ///< The last 64 KiB of what it printed, secrets of the spec removed.
};

class Hooks {
public:
    virtual ~Hooks() = default;

    /// Calls `hook` once. A command's exit 0 is succeeded, 75 in progress, others failed; an HTTP
    /// answer says so in JSON. `context` is passed as CROSSFADE_* variables or JSON members.
    /// Fails with `unavailable` when it could not be called at all, `unknown` when it was called
    /// and has not answered at `deadline` (it has been told to end).
    virtual base::Result<HookOutcome> call(const release::Hook& hook,
                                           const std::map<std::string, std::string>& context,
                                           const Ticket& ticket, base::Deadline deadline) = 0;
};

}  // namespace engine
