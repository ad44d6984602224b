#pragma once
// For tests: shapes and operations from a model as botocore's protocol tests write it down.

#include "aws/codec.h"
#include "aws/shape.h"
#include "aws/value.h"
#include "base/json.h"

#include <cmath>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace aws {

using OrderedJson = nlohmann::ordered_json;

/// One suite: its shapes live as long as it does.
class Model {
public:
    Model(Protocol protocol, const OrderedJson& suite) : protocol_(protocol), suite_(suite) {
        for (const auto& [name, json] : suite_.at("shapes").items()) shapes_[name];
        for (const auto& [name, json] : suite_.at("shapes").items()) fill(shapes_[name], json);
    }

    Operation operation(const OrderedJson& given) {
        const OrderedJson& meta = suite_.at("metadata");
        const OrderedJson& http = given.at("http");
        Operation out{.name = keep(given.at("name")),
                      .protocol = protocol_,
                      .method = keep(http.value("method", "POST")),
                      .uri = keep(http.value("requestUri", "/")),
                      .version = keep(meta.value("apiVersion", "")),
                      .target = keep(meta.value("targetPrefix", "")),
                      .json_version = keep(meta.value("jsonVersion", "")),
                      .host_prefix = {},
                      .input = {},
                      .output = {}};
        if (given.contains("endpoint"))
            out.host_prefix = keep(given.at("endpoint").at("hostPrefix"));
        if (given.contains("input")) out.input = member(out.name, given.at("input"));
        if (given.contains("output")) out.output = member(out.name, given.at("output"));
        return out;
    }

    const Shape& shape(const std::string& name) { return shapes_.at(name); }

private:
    std::string_view keep(std::string text) { return texts_.emplace_back(std::move(text)); }

    static Type type_of(const OrderedJson& json) {
        static const std::map<std::string, Type> kTypes = {{"structure", Type::structure},
                                                           {"list", Type::list},
                                                           {"map", Type::map},
                                                           {"string", Type::string},
                                                           {"blob", Type::blob},
                                                           {"boolean", Type::boolean},
                                                           {"integer", Type::integer},
                                                           {"long", Type::integer},
                                                           {"float", Type::real},
                                                           {"double", Type::real},
                                                           {"timestamp", Type::timestamp}};
        return json.value("document", false) ? Type::document : kTypes.at(json.at("type"));
    }

    void fill(Shape& shape, const OrderedJson& json) {
        shape.type = type_of(json);
        shape.payload = keep(json.value("payload", ""));
        std::vector<Member>& members = members_.emplace_back();
        if (json.contains("members"))
            for (const auto& [name, use] : json.at("members").items())
                members.push_back(member(keep(name), use));
        for (const char* const part : {"member", "key", "value"})
            if (json.contains(part)) members.push_back(member(part, json.at(part)));
        shape.members = members;
    }

    // A use says more than its shape does, and what both say, it says.
    Member member(std::string_view name, const OrderedJson& use) {
        const OrderedJson& shape = suite_.at("shapes").at(use.at("shape").get<std::string>());
        OrderedJson all = shape;
        all.update(use);
        Member out{.name = name, .shape = &shapes_.at(use.at("shape"))};
        // What a structure calls itself is its name as a document, not as a member.
        const bool own = type_of(shape) == Type::structure;
        out.wire_name = keep((own ? use : all).value("locationName", ""));
        out.query_name = keep(all.value("queryName", ""));
        out.flattened = all.value("flattened", false);
        out.xml_attribute = all.value("xmlAttribute", false);
        out.host_label = all.value("hostLabel", false);
        static const std::map<std::string, Location> kLocations = {
            {"", Location::body},
            {"uri", Location::uri},
            {"header", Location::header},
            {"headers", Location::header_prefix},
            {"status", Location::status},
            {"querystring", Location::query},
            {"statusCode", Location::status}};
        out.location = kLocations.at(all.value("location", ""));
        static const std::map<std::string, TimeFormat> kTimes = {
            {"", TimeFormat::by_place},
            {"iso8601", TimeFormat::iso8601},
            {"unixTimestamp", TimeFormat::unix_seconds},
            {"rfc822", TimeFormat::http}};
        out.time = kTimes.at(all.value("timestampFormat", ""));
        if (all.contains("xmlNamespace")) {
            const OrderedJson& space = all.at("xmlNamespace");
            out.xml_namespace =
                keep(space.is_string() ? space.get<std::string>() : space.value("uri", ""));
            if (space.is_object()) out.xml_prefix = keep(space.value("prefix", ""));
        }
        return out;
    }

    Protocol protocol_;
    OrderedJson suite_;
    std::deque<std::string> texts_;
    std::deque<std::vector<Member>> members_;
    std::map<std::string, Shape> shapes_;
};

/// The value that JSON means where a shape is known: times are numbers, bytes are text.
inline Value value_of(const Shape& shape, const OrderedJson& json) {
    if (json.is_null()) return {};
    if (json.is_object()) {
        Entries entries;
        for (const auto& [key, each] : json.items()) {
            if (shape.type == Type::map) {
                entries.push_back({key, value_of(*shape.members[1].shape, each)});
                continue;
            }
            const Shape* inner = &shape;  // of a document
            for (const Member& member : shape.members)
                if (member.name == key) inner = member.shape;
            entries.push_back({key, value_of(*inner, each)});
        }
        return entries;
    }
    if (json.is_array()) {
        List list;
        for (const OrderedJson& each : json)
            list.push_back(
                value_of(shape.type == Type::list ? *shape.members[0].shape : shape, each));
        return list;
    }
    if (shape.type == Type::timestamp)
        return base::instant_of_micros(std::llround(json.get<double>() * 1e6));
    if (shape.type == Type::real && json.is_string()) {
        const std::string text = json;
        return text == "NaN" ? std::nan("") : text[0] == '-' ? -HUGE_VAL : HUGE_VAL;
    }
    if (json.is_boolean()) return json.get<bool>();
    if (json.is_number_integer()) return json.get<std::int64_t>();
    if (json.is_number()) return json.get<double>();
    return json.get<std::string>();
}

/// The other way; XML that no shape knows is left out.
inline base::Json json_of(const Value& value) {
    if (const auto* const truth = value.as<bool>()) return *truth;
    if (const auto* const number = value.as<std::int64_t>()) return *number;
    if (const auto* const text = value.as<std::string>()) return *text;
    if (const auto* const at = value.as<base::Instant>())
        return static_cast<double>(base::micros_of(*at)) / 1e6;
    if (const auto* const real = value.as<double>()) {
        if (std::isnan(*real)) return "NaN";
        if (std::isinf(*real)) return *real > 0 ? "Infinity" : "-Infinity";
        return *real;
    }
    if (const auto* const list = value.as<List>()) {
        base::Json out = base::Json::array();
        for (const Value& each : *list) out.push_back(json_of(each));
        return out;
    }
    if (const auto* const entries = value.as<Entries>()) {
        base::Json out = base::Json::object();
        for (const Entry& entry : *entries)
            if (entry.value.as<Element>() == nullptr) out[entry.name] = json_of(entry.value);
        return out;
    }
    return nullptr;
}

}  // namespace aws
