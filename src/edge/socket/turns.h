#pragma once
// When the sockets of one worker may be handed to other targets: one by one. All at once, their
// handshakes, greetings and goodbyes stand in front of what everybody else is being told.

#include "base/clock.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace edge {

class Turns {
public:
    /// Between two.
    static constexpr std::chrono::milliseconds kApart{10};
    /// However many there are, the last one's turn comes so soon.
    static constexpr std::chrono::seconds kAllWithin{10};
    /// A loop that was busy for so long makes up for it.
    static constexpr std::chrono::milliseconds kMadeUp{20};

    bool due(base::Tick now) const { return now >= next_; }
    base::Tick next() const { return next_; }

    /// One of `sockets` goes at `now`, when it was due.
    void take(base::Tick now, std::size_t sockets) {
        const auto share = std::chrono::nanoseconds(kAllWithin) /
                           static_cast<std::int64_t>(std::max<std::size_t>(sockets, 1));
        next_ = std::max(next_, now - kMadeUp) + std::min<std::chrono::nanoseconds>(kApart, share);
    }

private:
    base::Tick next_{};
};

}  // namespace edge
