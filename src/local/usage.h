#pragma once
// What a process takes of the machine, from /proc (proc(5)).

#include "base/units.h"
#include "local/process.h"

#include <chrono>
#include <optional>

namespace local {

struct Usage {
    base::Bytes resident;
    std::chrono::microseconds cpu{0};
};

/// Of the process and those that descend from it by its main thread; CPU also of such as have
/// ended. None when there is no such process.
std::optional<Usage> usage_of(const Identity& identity);

}  // namespace local
