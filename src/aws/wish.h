#pragma once
// What a pool is to be, as it stands in one tag of its Auto Scaling group: whoever comes after a
// crash reads there how far things were to go. Pure.

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace aws {

/// One tag's value, so that it is replaced whole or not at all.
struct Wish {
    enum class Verb : std::uint8_t {
        ensure,   ///< `instances` of `version`, and nothing else.
        replace,  ///< Of `instances`, `updated` of `version`, surging; the rest as they are.
        retire,   ///< Nothing.
        hold,     ///< As many as there were when the other pool's release began.
    };
    Verb verb = Verb::ensure;
    std::uint64_t fence = 0;
    std::string step;
    std::int64_t version = 0;  ///< Of the launch template; 0 where the verb needs none.
    std::uint32_t instances = 0;
    std::uint32_t updated = 0;
    bool then_free = false;       ///< Once it is reached, scaling is given back as it was found.
    std::uint32_t ended = 0;      ///< How many instances ended by themselves and were replaced.
    std::string last_ended = {};  ///< The last of them.

    friend bool operator==(const Wish&, const Wish&) = default;
};

/// How a group was found before its scaling was taken over, and what was suspended for it: only
/// that is resumed.
struct Kept {
    std::uint32_t min = 0;
    std::uint32_t max = 0;
    std::set<std::string> suspended;

    friend bool operator==(const Kept&, const Kept&) = default;
};

/// Within what a tag of Auto Scaling may hold: letters, digits, spaces and `+-=._:/@`.
std::string to_text(const Wish& wish);
std::string to_text(const Kept& kept);

/// Nothing where the text is none of ours.
std::optional<Wish> wish_from(std::string_view text);
std::optional<Kept> kept_from(std::string_view text);

}  // namespace aws
