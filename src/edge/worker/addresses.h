#pragma once
// How many connections each client address holds, over all workers.

#include "edge/rule/network.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace edge {

/// Counts by IPv4 address and IPv6 /64: who has one has them all. Asked at accept and close only,
/// and only where a limit is set; safe from any thread.
class Addresses {
public:
    /// False, and not counted, where `most` are there already.
    bool enter(const AddressBytes& address, std::uint32_t most);
    void leave(const AddressBytes& address);

private:
    struct Hash {
        std::size_t operator()(const AddressBytes& address) const;
    };
    struct Shard {
        std::mutex mutex;
        std::unordered_map<AddressBytes, std::uint32_t, Hash> held;
    };
    Shard& shard_of(const AddressBytes& address);

    std::array<Shard, 16> shards_;
};

/// One counted connection; leaves with its owner.
class AddressTicket {
public:
    AddressTicket() = default;
    /// Empty where the address holds `most` already.
    static AddressTicket take(Addresses& addresses, const AddressBytes& address,
                              std::uint32_t most);
    /// Counted, however many there are.
    static AddressTicket take_beyond(Addresses& addresses, const AddressBytes& address) {
        return take(addresses, address, std::numeric_limits<std::uint32_t>::max());
    }
    AddressTicket(AddressTicket&& other) noexcept
        : addresses_(std::exchange(other.addresses_, nullptr)), address_(other.address_) {}
    AddressTicket& operator=(AddressTicket&& other) noexcept {
        std::swap(addresses_, other.addresses_);
        std::swap(address_, other.address_);
        return *this;
    }
    ~AddressTicket() {
        if (addresses_ != nullptr) addresses_->leave(address_);
    }

    explicit operator bool() const { return addresses_ != nullptr; }

private:
    Addresses* addresses_ = nullptr;
    AddressBytes address_{};
};

}  // namespace edge
