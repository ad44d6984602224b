#include "judge/mixture.h"

#include "judge/logs.h"

#include <algorithm>
#include <cmath>

namespace judge {

Mixture::Mixture(std::size_t bets, const Habits& habits)
    : bets_(std::min(bets, kBetsMax)), waking_(habits.waking), gain_max_(habits.gain_max) {
    log_wealth_.fill(std::log1p(-habits.sleeping) - std::log(static_cast<double>(bets_)));
    log_sleeping_ = std::log(habits.sleeping);
}

void Mixture::add(std::span<const double> gains) {
    const double woken = log_sleeping_ + std::log(waking_ / static_cast<double>(bets_));
    for (std::size_t i = 0; i < bets_; ++i) {
        log_wealth_[i] = log_add(log_wealth_[i] + std::min(gains[i], gain_max_), woken);
    }
    log_sleeping_ += std::log1p(-waking_);
    now_ = log_add(log_sum(std::span(log_wealth_).first(bets_)), log_sleeping_);
    highest_ = std::max(highest_, now_);
}

}  // namespace judge
