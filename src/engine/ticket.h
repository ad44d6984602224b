#pragma once
// What every write to the world carries, so that two actors never drive one application (P6)
// and a repeated write changes nothing more.

#include <cstdint>
#include <string>
#include <string_view>

namespace engine {

/// The name of one effect: release, step and direction, never the attempt. The same effect has
/// the same token before and after a crash.
struct StepToken {
    std::string text;  ///< Like `r42/shift-2/do` or `r42/shift-2/undo`.

    friend auto operator<=>(const StepToken&, const StepToken&) = default;
};

enum class Direction { forward, back };

/// `what` is a step's id, with the effect's name behind it where a step has several.
inline StepToken token_for(std::string_view run, std::string_view what, Direction direction) {
    return StepToken{std::string(run) + "/" + std::string(what) +
                     (direction == Direction::forward ? "/do" : "/undo")};
}

/// A fencing and a step token. `fence` grows with each lease; a provider refuses, with
/// `conflict`, a write whose fence is lower than the highest that it has seen.
struct Ticket {
    std::uint64_t fence = 0;
    StepToken step;

    friend bool operator==(const Ticket&, const Ticket&) = default;
};

}  // namespace engine
