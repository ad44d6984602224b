#include "engine/share.h"

#include <cmath>

namespace engine {

namespace {

constexpr double kNatsOfDoubt = 11.513;  // ln 100,000

double divergence_part(double seen, double expected) {
    return seen == 0 ? 0 : seen * std::log(seen / expected);
}

}  // namespace

bool share_is_real(std::uint64_t to_pool, std::uint64_t all, base::Permille share) {
    if (share == base::kNone) return to_pool == 0;
    if (share == base::kAll) return to_pool == all;
    if (all == 0) return true;
    const double seen = static_cast<double>(to_pool) / static_cast<double>(all);
    const double wanted = share.value / 1000.0;
    const double divergence = divergence_part(seen, wanted) + divergence_part(1 - seen, 1 - wanted);
    return static_cast<double>(all) * divergence <= kNatsOfDoubt;
}

}  // namespace engine
