#pragma once
// Timers in a hierarchical wheel: arming, rearming and disarming cost the same however many
// there are. Sans-I/O: time is handed in.

#include "base/clock.h"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>

namespace net {

/// Seven levels of 64 slots of 2^16 ns (66 microseconds) at the finest; timers never fire early
/// and at most one finest slot late. Spans beyond 80 hours are waited for in stages.
class Wheel {
public:
    class Node {
    public:
        explicit Node(std::function<void()> fire) : fire_(std::move(fire)) {}
        ~Node() { unlink(); }
        Node(const Node&) = delete;
        Node& operator=(const Node&) = delete;

        bool linked() const { return next_ != nullptr; }
        void unlink();

    private:
        friend class Wheel;
        Node() = default;

        Node* next_ = nullptr;
        Node* previous_ = nullptr;
        base::Tick when_{};
        std::function<void()> fire_;
    };

    explicit Wheel(base::Tick start);

    /// `node` fires once at `when` (at once if that is past); replaces what it was armed for.
    void arm(Node& node, base::Tick when);

    /// Fires all that are due. A timer armed meanwhile for the past fires in the next call.
    void advance(base::Tick now);

    /// No timer fires before this; nothing where none is armed. May be earlier than the first.
    std::optional<base::Tick> next() const;

private:
    static constexpr unsigned kGrainBits = 16;
    static constexpr unsigned kLevelBits = 6;
    static constexpr unsigned kSlots = 1U << kLevelBits;
    static constexpr unsigned kLevels = 7;

    struct Level {
        // A set bit may stand for an empty slot (its last node was unlinked), never the reverse.
        std::uint64_t maybe_filled = 0;
        std::array<Node, kSlots> heads;
    };
    static std::uint64_t grain_of(base::Tick when);
    static base::Tick tick_of(std::uint64_t grain);
    void link(Node& node);
    void open_slot(Level& level, unsigned slot, Node& due);

    base::Tick start_;
    std::uint64_t grain_;  ///< Everything due before this grain has fired.
    std::array<Level, kLevels> levels_;
};

}  // namespace net
