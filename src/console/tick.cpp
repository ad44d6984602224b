#include "console/tick.h"

#include "base/json.h"

#include <chrono>

namespace console {
namespace {

const engine::PoolStatus* pool_of(const engine::Status& status, release::Pool pool) {
    for (const engine::PoolStatus& each : status.pools) {
        if (each.pool == pool) return &each;
    }
    return nullptr;
}

PoolTick pool_tick(const judge::Counts& before, const judge::Counts& after,
                   const engine::PoolStatus* pool, bool is_split_known) {
    const judge::Counts between = judge::difference(before, after);
    PoolTick tick{.release = {},
                  .requests = between.requests,
                  .errors = between.errors,
                  .p50_micros = between.latency.quantile_micros(500),
                  .p99_micros = between.latency.quantile_micros(990),
                  .sockets = after.sockets_open,
                  .set = {},
                  .observed = {}};
    if (pool == nullptr) return tick;
    tick.release = pool->release;
    if (is_split_known) tick.set = pool->share_set.value;
    if (pool->share_observed) tick.observed = pool->share_observed->value;
    return tick;
}

base::Json json_of_pool(const PoolTick& pool) {
    const auto share = [](const std::optional<std::uint32_t>& permille) {
        return permille ? base::Json(*permille) : base::Json(nullptr);
    };
    return {pool.release,    pool.requests, pool.errors,     pool.p50_micros,
            pool.p99_micros, pool.sockets,  share(pool.set), share(pool.observed)};
}

}  // namespace

std::int64_t millis_of(base::Instant instant) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(instant.time_since_epoch())
        .count();
}

std::string json_of(const Tick& tick) {
    base::Json out = {millis_of(tick.at), tick.span.count(), nullptr, nullptr};
    if (tick.measured) {
        out[2] = json_of_pool(tick.pools[0]);
        out[3] = json_of_pool(tick.pools[1]);
    }
    return base::canonical(out);
}

std::optional<Tick> Meter::read(base::Instant at, const base::Result<judge::PoolCounts>& counts,
                                const engine::Status& status) {
    Tick tick{.at = at,
              .span = std::chrono::duration_cast<std::chrono::milliseconds>(at - before_at_),
              .measured = false,
              .pools = {}};
    before_at_ = at;
    const std::optional<judge::PoolCounts> before =
        std::exchange(before_, counts ? std::optional<judge::PoolCounts>(*counts) : std::nullopt);
    if (counts && !before) return std::nullopt;
    if (!counts) return tick;
    tick.measured = true;
    const bool is_split_known = status.split.has_value();
    tick.pools[0] =
        pool_tick(before->blue, counts->blue, pool_of(status, release::Pool::blue), is_split_known);
    tick.pools[1] = pool_tick(before->green, counts->green, pool_of(status, release::Pool::green),
                              is_split_known);
    return tick;
}

}  // namespace console
