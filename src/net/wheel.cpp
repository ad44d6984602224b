#include "net/wheel.h"

#include <bit>
#include <chrono>

namespace net {

namespace {

template <typename Link>
void append(Link& head, Link& link) {
    link.previous = head.previous;
    link.next = &head;
    head.previous->next = &link;
    head.previous = &link;
}

std::uint64_t nanos_of(base::Tick when) {
    const auto nanos = when.time_since_epoch().count();
    return nanos > 0 ? static_cast<std::uint64_t>(nanos) : 0;
}

}  // namespace

void Wheel::Link::unlink() {
    if (next == nullptr) return;
    next->previous = previous;
    previous->next = next;
    next = previous = nullptr;
}

Wheel::Wheel(base::Tick start) : grain_(nanos_of(start) >> kGrainBits) {
    for (Level& level : levels_)
        for (Link& head : level.heads) head.next = head.previous = &head;
}

Wheel::~Wheel() {
    for (Level& level : levels_)
        for (Link& head : level.heads)
            while (head.next != &head) head.next->unlink();
}

void Wheel::settle(Node& node) {
    node.grain_ = node.due_;
    node.unlink();
    link(node);
}

// The level is that of the highest digit in which the node's grain differs from the present one.
// So all slots in use lie ahead of the present digit, and a lower level is always due first.
void Wheel::link(Node& node) {
    const auto highest_bit = static_cast<unsigned>(std::bit_width(node.grain_ ^ grain_)) - 1;
    const unsigned level = highest_bit / kLevelBits;
    const unsigned slot = (node.grain_ >> (level * kLevelBits)) % kSlots;
    levels_[level].maybe_filled |= std::uint64_t{1} << slot;
    append(levels_[level].heads[slot], static_cast<Link&>(node));
}

std::optional<Wheel::Place> Wheel::first() {
    for (unsigned number = 0; number < kLevels; ++number) {
        Level& level = levels_[number];
        while (level.maybe_filled != 0) {
            const auto slot = static_cast<unsigned>(std::countr_zero(level.maybe_filled));
            if (level.heads[slot].next == &level.heads[slot]) {
                level.maybe_filled &= level.maybe_filled - 1;
                continue;
            }
            const unsigned shift = number * kLevelBits;
            const std::uint64_t above = grain_ >> shift >> kLevelBits << kLevelBits;
            return Place{number, slot, (above | slot) << shift};
        }
    }
    return {};
}

std::optional<base::Tick> Wheel::next() {
    const auto place = first();
    if (!place) return {};
    return base::Tick{
        std::chrono::nanoseconds{static_cast<std::int64_t>(place->grain << kGrainBits)}};
}

void Wheel::open(const Place& place) {
    Link& head = levels_[place.level].heads[place.slot];
    levels_[place.level].maybe_filled &= ~(std::uint64_t{1} << place.slot);
    // Callbacks may unlink any node, so those that are due wait in a list of their own.
    Link due;
    due.next = due.previous = &due;
    while (head.next != &head) {
        Node& node = static_cast<Node&>(*head.next);
        node.unlink();
        if (node.due_ == 0) continue;
        node.grain_ = node.due_;
        if (node.grain_ <= grain_)
            append(due, static_cast<Link&>(node));
        else
            link(node);
    }
    while (due.next != &due) {
        Node& node = static_cast<Node&>(*due.next);
        node.unlink();
        if (node.due_ == 0) continue;  // put to rest by a callback before it
        if (node.due_ > grain_) {      // or put off
            settle(node);
            continue;
        }
        node.due_ = 0;
        node.fire_();
    }
}

void Wheel::advance(base::Tick now) {
    const std::uint64_t until = nanos_of(now) >> kGrainBits;
    while (grain_ < until) {
        const auto place = first();
        if (!place || place->grain > until) break;
        grain_ = place->grain;
        open(*place);
    }
    if (grain_ < until) grain_ = until;
}

}  // namespace net
