#include "edge/socket/held.h"

#include "net/websocket.h"

#include <algorithm>
#include <span>
#include <utility>

namespace edge {

void Held::take(std::string_view bytes) {
    partial_.append(bytes);
    while (!closed_ && !partial_.empty() && take_frame()) {
    }
}

bool Held::take_frame() {
    if (payload_left_ == 0) {
        net::FrameHead head;
        net::FrameFault fault = net::FrameFault::none;
        if (net::read_frame_head(partial_, head, fault) != net::HeadRead::whole) return false;
        const std::size_t whole = head.header_bytes + head.payload_bytes;
        if (head.control()) {
            if (partial_.size() < whole) return false;
            answer(std::string_view(partial_).substr(0, whole));
            partial_.erase(0, whole);
            return true;
        }
        if (may_be_answered(head)) {
            if (partial_.size() < whole) return false;
            if (answered(head)) {
                partial_.erase(0, whole);
                return true;
            }
        }
        within_ = !head.final;
        payload_left_ = whole;
    }
    const auto part =
        static_cast<std::size_t>(std::min<std::uint64_t>(payload_left_, partial_.size()));
    messages_.append(partial_, 0, part);
    partial_.erase(0, part);
    payload_left_ -= part;
    return true;
}

bool Held::may_be_answered(const net::FrameHead& head) const {
    return answer_ != nullptr && !within_ && head.final && head.opcode == net::Opcode::text &&
           head.reserved_bits == 0 && head.payload_bytes <= kAnsweredMax;
}

bool Held::answered(const net::FrameHead& head) {
    std::string text =
        partial_.substr(head.header_bytes, static_cast<std::size_t>(head.payload_bytes));
    if (head.masked) net::apply_mask(text, head.mask, 0);
    const auto answer = answer_(text);
    if (answer) net::append_frame(answers_, net::Opcode::text, *answer);
    return answer.has_value();
}

void Held::answer(std::string_view frame) {
    net::FrameHead head;
    net::FrameFault fault = net::FrameFault::none;
    net::read_frame_head(frame, head, fault);
    if (head.opcode == net::Opcode::pong) return;
    std::string payload(frame.substr(head.header_bytes));
    if (head.masked) net::apply_mask(payload, head.mask, 0);
    closed_ = head.opcode == net::Opcode::close;
    net::append_frame(answers_, closed_ ? net::Opcode::close : net::Opcode::pong, payload);
}

std::string Held::take_answers() {
    return std::exchange(answers_, {});
}

std::string Held::take_messages() {
    std::string made = std::exchange(messages_, {});
    made += std::exchange(partial_, {});
    return made;
}

}  // namespace edge
