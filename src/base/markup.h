#pragma once
// Text in HTML and XML.

#include <string>
#include <string_view>

namespace base {

/// As it stands in an element or in a quoted attribute. Control characters are left out but for
/// tabs and line ends: XML has no place for them (XML 1.0 §2.2).
std::string escaped(std::string_view text);

}  // namespace base
