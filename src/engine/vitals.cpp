#include "engine/vitals.h"

#include "engine/body.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace engine {

namespace {

constexpr std::chrono::seconds kBlock{60};

/// CPU for each request between two looks; 0, which says nothing, without either.
double cost_between(const VitalsWatch::Look& before, const VitalsWatch::Look& after) {
    if (after.requests <= before.requests || after.vitals.cpu <= before.vitals.cpu) return 0;
    return static_cast<double>((after.vitals.cpu - before.vitals.cpu).count()) /
           static_cast<double>(after.requests - before.requests);
}

}  // namespace

namespace {

Vitals vitals_of(const std::vector<Instance>& instances, std::string_view release) {
    Vitals vitals;
    for (const Instance& each : instances) {
        if (each.release != release) continue;
        ++vitals.instances;
        vitals.restarts += each.restarts;
        vitals.memory = std::max(vitals.memory, each.memory.value_or(base::Bytes{}));
        vitals.cpu += each.cpu.value_or(std::chrono::microseconds{0});
    }
    return vitals;
}

base::Json json_of(const Vitals& vitals) {
    return {{"instances", vitals.instances},
            {"restarts", vitals.restarts},
            {"memory_bytes", vitals.memory.count},
            {"cpu_us", vitals.cpu.count()}};
}

Vitals one_from(const base::Json& json) {
    return {.instances = number_in(json, "instances"),
            .restarts = number_in(json, "restarts"),
            .memory = {number_in(json, "memory_bytes")},
            .cpu = std::chrono::microseconds{number_in(json, "cpu_us")}};
}

}  // namespace

BothVitals vitals_of(const std::vector<Instance>& instances, const release::Plan& plan) {
    return {.fresh = vitals_of(instances, plan.to.id),
            .old = plan.from ? vitals_of(instances, plan.from->id) : Vitals{}};
}

base::Json json_of(const BothVitals& vitals) {
    return {{"new", json_of(vitals.fresh)}, {"old", json_of(vitals.old)}};
}

BothVitals vitals_from(const base::Json& json) {
    return {.fresh = one_from(part_of(json, "new")), .old = one_from(part_of(json, "old"))};
}

std::uint64_t restarts_between(const Vitals& before, const Vitals& after) {
    return after.restarts > before.restarts ? after.restarts - before.restarts : 0;
}

VitalsWatch::VitalsWatch(const release::Guard& guard) : cpu_("cpu") {
    if (!guard.memory_max) return;
    const auto limit = static_cast<double>(guard.memory_max->count);
    ceiling_.emplace("memory", limit);
    growth_.emplace(limit, std::chrono::duration<double>(kBlock).count());
}

void VitalsWatch::see(const Look& fresh, const Look& old, base::Instant at) {
    if (std::exchange(has_last_, true)) {
        fresh_restarts_ += restarts_between(last_.fresh, fresh.vitals);
        old_restarts_ += restarts_between(last_.old, old.vitals);
    }
    last_ = {.fresh = fresh.vitals, .old = old.vitals};
    const bool knows_memory = fresh.vitals.memory.count > 0;
    if (ceiling_ && knows_memory) ceiling_->see(static_cast<double>(fresh.vitals.memory.count));
    if (!block_) {
        block_ = {at, fresh, old, fresh.vitals.memory, old.vitals.memory};
        return;
    }
    block_->fresh_least = std::min(block_->fresh_least, fresh.vitals.memory);
    block_->old_least = std::min(block_->old_least, old.vitals.memory);
    if (at < block_->begun + kBlock) return;
    close(*block_, fresh, old);
    block_ = {at, fresh, old, fresh.vitals.memory, old.vitals.memory};
}

void VitalsWatch::close(const Block& block, const Look& fresh, const Look& old) {
    // Of instances that came or went meanwhile the sums do not compare.
    const auto stayed = [](const Look& before, const Look& after) {
        return before.vitals.instances == after.vitals.instances &&
               before.vitals.restarts == after.vitals.restarts;
    };
    if (!stayed(block.fresh, fresh) || !stayed(block.old, old)) return;
    cpu_.see_block(cost_between(block.fresh, fresh), cost_between(block.old, old));
    if (growth_ && block.fresh_least.count > 0 && block.old_least.count > 0) {
        growth_->see_block(static_cast<double>(block.fresh_least.count),
                           static_cast<double>(block.old_least.count));
    }
}

judge::Verdict VitalsWatch::restarts() const {
    const std::uint64_t all = std::max<std::uint64_t>(2, last_.fresh.instances);
    if (fresh_restarts_ < all || old_restarts_ > 0)
        return {.word = judge::Word::pass, .metric = {}, .reason = {}};
    return {.word = judge::Word::fail,
            .metric = "restarts",
            .reason = fmt::format("{} restarts of {} instances of the new release, none of {} of "
                                  "the old",
                                  fresh_restarts_, last_.fresh.instances, last_.old.instances)};
}

judge::Verdict VitalsWatch::verdict() const {
    std::vector<judge::Verdict> verdicts{restarts(), cpu_.verdict()};
    if (growth_) verdicts.push_back(growth_->verdict());
    if (ceiling_) verdicts.push_back(ceiling_->verdict());
    return judge::combined(std::move(verdicts));
}

}  // namespace engine
