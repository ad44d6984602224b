#include "base/json.h"

#include "aws/scalar.h"
#include "aws/shape.h"
#include "aws/value.h"
#include "aws/wire.h"
#include "base/clock.h"
#include "base/result.h"

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace aws::wire {
namespace {

using Json = nlohmann::ordered_json;

// --- writing -----------------------------------------------------------------------------------

base::Result<Json> json_from_value(const Member& use, const Value& value);

Json plain(const Value& value) {
    if (const auto* const truth = value.as<bool>()) return *truth;
    if (const auto* const number = value.as<std::int64_t>()) return *number;
    if (const auto* const real = value.as<double>()) return *real;
    if (const auto* const text = value.as<std::string>()) return *text;
    if (const auto* const list = value.as<List>()) {
        Json out = Json::array();
        for (const Value& each : *list) out.push_back(plain(each));
        return out;
    }
    if (const auto* const entries = value.as<Entries>()) {
        Json out = Json::object();
        for (const Entry& entry : *entries) out[entry.name] = plain(entry.value);
        return out;
    }
    return nullptr;
}

base::Result<Json> json_from_structure(const Member& use, const Value& value) {
    if (const auto fits = check_members(use, value); !fits) return base::fail(fits);
    Json out = Json::object();
    for (const Entry& entry : *value.as<Entries>()) {
        const Member* const member = member_of(*use.shape, entry.name);
        if (member == nullptr || entry.value.is_null()) continue;
        auto inner = json_from_value(*member, entry.value);
        if (!inner) return inner;
        out[std::string(name_on_wire(*member))] = std::move(*inner);
    }
    return out;
}

base::Result<Json> json_from_many(const Member& use, const Value& value) {
    if (use.shape->type == Type::list) {
        const auto* const list = value.as<List>();
        if (list == nullptr) return does_not_fit(use.name, "a list is wanted");
        Json out = Json::array();
        for (const Value& each : *list) {
            auto inner = json_from_value(use.shape->members[0], each);
            if (!inner) return inner;
            out.push_back(std::move(*inner));
        }
        return out;
    }
    const auto* const entries = value.as<Entries>();
    if (entries == nullptr) return does_not_fit(use.name, "a map is wanted");
    Json out = Json::object();
    for (const Entry& entry : *entries) {
        auto inner = json_from_value(use.shape->members[1], entry.value);
        if (!inner) return inner;
        out[entry.name] = std::move(*inner);
    }
    return out;
}

base::Result<Json> json_from_value(const Member& use, const Value& value) {
    const Type type = use.shape->type;
    if (value.is_null()) return Json(nullptr);
    if (type == Type::structure) return json_from_structure(use, value);
    if (type == Type::list || type == Type::map) return json_from_many(use, value);
    if (type == Type::document) return plain(value);
    auto text = scalar_text(use, value, TimeFormat::unix_seconds);
    if (!text) return base::fail(text);
    if (type == Type::boolean) return Json(*value.as<bool>());
    if (const auto* const number = value.as<std::int64_t>()) return Json(*number);
    const auto* const real = value.as<double>();
    if (real != nullptr && std::isfinite(*real)) return Json(*real);
    const bool in_seconds =
        use.time == TimeFormat::by_place || use.time == TimeFormat::unix_seconds;
    if (type == Type::timestamp && in_seconds) return Json::parse(*text);
    return Json(std::move(*text));
}

// --- reading -----------------------------------------------------------------------------------

Value value_from_plain(const base::Json& json) {
    if (json.is_boolean()) return json.get<bool>();
    if (json.is_number_integer()) return json.get<std::int64_t>();
    if (json.is_number()) return json.get<double>();
    if (json.is_string()) return json.get<std::string>();
    if (json.is_array()) {
        List list;
        for (const base::Json& each : json) list.push_back(value_from_plain(each));
        return list;
    }
    if (json.is_object()) {
        Entries entries;
        for (const auto& [key, each] : json.items())
            entries.push_back({key, value_from_plain(each)});
        return entries;
    }
    return {};
}

base::Result<Value> read(const Member& use, const base::Json& json);

base::Result<Value> read_object(const Member& use, const base::Json& json) {
    if (!json.is_object()) return cannot_be_read(use.name, "an object is wanted");
    const bool is_map = use.shape->type == Type::map;
    Entries entries;
    if (is_map) {
        for (const auto& [key, each] : json.items()) {
            auto value = read(use.shape->members[1], each);
            if (!value) return value;
            entries.push_back({key, std::move(*value)});
        }
        return Value(std::move(entries));
    }
    for (const Member& member : use.shape->members) {
        const auto found = json.find(std::string(name_on_wire(member)));
        if (found == json.end() || found->is_null()) continue;
        auto value = read(member, *found);
        if (!value) return value;
        entries.push_back({std::string(member.name), std::move(*value)});
    }
    return Value(std::move(entries));
}

base::Result<Value> read(const Member& use, const base::Json& json) {
    const Type type = use.shape->type;
    if (json.is_null()) return Value();
    if (type == Type::document) return value_from_plain(json);
    if (type == Type::structure || type == Type::map) return read_object(use, json);
    if (type == Type::list) {
        if (!json.is_array()) return cannot_be_read(use.name, "an array is wanted");
        List list;
        for (const base::Json& each : json) {
            auto item = read(use.shape->members[0], each);
            if (!item) return item;
            list.push_back(std::move(*item));
        }
        return Value(std::move(list));
    }
    if (json.is_string()) return scalar_from(use, json.get_ref<const std::string&>());
    // Not by way of text: a double has more digits than a text is sure to keep.
    if (type == Type::real && json.is_number()) return Value(json.get<double>());
    if (type == Type::integer && json.is_number_integer()) return Value(json.get<std::int64_t>());
    if (type == Type::boolean && json.is_boolean()) return Value(json.get<bool>());
    if (type == Type::timestamp && json.is_number()) return scalar_from(use, json.dump());
    return cannot_be_read(use.name, "a value is of another type than the model says");
}

}  // namespace

base::Result<std::string> json_of(const Member& use, const Value& value) {
    const auto json = json_from_value(use, value);
    if (!json) return base::fail(json);
    return json->dump(-1, ' ', false, Json::error_handler_t::replace);
}

base::Result<Value> value_from_json(const Member& use, std::string_view text) {
    const auto json = base::json_from(text.empty() ? "{}" : text);
    if (!json) return cannot_be_read(use.name, json.error().diagnostic.what);
    return read(use, *json);
}

}  // namespace aws::wire
