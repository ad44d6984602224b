#pragma once
// Percent-encoding (RFC 3986 §2.1).

#include <optional>
#include <string>
#include <string_view>

namespace base {

/// All but unreserved characters (§2.3), and but those of `kept`; digits are upper case.
std::string percent_encoded(std::string_view text, std::string_view kept = {});
/// The bytes that `text` means; nothing for a broken escape. `+` stays.
std::optional<std::string> percent_decoded(std::string_view text);

/// The byte that the escape at the front of `text` stands for; nothing where none stands there.
std::optional<char> escape_at(std::string_view text);

}  // namespace base
