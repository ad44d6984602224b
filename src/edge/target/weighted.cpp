#include "edge/target/weighted.h"

#include <utility>

namespace edge {

Weighted::Weighted(std::vector<std::uint32_t> weights)
    : weights_(std::move(weights)), credit_(weights_.size(), 0) {}

std::optional<std::size_t> Weighted::choose(std::span<const std::uint8_t> eligible) {
    std::int64_t sum = 0;
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < weights_.size(); ++i) {
        if (weights_[i] == 0 || eligible[i] == 0) continue;
        credit_[i] += weights_[i];
        sum += weights_[i];
        if (!best || credit_[i] > credit_[*best]) best = i;
    }
    if (best) credit_[*best] -= sum;
    return best;
}

}  // namespace edge
