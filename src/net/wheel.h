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

        using Link::unlink;
        /// Will fire.
        bool armed() const { return linked() && due_ != 0; }
        /// Will not fire; stays where it stands until its place is reached or it is armed again.
        void rest() { due_ = 0; }

    private:
        friend class Wheel;

        std::uint64_t grain_ = 0;  ///< Where it stands; never later than `due_`.
        std::uint64_t due_ = 0;    ///< When it is to fire; 0: not at all.
        std::function<void()> fire_;
    };

    explicit Wheel(base::Tick start);
    Wheel(const Wheel&) = delete;
    Wheel& operator=(const Wheel&) = delete;
    ~Wheel();

    /// `node` fires once at `when` (soon if that is past); replaces what it was armed for. Where
    /// that is put off, as timeouts are with every byte that moves, the node stays in its place
    /// and moves on when that is reached: putting off costs a comparison.
    void arm(Node& node, base::Tick when) {
        constexpr std::uint64_t kGrainNanos = std::uint64_t{1} << kGrainBits;
        const auto nanos = when.time_since_epoch().count();
        node.due_ =
            ((nanos > 0 ? static_cast<std::uint64_t>(nanos) : 0) + kGrainNanos - 1) >> kGrainBits;
        if (node.due_ <= grain_) node.due_ = grain_ + 1;
        if (!node.linked() || node.grain_ > node.due_) settle(node);
    }

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
    void settle(Node& node);
    void link(Node& node);
    void open(const Place& place);

    std::uint64_t grain_;  ///< All that was due at or before this has fired.
    std::array<Level, kLevels> levels_;
};

}  // namespace net
