#pragma once
// Blocks of addresses: what `source` conditions name.

#include "edge/config.h"
#include "net/socket.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace edge {

using AddressBytes = std::array<std::uint8_t, 16>;

/// IPv4 as `::ffff:a.b.c.d`; all zero for what is no IP.
AddressBytes bytes_of(const net::Address& address);

/// `10.0.0.0/8`, `2001:db8::/32`, or one address.
std::optional<Network> network_from(std::string_view text);

}  // namespace edge
