#include "local/edge_config.h"

#include <nlohmann/json.hpp>

#include <utility>

namespace local {

namespace {

/// Far enough apart to see in the edge's config which came from where.
constexpr std::uint32_t kFirstPriority = 100;
constexpr std::uint32_t kLastPriority = 50'000;

std::string_view name_of(release::Replay replay) {
    switch (replay) {
        case release::Replay::never:
            return "never";
        case release::Replay::safe:
            return "safe";
        case release::Replay::handed:
            return "handed";
        case release::Replay::always:
            return "always";
    }
    return {};
}

nlohmann::json cohort_of(const release::Cohort& cohort, const std::string& salt) {
    const bool by_header = !cohort.header.empty();
    nlohmann::json made{
        {by_header ? "header" : "cookie", by_header ? cohort.header : cohort.cookie}};
    if (!salt.empty()) made["salt"] = salt;
    return made;
}

nlohmann::json forward_of(const release::Route& route) {
    nlohmann::json forward{{"replay", name_of(route.replay)}};
    if (route.take_up_events) forward["events"] = "take_up";
    switch (route.sockets) {
        case release::SocketMode::drain:
            break;
        case release::SocketMode::swap:
            forward["sockets"] = "swap";
            break;
        case release::SocketMode::mattermost:
            forward["sockets"] = "mattermost";
            break;
    }
    return {{"forward", std::move(forward)}};
}

nlohmann::json action_of(const release::Route& route, const std::filesystem::path& assets) {
    if (!route.assets) return forward_of(route);
    std::string prefix = route.path;
    if (prefix.ends_with('*')) prefix.pop_back();
    if (prefix.ends_with('/')) prefix.pop_back();
    return {{"assets", {{"directory", assets.string()}, {"strip_prefix", prefix}}}};
}

nlohmann::json listeners_of(const release::Spec& spec, const std::filesystem::path& home) {
    nlohmann::json listeners{{{"name", "http"}, {"address", spec.listen}}};
    if (!spec.tls) return listeners;
    nlohmann::json certificates = nlohmann::json::array();
    for (const release::Certificate& each : spec.tls->certificates) {
        certificates.push_back(
            {{"certificate", (home / each.certificate).lexically_normal().string()},
             {"key", (home / each.key).lexically_normal().string()}});
    }
    listeners.push_back({{"name", "https"},
                         {"address", spec.tls->listen},
                         {"http2", spec.tls->http2},
                         {"tls",
                          {{"certificates", std::move(certificates)},
                           {"minimum", spec.tls->only_1_3 ? "1.3" : "1.2"}}}});
    return listeners;
}

/// The same rule for those who know the word: to the new release, whatever the split says.
nlohmann::json previewed(nlohmann::json rule, const Previewers& preview) {
    nlohmann::json headers = nlohmann::json::array();
    if (rule.contains("header")) headers.push_back(rule["header"]);
    headers.push_back({{"name", preview.header}, {"value", preview.value.reveal()}});
    rule["header"] = std::move(headers);
    rule["forward"]["weights"] = {{std::string(release::name_of(preview.pool)), 1}};
    return rule;
}

}  // namespace

nlohmann::json edge_config_of(const release::Spec& spec, const Places& places) {
    const release::HealthCheck& health = spec.service.health;
    const nlohmann::json group{{"balance", "round_robin"},
                               {"health",
                                {{"path", health.path},
                                 {"interval_ms", health.interval.count()},
                                 {"timeout_ms", health.timeout.count()},
                                 {"healthy_after", health.healthy_after},
                                 {"unhealthy_after", health.unhealthy_after},
                                 {"status_min", health.status_min},
                                 {"status_max", health.status_max}}}};
    nlohmann::json rules = nlohmann::json::array();
    std::uint32_t priority = kFirstPriority;
    const auto add = [&](nlohmann::json rule) {
        if (spec.strategy.cohort && rule.contains("forward")) {
            rule["forward"]["cohort"] = cohort_of(*spec.strategy.cohort, places.salt);
        }
        if (places.preview && rule.contains("forward")) {
            nlohmann::json first = previewed(rule, *places.preview);
            first["priority"] = priority++;
            rules.push_back(std::move(first));
        }
        rule["priority"] = priority++;
        rules.push_back(std::move(rule));
    };
    for (const release::Route& route : spec.routes) {
        nlohmann::json rule{{"path", route.path}};
        if (route.header) {
            rule["header"] = {{"name", route.header->first}, {"value", route.header->second}};
        }
        rule.update(action_of(route, places.assets));
        add(std::move(rule));
    }
    priority = places.preview ? kLastPriority - 1 : kLastPriority;
    add({{"path", "*"}, {"forward", nlohmann::json::object()}});
    nlohmann::json limits{{"hold_when_empty_ms", spec.service.requests_wait.count()},
                          {"hold_longest_ms", spec.strategy.recreate_hold.count()}};
    // Sockets wait as long as requests do while one release ends and the next one starts.
    if (spec.compatibility.overlap == release::Overlap::none) {
        limits["socket_hold_ms"] = spec.strategy.recreate_hold.count();
    }
    return {{"listeners", listeners_of(spec, places.home)},
            {"groups", {{"blue", group}, {"green", group}}},
            {"limits", std::move(limits)},
            {"rules", std::move(rules)}};
}

}  // namespace local
