#pragma once
// What comes next, from how far a run is and what is seen of the world. Pure: asking again after a
// crash gives the same answer.

#include "base/clock.h"
#include "engine/effect.h"
#include "engine/journal.h"
#include "engine/progress.h"
#include "engine/status.h"
#include "engine/ticket.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace engine {

/// Change the world: intent, call, result.
struct Call {
    Effect effect;
    StepToken token;
    bool stood = false;  ///< What it ensures was there before this run.
};

/// Write something down.
struct Note {
    RecordKind kind = RecordKind::observed;
    std::string body;  ///< Canonical JSON.
};

/// Nothing can be done before `until`.
struct Wait {
    base::Instant until;
    RunState state = RunState::waiting;
    std::string sentence;
    std::optional<base::Instant> when;  ///< When it is over, where that is known.
};

/// Nothing is left to do.
struct Over {};

using Move = std::variant<Call, Note, Wait, Over>;

/// What `decide` needs to see for the present step; a port that is not named is not asked.
struct Needs {
    bool split = false;
    bool traffic = false;
    bool instances = false;
    bool held = false;
    bool counts = false;
    bool past = false;
    bool assets = false;
    std::chrono::seconds window{1};  ///< For the traffic's view.
};

Needs needs_of(const Progress& progress, base::Instant now);

/// `poll` is the pause between two looks at the world.
Move decide(const Progress& progress, const Sight& sight, std::chrono::milliseconds poll);

}  // namespace engine
