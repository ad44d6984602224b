// Worker, while another process takes its place, and while it takes another's.

#include "edge/http/client.h"
#include "edge/http/upstream.h"
#include "edge/http2/connection.h"
#include "edge/secure/tls_handshake.h"
#include "edge/socket/handshake.h"
#include "edge/socket/tunnel.h"
#include "edge/takeover/removal.h"
#include "edge/worker/door.h"
#include "edge/worker/worker.h"

#include <algorithm>
#include <utility>

namespace edge {

void Worker::depart(std::shared_ptr<takeover::Departure> departure) {
    loop_.post([this, to = std::move(departure)] {
        if (!retiring_) removal_ = std::make_unique<takeover::Removal>(*this, to, index_);
    });
}

void Worker::stay() {
    loop_.post([this] { removal_.reset(); });
}

void Worker::offer(Client& client) {
    if (removal_) removal_->offer(client);
}

void Worker::offer(Tunnel& tunnel) {
    if (removal_) removal_->offer(tunnel);
}

void Worker::adopt(std::shared_ptr<takeover::Given> given) {
    arriving_.fetch_add(1, std::memory_order_release);
    loop_.post([this, taken = std::move(given)] {
        resume(*taken);
        if (removal_) removal_->recount();
        arriving_.fetch_sub(1, std::memory_order_release);
        // From here on it stands in this worker's own counts, if it is one to be counted.
        if (taken->tally) taken->tally->arriving.fetch_sub(1, std::memory_order_release);
    });
}

void Worker::resume(takeover::Given& given) {
    const auto peer = net::peer_address(given.descriptors.front().number());
    if (!peer) return;  // reset on its way
    AddressTicket ticket;
    if (limits().connections_per_address != 0) {
        ticket = AddressTicket::take_beyond(shared_->addresses, bytes_of(*peer));
    }
    net::Channel client(std::move(given.descriptors.front()));
    if (const auto* from = std::get_if<takeover::GivenClient>(&given.message)) {
        const auto& doors = snapshot_->listeners;
        const auto door = std::find_if(doors.begin(), doors.end(), [&](const auto& each) {
            return each->name == from->listener;
        });
        const std::uint16_t port = door == doors.end() ? peer->port() : (*door)->actual.port();
        shared_->connections.fetch_add(1, std::memory_order_relaxed);
        begin(std::move(client), {.peer = *peer,
                                  .listener = from->listener,
                                  .port = std::to_string(port),
                                  .ticket = std::move(ticket)});
        clients_.back()->resume(*from);
        if (retiring_) clients_.back()->retire();
        return;
    }
    auto& from = std::get<takeover::GivenTunnel>(given.message);
    const auto target = std::find_if(targets_.begin(), targets_.end(), [&](const auto& each) {
        return each.second->listed && each.second->group == from.group &&
               each.second->target.id == from.target;
    });
    if (target == targets_.end()) return;  // forgotten: its sockets are cut
    auto tunnel = std::make_unique<Tunnel>(*this, *target->second);
    Tunnel& resumed = *tunnel;
    resumed.ticket = std::move(ticket);
    add_tunnel(std::move(tunnel));
    resumed.resume(from, std::move(client), net::Channel(std::move(given.descriptors.back())));
    wipe(from.head);
}

}  // namespace edge
