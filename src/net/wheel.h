#pragma once
// Timers in a hierarchical wheel: arming, rearming and disarming cost the same however many
// there are. Sans-I/O: time is handed in.

#include "base/clock.h"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

namespace net {

/// Eight levels of 64 slots, the finest 2^16 ns (66 microseconds) wide: all of time fits.
/// Timers never fire early, and at most one finest slot late.
class Wheel {
    struct Link {
        Link* next = nullptr;
        Link* previous = nullptr;

        bool linked() const { return next != nullptr; }
        void unlink();
    };

public:
    /// One timer. Leaves the wheel when destroyed, which its own callback must not do.
    class Node : private Link {
    public:
        explicit Node(std::function<void()> fire) : fire_(std::move(fire)) {}
        ~Node() { unlink(); }
        Node(const Node&) = delete;
        Node& operator=(const Node&) = delete;

        using Link::linked;
        using Link::unlink;

    private:
        friend class Wheel;

        std::uint64_t grain_ = 0;
        std::function<void()> fire_;
    };

    explicit Wheel(base::Tick start);
    Wheel(const Wheel&) = delete;
    Wheel& operator=(const Wheel&) = delete;
    ~Wheel();

    /// `node` fires once at `when` (soon if that is past); replaces what it was armed for.
    void arm(Node& node, base::Tick when);

    /// Fires all that are due, earlier slots first. What a callback arms for the past fires in a
    /// later call.
    void advance(base::Tick now);

    /// No timer fires before this; nothing where none is armed. May be earlier than the first.
    std::optional<base::Tick> next();

private:
    static constexpr unsigned kGrainBits = 16;
    static constexpr unsigned kLevelBits = 6;
    static constexpr unsigned kSlots = 1U << kLevelBits;
    static constexpr unsigned kLevels = 8;

    struct Level {
        // A set bit may stand for a slot whose nodes have all left, never the reverse.
        std::uint64_t maybe_filled = 0;
        std::array<Link, kSlots> heads;
    };
    struct Place {
        unsigned level;
        unsigned slot;
        std::uint64_t grain;
    };
    std::optional<Place> first();
    void link(Node& node);
    void open(const Place& place);

    std::uint64_t grain_;  ///< All that was due at or before this has fired.
    std::array<Level, kLevels> levels_;
};

}  // namespace net
