// The rules of a config, from JSON and back.

#include "edge/config_decode.h"

#include <cstdint>
#include <string>
#include <utility>

namespace edge {

namespace {

using base::Json;

constexpr std::uint32_t kPriorityMax = 50'000;
constexpr std::uint32_t kWeightMax = 1'000'000;
constexpr std::size_t kFixedBodyMax = 64 * 1024;

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

}  // namespace

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

}  // namespace edge
