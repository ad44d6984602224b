#pragma once
// JSON from outside, bounded; JSON of ours, canonical (keys sorted, no spaces) where it is hashed.
// Include this where JSON is read or written; headers that only name the type include
// <nlohmann/json_fwd.hpp>.

#include "base/result.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace base {

using Json = nlohmann::json;

/// Decodes one document. Rejects what is larger than `bytes_max`, deeper than 64 levels, has a
/// duplicate key, or is followed by anything but white space. Never throws.
Result<Json> json_from(std::string_view text, std::size_t bytes_max = 16 * 1024 * 1024);

/// Keys sorted, no spaces, invalid UTF-8 replaced: the same value has the same bytes.
std::string canonical(const Json& json);

/// The member `key` of an object as a T (std::string, bool, std::int64_t, std::uint64_t, double);
/// rejects a missing member or another type, naming both.
template <typename T>
Result<T> member(const Json& object, std::string_view key);

/// The same, with `otherwise` where the member is missing; another type is still rejected.
template <typename T>
Result<T> member_or(const Json& object, std::string_view key, T otherwise) {
    if (object.is_object() && !object.contains(std::string(key))) return otherwise;
    return member<T>(object, key);
}

}  // namespace base
