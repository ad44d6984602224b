#include "edge/config.h"

#include "base/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <limits>
#include <set>
#include <string_view>
#include <utility>

namespace edge {

namespace {

using base::Json;

constexpr std::uint32_t kPriorityMax = 50'000;
constexpr std::uint32_t kWeightMax = 1'000'000;
constexpr std::size_t kFixedBodyMax = 64 * 1024;
constexpr std::int64_t kDayMs = 86'400'000;

/// Reads members and keeps the first finding; later reads then give defaults.
class Decoder {
public:
    void reject(std::string_view at, std::string what) {
        if (error_) return;
        error_ = base::Error{base::Failure::rejected,
                             {.code = "CF0501",
                              .what = fmt::format("the edge's config is wrong at `{}`", at),
                              .why = std::move(what)}};
    }

    bool known(const Json& json, std::string_view at,
               std::initializer_list<std::string_view> names) {
        if (!json.is_object()) {
            reject(at, "it is no object");
            return false;
        }
        for (const auto& [key, value] : json.items()) {
            if (std::find(names.begin(), names.end(), key) != names.end()) continue;
            reject(fmt::format("{}/{}", at, key), "no such member is known");
            return false;
        }
        return true;
    }

    void text(const Json& json, std::string_view at, std::string_view name, std::string& into) {
        const auto found = json.find(std::string(name));
        if (found == json.end()) return;
        if (!found->is_string()) return reject(fmt::format("{}/{}", at, name), "it is no text");
        into = found->get<std::string>();
        if (into.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos &&
            name != "body") {
            reject(fmt::format("{}/{}", at, name), "it has a line break or a zero byte in it");
        }
    }

    template <typename T>
    void number(const Json& json, std::string_view where, T& into, std::int64_t least,
                std::int64_t most) {
        const std::size_t slash = where.rfind('/');
        const auto found = json.find(std::string(where.substr(slash + 1)));
        if (found == json.end()) return;
        if (!found->is_number_integer()) return reject(where, "it is no whole number");
        const bool beyond = found->is_number_unsigned() &&
                            found->get<std::uint64_t>() >
                                static_cast<std::uint64_t>(std::numeric_limits<int64_t>::max());
        const std::int64_t value =
            beyond ? std::numeric_limits<std::int64_t>::max() : found->get<std::int64_t>();
        if (value < least || value > most) {
            return reject(where, fmt::format("it is not within {} and {}", least, most));
        }
        into = T(value);
    }

    std::optional<base::Error> take() { return std::exchange(error_, std::nullopt); }

private:
    std::optional<base::Error> error_;
};

bool is_host_and_port(std::string_view address) {
    const std::size_t colon = address.rfind(':');
    if (colon == std::string_view::npos || colon == 0) return false;
    const std::string_view port = address.substr(colon + 1);
    if (port.empty() || port.size() > 5) return false;
    std::uint32_t value = 0;
    for (const char c : port) {
        if (c < '0' || c > '9') return false;
        value = value * 10 + static_cast<std::uint32_t>(c - '0');
    }
    const std::string_view host = address.substr(0, colon);
    const bool bracketed = host.front() == '[' && host.back() == ']';
    return value <= 65'535 && (bracketed || host.find(':') == std::string_view::npos);
}

Listener listener_from(Decoder& decoder, const Json& json, const std::string& at) {
    Listener made;
    if (!decoder.known(json, at, {"name", "address"})) return made;
    decoder.text(json, at, "name", made.name);
    decoder.text(json, at, "address", made.address);
    if (made.name.empty()) decoder.reject(at + "/name", "a listener needs a name");
    if (!is_host_and_port(made.address)) {
        decoder.reject(at + "/address", "it is no address like 127.0.0.1:8080");
    }
    return made;
}

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

Forward forward_from(Decoder& decoder, const Json& json, const std::string& at) {
    Forward made;
    if (!decoder.known(json, at, {"weights"}) || !json.contains("weights")) return made;
    const Json& weights = json["weights"];
    if (!weights.is_object()) {
        decoder.reject(at + "/weights", "it is no object");
        return made;
    }
    std::uint64_t sum = 0;
    for (const auto& [group, weight] : weights.items()) {
        Share share{.group = group, .weight = 0};
        decoder.number(weights, at + "/weights/" + group, share.weight, 0, kWeightMax);
        sum += share.weight;
        made.shares.push_back(std::move(share));
    }
    if (sum == 0) decoder.reject(at + "/weights", "their sum is 0");
    return made;
}

Assets assets_from(Decoder& decoder, const Json& json, const std::string& at) {
    Assets made;
    if (!decoder.known(json, at, {"directory", "strip_prefix"})) return made;
    decoder.text(json, at, "directory", made.directory);
    decoder.text(json, at, "strip_prefix", made.strip_prefix);
    if (made.directory.empty() || made.directory[0] != '/') {
        decoder.reject(at + "/directory", "it is no absolute path");
    }
    return made;
}

Fixed fixed_from(Decoder& decoder, const Json& json, const std::string& at) {
    Fixed made;
    if (!decoder.known(json, at, {"status", "content_type", "body"})) return made;
    decoder.number(json, at + "/status", made.status, 200, 599);
    decoder.text(json, at, "content_type", made.content_type);
    decoder.text(json, at, "body", made.body);
    if (made.body.size() > kFixedBodyMax) decoder.reject(at + "/body", "it is above 64 KB");
    return made;
}

Redirect redirect_from(Decoder& decoder, const Json& json, const std::string& at) {
    Redirect made;
    if (!decoder.known(json, at, {"status", "location"})) return made;
    decoder.number(json, at + "/status", made.status, 301, 308);
    decoder.text(json, at, "location", made.location);
    if (made.status > 303 && made.status < 307) {
        decoder.reject(at + "/status", "it is none of 301, 302, 303, 307, 308");
    }
    if (made.location.empty()) decoder.reject(at + "/location", "it is empty");
    return made;
}

Condition condition_from(Decoder& decoder, const Json& json, const std::string& at) {
    Condition made;
    decoder.text(json, at, "listener", made.listener);
    decoder.text(json, at, "path", made.path);
    decoder.text(json, at, "host", made.host);
    if (json.contains("header") &&
        decoder.known(json["header"], at + "/header", {"name", "value"})) {
        decoder.text(json["header"], at + "/header", "name", made.header_name);
        decoder.text(json["header"], at + "/header", "value", made.header_value);
        if (made.header_name.empty()) decoder.reject(at + "/header/name", "it is missing");
    }
    if (json.contains("methods")) {
        const Json& methods = json["methods"];
        if (!methods.is_array()) decoder.reject(at + "/methods", "it is no list");
        for (const Json& method : methods) {
            if (!method.is_string()) {
                decoder.reject(at + "/methods", "a method is no text");
                continue;
            }
            made.methods.push_back(method.get<std::string>());
        }
    }
    return made;
}

Rule rule_from(Decoder& decoder, const Json& json, const std::string& at) {
    Rule made;
    if (!decoder.known(json, at,
                       {"priority", "listener", "path", "host", "header", "methods", "forward",
                        "assets", "fixed", "redirect"})) {
        return made;
    }
    if (!json.contains("priority")) decoder.reject(at + "/priority", "it is missing");
    decoder.number(json, at + "/priority", made.priority, 1, kPriorityMax);
    made.when = condition_from(decoder, json, at);
    int actions = 0;
    if (json.contains("forward") && ++actions) {
        made.action = forward_from(decoder, json["forward"], at + "/forward");
    }
    if (json.contains("assets") && ++actions) {
        made.action = assets_from(decoder, json["assets"], at + "/assets");
    }
    if (json.contains("fixed") && ++actions) {
        made.action = fixed_from(decoder, json["fixed"], at + "/fixed");
    }
    if (json.contains("redirect") && ++actions) {
        made.action = redirect_from(decoder, json["redirect"], at + "/redirect");
    }
    if (actions != 1) {
        decoder.reject(at, "a rule has exactly one of forward, assets, fixed, redirect");
    }
    return made;
}

Limits limits_from(Decoder& decoder, const Json& json) {
    Limits made;
    const std::string at = "/limits/";
    if (!decoder.known(
            json, "/limits",
            {"connections", "header_bytes", "request_line_bytes", "body_bytes", "header_timeout_ms",
             "idle_timeout_ms", "keep_alive_ms", "connect_timeout_ms", "response_timeout_ms",
             "socket_idle_ms", "pooled_per_target"})) {
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
    decoder.number(json, at + "pooled_per_target", made.pooled_per_target, 0, 10'000);
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
    for (const Share& share : forward->shares) {
        if (find_group(config, share.group) == nullptr) {
            decoder.reject(at + "/forward/weights/" + share.group, "there is no such group");
        }
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

Json action_json(const Action& action, Json rule) {
    if (const auto* forward = std::get_if<Forward>(&action)) {
        Json weights = Json::object();
        for (const Share& share : forward->shares) weights[share.group] = share.weight;
        rule["forward"] = Json::object();
        if (!forward->shares.empty()) rule["forward"]["weights"] = std::move(weights);
    } else if (const auto* assets = std::get_if<Assets>(&action)) {
        rule["assets"] = {{"directory", assets->directory}, {"strip_prefix", assets->strip_prefix}};
    } else if (const auto* fixed = std::get_if<Fixed>(&action)) {
        rule["fixed"] = {{"status", fixed->status},
                         {"content_type", fixed->content_type},
                         {"body", fixed->body}};
    } else if (const auto* redirect = std::get_if<Redirect>(&action)) {
        rule["redirect"] = {{"status", redirect->status}, {"location", redirect->location}};
    }
    return rule;
}

Json rule_json(const Rule& rule) {
    Json made = {{"priority", rule.priority}, {"path", rule.when.path}};
    if (!rule.when.listener.empty()) made["listener"] = rule.when.listener;
    if (!rule.when.host.empty()) made["host"] = rule.when.host;
    if (!rule.when.methods.empty()) made["methods"] = rule.when.methods;
    if (!rule.when.header_name.empty()) {
        made["header"] = {{"name", rule.when.header_name}, {"value", rule.when.header_value}};
    }
    return action_json(rule.action, std::move(made));
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
            {"pooled_per_target", limits.pooled_per_target}};
}

}  // namespace

base::Result<Config> config_from(const Json& json) {
    Decoder decoder;
    Config made;
    if (decoder.known(json, "", {"listeners", "rules", "groups", "limits"})) {
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
                 {"limits", limits_json(config.limits)}};
    for (const Listener& listener : config.listeners) {
        made["listeners"].push_back({{"name", listener.name}, {"address", listener.address}});
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
