#pragma once
// Chance is handed in, like time. The sequence of a seed is the same on every machine, which
// the standard library's distributions do not promise.

#include <cstdint>

namespace base {

/// xoshiro256** seeded by splitmix64 (Blackman and Vigna, prng.di.unimi.it). Not for secrets.
class Random {
public:
    explicit Random(std::uint64_t seed);

    std::uint64_t next();
    /// Uniform in 0..bound-1; `bound` is at least 1.
    std::uint64_t below(std::uint64_t bound);
    /// Uniform in [0, 1).
    double unit();
    /// True with a chance of `numerator` in `denominator`.
    bool chance(std::uint64_t numerator, std::uint64_t denominator);

private:
    std::uint64_t state_[4];
};

/// A seed from the kernel; for main functions.
std::uint64_t seed_from_system();

}  // namespace base
