#include "load/schedule.h"

#include <chrono>
#include <cmath>

namespace load {
namespace {

std::chrono::nanoseconds span(double seconds) {
    return std::chrono::nanoseconds{std::llround(seconds * 1e9)};
}

}  // namespace

Schedule::Schedule(base::Tick first, double a_second, std::optional<base::Random> random)
    : first_(first), next_(first), a_second_(a_second), random_(random) {}

Schedule Schedule::constant(base::Tick first, double a_second) {
    return {first, a_second, std::nullopt};
}

Schedule Schedule::poisson(base::Tick first, double a_second, std::uint64_t seed) {
    return {first, a_second, base::Random(seed)};
}

base::Tick Schedule::after_next() {
    if (a_second_ <= 0) return base::Tick::max();
    if (random_) return next_ + span(-std::log(1.0 - random_->unit()) / a_second_);
    return first_ + span(static_cast<double>(started_) / a_second_);
}

std::optional<base::Tick> Schedule::due(base::Tick now) {
    if (a_second_ <= 0 || next_ > now) return std::nullopt;
    const base::Tick intended = next_;
    ++started_;
    next_ = after_next();
    const auto late = std::chrono::duration_cast<std::chrono::microseconds>(now - intended);
    lag_.add(static_cast<std::uint64_t>(late.count()));
    return intended;
}

std::uint64_t Schedule::overdue(base::Tick now) const {
    Schedule copy = *this;
    while (copy.due(now)) {
    }
    return copy.started_ - started_;
}

}  // namespace load
