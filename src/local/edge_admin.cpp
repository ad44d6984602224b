#include "local/edge_admin.h"

#include "base/json.h"
#include "local/call.h"
#include "local/wire.h"

#include <fmt/format.h>

namespace local {

namespace {

constexpr const char* kEdge = "the edge";

std::string place_of(release::Pool pool, const std::string& id) {
    return fmt::format("/v1/groups/{}/targets/{}", release::name_of(pool), id);
}

std::uint32_t count_of(const base::Json& target, std::string_view key) {
    return static_cast<std::uint32_t>(base::member_or<std::uint64_t>(target, key, 0).value_or(0));
}

base::Result<Target> target_from(const base::Json& json, release::Pool pool) {
    const auto address = base::member<std::string>(json, "address");
    const auto state = base::member<std::string>(json, "state");
    const auto reason = base::member_or<std::string>(json, "reason", "");
    if (!address) return base::fail(address);
    if (!state) return base::fail(state);
    if (!reason) return base::fail(reason);
    return Target{.pool = pool,
                  .address = *address,
                  .state = *state,
                  .reason = *reason,
                  .in_flight = count_of(json, "in_flight"),
                  .sockets = count_of(json, "sockets"),
                  .pooled = count_of(json, "pooled")};
}

template <typename T>
base::Result<void> only_success(const base::Result<T>& result) {
    if (!result) return base::fail(result);
    return {};
}

}  // namespace

base::Result<EdgeAdmin::Self> EdgeAdmin::self(base::Deadline deadline) {
    const auto json = call(socket_, kEdge, {"GET", "/v1/health", {}}, clock_, deadline);
    if (!json) return base::fail(json);
    const auto pid = base::member<std::int64_t>(*json, "pid");
    const auto build = base::member_or<std::string>(*json, "build", "");
    if (!pid) return base::fail(pid);
    if (!build) return base::fail(build);
    return Self{.pid = *pid, .build = *build};
}

base::Result<std::map<std::string, Target>> EdgeAdmin::targets(base::Deadline deadline) {
    const auto json = call(socket_, kEdge, {"GET", "/v1/groups", {}}, clock_, deadline);
    if (!json) return base::fail(json);
    std::map<std::string, Target> targets;
    const base::Json groups = json->value("groups", base::Json::object());
    for (const auto& [name, group] : groups.items()) {
        const auto pool = pool_from(name);
        if (!pool) continue;  // another's group
        for (const base::Json& each : group.value("targets", base::Json::array())) {
            const auto id = base::member<std::string>(each, "id");
            auto target = target_from(each, *pool);
            if (!id) return base::fail(id);
            if (!target) return base::fail(target);
            targets.emplace(*id, std::move(*target));
        }
    }
    return targets;
}

base::Result<void> EdgeAdmin::add(const Record& record, base::Deadline deadline) {
    const base::Json body{{"fence", 0},
                          {"token", fmt::format("agent/{}/{}", record.id, record.restarts)},
                          {"address", record.address},
                          {"labels", {{"release", record.release}}}};
    return only_success(call(socket_, kEdge,
                             {"PUT", place_of(record.pool, record.id), base::canonical(body)},
                             clock_, deadline));
}

base::Result<void> EdgeAdmin::drain(release::Pool pool, const std::string& id,
                                    std::chrono::milliseconds within,
                                    std::uint32_t sockets_a_second, base::Deadline deadline) {
    const std::string target = fmt::format(
        "{}?fence=0&token=agent/{}/drain&deadline_ms={}&sockets_a_second={}", place_of(pool, id),
        id, std::max<std::int64_t>(within.count(), 0), sockets_a_second);
    return only_success(call(socket_, kEdge, {"DELETE", target, {}}, clock_, deadline));
}

base::Result<void> EdgeAdmin::forget(release::Pool pool, const std::string& id,
                                     base::Deadline deadline) {
    const std::string target = place_of(pool, id) + "?fence=0&forget=true";
    return only_success(call(socket_, kEdge, {"DELETE", target, {}}, clock_, deadline));
}

}  // namespace local
