#include "base/result.h"

#include <string_view>

namespace base {

std::string_view name_of(Failure failure) {
    switch (failure) {
        case Failure::rejected:
            return "rejected";
        case Failure::not_found:
            return "not_found";
        case Failure::conflict:
            return "conflict";
        case Failure::unavailable:
            return "unavailable";
        case Failure::unknown:
            return "unknown";
    }
    return "";
}

}  // namespace base
