#pragma once
// How the edge's config is read from JSON, member by member; the parts of it.

#include "base/json.h"
#include "edge/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace edge {

inline constexpr std::int64_t kDayMs = 86'400'000;
inline constexpr std::int64_t kStickinessMax = 604'800;  ///< Seconds: a week, as ALB.

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

    bool known(const base::Json& json, std::string_view at,
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

    void text(const base::Json& json, std::string_view at, std::string_view name,
              std::string& into) {
        const auto found = json.find(std::string(name));
        if (found == json.end()) return;
        if (!found->is_string()) return reject(fmt::format("{}/{}", at, name), "it is no text");
        into = found->get<std::string>();
        if (into.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos &&
            name != "body") {
            reject(fmt::format("{}/{}", at, name), "it has a line break or a zero byte in it");
        }
    }

    void truth(const base::Json& json, std::string_view at, std::string_view name, bool& into) {
        const auto found = json.find(std::string(name));
        if (found == json.end()) return;
        if (!found->is_boolean()) {
            return reject(fmt::format("{}/{}", at, name), "it is neither true nor false");
        }
        into = found->get<bool>();
    }

    template <typename T>
    void number(const base::Json& json, std::string_view where, T& into, std::int64_t least,
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

    void flag(const base::Json& json, std::string_view at, std::string_view name, bool& into) {
        const auto found = json.find(std::string(name));
        if (found == json.end()) return;
        if (!found->is_boolean()) {
            return reject(fmt::format("{}/{}", at, name), "it is neither true nor false");
        }
        into = found->get<bool>();
    }

    std::optional<base::Error> take() { return std::exchange(error_, std::nullopt); }

private:
    std::optional<base::Error> error_;
};

Listener listener_from(Decoder& decoder, const base::Json& json, const std::string& at);
base::Json listener_json(const Listener& listener);

Group group_from(Decoder& decoder, const std::string& name, const base::Json& json);
base::Json group_json(const Group& group);

Rule rule_from(Decoder& decoder, const base::Json& json, const std::string& at);
base::Json rule_json(const Rule& rule);

Attributes attributes_from(Decoder& decoder, const base::Json& json);
base::Json attributes_json(const Attributes& attributes);

}  // namespace edge
