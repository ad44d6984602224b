#pragma once
// Who listens on a TCP port of this machine.

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

namespace local {

struct PortOwner {
    pid_t pid = 0;     ///< 0: another user's process, so nobody tells.
    std::string name;  ///< Its command's name, or empty.
};

/// None when nobody listens on it. Looks into /proc alone.
std::optional<PortOwner> owner_of_port(std::uint16_t port);

}  // namespace local
