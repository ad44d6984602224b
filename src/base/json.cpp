#include "base/json.h"

#include <fmt/format.h>

#include <set>
#include <vector>

namespace base {

namespace {

constexpr int kDepthMax = 64;

tl::unexpected<Error> no_json(std::string why) {
    return fail(
        Failure::rejected,
        {.code = "CF0008", .what = "this is no JSON that can be read", .why = std::move(why)});
}

/// Notices duplicate keys while the document is parsed; nlohmann keeps the last, silently.
class Watch {
public:
    bool operator()(Json::parse_event_t event, const Json& parsed) {
        using Event = Json::parse_event_t;
        if (event == Event::object_start) keys_.emplace_back();
        if (event == Event::object_end && !keys_.empty()) keys_.pop_back();
        if (event == Event::key && !keys_.empty() &&
            !keys_.back().insert(parsed.get<std::string>()).second && duplicate.empty()) {
            duplicate = parsed.get<std::string>();
        }
        return true;
    }

    std::string duplicate;

private:
    std::vector<std::set<std::string>> keys_;
};

/// nlohmann's parser does not recurse, but its destructor and dump do: depth is checked first.
bool deeper_than(std::string_view text, int limit) {
    int depth = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (in_string) {
            if (c == '\\') ++i;
            if (c == '"') in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > limit) return true;
        } else if (c == '}' || c == ']') {
            --depth;
        }
    }
    return false;
}

}  // namespace

Result<Json> json_from(std::string_view text, std::size_t bytes_max) {
    if (text.size() > bytes_max)
        return no_json(fmt::format("it is larger than {} bytes", bytes_max));
    if (deeper_than(text, kDepthMax)) return no_json("it is nested too deeply");
    Watch watch;
    try {
        Json parsed = Json::parse(text, [&watch](int, Json::parse_event_t event, Json& value) {
            return watch(event, value);
        });
        if (!watch.duplicate.empty()) {
            return no_json(fmt::format("the key `{}` stands twice in one object", watch.duplicate));
        }
        return parsed;
    } catch (const Json::exception& error) {
        return no_json(error.what());
    }
}

std::string canonical(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

namespace {

Result<const Json*> found(const Json& object, std::string_view key) {
    if (object.is_object()) {
        const auto at = object.find(std::string(key));
        if (at != object.end()) return &*at;
    }
    return fail(Failure::rejected,
                {.code = "CF0009", .what = fmt::format("the member `{}` is missing", key)});
}

tl::unexpected<Error> other_type(std::string_view key, std::string_view wanted, const Json& json) {
    return fail(Failure::rejected, {.code = "CF0009",
                                    .what = fmt::format("the member `{}` is no {}", key, wanted),
                                    .why = fmt::format("it is a {}", json.type_name())});
}

template <typename T, typename Fits>
Result<T> typed(const Json& object, std::string_view key, std::string_view wanted, Fits fits) {
    const auto at = found(object, key);
    if (!at) return fail(at);
    if (!fits(**at)) return other_type(key, wanted, **at);
    return (*at)->template get<T>();
}

}  // namespace

template <>
Result<std::string> member<std::string>(const Json& object, std::string_view key) {
    return typed<std::string>(object, key, "text", [](const Json& j) { return j.is_string(); });
}
template <>
Result<bool> member<bool>(const Json& object, std::string_view key) {
    return typed<bool>(object, key, "true or false", [](const Json& j) { return j.is_boolean(); });
}
template <>
Result<std::int64_t> member<std::int64_t>(const Json& object, std::string_view key) {
    return typed<std::int64_t>(object, key, "whole number", [](const Json& j) {
        return j.is_number_integer() &&
               (!j.is_number_unsigned() || j.get<std::uint64_t>() <= INT64_MAX);
    });
}
template <>
Result<std::uint64_t> member<std::uint64_t>(const Json& object, std::string_view key) {
    return typed<std::uint64_t>(object, key, "whole number from 0 on", [](const Json& j) {
        return j.is_number_unsigned() || (j.is_number_integer() && j.get<std::int64_t>() >= 0);
    });
}
template <>
Result<double> member<double>(const Json& object, std::string_view key) {
    return typed<double>(object, key, "number", [](const Json& j) { return j.is_number(); });
}

}  // namespace base
