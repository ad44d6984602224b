#pragma once
// A client's messages while no target stands behind its socket. Its pings are answered here, so
// that it need not notice.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace edge {

class Held {
public:
    /// Above it the client is read no more until a target is found.
    static constexpr std::size_t kBytesMax = 256 * 1024;

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
    bool take_frame();
    void answer(std::string_view frame);

    std::string partial_;   ///< A header, or a control frame, that is not there to its end.
    std::string messages_;  ///< As they came, masked; without control frames.
    std::string answers_;
    std::uint64_t payload_left_ = 0;
    bool closed_ = false;
};

}  // namespace edge
