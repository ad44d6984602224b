#pragma once
// What stands in URLs and cookies.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace net {

/// Pairs in order, decoded, `+` as space; broken escapes stay as they are.
std::vector<std::pair<std::string, std::string>> query_pairs(std::string_view query);
/// The first value of that name, decoded; nothing where it is missing.
std::optional<std::string> query_value(std::string_view query, std::string_view name);

/// The first cookie of that name in a Cookie field's value, as sent; a view into it.
std::optional<std::string_view> cookie_value(std::string_view cookies, std::string_view name);

/// Segments of a path between slashes, decoded: `/a/b%20c` gives `a`, `b c`. Nothing for a broken
/// escape, a NUL, or a segment that is `.` or `..`.
std::optional<std::vector<std::string>> path_segments(std::string_view path);

}  // namespace net
