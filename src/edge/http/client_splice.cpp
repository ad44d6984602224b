// Client, while a long body goes from socket to socket and nobody looks at it.

#include "edge/http/client.h"
#include "edge/worker/worker.h"

#include <utility>

namespace edge {

bool Client::answer_spliced(net::Pipe& pipe) {
    const net::Moved moved = pipe.drain(channel_.number());
    if (moved.io == net::Io::would_block) return true;
    if (moved.io != net::Io::moved) return false;
    outlet_.count_sent(moved.bytes);
    touch();
    return true;
}

bool Client::may_splice() const {
    if (passing()) return true;
    return parser_.body_left() >= kSpliceMin && channel_.plain() && pending_.empty() &&
           exchange_.body_passed_on && !exchange_.recording && !exchange_.body_ignored &&
           upstream_ != nullptr && upstream_->plain();
}

bool Client::splice() {
    if (!passing()) {
        pipe_ = worker_.pipes().take();
        if (!pipe_) return copy();
        const net::Moved moved = pipe_->fill(channel_.number(), parser_.body_left());
        if (moved.io != net::Io::moved) {
            let_go_of_pipe();
            readable_ = false;
            if (moved.io != net::Io::would_block) client_ended(moved.io == net::Io::failed);
            return false;
        }
        worker_.counts().bytes_in.add(moved.bytes);
        exchange_.received_bytes += moved.bytes;
        parser_.body_passed(moved.bytes);
    }
    touch();
    if (!upstream_->send_spliced(*pipe_)) {
        let_go_of_pipe();
        await_end();
        return false;
    }
    if (pipe_->waiting() > 0) return false;  // the target will say when it takes more
    let_go_of_pipe();
    if (parser_.body_left() == 0) feed({});
    return phase_ != Phase::gone;
}

void Client::let_go_of_pipe() {
    worker_.pipes().give_back(*std::exchange(pipe_, {}));
}

}  // namespace edge
