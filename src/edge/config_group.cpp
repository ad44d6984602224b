// The groups of a config, from JSON and back.

#include "edge/config_decode.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace edge {

namespace {

using base::Json;

constexpr std::int64_t kSlowStartMax = 900'000;
constexpr std::int64_t kDelayMax = 30 * kDayMs;

/// `200,302` or `200-299`, or both.
std::vector<StatusRange> matcher_from(Decoder& decoder, const std::string& text,
                                      const std::string& at) {
    std::vector<StatusRange> made;
    std::string_view rest = text;
    while (true) {
        const std::string_view part = rest.substr(0, rest.find(','));
        const std::size_t dash = part.find('-');
        const auto number = [](std::string_view digits) {
            const char* const end = digits.data() + digits.size();
            std::uint16_t value = 0;
            const auto [stop, error] = std::from_chars(digits.data(), end, value);
            return error == std::errc() && stop == end ? value : std::uint16_t{0};
        };
        StatusRange range{.least = number(part.substr(0, dash)), .most = 0};
        range.most = dash == std::string_view::npos ? range.least : number(part.substr(dash + 1));
        if (range.least < 200 || range.most > 599 || range.most < range.least) {
            decoder.reject(at, "it is no list of statuses like 200,302 or 200-299");
            return made;
        }
        made.push_back(range);
        if (part.size() == rest.size()) return made;
        rest.remove_prefix(part.size() + 1);
    }
}

/// What a gRPC health check asks for where nothing else is said; answered with UNIMPLEMENTED by
/// every server that does not know it.
constexpr std::string_view kGrpcCheckPath = "/AWS.ALB/healthcheck";

void grpc_health_from(Decoder& decoder, const Json& json, const std::string& at,
                      HealthCheck& made) {
    for (const std::string_view other : {"status_min", "status_max", "matcher"}) {
        if (json.contains(other)) {
            decoder.reject(at + "/" + std::string(other),
                           "a gRPC answer's status is told by grpc_status_min and grpc_status_max");
        }
    }
    if (!json.contains("path")) made.path = kGrpcCheckPath;
    StatusRange& range = made.grpc_matcher;
    decoder.number(json, at + "/grpc_status_min", range.least, 0, 99);
    if (json.contains("grpc_status_min")) range.most = std::max(range.most, range.least);
    decoder.number(json, at + "/grpc_status_max", range.most, range.least, 99);
}

HealthCheck health_from(Decoder& decoder, const Json& json, const std::string& at,
                        Protocol protocol) {
    HealthCheck made;
    const bool grpc = protocol == Protocol::grpc;
    if (!decoder.known(
            json, at,
            {"path", "interval_ms", "timeout_ms", "healthy_after", "unhealthy_after", "status_min",
             "status_max", "matcher", "grpc_status_min", "grpc_status_max"})) {
        return made;
    }
    if (grpc) grpc_health_from(decoder, json, at, made);
    decoder.text(json, at, "path", made.path);
    decoder.number(json, at + "/interval_ms", made.interval, 10, kDayMs);
    decoder.number(json, at + "/timeout_ms", made.timeout, 10, kDayMs);
    decoder.number(json, at + "/healthy_after", made.healthy_after, 1, 100);
    decoder.number(json, at + "/unhealthy_after", made.unhealthy_after, 1, 100);
    if (!grpc && (json.contains("grpc_status_min") || json.contains("grpc_status_max"))) {
        decoder.reject(at, "grpc_status_min and grpc_status_max are for groups of protocol grpc");
    }
    StatusRange& range = made.matcher.front();
    decoder.number(json, at + "/status_min", range.least, 200, 599);
    decoder.number(json, at + "/status_max", range.most, range.least, 599);
    if (json.contains("matcher")) {
        std::string text;
        decoder.text(json, at, "matcher", text);
        made.matcher = matcher_from(decoder, text, at + "/matcher");
    }
    if (made.path.empty() || made.path[0] != '/' || made.path.find(' ') != std::string::npos) {
        decoder.reject(at + "/path", "a path begins with / and has no space");
    }
    return made;
}

Json health_json(const HealthCheck& health, Protocol protocol) {
    Json made = {{"path", health.path},
                 {"interval_ms", health.interval.count()},
                 {"timeout_ms", health.timeout.count()},
                 {"healthy_after", health.healthy_after},
                 {"unhealthy_after", health.unhealthy_after}};
    if (protocol == Protocol::grpc) {
        made["grpc_status_min"] = health.grpc_matcher.least;
        made["grpc_status_max"] = health.grpc_matcher.most;
        return made;
    }
    if (health.matcher.size() == 1) {
        made["status_min"] = health.matcher.front().least;
        made["status_max"] = health.matcher.front().most;
        return made;
    }
    std::string text;
    for (const StatusRange& range : health.matcher) {
        text += fmt::format("{}{}-{}", text.empty() ? "" : ",", range.least, range.most);
    }
    made["matcher"] = text;
    return made;
}

Stickiness stickiness_from(Decoder& decoder, const Json& json, const std::string& at) {
    using Kind = Stickiness::Kind;
    Stickiness made;
    if (!decoder.known(json, at, {"kind", "duration_s", "cookie"})) return made;
    std::string kind;
    decoder.text(json, at, "kind", kind);
    decoder.text(json, at, "cookie", made.cookie);
    decoder.number(json, at + "/duration_s", made.duration, 1, kStickinessMax);
    if (kind == "lb_cookie") {
        made.kind = Kind::edge_cookie;
    } else if (kind == "app_cookie") {
        made.kind = Kind::app_cookie;
    } else {
        decoder.reject(at + "/kind", "it is neither lb_cookie nor app_cookie");
    }
    if ((made.kind == Kind::app_cookie) == made.cookie.empty()) {
        decoder.reject(at + "/cookie", "app_cookie names the application's cookie, lb_cookie none");
    }
    if (made.cookie.starts_with("AWSALB")) {
        decoder.reject(at + "/cookie", "names that begin with AWSALB are the edge's");
    }
    return made;
}

Json stickiness_json(const Stickiness& stickiness) {
    const bool app = stickiness.kind == Stickiness::Kind::app_cookie;
    Json made = {{"kind", app ? "app_cookie" : "lb_cookie"},
                 {"duration_s", stickiness.duration.count()}};
    if (app) made["cookie"] = stickiness.cookie;
    return made;
}

constexpr std::array<std::string_view, 3> kBalances{"round_robin", "least_outstanding",
                                                    "weighted_random"};
constexpr std::array<std::string_view, 3> kProtocols{"http1", "http2", "grpc"};

/// Which of `names` a member is; the first where it is not there.
template <typename Enum>
Enum one_of(Decoder& decoder, const Json& json, const std::string& at, const std::string& member,
            const std::array<std::string_view, 3>& names) {
    std::string said(names.front());
    decoder.text(json, at, member, said);
    const auto known = std::find(names.begin(), names.end(), said);
    if (known != names.end()) return Enum(known - names.begin());
    decoder.reject(at + "/" + member,
                   fmt::format("it is none of {}, {}, {}", names[0], names[1], names[2]));
    return Enum{};
}

}  // namespace

bool HealthCheck::passes(int status) const {
    return std::any_of(matcher.begin(), matcher.end(), [status](const StatusRange& range) {
        return status >= range.least && status <= range.most;
    });
}

Group group_from(Decoder& decoder, const std::string& name, const Json& json) {
    const std::string at = "/groups/" + name;
    Group made;
    made.name = name;
    if (!decoder.known(json, at,
                       {"protocol", "balance", "health", "stickiness", "minimum_healthy",
                        "slow_start_ms", "deregistration_delay_ms"})) {
        return made;
    }
    made.protocol = one_of<Protocol>(decoder, json, at, "protocol", kProtocols);
    made.balance = one_of<Balance>(decoder, json, at, "balance", kBalances);
    made.health =
        health_from(decoder, json.value("health", Json::object()), at + "/health", made.protocol);
    if (json.contains("stickiness")) {
        made.stickiness = stickiness_from(decoder, json["stickiness"], at + "/stickiness");
    }
    const std::string minimum = at + "/minimum_healthy";
    if (json.contains("minimum_healthy") &&
        decoder.known(json["minimum_healthy"], minimum, {"count", "percentage"})) {
        const Json& least = json["minimum_healthy"];
        decoder.number(least, minimum + "/count", made.minimum_healthy.count, 1, 10'000);
        decoder.number(least, minimum + "/percentage", made.minimum_healthy.percentage, 0, 100);
    }
    decoder.number(json, at + "/slow_start_ms", made.slow_start, 0, kSlowStartMax);
    if (made.slow_start.count() > 0 && made.balance != Balance::round_robin) {
        decoder.reject(at + "/slow_start_ms", "only round_robin starts slowly");
    }
    decoder.number(json, at + "/deregistration_delay_ms", made.deregistration_delay, 0, kDelayMax);
    return made;
}

Json group_json(const Group& group) {
    const Group usual;
    Json made = {{"balance", kBalances[static_cast<std::size_t>(group.balance)]},
                 {"health", health_json(group.health, group.protocol)}};
    if (group.protocol != Protocol::http1) {
        made["protocol"] = kProtocols[static_cast<std::size_t>(group.protocol)];
    }
    if (group.stickiness.kind != Stickiness::Kind::off) {
        made["stickiness"] = stickiness_json(group.stickiness);
    }
    if (group.minimum_healthy != usual.minimum_healthy) {
        made["minimum_healthy"] = {{"count", group.minimum_healthy.count},
                                   {"percentage", group.minimum_healthy.percentage}};
    }
    if (group.slow_start != usual.slow_start) made["slow_start_ms"] = group.slow_start.count();
    if (group.deregistration_delay != usual.deregistration_delay) {
        made["deregistration_delay_ms"] = group.deregistration_delay.count();
    }
    return made;
}

}  // namespace edge
