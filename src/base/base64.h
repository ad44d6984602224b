#pragma once
// Base64 (RFC 4648 §4).

#include <optional>
#include <string>
#include <string_view>

namespace base {

std::string base64(std::string_view bytes);
/// Strict: padded, no spaces, and only what `base64` makes.
std::optional<std::string> base64_decoded(std::string_view text);

}  // namespace base
