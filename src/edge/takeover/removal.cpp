#include "edge/takeover/removal.h"

#include "edge/http/client.h"
#include "edge/http/upstream.h"
#include "edge/http2/connection.h"
#include "edge/secure/tls_handshake.h"
#include "edge/socket/handshake.h"
#include "edge/socket/tunnel.h"
#include "edge/worker/worker.h"

#include <algorithm>
#include <array>
#include <utility>

namespace edge::takeover {

namespace {

using std::chrono::milliseconds;

// A socket in the middle of a message is looked at again so soon, then less and less often.
constexpr milliseconds kFirstPause{2};
constexpr milliseconds kLastPause{50};

}  // namespace

Removal::Removal(Worker& worker, std::shared_ptr<Departure> departure, std::size_t index)
    : worker_(worker),
      departure_(std::move(departure)),
      index_(index),
      timer_(worker.loop(), [this] { turn(); }),
      lame_until_(worker.now() + kLameDuck),
      pause_(kFirstPause) {
    for (std::size_t i = worker_.http2_.size(); i-- > 0;) worker_.http2_[i]->retire();
    for (auto& [uid, local] : worker_.targets_) worker_.leave(*local);
    timer_.arm_at(worker_.now());
}

bool Removal::give(Tunnel& tunnel) {
    auto packed = tunnel.packed();
    if (!packed) return true;
    packed->worker = static_cast<std::uint32_t>(index_);
    const auto descriptors = tunnel.descriptors();
    Message message = std::move(*packed);
    const Line::Sent sent = departure_->line->try_send(message, descriptors);
    auto& given = std::get<GivenTunnel>(message);
    wipe(given.head);
    wipe(given.challenge);
    // The connection lives on in the copy that is on its way.
    if (sent == Line::Sent::yes) tunnel.given();
    // One whose handshake is too large stays, and holds up nobody.
    return sent == Line::Sent::yes || sent == Line::Sent::too_large;
}

bool Removal::give(Client& client) {
    auto packed = client.packed();
    if (!packed) return true;
    packed->worker = static_cast<std::uint32_t>(index_);
    const std::array<int, 1> descriptors{client.descriptor()};
    if (departure_->line->try_send(std::move(*packed), descriptors) != Line::Sent::yes) {
        return false;
    }
    client.close();
    return true;
}

void Removal::offer(Client& client) {
    give(client);
}

void Removal::offer(Tunnel& tunnel) {
    give(tunnel);
}

void Removal::end_idle() {
    if (worker_.now() < lame_until_) return;
    for (std::size_t i = worker_.clients_.size(); i-- > 0;) {
        Client& client = *worker_.clients_[i];
        if (client.is_connection() && !client.plain()) client.retire();
    }
}

void Removal::recount() {
    departure_->left[index_].store(count(), std::memory_order_release);
}

std::uint64_t Removal::count() const {
    return worker_.newcomers_.size() + worker_.http2_.size() + worker_.clients_.size() +
           worker_.tunnels_.size();
}

void Removal::turn() {
    bool room = true;
    for (std::size_t i = worker_.tunnels_.size(); room && i-- > 0;) {
        room = give(*worker_.tunnels_[i]);
    }
    for (std::size_t i = worker_.clients_.size(); room && i-- > 0;) {
        room = give(*worker_.clients_[i]);
    }
    end_idle();
    recount();
    timer_.arm_in(pause_);
    pause_ = room ? std::min(pause_ * 2, kLastPause) : kFirstPause;
}

}  // namespace edge::takeover
