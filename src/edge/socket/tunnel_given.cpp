// Tunnel, as one process gives it to another.

#include "edge/socket/handoff.h"
#include "edge/socket/mattermost.h"
#include "edge/worker/worker.h"

#include <string>
#include <utility>

namespace edge {

bool Tunnel::at_rest() const {
    if (gone_ || leaving_ || told_ || handoff_ || !upstream_ || owes_presence_) return false;
    // An adapter knows whole messages only.
    if (adapter_ && !(adapter_->at_rest(worker_.now()) && client_.walker.at_boundary() &&
                      upstream_->walker.at_boundary() && client_.walks && upstream_->walks)) {
        return false;
    }
    const auto rests = [](const End& end) {
        return end.channel.plain() && end.out.waiting() == 0 && !end.ended && !end.told_end &&
               !end.broken && !end.walker.saw_close();
    };
    return rests(client_) && rests(*upstream_) && target_->listed;
}

std::optional<takeover::GivenTunnel> Tunnel::packed() const {
    if (!at_rest()) return std::nullopt;
    takeover::GivenTunnel made;
    made.group = target_->group;
    made.target = target_->target.id;
    made.opened_version = opened_version_;
    made.client_walks = client_.walks ? 1 : 0;
    if (client_.walks) {
        net::FrameWalker::Place stand = client_.walker.place();
        made.client_within = stand.in_message ? 1 : 0;
        made.client_left = stand.payload_left;
        made.client_header = std::move(stand.header);
    }
    made.target_walks = upstream_->walks ? 1 : 0;
    if (upstream_->walks) {
        net::FrameWalker::Place stand = upstream_->walker.place();
        made.target_within = stand.in_message ? 1 : 0;
        made.target_left = stand.payload_left;
        made.target_header = std::move(stand.header);
    }
    if (handshake_) {
        const Handshake::Parts parts = handshake_->parts();
        made.handed = 1;
        made.listener = parts.listener;
        made.protocol = parts.protocol;
        made.extensions = parts.extensions;
        made.head = parts.request;
    }
    if (line_) {
        made.line = line_->text();
        made.received = line_->counts.received_bytes;
        made.sent = sent_bytes();
        made.swapped = line_->counts.swapped;
        made.recovered = line_->counts.recovered;
        made.refused = line_->counts.refused;
        made.failed = line_->counts.failed;
    }
    if (adapter_) {
        Mattermost::Memory memory = adapter_->memory();
        made.adapts = 1;
        made.renumbers = memory.renumbers ? 1 : 0;
        made.takes_hello = memory.takes_hello ? 1 : 0;
        made.next = memory.next;
        made.asked = memory.asked;
        made.challenge = std::move(memory.challenge);
        made.presence = std::move(memory.presence);
        made.active = std::move(memory.active);
        made.known_id = std::move(memory.known_id);
        made.real_id = std::move(memory.real_id);
    }
    return made;
}

std::array<int, 2> Tunnel::descriptors() const {
    return {client_.channel.number(), upstream_->channel.number()};
}

void Tunnel::resume(takeover::GivenTunnel& given, net::Channel client, net::Channel upstream) {
    client_.channel = std::move(client);
    upstream_ = end_of(*target_, std::move(upstream));
    client_.walks = given.client_walks != 0;
    upstream_->walks = given.target_walks != 0;
    const bool placed =
        (!client_.walks || client_.walker.begin_at({given.client_left, given.client_within != 0,
                                                    given.client_header})) &&
        (!upstream_->walks ||
         upstream_->walker.begin_at(
             {given.target_left, given.target_within != 0, given.target_header}));
    if (!placed) return close();
    if (given.handed != 0) {
        handshake_ = std::make_unique<Handshake>(given.listener, given.head,
                                                 Terms{given.protocol, given.extensions});
    }
    if (given.adapts != 0) {
        adapter_ =
            std::make_unique<Mattermost>(Mattermost::Memory{.next = given.next,
                                                            .asked = given.asked,
                                                            .renumbers = given.renumbers != 0,
                                                            .takes_hello = given.takes_hello != 0,
                                                            .challenge = std::move(given.challenge),
                                                            .presence = std::move(given.presence),
                                                            .active = std::move(given.active),
                                                            .known_id = std::move(given.known_id),
                                                            .real_id = std::move(given.real_id)},
                                         worker_.virtual_ids());
    }
    if (worker_.log() && !given.line.empty()) {
        line_ = std::make_unique<SocketLine>(std::move(given.line));
        line_->counts = {.received_bytes = given.received,
                         .sent_bytes = given.sent,
                         .swapped = given.swapped,
                         .recovered = given.recovered,
                         .refused = given.refused,
                         .failed = given.failed};
    }
    if (client_.walker.at_boundary()) {
        tape_.begin(0);
    } else {
        tape_.begin_within(0);
    }
    opened_version_ = given.opened_version;
    begin({}, {});
}

}  // namespace edge
