#include "aws/group.h"

#include "aws/wish.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace aws {
namespace {

/// Of the instances that are not on their way out.
struct Tally {
    std::uint32_t wanted = 0;  ///< Of the wished version.
    std::uint32_t wanted_serving = 0;
    std::uint32_t others = 0;
    std::uint32_t serving = 0;
    std::uint32_t leaving = 0;

    std::uint32_t alive() const { return wanted + others; }
};

Tally tally_of(const Group& group) {
    Tally out;
    for (const GroupMember& each : group.members) {
        if (each.is_leaving()) {
            ++out.leaving;
            continue;
        }
        const bool wanted = each.version == group.wish->version;
        ++(wanted ? out.wanted : out.others);
        if (each.is_serving) ++out.serving;
        if (wanted && each.is_serving) ++out.wanted_serving;
    }
    return out;
}

bool is_sized(const Group& group, const Resize& to) {
    return group.min == to.min && group.max == to.max && group.desired == to.desired &&
           (to.version == 0 || group.template_version == std::to_string(to.version));
}

std::optional<Move> sized(const Group& group, const Resize& to) {
    if (is_sized(group, to)) return std::nullopt;
    return Move{to};
}

/// Who goes first: whoever serves nobody, then by id, so that two looks choose the same.
const GroupMember* first_to_go(const Group& group, bool of_wanted) {
    const GroupMember* out = nullptr;
    for (const GroupMember& each : group.members) {
        if (each.is_leaving() || (each.version == group.wish->version) != of_wanted) continue;
        const bool before = out == nullptr || (out->is_serving && !each.is_serving) ||
                            (out->is_serving == each.is_serving && each.id < out->id);
        if (before) out = &each;
    }
    return out;
}

/// An instance that is to be replaced: counted first, then ended. One of another version than the
/// wished one says nothing about it, and is not counted.
std::optional<Move> mended(const Group& group) {
    const Wish& wish = *group.wish;
    for (const GroupMember& each : group.members) {
        if (!each.is_broken || each.is_serving || each.lifecycle != "InService") continue;
        const bool counts = wish.verb == Wish::Verb::hold || each.version == wish.version;
        if (!counts || wish.last_ended == each.id)
            return Move{Terminate{.id = each.id, .in_place = true}};
        Wish counted = wish;
        counted.last_ended = each.id;
        ++counted.ended;
        return Move{Note{counted, group.kept}};
    }
    return std::nullopt;
}

std::optional<Move> ensured(const Group& group) {
    const Wish& wish = *group.wish;
    const Resize size{.min = wish.instances,
                      .max = wish.instances,
                      .desired = wish.instances,
                      .version = wish.version};
    if (auto move = sized(group, size)) return move;
    const GroupMember* const stranger = first_to_go(group, false);
    if (stranger != nullptr) return Move{Terminate{.id = stranger->id, .in_place = true}};
    return mended(group);
}

std::optional<Move> replaced(const Group& group) {
    const Wish& wish = *group.wish;
    const Tally tally = tally_of(group);
    const std::uint32_t rest = wish.instances - std::min(wish.updated, wish.instances);
    if (tally.wanted < wish.updated) {
        // Never fewer than there are: what is not needed any more ends by name, below.
        const std::uint32_t number =
            std::max(tally.others + wish.updated, std::max(group.desired, wish.instances));
        return sized(group, {.min = std::min(wish.instances, number),
                             .max = number,
                             .desired = number,
                             .version = wish.version});
    }
    if (auto move = mended(group)) return move;
    if (tally.wanted_serving < wish.updated) return std::nullopt;
    const bool others_spare = tally.others > rest;
    const bool any_spare = tally.alive() > wish.instances;
    if (!others_spare && !any_spare) {
        // Others may have ended by themselves meanwhile: the number follows.
        return sized(group, {.min = wish.instances,
                             .max = wish.instances,
                             .desired = wish.instances,
                             .version = wish.version});
    }
    const GroupMember* const next = first_to_go(group, !others_spare);
    if (next == nullptr) return std::nullopt;
    if (next->is_serving && tally.serving <= wish.instances) return std::nullopt;
    // Auto Scaling goes on below `desired` only as far as `min`.
    if (group.desired <= wish.instances) return Move{Terminate{.id = next->id, .in_place = true}};
    return Move{Terminate{.id = next->id, .in_place = false}};
}

/// In this order: bounds, then what scales by itself, then the note of it.
std::optional<Move> freed(const Group& group) {
    if (!group.kept) return std::nullopt;
    const Kept& kept = *group.kept;
    std::set<std::string> to_resume;
    std::set_intersection(kept.suspended.begin(), kept.suspended.end(), group.suspended.begin(),
                          group.suspended.end(), std::inserter(to_resume, to_resume.end()));
    if (group.wish->verb != Wish::Verb::retire) {
        if (auto move = sized(group, {.min = std::min(kept.min, group.desired),
                                      .max = std::max(kept.max, group.desired),
                                      .desired = group.desired}))
            return move;
        if (!to_resume.empty()) return Move{Resume{to_resume}};
        return Move{Note{*group.wish, std::nullopt}};
    }
    // An empty pool stays at zero: its bounds come back with its next instances.
    if (!to_resume.empty()) return Move{Resume{to_resume}};
    if (kept.suspended.empty()) return std::nullopt;
    return Move{Note{*group.wish, Kept{.min = kept.min, .max = kept.max, .suspended = {}}}};
}

}  // namespace

bool is_reached(const Group& group) {
    if (!group.wish) return true;
    const Wish& wish = *group.wish;
    const Tally tally = tally_of(group);
    switch (wish.verb) {
        case Wish::Verb::ensure:
            return group.desired == wish.instances && tally.wanted == wish.instances &&
                   tally.others == 0;
        case Wish::Verb::replace:
            return group.desired == wish.instances && tally.alive() == wish.instances &&
                   tally.wanted >= wish.updated && tally.wanted_serving >= wish.updated;
        case Wish::Verb::retire:
            return group.desired == 0 && group.members.empty();
        case Wish::Verb::hold:
            return true;
    }
    return true;
}

bool is_to_be_freed(const Group& group) {
    return group.wish && group.wish->then_free && is_reached(group) && freed(group).has_value();
}

std::optional<Move> next_to_free(const Group& group) {
    return group.wish ? freed(group) : std::nullopt;
}

std::optional<Move> next_move(const Group& group) {
    if (!group.wish) return std::nullopt;
    const Wish& wish = *group.wish;
    if (wish.then_free && is_reached(group)) return freed(group);
    if (!group.kept) return std::nullopt;
    std::set<std::string> missing;
    std::set_difference(group.kept->suspended.begin(), group.kept->suspended.end(),
                        group.suspended.begin(), group.suspended.end(),
                        std::inserter(missing, missing.end()));
    if (!missing.empty()) return Move{Suspend{missing}};
    switch (wish.verb) {
        case Wish::Verb::ensure:
            return ensured(group);
        case Wish::Verb::replace:
            return replaced(group);
        case Wish::Verb::retire:
            return sized(group, {});
        case Wish::Verb::hold:
            if (auto move = sized(
                    group,
                    {.min = wish.instances, .max = wish.instances, .desired = wish.instances}))
                return move;
            return mended(group);
    }
    return std::nullopt;
}

void apply(Group& group, const Move& move) {
    if (const auto* suspend = std::get_if<Suspend>(&move)) {
        group.suspended.insert(suspend->processes.begin(), suspend->processes.end());
    } else if (const auto* resume = std::get_if<Resume>(&move)) {
        for (const std::string& each : resume->processes) group.suspended.erase(each);
    } else if (const auto* resize = std::get_if<Resize>(&move)) {
        group.min = resize->min;
        group.max = resize->max;
        group.desired = resize->desired;
        if (resize->version != 0) group.template_version = std::to_string(resize->version);
    } else if (const auto* note = std::get_if<Note>(&move)) {
        group.wish = note->wish;
        group.kept = note->kept;
    } else if (const auto* terminate = std::get_if<Terminate>(&move)) {
        if (!terminate->in_place) --group.desired;
        for (GroupMember& each : group.members)
            if (each.id == terminate->id) each.lifecycle = "Terminating";
    }
}

}  // namespace aws
