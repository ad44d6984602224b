#pragma once
// The manual page, made from the grammar: crossfade(1).

#include <string>

namespace cli {

/// In the macros of man(7).
std::string manual_page();

}  // namespace cli
