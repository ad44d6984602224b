#include "edge/rule/network.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <charconv>
#include <cstring>
#include <string>

namespace edge {

namespace {

constexpr std::uint8_t kMappedBits = 96;

AddressBytes mapped(const in_addr& address) {
    AddressBytes made{};
    made[10] = made[11] = 0xff;
    std::memcpy(made.data() + 12, &address, 4);
    return made;
}

}  // namespace

AddressBytes bytes_of(const net::Address& address) {
    AddressBytes made{};
    if (address.family() == AF_INET) {
        sockaddr_in whole{};
        std::memcpy(&whole, address.raw(), sizeof whole);
        return mapped(whole.sin_addr);
    }
    if (address.family() == AF_INET6) {
        sockaddr_in6 whole{};
        std::memcpy(&whole, address.raw(), sizeof whole);
        std::memcpy(made.data(), &whole.sin6_addr, made.size());
    }
    return made;
}

std::optional<Network> network_from(std::string_view text) {
    Network made;
    made.text = text;
    const std::size_t slash = text.find('/');
    const std::string host(text.substr(0, slash));
    std::uint8_t before = 0;
    in_addr four{};
    if (::inet_pton(AF_INET, host.c_str(), &four) == 1) {
        made.bytes = mapped(four);
        before = kMappedBits;
    } else if (::inet_pton(AF_INET6, host.c_str(), made.bytes.data()) != 1) {
        return std::nullopt;
    }
    unsigned bits = 128U - before;
    if (slash != std::string_view::npos) {
        const std::string_view digits = text.substr(slash + 1);
        const char* const end = digits.data() + digits.size();
        unsigned said = 0;
        const auto [at, error] = std::from_chars(digits.data(), end, said);
        if (error != std::errc() || at != end || said > bits) return std::nullopt;
        bits = said;
    }
    made.bits = static_cast<std::uint8_t>(bits + before);
    return made;
}

bool Network::has(const AddressBytes& address) const {
    const std::size_t whole = bits / 8;
    if (std::memcmp(bytes.data(), address.data(), whole) != 0) return false;
    const unsigned rest = bits % 8U;
    if (rest == 0) return true;
    return ((bytes[whole] ^ address[whole]) >> (8 - rest)) == 0;
}

}  // namespace edge
