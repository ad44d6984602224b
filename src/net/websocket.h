#pragma once
// WebSocket (RFC 6455), sans-I/O: a walker that finds message boundaries without touching a byte,
// for relays; an endpoint codec for servers and clients; the handshake's keys.

#include "base/random.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace net {

enum class Opcode : std::uint8_t {
    continuation = 0,
    text = 1,
    binary = 2,
    close = 8,
    ping = 9,
    pong = 10,
};

/// Close codes we send (RFC 6455 §7.4, and the registry for 1012 and 1013).
namespace close_code {
inline constexpr std::uint16_t kNormal = 1000;
inline constexpr std::uint16_t kGoingAway = 1001;
inline constexpr std::uint16_t kProtocolError = 1002;
inline constexpr std::uint16_t kNoStatus = 1005;  ///< Never on the wire.
inline constexpr std::uint16_t kAbnormal = 1006;  ///< Never on the wire.
inline constexpr std::uint16_t kBadText = 1007;
inline constexpr std::uint16_t kPolicy = 1008;
inline constexpr std::uint16_t kTooBig = 1009;
inline constexpr std::uint16_t kInternal = 1011;
inline constexpr std::uint16_t kServiceRestart = 1012;
inline constexpr std::uint16_t kTryAgainLater = 1013;
}  // namespace close_code

/// A frame's header.
struct FrameHead {
    std::uint64_t payload_bytes = 0;
    std::uint8_t header_bytes = 0;
    Opcode opcode = Opcode::continuation;
    std::uint8_t reserved_bits = 0;  ///< RSV1..3 as bits 4, 2, 1.
    bool final = false;
    bool masked = false;
    std::array<std::uint8_t, 4> mask{};

    bool control() const { return static_cast<std::uint8_t>(opcode) >= 8; }
};

enum class FrameFault : std::uint8_t {
    none,
    unknown_opcode,
    control_too_long,
    control_fragmented,
    length_not_minimal,
    length_overflow,
    stray_continuation,
    message_interrupted,  ///< A new data frame while one message is unfinished.
    masked,               ///< By a server.
    not_masked,           ///< By a client.
    reserved_bits,
    bad_text,
    bad_close,
    message_too_big,
};
std::string_view name_of(FrameFault fault);
std::uint16_t close_code_of(FrameFault fault);

enum class HeadRead : std::uint8_t { whole, partial, wrong };

/// Reads a header at the front of `bytes`; 14 bytes always suffice.
HeadRead read_frame_head(std::string_view bytes, FrameHead& head, FrameFault& fault);

/// Follows one direction of a relayed WebSocket. Holds no payload: sixteen bytes of header at most.
class FrameWalker {
public:
    enum class Stop : std::uint8_t {
        out_of_bytes,  ///< All of it was walked.
        boundary,      ///< A data message ended here, or a control frame between messages.
        close,         ///< A close frame begins here; see `head` and `close_code`.
        wrong,         ///< See `fault`.
    };
    struct Step {
        std::size_t walked = 0;  ///< Bytes that belong to the present side of the stop.
        Stop stop = Stop::out_of_bytes;
    };

    /// Walks on from where the last call stopped. Cutting makes no difference to the stops. Behind
    /// a close nothing is walked, yet its code is heard.
    Step walk(std::string_view bytes);

    /// Where a walker stands, for another one that walks on from there.
    struct Place {
        std::uint64_t payload_left = 0;
        bool in_message = false;
        std::string header;  ///< Of the present frame, as far as it has come; empty between frames.
        friend bool operator==(const Place&, const Place&) = default;
    };
    /// Of one that has met neither a close nor a fault.
    Place place() const { return {payload_left_, in_message_, {header_.data(), have_}}; }
    /// For a walker that has walked nothing. False where none can stand there.
    bool begin_at(const Place& place);

    /// Between messages and between frames: where a relay may change the upstream.
    bool at_boundary() const { return payload_left_ == 0 && have_ == 0 && !in_message_; }
    /// A data message has begun and its last frame has not ended.
    bool in_message() const { return in_message_; }
    /// Between frames, so that a control frame may be put in.
    bool between_frames() const { return payload_left_ == 0 && have_ == 0; }
    /// The bytes of a header that is not complete yet: walked, but what they begin is not known. A
    /// relay that may drop frames keeps them back and sends them in front of the next bytes.
    std::string_view partial_header() const { return {header_.data(), payload_left_ ? 0U : have_}; }
    const FrameHead& head() const { return head_; }
    FrameFault fault() const { return fault_; }
    bool saw_close() const { return saw_close_; }
    /// What the close frame says, once its payload has been walked; 1005 where it says nothing.
    std::uint16_t close_code() const {
        return close_have_ == 2 ? close_code_ : close_code::kNoStatus;
    }
    std::uint64_t messages() const { return messages_; }

private:
    void hear_close(std::string_view payload);

    std::uint64_t payload_left_ = 0;
    std::uint64_t messages_ = 0;
    FrameHead head_;
    std::array<char, 14> header_{};
    std::uint8_t have_ = 0;
    bool in_message_ = false;
    bool saw_close_ = false;
    FrameFault fault_ = FrameFault::none;
    std::uint8_t close_have_ = 0;
    std::uint16_t close_code_ = 0;
};

/// Takes what a decoder finds; views are valid during the call only.
class MessageHandler {
public:
    virtual ~MessageHandler() = default;
    virtual void on_text(std::string_view text) = 0;
    virtual void on_binary(std::string_view bytes) = 0;
    virtual void on_ping(std::string_view payload) = 0;
    virtual void on_pong(std::string_view payload) = 0;
    /// `code` is 1005 where the frame had none.
    virtual void on_close(std::uint16_t code, std::string_view reason) = 0;
};

enum class Side : std::uint8_t { server, client };

/// One endpoint's receiving half: unmasks, joins fragments, checks. No extensions.
class MessageDecoder {
public:
    /// `receiver` is who we are: a server demands masks, a client refuses them.
    MessageDecoder(Side receiver, std::size_t message_bytes_max)
        : receiver_(receiver), message_bytes_max_(message_bytes_max) {}

    /// Consumes all bytes; false once wrong or after a close frame (nothing is read then).
    bool feed(std::string_view bytes, MessageHandler& handler);
    FrameFault fault() const { return fault_; }
    bool closed() const { return closed_; }

private:
    bool begin_frame();
    bool end_frame(MessageHandler& handler);
    std::string& target() { return head_.control() ? control_ : message_; }

    Side receiver_;
    std::size_t message_bytes_max_;
    std::uint64_t payload_left_ = 0;
    FrameHead head_;
    std::array<char, 14> header_{};
    std::uint8_t have_ = 0;
    bool in_payload_ = false;
    bool in_message_ = false;
    bool closed_ = false;
    Opcode message_opcode_ = Opcode::text;
    FrameFault fault_ = FrameFault::none;
    std::string message_;
    std::string control_;
};

/// One unmasked frame, as servers send it.
void append_frame(std::string& out, Opcode opcode, std::string_view payload, bool final = true);
/// One masked frame, as clients send it.
void append_masked_frame(std::string& out, Opcode opcode, std::string_view payload,
                         std::uint32_t mask, bool final = true);
/// A close frame's payload; `reason` is cut to 123 bytes.
std::string close_payload(std::uint16_t code, std::string_view reason);
/// Whether the code may stand in a close frame.
bool may_be_sent(std::uint16_t code);
/// The reverse of itself; `offset` is how far into the payload `bytes` begins.
void apply_mask(std::span<char> bytes, const std::array<std::uint8_t, 4>& mask,
                std::uint64_t offset);

/// Sec-WebSocket-Key: 16 random bytes in base64.
std::string handshake_key(base::Random& random);
/// Sec-WebSocket-Accept for a key.
std::string accept_for(std::string_view key);

/// UTF-8 well-formedness (RFC 3629), also across cuts.
class Utf8Check {
public:
    /// False as soon as the text cannot be UTF-8.
    bool feed(std::string_view bytes);
    /// Whether no character is unfinished.
    bool complete() const { return state_ == 0; }
    void reset() { state_ = 0; }

private:
    std::uint32_t state_ = 0;
};
bool is_utf8(std::string_view text);

}  // namespace net
