#pragma once
// A client's messages while no target stands behind its socket. Its pings are answered here, so
// that it need not notice.

#include "net/websocket.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace edge {

class Held {
public:
    /// Above it the client is read no more until a target is found.
    static constexpr std::size_t kBytesMax = 256 * 1024;

    /// What an adapter answers to a message in the target's name; none: it is kept for the next
    /// one.
    using Answer = std::optional<std::string> (*)(std::string_view text);
    explicit Held(Answer says = nullptr) : answer_(says) {}

    /// What the client sent, from a message boundary on.
    void take(std::string_view bytes);
    bool full() const { return messages_.size() + partial_.size() >= kBytesMax; }
    /// The client has said goodbye.
    bool closed() const { return closed_; }
    /// Frames for the client: pongs, and the answer to its close.
    std::string take_answers();
    /// What the next target is to be told; the message under way may lack its end.
    std::string take_messages();

private:
    /// Longer messages are nobody's to answer.
    static constexpr std::size_t kAnsweredMax = 256;

    bool take_frame();
    bool may_be_answered(const net::FrameHead& head) const;
    bool answered(const net::FrameHead& head);
    void answer(std::string_view frame);

    Answer answer_;
    bool within_ = false;   ///< Of a message in several frames.
    std::string partial_;   ///< A header, or a control frame, that is not there to its end.
    std::string messages_;  ///< As they came, masked; without control frames.
    std::string answers_;
    std::uint64_t payload_left_ = 0;
    bool closed_ = false;
};

}  // namespace edge
