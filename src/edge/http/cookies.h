#pragma once
// Cookies as requests bring them (RFC 6265 §5.4), read where they stand.

#include "net/fields.h"

#include <optional>
#include <string_view>

namespace edge {

/// The value of the first cookie of that name in a Cookie field's value; names are compared with
/// their case. Quotes belong to the value.
std::optional<std::string_view> cookie_in(std::string_view line, std::string_view name);

/// In any Cookie line.
std::optional<std::string_view> cookie_of(const net::Fields& fields, std::string_view name);

}  // namespace edge
