#pragma once
// Broken invariants end the process, in release builds too. Never used on input.

#include <string_view>

namespace base {

[[noreturn]] void broken_invariant(std::string_view condition, const char* file, int line);

}  // namespace base

// NOLINTNEXTLINE: a function could not name the condition.
#define CHECK(condition) \
    ((condition) ? void(0) : ::base::broken_invariant(#condition, __FILE__, __LINE__))
