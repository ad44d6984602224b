#pragma once
// What a look around says of one thing: that it is well, or what is wrong and what to do.

#include "base/diagnostic.h"

#include <string>
#include <string_view>

namespace base {

/// `error`: a release will fail, or harm someone. `warning`: it may, or it is not known.
enum class Weight { ok, warning, error };

constexpr std::string_view name_of(Weight weight) {
    switch (weight) {
        case Weight::ok:
            return "ok";
        case Weight::warning:
            return "warning";
        case Weight::error:
            return "error";
    }
    return "error";
}

struct Finding {
    Weight weight = Weight::ok;
    std::string subject;  ///< What was looked at, in a word or two: `rule`, `target groups`.
    Diagnostic said;      ///< Of what is well, `what` alone.

    friend bool operator==(const Finding&, const Finding&) = default;
};

}  // namespace base
