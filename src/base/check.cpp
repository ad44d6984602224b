#include "base/check.h"

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace base {

void broken_invariant(std::string_view condition, const char* file, int line) {
    std::fprintf(stderr, "%s:%d: broken invariant: %.*s\n", file, line,
                 static_cast<int>(condition.size()), condition.data());
    std::abort();
}

}  // namespace base
