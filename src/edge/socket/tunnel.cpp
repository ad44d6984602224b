#include "edge/socket/tunnel.h"

#include "edge/worker/worker.h"

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
      target_(target),
      client_(*this),
      upstream_(*this),
      timer_(worker.loop(), [this] { close(); }),
      opened_version_(worker.snapshot().version) {
    ++target_.users;
    target_.slot->sockets.add();
    target_.slot->sockets_opened.add();
}

Tunnel::~Tunnel() = default;

void Tunnel::open(Ends ends) {
    client_.channel = std::move(ends.client);
    upstream_.channel = std::move(ends.upstream);
    client_.out = std::move(ends.to_client);
    upstream_.out = std::move(ends.to_upstream);
}

void Tunnel::begin(std::string_view from_client, std::string_view from_upstream) {
    // Watched anew, both ends report at once what is ready.
    client_.key = client_.channel.watch(worker_.loop(), client_);
    upstream_.key = upstream_.channel.watch(worker_.loop(), upstream_);
    timer_.arm_in(worker_.limits().socket_idle);
    if (!from_client.empty() && !relay(client_, from_client)) return;
    if (!from_upstream.empty() && !relay(upstream_, from_upstream)) return;
    if (worker_.retiring()) leave();
}

void Tunnel::on_ready(End& end, net::Ready ready) {
    if (gone_) return;
    ready = end.channel.seen(ready);
    if (ready.ended) end.at_end = true;
    if (ready.readable) end.readable = true;
    if (ready.writable && end.out.waiting() > 0) {
        if (!end.out.flush(end.channel)) return lost(end);
        if (end.out.waiting() == 0) {
            if (other(end).ended) pass_end_on(other(end));
            if (!gone_) read(other(end));
        }
    }
    if (!gone_) read(end);
}

void Tunnel::read(End& from) {
    for (int reads = 0; from.readable && !gone_; ++reads) {
        if (other(from).out.waiting() > 0) return;
        if (reads == kReadsInARow) return worker_.loop().nudge(from.key);
        const auto scratch = worker_.scratch();
        const net::Moved moved = from.channel.receive(scratch);
        if (moved.io == net::Io::would_block) {
            from.readable = false;
            return;
        }
        if (moved.io == net::Io::failed) return lost(from);
        if (moved.io == net::Io::ended) {
            from.readable = false;
            from.ended = true;
            return pass_end_on(from);
        }
        if (from.channel.emptied(moved.bytes, scratch.size()) && !from.at_end) {
            from.readable = false;
        }
        if (!told_ && !client_.ended && !upstream_.ended) {
            timer_.arm_in(worker_.limits().socket_idle);
        }
        if (!relay(from, {scratch.data(), moved.bytes})) return;
    }
}

bool Tunnel::relay(End& from, std::string_view bytes) {
    if (&from == &upstream_) return relay_to_client(bytes);
    std::string_view rest = bytes;
    while (from.walks && !rest.empty()) {
        const net::FrameWalker::Step step = from.walker.walk(rest);
        rest.remove_prefix(step.walked);
        if (is_last(step.stop)) from.walks = false;
    }
    if (!send(upstream_, bytes)) return false;
    if (told_ && client_.walker.saw_close() && !client_.told_end) {
        // Both have said goodbye: the client need not wait for the target.
        client_.told_end = true;
        client_.channel.end_sending();
    }
    return true;
}

bool Tunnel::relay_to_client(std::string_view bytes) {
    if (told_) return true;
    std::size_t walked = 0;
    while (upstream_.walks && walked < bytes.size()) {
        const net::FrameWalker::Step step = upstream_.walker.walk(bytes.substr(walked));
        walked += step.walked;
        if (is_last(step.stop)) upstream_.walks = false;
        if (step.stop == net::FrameWalker::Stop::boundary && leaving_ &&
            upstream_.walker.at_boundary() && !upstream_.walker.saw_close()) {
            if (!send(client_, bytes.substr(0, walked))) return false;
            inject_close();
            return !gone_;
        }
    }
    return send(client_, bytes);
}

bool Tunnel::send(End& to, std::string_view bytes) {
    if (to.out.send(to.channel, bytes)) return true;
    lost(to);
    return false;
}

void Tunnel::leave() {
    if (!may_be_asked()) return;
    leaving_ = true;
    // A close that is under way needs no other.
    if (upstream_.walker.saw_close() || client_.walker.saw_close()) return;
    if (upstream_.walks && upstream_.walker.at_boundary()) inject_close();
}

void Tunnel::inject_close() {
    std::string frame;
    net::append_frame(frame, net::Opcode::close,
                      net::close_payload(net::close_code::kServiceRestart, "service restart"));
    told_ = true;
    timer_.arm_in(kClosePatience);
    if (send(client_, frame)) read(upstream_);
}

void Tunnel::cut() {
    if (gone_) return;
    if (upstream_.walks && !told_ && upstream_.walker.between_frames() &&
        !upstream_.walker.saw_close()) {
        inject_close();
    }
    close();
}

void Tunnel::pass_end_on(End& from) {
    End& to = other(from);
    note_cut(from);
    timer_.arm_in(kClosePatience);
    if (to.out.waiting() > 0) return;
    if (!to.told_end) {
        to.told_end = true;
        to.channel.end_sending();
    }
    finish_if_over();
}

void Tunnel::finish_if_over() {
    if (client_.ended && upstream_.ended) close();
}

void Tunnel::note_cut(const End& ended) {
    // The instance went away under an open socket: nobody had said goodbye.
    if (&ended == &upstream_ && !client_.ended && !told_ && !upstream_.walker.saw_close() &&
        !client_.walker.saw_close()) {
        cut_by_instance_ = true;
    }
}

void Tunnel::lost(End& end) {
    note_cut(end);
    close();
}

void Tunnel::close() {
    if (gone_) return;
    gone_ = true;
    if (cut_by_instance_) {
        target_.slot->sockets_cut.add();
        target_.group_slot->sockets_cut.add();
    }
    timer_.disarm();
    for (End* end : {&client_, &upstream_}) {
        worker_.loop().forget(end->key);
        end->channel.close();
        end->out.clear();
    }
    target_.slot->sockets.subtract();
    --target_.users;
    worker_.remove(*this);
}

}  // namespace edge
