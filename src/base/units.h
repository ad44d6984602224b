#pragma once
// Types where mixing would hurt.

#include <compare>
#include <cstdint>

namespace base {

/// A share in thousandths, 0..1000: the finest that every provider can express.
struct Permille {
    std::uint16_t value = 0;

    friend auto operator<=>(const Permille&, const Permille&) = default;
};

inline constexpr Permille kNone{0};
inline constexpr Permille kAll{1000};

struct Bytes {
    std::uint64_t count = 0;

    friend auto operator<=>(const Bytes&, const Bytes&) = default;
};

}  // namespace base
