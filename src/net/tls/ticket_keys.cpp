#include "net/tls/ticket_keys.h"

#include "base/check.h"

#include <openssl/rand.h>

#include <algorithm>

namespace net::tls {

namespace {

void fill(std::span<unsigned char> bytes) {
    CHECK(RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1);
}

}  // namespace

TicketKeys::TicketKeys(base::Clock& clock) : clock_(clock) {}

void TicketKeys::rotate(base::Tick now) {
    while (!keys_.empty() && now - keys_.back().begun >= kSeals * kKept) keys_.pop_back();
    if (!keys_.empty() && now - keys_.front().begun < kSeals) return;
    TicketKey made;
    fill(made.name);
    fill(made.cipher);
    fill(made.mac);
    made.begun = now;
    keys_.push_front(made);
    if (keys_.size() > kKept) keys_.pop_back();
}

TicketKey TicketKeys::sealing() {
    const std::lock_guard lock(mutex_);
    rotate(clock_.tick());
    return keys_.front();
}

std::optional<TicketKeys::Found> TicketKeys::opening(std::span<const unsigned char, 16> name) {
    const std::lock_guard lock(mutex_);
    rotate(clock_.tick());
    const auto at = std::find_if(keys_.begin(), keys_.end(), [&](const TicketKey& key) {
        return std::equal(name.begin(), name.end(), key.name.begin());
    });
    if (at == keys_.end()) return std::nullopt;
    return Found{.key = *at, .old = at != keys_.begin()};
}

}  // namespace net::tls
