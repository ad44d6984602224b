#include "edge/config.h"

#include "base/json.h"
#include "edge/config_decode.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

namespace edge {

namespace {

using base::Json;

Limits limits_from(Decoder& decoder, const Json& json) {
    Limits made;
    const std::string at = "/limits/";
    if (!decoder.known(json, "/limits",
                       {"connections",
                        "header_bytes",
                        "request_line_bytes",
                        "body_bytes",
                        "header_timeout_ms",
                        "idle_timeout_ms",
                        "keep_alive_ms",
                        "connect_timeout_ms",
                        "response_timeout_ms",
                        "socket_idle_ms",
                        "socket_hold_ms",
                        "pooled_per_target",
                        "connection_lifetime_ms",
                        "requests_per_connection",
                        "connections_per_address",
                        "tls_handshake_timeout_ms",
                        "hold_requests",
                        "hold_bytes",
                        "spool_bytes",
                        "hold_longest_ms",
                        "hold_when_empty_ms"})) {
        return made;
    }
    decoder.number(json, at + "connections", made.connections, 1, 10'000'000);
    decoder.number(json, at + "header_bytes", made.header_bytes, 1024, 1024 * 1024);
    decoder.number(json, at + "request_line_bytes", made.request_line_bytes, 128, 1024 * 1024);
    decoder.number(json, at + "body_bytes", made.body_bytes, 0, INT64_MAX);
    decoder.number(json, at + "header_timeout_ms", made.header_timeout, 10, kDayMs);
    decoder.number(json, at + "idle_timeout_ms", made.idle_timeout, 10, kDayMs);
    decoder.number(json, at + "keep_alive_ms", made.keep_alive, 10, kDayMs);
    decoder.number(json, at + "connect_timeout_ms", made.connect_timeout, 10, kDayMs);
    decoder.number(json, at + "response_timeout_ms", made.response_timeout, 10, kDayMs);
    decoder.number(json, at + "socket_idle_ms", made.socket_idle, 10, 30 * kDayMs);
    decoder.number(json, at + "socket_hold_ms", made.socket_hold, 10, kDayMs);
    decoder.number(json, at + "pooled_per_target", made.pooled_per_target, 0, 10'000);
    decoder.number(json, at + "connection_lifetime_ms", made.connection_lifetime, 10, 30 * kDayMs);
    decoder.number(json, at + "hold_requests", made.hold_requests, 0, 10'000'000);
    decoder.number(json, at + "hold_bytes", made.hold_bytes, 0, INT64_MAX);
    decoder.number(json, at + "spool_bytes", made.spool_bytes, 0, INT64_MAX);
    decoder.number(json, at + "hold_longest_ms", made.hold_longest, 1, kDayMs);
    decoder.number(json, at + "hold_when_empty_ms", made.hold_when_empty, 0, kDayMs);
    decoder.number(json, at + "requests_per_connection", made.requests_per_connection, 0,
                   INT32_MAX);
    decoder.number(json, at + "connections_per_address", made.connections_per_address, 0,
                   INT32_MAX);
    decoder.number(json, at + "tls_handshake_timeout_ms", made.tls_handshake_timeout, 10, kDayMs);
    return made;
}

void check_rule(Decoder& decoder, const Config& config, const Rule& rule, const std::string& at) {
    const auto named = [&](const Listener& listener) {
        return listener.name == rule.when.listener;
    };
    if (!rule.when.listener.empty() &&
        std::none_of(config.listeners.begin(), config.listeners.end(), named)) {
        decoder.reject(at + "/listener", "there is no such listener");
    }
    const auto* forward = std::get_if<Forward>(&rule.action);
    if (forward == nullptr) return;
    std::size_t groups = forward->shares.size();
    bool sticky = false;
    if (forward->shares.empty()) {
        groups = config.groups.size();
        for (const Group& group : config.groups) {
            sticky = sticky || group.stickiness.kind != Stickiness::Kind::off;
        }
    }
    for (const Share& share : forward->shares) {
        const Group* group = find_group(config, share.group);
        sticky = sticky || (group != nullptr && group->stickiness.kind != Stickiness::Kind::off);
        if (find_group(config, share.group) == nullptr) {
            decoder.reject(at + "/forward/weights/" + share.group, "there is no such group");
        }
    }
    if (sticky && groups > 1 && forward->stickiness.count() == 0) {
        decoder.reject(at + "/forward/stickiness_s",
                       "groups with sticky targets share a rule only if the group sticks too");
    }
}

void check_whole(Decoder& decoder, const Config& config) {
    std::set<std::string> names;
    for (const Listener& listener : config.listeners) {
        if (!names.insert(listener.name).second) {
            decoder.reject("/listeners", "the name " + listener.name + " stands twice");
        }
    }
    std::set<std::uint32_t> priorities;
    for (std::size_t i = 0; i < config.rules.size(); ++i) {
        const std::string at = fmt::format("/rules/{}", i);
        if (!priorities.insert(config.rules[i].priority).second) {
            decoder.reject(at + "/priority", "another rule has the same");
        }
        check_rule(decoder, config, config.rules[i], at);
    }
}

template <typename Made, typename Make>
void each(Decoder& decoder, const Json& json, const std::string& name, std::vector<Made>& into,
          Make make) {
    if (!json.contains(name)) return;
    const Json& list = json[name];
    if (!list.is_array()) return decoder.reject("/" + name, "it is no list");
    for (std::size_t i = 0; i < list.size(); ++i) {
        into.push_back(make(decoder, list[i], fmt::format("/{}/{}", name, i)));
    }
}

Json limits_json(const Limits& limits) {
    return {{"connections", limits.connections},
            {"header_bytes", limits.header_bytes},
            {"request_line_bytes", limits.request_line_bytes},
            {"body_bytes", limits.body_bytes},
            {"header_timeout_ms", limits.header_timeout.count()},
            {"idle_timeout_ms", limits.idle_timeout.count()},
            {"keep_alive_ms", limits.keep_alive.count()},
            {"connect_timeout_ms", limits.connect_timeout.count()},
            {"response_timeout_ms", limits.response_timeout.count()},
            {"socket_idle_ms", limits.socket_idle.count()},
            {"socket_hold_ms", limits.socket_hold.count()},
            {"pooled_per_target", limits.pooled_per_target},
            {"connection_lifetime_ms", limits.connection_lifetime.count()},
            {"hold_requests", limits.hold_requests},
            {"hold_bytes", limits.hold_bytes},
            {"spool_bytes", limits.spool_bytes},
            {"hold_longest_ms", limits.hold_longest.count()},
            {"hold_when_empty_ms", limits.hold_when_empty.count()},
            {"requests_per_connection", limits.requests_per_connection},
            {"connections_per_address", limits.connections_per_address},

            {"tls_handshake_timeout_ms", limits.tls_handshake_timeout.count()}};
}

}  // namespace

base::Result<Config> config_from(const Json& json) {
    Decoder decoder;
    Config made;
    if (decoder.known(json, "", {"listeners", "rules", "groups", "limits", "attributes"})) {
        each(decoder, json, "listeners", made.listeners, listener_from);
        each(decoder, json, "rules", made.rules, rule_from);
        if (json.contains("groups")) {
            if (!json["groups"].is_object()) decoder.reject("/groups", "it is no object");
            for (const auto& [name, group] : json["groups"].items()) {
                if (name.empty() || name.find('/') != std::string::npos) {
                    decoder.reject("/groups/" + name, "a group's name is empty or has a /");
                }
                made.groups.push_back(group_from(decoder, name, group));
            }
        }
        if (json.contains("limits")) made.limits = limits_from(decoder, json["limits"]);
        if (json.contains("attributes"))
            made.attributes = attributes_from(decoder, json["attributes"]);
        check_whole(decoder, made);
    }
    if (auto error = decoder.take()) return base::fail(base::Failure::rejected, error->diagnostic);
    std::sort(made.rules.begin(), made.rules.end(),
              [](const Rule& a, const Rule& b) { return a.priority < b.priority; });
    return made;
}

Json to_json(const Config& config) {
    Json made = {{"listeners", Json::array()},
                 {"rules", Json::array()},
                 {"groups", Json::object()},
                 {"limits", limits_json(config.limits)},
                 {"attributes", attributes_json(config.attributes)}};
    for (const Listener& listener : config.listeners) {
        made["listeners"].push_back(listener_json(listener));
    }
    for (const Rule& rule : config.rules) made["rules"].push_back(rule_json(rule));
    for (const Group& group : config.groups) made["groups"][group.name] = group_json(group);
    return made;
}

const Group* find_group(const Config& config, const std::string& name) {
    const auto at = std::find_if(config.groups.begin(), config.groups.end(),
                                 [&](const Group& group) { return group.name == name; });
    return at == config.groups.end() ? nullptr : &*at;
}

}  // namespace edge
