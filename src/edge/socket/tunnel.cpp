#include "edge/socket/tunnel.h"

#include "edge/socket/handoff.h"
#include "edge/socket/mattermost.h"
#include "edge/worker/worker.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <utility>

namespace edge {

namespace {

constexpr int kReadsInARow = 16;
// For the other side to end too, once one has ended or has been told to.
constexpr std::chrono::seconds kClosePatience{5};

/// Behind a close frame, or what is no frame, there is nothing to follow.
bool is_last(net::FrameWalker::Stop stop) {
    return stop == net::FrameWalker::Stop::close || stop == net::FrameWalker::Stop::wrong;
}

}  // namespace

Tunnel::Tunnel(Worker& worker, LocalTarget& target)
    : worker_(worker),
      target_(&target),
      client_(*this),
      timer_(worker.loop(), [this] { close(); }),
      opened_version_(worker.snapshot().version) {
    ++target_->users;
}

Tunnel::~Tunnel() = default;

std::unique_ptr<Tunnel::End> Tunnel::end_of(LocalTarget& target, net::Channel channel) {
    auto made = std::make_unique<End>(*this);
    made->target = &target;
    made->channel = std::move(channel);
    ++target.users;
    target.slot->sockets.add();
    return made;
}

void Tunnel::let_go(std::unique_ptr<End>& end) {
    if (!end) return;
    worker_.loop().forget(end->key);
    end->channel.close();
    end->target->slot->sockets.subtract();
    --end->target->users;
    worker_.loop().dispose(std::move(end));
}

void Tunnel::open(Ends ends) {
    client_.channel = std::move(ends.client);
    client_.out = std::move(ends.to_client);
    upstream_ = end_of(*target_, std::move(ends.upstream));
    target_->slot->sockets_opened.add();
    upstream_->out = std::move(ends.to_upstream);
    handshake_ = std::move(ends.handshake);
    adapter_ = std::move(ends.adapter);
    line_ = std::move(ends.line);
    tape_.begin(upstream_->out.sent() + upstream_->out.waiting());
}

void Tunnel::begin(std::string_view from_client, std::string_view from_upstream) {
    // Watched anew, both ends report at once what is ready.
    client_.key = client_.channel.watch(worker_.loop(), client_);
    upstream_->key = upstream_->channel.watch(worker_.loop(), *upstream_);
    timer_.arm_in(worker_.limits().socket_idle);
    if (!from_client.empty() && !relay_to_upstream(from_client)) return;
    if (!from_upstream.empty() && !relay(*upstream_, from_upstream)) return;
    if (worker_.retiring()) leave();
}

bool Tunnel::alive(const End& end) const {
    return !gone_ && (&end == &client_ || &end == upstream_.get() ||
                      (handoff_ && &end == handoff_->old.get()));
}

Tunnel::End* Tunnel::speaker() const {
    return handoff_ && handoff_->old ? handoff_->old.get() : upstream_.get();
}

void Tunnel::on_ready(End& end, net::Ready ready) {
    if (!alive(end)) return;
    ready = end.channel.seen(ready);
    if (ready.ended) end.at_end = true;
    if (ready.readable) end.readable = true;
    if (ready.writable && end.out.waiting() > 0) {
        if (!end.out.flush(end.channel)) return lost(end);
        if (end.out.waiting() == 0) flushed(end);
    } else if (ready.writable && &end == &client_) {
        flushed(end);  // a stream of HTTP/2 has room again
    }
    if (alive(end)) read(end);
    if (!gone_) worker_.offer(*this);
}

void Tunnel::flushed(End& end) {
    if (&end == &client_) {
        End* from = speaker();
        if (from != nullptr && from->ended) pass_end_on(*from);
        if (!gone_ && speaker() != nullptr) read(*speaker());
        if (!gone_ && upstream_ && adapter_) read(*upstream_);
    } else if (&end == upstream_.get()) {
        tape_.trim(end.out.sent());
        if (client_.ended) pass_end_on(client_);
        if (!gone_) read(client_);
    }
}

bool Tunnel::may_read(const End& from) {
    if (&from != &client_) {
        return (&from == speaker() || adapter_) && client_.out.waiting() == 0 &&
               client_.channel.room() > 0;
    }
    if (!upstream_) return told_ || !handoff_->held->full();
    return upstream_->out.waiting() == 0 && !upstream_->broken;
}

void Tunnel::read(End& from) {
    for (int reads = 0; from.readable && alive(from); ++reads) {
        if (!may_read(from)) return;
        if (reads == kReadsInARow) return worker_.loop().nudge(from.key);
        auto scratch = worker_.scratch();
        if (&from != &client_) {
            scratch = scratch.first(std::min(scratch.size(), client_.channel.room()));
        }
        const net::Moved moved = from.channel.receive(scratch);
        if (moved.io == net::Io::would_block) {
            from.readable = false;
            if (from.broken) return lost(from);
            return;
        }
        if (moved.io == net::Io::failed) return lost(from);
        if (moved.io == net::Io::ended) {
            from.readable = false;
            from.ended = true;
            return pass_end_on(from);
        }
        if (from.channel.emptied(moved.bytes, scratch.size()) && !from.at_end && !from.broken) {
            from.readable = false;
        }
        if (!told_ && !client_.ended && !(upstream_ && upstream_->ended)) {
            timer_.arm_in(worker_.limits().socket_idle);
        }
        if (!relay(from, {scratch.data(), moved.bytes})) return;
    }
}

bool Tunnel::relay(End& from, std::string_view bytes) {
    // A close frame may come in pieces.
    if (line_ && from.walker.saw_close()) from.walker.walk(bytes);
    if (&from == &client_) return relay_to_upstream(bytes);
    return adapter_ ? hear(from, bytes) : relay_to_client(from, bytes);
}

bool Tunnel::relay_to_upstream(std::string_view bytes) {
    if (line_) line_->counts.received_bytes += bytes.size();
    if (adapter_) overhear(bytes);
    std::string_view piece = bytes;
    std::optional<std::size_t> boundary;
    std::size_t walked = 0;
    while (client_.walks && walked < piece.size()) {
        const net::FrameWalker::Step step = client_.walker.walk(piece.substr(walked));
        walked += step.walked;
        if (is_last(step.stop)) client_.walks = false;
        if (step.stop != net::FrameWalker::Stop::boundary) continue;
        boundary = walked;
        if (!prepared()) continue;
        if (!to_target(piece.substr(0, walked), boundary)) return false;
        swap_upstream();
        piece.remove_prefix(std::exchange(walked, 0));
        boundary.reset();
    }
    if (!to_target(piece, boundary)) return false;
    if (adapter_ && client_.walker.at_boundary()) client_.decoder.reset();
    if (owes_presence_) tell_presence();
    if (!client_.walks && handoff_ && !handoff_->old && upstream_) end_handoff();
    if (told_ && client_.walker.saw_close() && !client_.told_end) {
        // Both have said goodbye: the client need not wait for the target.
        client_.told_end = true;
        client_.channel.end_sending();
        if (!upstream_) close();
    }
    return !gone_;
}

bool Tunnel::to_target(std::string_view bytes, std::optional<std::size_t> boundary) {
    if (gone_) return false;
    if (!upstream_) {
        keep(bytes);
        return !gone_;
    }
    End& to = *upstream_;
    if (!to.broken && !to.out.send(to.channel, bytes)) {
        to.broken = true;
        if (!handshake_) {
            lost(to);
            return false;
        }
        // What it said before it went is still to be heard; its end comes behind that.
        to.readable = true;
        worker_.loop().nudge(to.key);
    }
    if (handshake_) tape_.relayed(bytes, boundary, to.out.sent());
    return true;
}

bool Tunnel::relay_to_client(End& from, std::string_view bytes) {
    if (told_) return true;
    // A header is not sent before it is whole: what it begins might be ours to keep.
    std::array<char, 14> copy;
    std::string_view kept_back;
    if (from.walks) kept_back = from.walker.partial_header();
    kept_back = {copy.data(), kept_back.copy(copy.data(), copy.size())};
    std::size_t walked = 0;
    while (from.walks && walked < bytes.size()) {
        const net::FrameWalker::Step step = from.walker.walk(bytes.substr(walked));
        walked += step.walked;
        if (is_last(step.stop)) from.walks = false;
        if (step.stop == net::FrameWalker::Stop::close && &from != upstream_.get()) {
            // The old target's goodbye is for us.
            if (walked == 0) kept_back = {};
            if (!to_client(kept_back, bytes.substr(0, walked))) return false;
            old_ended();
            return false;
        }
        if (step.stop == net::FrameWalker::Stop::boundary && leaving_ &&
            from.walker.at_boundary() && !from.walker.saw_close()) {
            if (!to_client(kept_back, bytes.substr(0, walked))) return false;
            inject_close();
            return !gone_;
        }
    }
    const std::size_t partial = from.walks ? from.walker.partial_header().size() : 0;
    if (partial == kept_back.size() + bytes.size()) return true;
    return to_client(kept_back, bytes.substr(0, bytes.size() - partial));
}

bool Tunnel::to_client(std::string_view kept_back, std::string_view bytes) {
    std::array<iovec, 2> parts;
    std::size_t count = 0;
    for (const std::string_view part : {kept_back, bytes}) {
        if (!part.empty()) parts[count++] = {const_cast<char*>(part.data()), part.size()};
    }
    if (client_.out.send(client_.channel, {parts.data(), count})) return true;
    lost(client_);
    return false;
}

void Tunnel::leave() {
    if (leaving_ || gone_) return;
    leaving_ = true;
    if (!upstream_ && !handoff_->old) {
        if (handoff_->candidate) handoff_->candidate->abandon();
        handoff_->timer.disarm();
        return inject_close();
    }
    if (handoff_ && !handoff_->old) end_handoff();
    // A close that is under way needs no other.
    End& from = *speaker();
    if (from.walker.saw_close() || client_.walker.saw_close()) return;
    if (adapter_ || (from.walks && from.walker.at_boundary())) inject_close();
}

void Tunnel::inject_close() {
    std::string frame;
    net::append_frame(frame, net::Opcode::close,
                      net::close_payload(net::close_code::kServiceRestart, "service restart"));
    told_ = true;
    timer_.arm_in(kClosePatience);
    if (to_client({}, frame) && speaker() != nullptr) read(*speaker());
}

void Tunnel::cut() {
    if (gone_) return;
    const End* from = speaker();
    const bool fits = from == nullptr || adapter_ ||
                      (from->walks && from->walker.between_frames() && !from->walker.saw_close());
    if (fits && !told_) inject_close();
    close();
}

void Tunnel::pass_end_on(End& from) {
    if (handoff_ && &from == handoff_->old.get()) return old_ended();
    if (&from == upstream_.get() && handoff_ && handoff_->old) return;  // once that is over
    if (&from == upstream_.get() && may_hold()) return hold();
    note_cut(from);
    timer_.arm_in(kClosePatience);
    if (&from == &client_ && !upstream_) return close();
    End& to = &from == &client_ ? *upstream_ : client_;
    if (to.out.waiting() > 0) return;
    if (!to.told_end) {
        to.told_end = true;
        to.channel.end_sending();
    }
    finish_if_over();
}

void Tunnel::finish_if_over() {
    if (client_.ended && upstream_->ended) close();
}

void Tunnel::note_cut(const End& ended) {
    // The instance went away under an open socket: nobody had said goodbye.
    if (&ended == upstream_.get() && !client_.ended && !told_ && !ended.walker.saw_close() &&
        !client_.walker.saw_close()) {
        cut_by_instance_ = true;
    }
}

void Tunnel::lost(End& end) {
    if (handoff_ && &end == handoff_->old.get()) return old_ended();
    if (&end == upstream_.get() && handoff_ && handoff_->old) {
        end.broken = end.ended = true;  // passed on once the old target is over
        return;
    }
    if (&end == upstream_.get() && may_hold()) return hold();
    note_cut(end);
    close();
}

std::uint16_t Tunnel::close_code() const {
    if (told_) return net::close_code::kServiceRestart;
    if (client_.walker.saw_close()) return client_.walker.close_code();
    if (upstream_ && upstream_->walker.saw_close()) return upstream_->walker.close_code();
    return net::close_code::kAbnormal;
}

void Tunnel::write_line() {
    line_->counts.sent_bytes = sent_bytes();
    line_->append(worker_.log().buffer(), worker_.wall(worker_.now()), close_code());
    worker_.log().write_if_much();
    line_.reset();
}

void Tunnel::given() {
    line_.reset();
    close();
}

void Tunnel::close() {
    if (gone_) return;
    gone_ = true;
    if (line_) write_line();
    if (cut_by_instance_) {
        target_->slot->sockets_cut.add();
        target_->group_slot->sockets_cut.add();
    }
    timer_.disarm();
    if (handoff_) end_handoff();
    let_go(upstream_);
    worker_.loop().forget(client_.key);
    client_.channel.close();
    client_.out.clear();
    --target_->users;
    worker_.remove(*this);
}

}  // namespace edge
