// The groups of a config, from JSON and back.

#include "edge/config_decode.h"

#include <string>

namespace edge {

namespace {

using base::Json;

HealthCheck health_from(Decoder& decoder, const Json& json, const std::string& at) {
    HealthCheck made;
    if (!decoder.known(json, at,
                       {"path", "interval_ms", "timeout_ms", "healthy_after", "unhealthy_after",
                        "status_min", "status_max"})) {
        return made;
    }
    decoder.text(json, at, "path", made.path);
    decoder.number(json, at + "/interval_ms", made.interval, 10, kDayMs);
    decoder.number(json, at + "/timeout_ms", made.timeout, 10, kDayMs);
    decoder.number(json, at + "/healthy_after", made.healthy_after, 1, 100);
    decoder.number(json, at + "/unhealthy_after", made.unhealthy_after, 1, 100);
    decoder.number(json, at + "/status_min", made.status_min, 200, 599);
    decoder.number(json, at + "/status_max", made.status_max, made.status_min, 599);
    if (made.path.empty() || made.path[0] != '/' || made.path.find(' ') != std::string::npos) {
        decoder.reject(at + "/path", "a path begins with / and has no space");
    }
    return made;
}

}  // namespace

Group group_from(Decoder& decoder, const std::string& name, const Json& json) {
    const std::string at = "/groups/" + name;
    Group made{.name = name, .balance = Balance::round_robin, .health = {}};
    if (!decoder.known(json, at, {"balance", "health"})) return made;
    std::string balance = "round_robin";
    decoder.text(json, at, "balance", balance);
    if (balance == "least_outstanding") {
        made.balance = Balance::least_outstanding;
    } else if (balance != "round_robin") {
        decoder.reject(at + "/balance", "it is neither round_robin nor least_outstanding");
    }
    if (json.contains("health")) {
        made.health = health_from(decoder, json["health"], at + "/health");
    }
    return made;
}

Json group_json(const Group& group) {
    const HealthCheck& health = group.health;
    return {
        {"balance", group.balance == Balance::round_robin ? "round_robin" : "least_outstanding"},
        {"health",
         {{"path", health.path},
          {"interval_ms", health.interval.count()},
          {"timeout_ms", health.timeout.count()},
          {"healthy_after", health.healthy_after},
          {"unhealthy_after", health.unhealthy_after},
          {"status_min", health.status_min},
          {"status_max", health.status_max}}}};
}

}  // namespace edge
