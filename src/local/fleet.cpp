#include "local/fleet.h"

#include "base/json.h"
#include "local/artifact.h"
#include "local/call.h"
#include "local/edge_admin.h"
#include "local/usage.h"
#include "local/wire.h"

#include <fmt/format.h>

namespace local {

namespace {

constexpr const char* kAgent = "the agent";

base::Result<void> wished(const Folder& folder, release::Pool pool, const base::Json& wish,
                          base::Clock& clock, base::Deadline deadline) {
    const auto done =
        call(folder.agent_socket(), kAgent,
             {"PUT", fmt::format("/v1/pools/{}", release::name_of(pool)), base::canonical(wish)},
             clock, deadline);
    if (!done) return base::fail(done);
    return {};
}

base::Json wish_of(std::string_view verb, const engine::Ticket& ticket, const Manners& manners) {
    return {{"verb", verb},
            {"fence", ticket.fence},
            {"token", ticket.step.text},
            {"manners", json_of(manners)}};
}

/// What the process says and what the edge says, as one state: the edge decides about health.
void add_standing(engine::Instance& instance, Phase phase, const Target* target, bool is_late) {
    if (target != nullptr) {
        instance.requests_in_flight = target->in_flight;
        instance.sockets_open = target->sockets;
    }
    switch (phase) {
        case Phase::waiting:
            instance.state = instance.restarts > 1 || is_late ? engine::InstanceState::failed
                                                              : engine::InstanceState::starting;
            if (instance.reason.empty()) instance.reason = "to be started";
            return;
        case Phase::leaving:
            instance.state = engine::InstanceState::draining;
            return;
        case Phase::stopping:
            instance.state = engine::InstanceState::stopping;
            return;
        case Phase::running:
            break;
    }
    if (target == nullptr) {
        instance.state = engine::InstanceState::starting;
        instance.reason = "not registered yet";
        return;
    }
    if (target->state == "healthy") {
        instance.state = engine::InstanceState::healthy;
        instance.reason.clear();
        return;
    }
    const std::string ended = instance.reason;
    instance.reason = target->reason.empty() ? target->state : target->reason;
    if (!ended.empty()) instance.reason += fmt::format("; before: {}", ended);
    if (target->state == "unhealthy") {
        instance.state = engine::InstanceState::unhealthy;
    } else if (is_late) {
        instance.state = engine::InstanceState::failed;
        instance.reason = fmt::format("not healthy within its boot deadline: {}", instance.reason);
    }
}

}  // namespace

Manners manners_of(const release::Spec& spec) {
    return {.boot_deadline = spec.service.boot_deadline,
            .stop_grace = spec.service.stop_grace,
            .drain_deadline = spec.strategy.drain_deadline,
            .drain_sockets_a_second = spec.strategy.drain_sockets_a_second};
}

Fleet::Fleet(Folder folder, Manners manners, base::Clock& clock)
    : folder_(std::move(folder)), manners_(manners), clock_(clock) {}

base::Result<void> Fleet::prepare(const release::Release& release, const engine::Ticket&,
                                  base::Deadline deadline) {
    return Artifacts(folder_.artifacts())
        .prepare(release.artifact_source, release.artifact, clock_, deadline);
}

base::Result<void> Fleet::ensure(release::Pool pool, const engine::Capacity& capacity,
                                 const engine::Ticket& ticket, base::Deadline deadline) {
    base::Json wish = wish_of("ensure", ticket, manners_);
    wish["capacity"] = json_of(capacity);
    return wished(folder_, pool, wish, clock_, deadline);
}

base::Result<void> Fleet::replace(release::Pool pool, const engine::Capacity& capacity,
                                  std::uint32_t updated, const engine::Ticket& ticket,
                                  base::Deadline deadline) {
    base::Json wish = wish_of("replace", ticket, manners_);
    wish["capacity"] = json_of(capacity);
    wish["updated"] = updated;
    return wished(folder_, pool, wish, clock_, deadline);
}

base::Result<void> Fleet::retire(release::Pool pool, const engine::Ticket& ticket,
                                 base::Deadline deadline) {
    return wished(folder_, pool, wish_of("retire", ticket, manners_), clock_, deadline);
}

base::Result<std::vector<engine::Instance>> Fleet::list(base::Deadline deadline) {
    const auto json =
        call(folder_.agent_socket(), kAgent, {"GET", "/v1/instances", {}}, clock_, deadline);
    if (!json) return base::fail(json);
    // After the agent's list: a target is registered only once its instance is on that list.
    const auto targets = EdgeAdmin(folder_.edge_socket(), clock_).targets(deadline);
    if (!targets) return base::fail(targets);

    std::vector<engine::Instance> instances;
    for (const base::Json& each : json->value("instances", base::Json::array())) {
        const auto record = record_from(each.dump());
        if (!record) return base::fail(record);
        const auto boot = base::member<std::int64_t>(each, "boot_deadline_ms");
        if (!boot) return base::fail(boot);
        engine::Instance instance{.id = record->id,
                                  .pool = record->pool,
                                  .release = record->release,
                                  .state = engine::InstanceState::starting,
                                  .reason = record->reason,
                                  .address = record->address,
                                  .since = record->since,
                                  .requests_in_flight = 0,
                                  .sockets_open = 0,
                                  .restarts = record->restarts};
        const auto target = targets->find(record->id);
        const bool is_late = clock_.now() - record->since > std::chrono::milliseconds(*boot);
        if (const auto usage = record->process ? usage_of(*record->process) : std::nullopt) {
            instance.memory = usage->resident;
            instance.cpu = usage->cpu;
        }
        add_standing(instance, record->phase, target == targets->end() ? nullptr : &target->second,
                     is_late);
        instances.push_back(std::move(instance));
    }
    return instances;
}

}  // namespace local
