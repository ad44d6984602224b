// The rules of a config, from JSON and back.

#include "edge/config_decode.h"
#include "edge/rule/network.h"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace edge {

namespace {

using base::Json;

constexpr std::uint32_t kPriorityMax = 50'000;
constexpr std::uint32_t kWeightMax = 1'000'000;
constexpr std::size_t kFixedBodyMax = 64 * 1024;
constexpr std::size_t kPatternMax = 128;
constexpr std::size_t kValuesMax = 5;
constexpr std::size_t kWildcardsMax = 5;

constexpr std::pair<SocketMode, std::string_view> kSocketModes[] = {
    {SocketMode::drain, "drain"},
    {SocketMode::swap, "swap"},
    {SocketMode::mattermost, "mattermost"},
};

constexpr std::pair<std::string_view, Replay> kReplays[] = {
    {"never", Replay::never},
    {"safe", Replay::safe},
    {"handed", Replay::handed},
    {"always", Replay::always},
};

Replay replay_from(Decoder& decoder, const Json& json, const std::string& at) {
    std::string name = "safe";
    decoder.text(json, at, "replay", name);
    for (const auto& [text, replay] : kReplays) {
        if (name == text) return replay;
    }
    decoder.reject(at + "/replay", "it is none of never, safe, handed, always");
    return Replay::safe;
}

constexpr std::size_t kSaltMax = 128;

Cohort cohort_from(Decoder& decoder, const Json& json, const std::string& at) {
    Cohort made;
    if (!decoder.known(json, at, {"cookie", "header", "salt"})) return made;
    const bool by_header = json.contains("header");
    if (by_header == json.contains("cookie")) {
        decoder.reject(at, "it names either a cookie or a header");
        return made;
    }
    made.key = by_header ? Cohort::Key::header : Cohort::Key::cookie;
    decoder.text(json, at, by_header ? "header" : "cookie", made.name);
    decoder.text(json, at, "salt", made.salt);
    const bool is_plain = std::all_of(made.name.begin(), made.name.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '-' || c == '_';
    });
    if (!is_plain || made.name.empty() || made.name.size() > kPatternMax) {
        decoder.reject(at, "its name is not of 1 to 128 letters, digits, `-` and `_`");
    }
    if (!by_header && made.name.starts_with("AWSALB")) {
        decoder.reject(at + "/cookie", "names that begin with AWSALB are for stickiness");
    }
    if (made.salt.size() > kSaltMax) decoder.reject(at + "/salt", "it is above 128 bytes");
    return made;
}

Forward forward_from(Decoder& decoder, const Json& json, const std::string& at) {
    Forward made;
    if (!decoder.known(json, at,
                       {"weights", "stickiness_s", "cohort", "sockets", "replay", "events"})) {
        return made;
    }
    decoder.number(json, at + "/stickiness_s", made.stickiness, 0, kStickinessMax);
    if (json.contains("cohort")) {
        made.cohort = cohort_from(decoder, json["cohort"], at + "/cohort");
        if (made.stickiness.count() > 0) {
            decoder.reject(at + "/cohort", "it and stickiness_s exclude each other");
        }
    }
    std::string sockets(kSocketModes[0].second);
    decoder.text(json, at, "sockets", sockets);
    const auto* const mode = std::find_if(std::begin(kSocketModes), std::end(kSocketModes),
                                          [&](const auto& each) { return each.second == sockets; });
    if (mode == std::end(kSocketModes)) {
        decoder.reject(at + "/sockets", "it is none of drain, swap, mattermost");
    } else {
        made.sockets = mode->first;
    }
    std::string events = "end";
    decoder.text(json, at, "events", events);
    if (events != "end" && events != "take_up") {
        decoder.reject(at + "/events", "it is none of end, take_up");
    }
    made.take_up_events = events == "take_up";
    if (json.contains("replay")) made.replay = replay_from(decoder, json, at);
    if (!json.contains("weights")) return made;
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

/// A text, or a list of texts.
std::vector<std::string> texts_from(Decoder& decoder, const Json& json, const std::string& at,
                                    const std::string& name) {
    std::vector<std::string> made;
    if (!json.contains(name)) return made;
    const Json& value = json[name];
    const Json list = value.is_array() ? value : Json::array({value});
    const std::string where = at + "/" + name;
    if (value.is_array() && value.empty()) decoder.reject(where, "the list is empty");
    for (const Json& item : list) {
        Json one = {{name, item}};
        decoder.text(one, at, name, made.emplace_back());
    }
    return made;
}

FieldCondition field_condition_from(Decoder& decoder, const Json& json, const std::string& at) {
    FieldCondition made;
    if (!decoder.known(json, at, {"name", "value"})) return made;
    decoder.text(json, at, "name", made.name);
    made.values = texts_from(decoder, json, at, "value");
    if (made.values.empty()) made.values.emplace_back("*");
    if (made.name.empty()) decoder.reject(at + "/name", "it is missing");
    return made;
}

QueryCondition query_condition_from(Decoder& decoder, const Json& json, const std::string& at) {
    QueryCondition made;
    if (!decoder.known(json, at, {"key", "value"})) return made;
    decoder.text(json, at, "key", made.key);
    decoder.text(json, at, "value", made.value);
    if (made.value.empty()) decoder.reject(at + "/value", "it is missing");
    return made;
}

/// One object or a list of them.
template <typename Made, typename Make>
void one_or_more(Decoder& decoder, const Json& json, const std::string& at, std::vector<Made>& into,
                 Make make) {
    if (!json.is_array()) return into.push_back(make(decoder, json, at));
    for (std::size_t i = 0; i < json.size(); ++i) {
        into.push_back(make(decoder, json[i], fmt::format("{}/{}", at, i)));
    }
}

/// ALB's quotas, so that what works here works there.
void check_size(Decoder& decoder, const Condition& when, const std::string& at) {
    std::size_t values = when.queries.size() + when.sources.size() + when.methods.size();
    std::size_t wildcards = 0;
    const auto count = [&](const std::string& pattern) {
        ++values;
        if (pattern.size() > kPatternMax) decoder.reject(at, "a pattern is above 128 bytes");
        if (pattern == "*" || pattern == "/*") return --values, void();
        wildcards += static_cast<std::size_t>(std::count_if(
            pattern.begin(), pattern.end(), [](char c) { return c == '*' || c == '?'; }));
    };
    for (const std::string& path : when.paths) count(path);
    for (const std::string& host : when.hosts) count(host);
    for (const FieldCondition& field : when.headers) {
        for (const std::string& value : field.values) count(value);
    }
    for (const QueryCondition& query : when.queries) {
        count(query.key + query.value);
        --values;
    }
    if (values > kValuesMax) decoder.reject(at, "its conditions have more than 5 values");
    if (wildcards > kWildcardsMax) decoder.reject(at, "its conditions have more than 5 wildcards");
}

Condition condition_from(Decoder& decoder, const Json& json, const std::string& at) {
    Condition made;
    decoder.text(json, at, "listener", made.listener);
    made.paths = texts_from(decoder, json, at, "path");
    made.hosts = texts_from(decoder, json, at, "host");
    if (json.contains("header")) {
        one_or_more(decoder, json["header"], at + "/header", made.headers, field_condition_from);
    }
    if (json.contains("query")) {
        one_or_more(decoder, json["query"], at + "/query", made.queries, query_condition_from);
    }
    for (const std::string& text : texts_from(decoder, json, at, "source")) {
        const auto network = network_from(text);
        if (network) {
            made.sources.push_back(*network);
        } else {
            decoder.reject(at + "/source", "it is no network like 10.0.0.0/8");
        }
    }
    if (json.contains("methods") && !json["methods"].is_array()) {
        decoder.reject(at + "/methods", "it is no list");
    } else {
        made.methods = texts_from(decoder, json, at, "methods");
    }
    check_size(decoder, made, at);
    return made;
}

Json action_json(const Action& action, Json rule) {
    if (const auto* forward = std::get_if<Forward>(&action)) {
        Json weights = Json::object();
        for (const Share& share : forward->shares) weights[share.group] = share.weight;
        rule["forward"] = Json::object();
        if (!forward->shares.empty()) rule["forward"]["weights"] = std::move(weights);
        for (const auto& [text, replay] : kReplays) {
            if (replay == forward->replay && replay != Replay::safe) {
                rule["forward"]["replay"] = text;
            }
        }
        if (forward->stickiness.count() > 0) {
            rule["forward"]["stickiness_s"] = forward->stickiness.count();
        }
        if (const Cohort& cohort = forward->cohort; cohort.key != Cohort::Key::none) {
            const bool by_header = cohort.key == Cohort::Key::header;
            Json& made = rule["forward"]["cohort"];
            made[by_header ? "header" : "cookie"] = cohort.name;
            if (!cohort.salt.empty()) made["salt"] = cohort.salt;
        }
        for (const auto& [mode, name] : kSocketModes) {
            if (mode == forward->sockets && mode != SocketMode::drain) {
                rule["forward"]["sockets"] = name;
            }
        }
        if (forward->take_up_events) rule["forward"]["events"] = "take_up";
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
                       {"priority", "listener", "path", "host", "header", "query", "source",
                        "methods", "forward", "assets", "fixed", "redirect"})) {
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
    const auto one_or_all = [](const std::vector<std::string>& texts) {
        return texts.size() == 1 ? Json(texts.front()) : Json(texts);
    };
    Json made = {{"priority", rule.priority}};
    const Condition& when = rule.when;
    if (!when.listener.empty()) made["listener"] = when.listener;
    if (!when.paths.empty()) made["path"] = one_or_all(when.paths);
    if (!when.hosts.empty()) made["host"] = one_or_all(when.hosts);
    if (!when.methods.empty()) made["methods"] = when.methods;
    for (const FieldCondition& field : when.headers) {
        made["header"].push_back({{"name", field.name}, {"value", one_or_all(field.values)}});
    }
    for (const QueryCondition& query : when.queries) {
        Json one = {{"value", query.value}};
        if (!query.key.empty()) one["key"] = query.key;
        made["query"].push_back(std::move(one));
    }
    for (const Network& network : when.sources) made["source"].push_back(network.text);
    if (when.headers.size() == 1) made["header"] = Json(made["header"][0]);
    return action_json(rule.action, std::move(made));
}

}  // namespace edge
