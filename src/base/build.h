#pragma once
// Which build of the program this is.

#include <string>

namespace base {

/// The linker's build id in hex: two programs have the same only if they were built alike. Empty
/// where the linker made none.
std::string build_id();

}  // namespace base
