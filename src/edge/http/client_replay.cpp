// Client, sending a request again: what is kept of it, when that may be, and how it is done.
//
// What a target is given goes onto the tape first: the head and the first of the body in memory,
// the rest in a spool. A new target is played the tape from its beginning; then the client is read
// on.

#include "edge/http/client.h"
#include "edge/worker/worker.h"

#include <string_view>
#include <utility>

namespace edge {

namespace {

// Of one request in memory. Beyond it every byte is written to disk, too.
// More than one read gives, so that what could not be sent yet always fits.
constexpr std::size_t kTapeInMemory = 128 * 1024;
// A request that ends its target each time must not end all of them.
constexpr std::uint8_t kReplaysMax = 3;
constexpr int kPiecesInARow = 16;

std::string_view text_of(const iovec& part) {
    return {static_cast<const char*>(part.iov_base), part.iov_len};
}

}  // namespace

void Client::record(std::span<const iovec> parts) {
    bool is_head = !parts.empty() && parts.front().iov_base == exchange_.tape.bytes();
    for (const iovec& part : parts) {
        const std::string_view bytes = text_of(part);
        if (std::exchange(is_head, false)) continue;
        if (!exchange_.spool && exchange_.tape.size() + bytes.size() <= kTapeInMemory) {
            exchange_.tape.put(bytes);
            continue;
        }
        if (exchange_.tape_in_memory) return stop_recording();
        if (!exchange_.spool) exchange_.spool = Spool::open(worker_.spool());
        if (!exchange_.spool || !exchange_.spool->append(bytes)) {
            return stop_recording();
        }
    }
}

void Client::stop_recording() {
    // It goes on to its target all the same, which must then not fail.
    exchange_.recording = false;
    exchange_.body_passed_on = true;
    exchange_.spool.reset();
}

void Client::keep_for_later() {
    if (exchange_.recording) {
        record(to_target_->parts());
        return to_target_->clear();
    }
    bool is_head = !to_target_->parts().empty() &&
                   to_target_->parts().front().iov_base == exchange_.tape.bytes();
    for (const iovec& part : to_target_->parts()) {
        if (!std::exchange(is_head, false)) exchange_.tape.put(text_of(part));
    }
    to_target_->clear();
}

bool Client::may_send_again(UpstreamEnd end) {
    if (exchange_.answer_begun || !exchange_.tape_whole()) return false;
    const bool was_reused = upstream_->reused();
    const bool was_sent = upstream_->sent_any();
    switch (end) {
        case UpstreamEnd::refused:
        case UpstreamEnd::no_connection:
        case UpstreamEnd::connect_timeout:
            return true;
        case UpstreamEnd::closed:
        case UpstreamEnd::cut:
            if (upstream_->answered()) return false;
            if (was_sent && !exchange_.repeatable()) return false;
            break;
        case UpstreamEnd::handed_back:
            if (exchange_.replay < Replay::handed && !exchange_.repeatable()) return false;
            break;
        case UpstreamEnd::unprocessed:
            break;
        case UpstreamEnd::malformed:
            return false;
    }
    if (was_sent) {
        if (exchange_.replays == kReplaysMax) return false;
        ++exchange_.replays;
        worker_.counts().replays.add();
    }
    if (was_reused) {
        // Most likely the connection was stale: its target may have it anew.
        exchange_.fresh_only = true;
        exchange_.tries = 0;
    }
    return true;
}

bool Client::try_again() {
    Attempt tried = attempt();
    if (tried == Attempt::no_target && exchange_.tries > 0 && exchange_.replays > 0) {
        exchange_.tries = 0;  // none other is left: the same one again, which may have come back
        tried = attempt();
    }
    const bool may_wait = tried == Attempt::held || worker_.limits().hold_when_empty.count() > 0;
    if (tried != Attempt::begun && !may_wait) return false;
    go_on_or_wait(tried);
    return true;
}

void Client::upstream_connected() {
    handed_back_ = false;
    exchange_.body_ignored = exchange_.awaits_end = false;
    if (streams_events()) return ask_for_events();
    exchange_.playing = true;
    exchange_.played = 0;
    play();
}

void Client::play() {
    const std::uint64_t in_memory = exchange_.tape.size();
    for (int pieces = 0; upstream_->takes(); ++pieces) {
        if (exchange_.played == exchange_.tape_bytes()) {
            exchange_.playing = false;
            touch();
            return read();
        }
        if (pieces == kPiecesInARow) return worker_.loop().nudge(key_);
        const std::string_view piece =
            exchange_.played < in_memory
                ? exchange_.tape.view().substr(exchange_.played)
                : exchange_.spool->read(exchange_.played - in_memory, worker_.scratch());
        Gather gather;
        gather.add(piece);
        if (piece.empty() || upstream_->send(gather.parts()) != Upstream::Sent::yes) {
            exchange_.playing = false;
            if (piece.empty()) {
                refuse(Refusal::target_closed);
                return settle();
            }
            return await_end();
        }
        exchange_.played += piece.size();
        exchange_.body_passed_on = exchange_.has_body;
        touch();
    }
}

void Client::await_end() {
    // Its end is about to be read, and tells more; with a whole tape the client need not be read.
    if (exchange_.recording) {
        exchange_.awaits_end = true;
    } else {
        exchange_.body_ignored = true;
    }
}

}  // namespace edge
