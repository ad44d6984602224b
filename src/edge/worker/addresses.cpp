#include "edge/worker/addresses.h"

#include <algorithm>
#include <cstring>

namespace edge {

namespace {

constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

AddressBytes block_of(AddressBytes address) {
    if (!std::equal(kMapped.begin(), kMapped.end(), address.begin())) {
        std::fill(address.begin() + 8, address.end(), std::uint8_t{0});
    }
    return address;
}

}  // namespace

std::size_t Addresses::Hash::operator()(const AddressBytes& address) const {
    std::array<std::uint64_t, 2> halves;
    std::memcpy(halves.data(), address.data(), sizeof halves);
    const std::uint64_t mixed = (halves[0] ^ (halves[1] << 1U)) * 0x9e3779b97f4a7c15U;
    return mixed ^ mixed >> 29U;
}

Addresses::Shard& Addresses::shard_of(const AddressBytes& address) {
    return shards_[(Hash{}(address) >> 40U) % shards_.size()];
}

bool Addresses::enter(const AddressBytes& address, std::uint32_t most) {
    const AddressBytes block = block_of(address);
    Shard& shard = shard_of(block);
    const std::lock_guard lock(shard.mutex);
    std::uint32_t& held = shard.held[block];
    if (held >= most) return false;
    ++held;
    return true;
}

void Addresses::leave(const AddressBytes& address) {
    const AddressBytes block = block_of(address);
    Shard& shard = shard_of(block);
    const std::lock_guard lock(shard.mutex);
    const auto at = shard.held.find(block);
    if (at != shard.held.end() && --at->second == 0) shard.held.erase(at);
}

AddressTicket AddressTicket::take(Addresses& addresses, const AddressBytes& address,
                                  std::uint32_t most) {
    AddressTicket made;
    if (addresses.enter(address, most)) {
        made.addresses_ = &addresses;
        made.address_ = address;
    }
    return made;
}

}  // namespace edge
