#pragma once
// Types where mixing would hurt.

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace base {

/// A share in thousandths, 0..1000: the finest that every provider can express.
struct Permille {
    std::uint16_t value = 0;

    friend auto operator<=>(const Permille&, const Permille&) = default;
};

inline constexpr Permille kNone{0};
inline constexpr Permille kAll{1000};

/// `5%`, `0.1%`.
std::string to_text(Permille share);
/// The one spelling: no leading zero, at most one decimal and that not zero; none for others.
std::optional<Permille> permille_from(std::string_view text);

struct Bytes {
    std::uint64_t count = 0;

    friend auto operator<=>(const Bytes&, const Bytes&) = default;
};

/// `512MiB`; in the largest of B, KiB, MiB, GiB and TiB that gives a whole number.
std::string to_text(Bytes bytes);
/// The one spelling; none for others.
std::optional<Bytes> bytes_from(std::string_view text);

}  // namespace base
