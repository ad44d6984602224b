#pragma once
// Many ticks and several bets as one number: how much the evidence multiplied a bettor's wealth.

#include <array>
#include <cstddef>
#include <span>

namespace judge {

/// The sizes of fault that are bet on, as multiples of the acceptable rate.
inline constexpr std::array<double, 8> kAbortBets{1.2, 1.4, 1.8, 2.5, 4, 8, 20, 100};
inline constexpr std::array<double, 5> kPromoteBets{0.02, 0.2, 0.5, 0.7, 0.85};
/// For latency: exceedances of a tail edge, and odds ratios of the median.
inline constexpr std::array<double, 5> kTailBets{1.15, 1.4, 2, 4, 10};
inline constexpr std::array<double, 4> kMedianBets{1.15, 1.4, 2, 4};

/// How the wealth is kept.
struct Habits {
    /// The share that does not bet at first. It lets a fault that comes late meet fresh capital.
    double sleeping = 0.5;
    /// The part of it that wakes each tick.
    double waking = 1.0 / 360;
    /// The most that one tick may say, in nats: at one in a thousand no single tick aborts.
    double gain_max = 5;
};

/// A value of nine doubles, whose total is a supermartingale while the null holds.
class Mixture {
public:
    static constexpr std::size_t kBetsMax = 8;

    Mixture() = default;
    /// Equal shares for `bets` (1..kBetsMax) bets.
    explicit Mixture(std::size_t bets, const Habits& habits = {});

    /// One tick: what each bet gained, in nats, already divided by the dispersion. A tick that
    /// says nothing (all 0) leaves `log_evidence` as it was.
    void add(std::span<const double> gains);

    /// ln of the wealth; 0 at first.
    double log_evidence() const { return now_; }
    /// The highest it has been: exp(-this), at most 1, is a p-value valid at every look.
    double log_evidence_max() const { return highest_; }

    friend bool operator==(const Mixture&, const Mixture&) = default;

private:
    std::size_t bets_ = 0;
    double waking_ = 0;
    double gain_max_ = 0;
    std::array<double, kBetsMax> log_wealth_{};
    double log_sleeping_ = 0;
    double now_ = 0;
    double highest_ = 0;
};

}  // namespace judge
