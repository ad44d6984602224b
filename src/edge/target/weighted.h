#pragma once
// Deals requests out by weight, smoothly and exactly.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace edge {

/// Smooth weighted round robin (as nginx does it): over any run of Σ weights choices with the same
/// candidates each has had exactly its weight, and a small share comes evenly, not in a row.
///
/// One thread's; several such dealers side by side are each exact, and so is their sum.
class Weighted {
public:
    explicit Weighted(std::vector<std::uint32_t> weights = {});

    /// Which one is next, of those whose `eligible` is set and whose weight is above 0; none if
    /// there is none. `eligible` is as long as the weights.
    std::optional<std::size_t> choose(std::span<const std::uint8_t> eligible);

    const std::vector<std::uint32_t>& weights() const { return weights_; }

private:
    std::vector<std::uint32_t> weights_;
    std::vector<std::int64_t> credit_;
};

}  // namespace edge
