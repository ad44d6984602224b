#include "local/wire.h"

#include "base/json.h"

#include <fmt/format.h>

namespace local {

namespace {

constexpr std::uint64_t kInstancesMax = 1000;

}  // namespace

nlohmann::json json_of(const Manners& manners) {
    return {{"boot_deadline_ms", manners.boot_deadline.count()},
            {"stop_grace_ms", manners.stop_grace.count()},
            {"drain_deadline_ms", manners.drain_deadline.count()},
            {"drain_sockets_a_second", manners.drain_sockets_a_second}};
}

base::Result<Manners> manners_from(const nlohmann::json& json) {
    Manners manners;
    const auto take = [&json](std::string_view key, std::chrono::milliseconds& into) {
        const auto found = base::member_or<std::int64_t>(json, key, into.count());
        if (found) into = std::chrono::milliseconds(*found);
        return found;
    };
    for (const auto& [key, into] : {std::pair{"boot_deadline_ms", &manners.boot_deadline},
                                    std::pair{"stop_grace_ms", &manners.stop_grace},
                                    std::pair{"drain_deadline_ms", &manners.drain_deadline}}) {
        if (const auto taken = take(key, *into); !taken) return base::fail(taken);
    }
    const auto sockets = base::member_or<std::uint64_t>(json, "drain_sockets_a_second", 0);
    if (!sockets) return base::fail(sockets);
    manners.drain_sockets_a_second = static_cast<std::uint32_t>(*sockets);
    return manners;
}

nlohmann::json json_of(const engine::Capacity& capacity) {
    return {{"release", release::release_to_json(capacity.release)},
            {"instances", capacity.instances}};
}

base::Result<engine::Capacity> capacity_from(const nlohmann::json& json) {
    const auto text = base::member<std::string>(json, "release");
    if (!text) return base::fail(text);
    auto release = release::release_from_json(*text);
    if (!release) return base::fail(release);
    const auto instances = base::member<std::uint64_t>(json, "instances");
    if (!instances) return base::fail(instances);
    if (*instances > kInstancesMax) {
        return base::fail(base::Failure::rejected,
                          {.code = "CF0426",
                           .what = fmt::format("{} instances are too many", *instances),
                           .why = fmt::format("one machine runs at most {}", kInstancesMax)});
    }
    return engine::Capacity{std::move(*release), static_cast<std::uint32_t>(*instances)};
}

base::Result<release::Pool> pool_from(std::string_view name) {
    if (name == "blue") return release::Pool::blue;
    if (name == "green") return release::Pool::green;
    return base::fail(base::Failure::rejected,
                      {.code = "CF0427", .what = fmt::format("`{}` is no pool", name)});
}

}  // namespace local
