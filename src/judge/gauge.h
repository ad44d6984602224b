#pragma once
// CPU and memory: gauges whose noise no count formula describes. They hold a release, and take it
// back only at a hard limit.

#include "judge/verdict.h"

#include <optional>
#include <string>
#include <vector>

namespace judge {

/// Verdicts together: a fail decides, then what holds, and all must pass for a pass.
Verdict combined(std::vector<Verdict> verdicts);

/// A level per unit of work, such as CPU per request, in blocks of a minute or three times as
/// long as its fluctuations last. The sign test over blocks needs fifteen of them at least.
class LevelWatch {
public:
    /// `name` as in `cpu`; `ratio_max` of new to old is still acceptable.
    explicit LevelWatch(std::string name, double ratio_max = 1.2);

    /// The level of both releases in one block, from instances of equal age. Blocks without a
    /// level in either say nothing.
    void see_block(double canary, double baseline);

    /// Unknown, which holds, once it is plain that the level is higher; otherwise pass.
    Verdict verdict() const;

private:
    std::string name_;
    double ratio_max_;
    double worse_ = 0;
    double blocks_ = 0;
};

/// A gauge that must not come near what the machine has: memory near its limit.
class CeilingWatch {
public:
    /// `limit` in the gauge's unit; above `share_max` of it for `ticks_max` ticks is a fail.
    CeilingWatch(std::string name, double limit, double share_max = 0.9, int ticks_max = 3);

    void see(double value);
    Verdict verdict() const;

private:
    std::string name_;
    double limit_;
    double share_max_;
    int ticks_max_;
    int above_ = 0;
    double last_ = 0;
    bool failed_ = false;
};

/// The median slope between all pairs of equally spaced values (Theil and Sen), per step; 0 with
/// fewer than two.
double median_slope(const std::vector<double>& values);

/// Memory that grows and would reach its limit within a day.
class GrowthWatch {
public:
    GrowthWatch(double limit_bytes, double block_seconds);

    /// The lowest resident size of both releases in one block, at equal age.
    void see_block(double canary_bytes, double baseline_bytes);

    /// Unknown, which holds, while growth is plain and its end near; otherwise pass.
    Verdict verdict() const;

private:
    double limit_bytes_;
    double block_seconds_;
    std::vector<double> canary_;
    std::vector<double> baseline_;
};

}  // namespace judge
