#include "edge/socket/candidate.h"

#include "edge/worker/worker.h"
#include "net/websocket.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace edge {

namespace {

// The old target serves meanwhile, so there is time; but a place in the queue is taken.
constexpr std::chrono::milliseconds kPatience{5000};

}  // namespace

Candidate::Candidate(Worker& worker, LocalTarget& target, const Handshake& handshake, Then then)
    : worker_(worker),
      target_(target),
      handshake_(handshake),
      then_(std::move(then)),
      patience_(worker.loop(), [this] { end(Verdict::unreachable); }) {
    ++target_.users;
    target_.slot->pooled.add();
    parser_.expect(net::Method::get);
    auto descriptor = net::connect_to(target.target.address);
    if (!descriptor) {
        patience_.arm_at(worker_.now());
        return;
    }
    channel_ = net::Channel(std::move(*descriptor));
    key_ = channel_.watch(worker_.loop(), *this);
    patience_.arm_in(std::min(kPatience, worker_.limits().connect_timeout));
}

Candidate::~Candidate() {
    worker_.loop().forget(key_);
    target_.slot->pooled.subtract();
    --target_.users;
}

void Candidate::on_ready(net::Ready ready) {
    if (ended_) return;
    if (!connected_) {
        if (!ready.writable && !ready.hung_up) return;
        const int error = net::connect_error(channel_.number());
        if (error != 0) {
            target_.slot->connect_failures.add();
            worker_.balancer().refused(target_.target.uid, worker_.now());
            target_.target.tally->refused.store(true, std::memory_order_relaxed);
            worker_.tell_news();
            return end(Verdict::unreachable);
        }
        connected_ = true;
        const std::string key = net::handshake_key(worker_.random());
        accept_ = net::accept_for(key);
        std::string request = handshake_.request_with(key);
        const bool sent = outlet_.send(channel_, request);
        wipe(request);
        if (!sent) return end(Verdict::unreachable);
    } else if (ready.writable && outlet_.waiting() > 0 && !outlet_.flush(channel_)) {
        return end(Verdict::unreachable);
    }
    if (ready.readable || ready.hung_up) read();
}

void Candidate::read() {
    while (true) {
        const auto scratch = worker_.scratch();
        const net::Moved moved = channel_.receive(scratch);
        if (moved.io == net::Io::would_block) return;
        if (moved.io != net::Io::moved) return end(Verdict::unreachable);
        const net::Fed fed = parser_.feed({scratch.data(), moved.bytes}, *this);
        if (fed.progress == net::Progress::failed) return end(Verdict::unreachable);
        if (fed.progress == net::Progress::tunnel) {
            early_.assign(scratch.data() + fed.consumed, moved.bytes - fed.consumed);
            return end(verdict_);
        }
        if (verdict_ != Verdict::unreachable) return end(verdict_);
    }
}

void Candidate::on_head(const net::ResponseHead& head) {
    if (head.interim) return;
    if (head.status == 101) {
        const bool right =
            head.fields.find(net::FieldId::sec_websocket_accept) == std::string_view(accept_) &&
            handshake_.fits(terms_of(head));
        verdict_ = right ? Verdict::accepted : Verdict::other_terms;
    } else {
        verdict_ = head.status == 401 || head.status == 403 ? Verdict::forbidden : Verdict::refused;
    }
}

void Candidate::end(Verdict verdict) {
    if (ended_) return;
    ended_ = true;
    patience_.disarm();
    then_(verdict);
}

void Candidate::abandon() {
    ended_ = true;
    patience_.disarm();
    worker_.loop().forget(key_);
    key_ = {};
}

net::Channel Candidate::give_up_channel() {
    worker_.loop().forget(key_);
    key_ = {};
    return std::move(channel_);
}

}  // namespace edge
