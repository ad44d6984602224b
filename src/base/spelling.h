#pragma once
// Words that people write: which one they probably meant, and which have several readings.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace base {

/// How many letters have to be changed, added, left out or exchanged with a neighbour.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The name that `wanted` was probably meant to be, if one is near enough.
std::optional<std::string> nearest_name(std::string_view wanted,
                                        const std::vector<std::string>& names);

/// What some reader of YAML 1.1 or 1.2 takes the plain scalar `text` for, other than a text:
/// `yes` is a truth value to some, `010` is 8 to others. Empty when all agree that it is a text.
std::string_view other_reading(std::string_view text);

/// A whole number in its one spelling: no sign but `-`, no leading zero, no separator.
bool is_whole_number(std::string_view text);

}  // namespace base
