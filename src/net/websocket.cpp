#include "net/websocket.h"

#include "base/base64.h"
#include "net/url.h"

#include <openssl/sha.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

namespace net {

namespace {

constexpr std::uint64_t kControlPayloadMax = 125;
constexpr std::size_t kCloseReasonMax = 123;
constexpr std::string_view kHandshakeGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

std::uint8_t byte_at(std::string_view bytes, std::size_t index) {
    return static_cast<std::uint8_t>(bytes[index]);
}

std::uint64_t big_endian(std::string_view bytes) {
    std::uint64_t value = 0;
    for (const char c : bytes) value = value << 8U | static_cast<std::uint8_t>(c);
    return value;
}

bool known(std::uint8_t opcode) {
    return opcode <= 2 || (opcode >= 8 && opcode <= 10);
}

HeadRead wrong(FrameFault& fault, FrameFault why) {
    fault = why;
    return HeadRead::wrong;
}

/// What the next data frame may be, by RFC 6455 §5.4.
FrameFault sequence_fault(const FrameHead& head, bool in_message) {
    if (head.control()) return FrameFault::none;
    const bool continues = head.opcode == Opcode::continuation;
    if (continues && !in_message) return FrameFault::stray_continuation;
    if (!continues && in_message) return FrameFault::message_interrupted;
    return FrameFault::none;
}

/// How long the header is, as far as its first bytes tell; a control frame that claims an extended
/// length is wrong already.
std::size_t header_size(std::string_view have) {
    if (have.size() < 2) return 2;
    const std::uint8_t length = byte_at(have, 1) & 0x7fU;
    if (length > kControlPayloadMax && (byte_at(have, 0) & 0x08U) != 0) return 2;
    const std::size_t extended = length == 127 ? 8 : length == 126 ? 2 : 0;
    return 2 + extended + ((byte_at(have, 1) & 0x80U) != 0 ? 4 : 0);
}

void append_header(std::string& out, Opcode opcode, std::size_t size, std::uint8_t mask_bit,
                   bool final) {
    out += static_cast<char>((final ? 0x80U : 0U) | static_cast<std::uint8_t>(opcode));
    if (size <= kControlPayloadMax) {
        out += static_cast<char>(mask_bit | size);
        return;
    }
    const bool is_short = size <= 0xffff;
    out += static_cast<char>(mask_bit | (is_short ? 126U : 127U));
    for (int shift = is_short ? 8 : 56; shift >= 0; shift -= 8) {
        out += static_cast<char>(size >> static_cast<unsigned>(shift) & 0xffU);
    }
}

}  // namespace

std::string_view name_of(FrameFault fault) {
    switch (fault) {
        case FrameFault::none:
            return "none";
        case FrameFault::unknown_opcode:
            return "unknown_opcode";
        case FrameFault::control_too_long:
            return "control_too_long";
        case FrameFault::control_fragmented:
            return "control_fragmented";
        case FrameFault::length_not_minimal:
            return "length_not_minimal";
        case FrameFault::length_overflow:
            return "length_overflow";
        case FrameFault::stray_continuation:
            return "stray_continuation";
        case FrameFault::message_interrupted:
            return "message_interrupted";
        case FrameFault::masked:
            return "masked";
        case FrameFault::not_masked:
            return "not_masked";
        case FrameFault::reserved_bits:
            return "reserved_bits";
        case FrameFault::bad_text:
            return "bad_text";
        case FrameFault::bad_close:
            return "bad_close";
        case FrameFault::message_too_big:
            return "message_too_big";
    }
    return "";
}

std::uint16_t close_code_of(FrameFault fault) {
    switch (fault) {
        case FrameFault::none:
            return close_code::kNormal;
        case FrameFault::bad_text:
            return close_code::kBadText;
        case FrameFault::message_too_big:
            return close_code::kTooBig;
        case FrameFault::unknown_opcode:
        case FrameFault::control_too_long:
        case FrameFault::control_fragmented:
        case FrameFault::length_not_minimal:
        case FrameFault::length_overflow:
        case FrameFault::stray_continuation:
        case FrameFault::message_interrupted:
        case FrameFault::masked:
        case FrameFault::not_masked:
        case FrameFault::reserved_bits:
        case FrameFault::bad_close:
            return close_code::kProtocolError;
    }
    return close_code::kProtocolError;
}

HeadRead read_frame_head(std::string_view bytes, FrameHead& head, FrameFault& fault) {
    if (bytes.size() < 2) return HeadRead::partial;
    const std::uint8_t first = byte_at(bytes, 0);
    if (!known(first & 0x0fU)) return wrong(fault, FrameFault::unknown_opcode);
    head.opcode = static_cast<Opcode>(first & 0x0fU);
    head.final = (first & 0x80U) != 0;
    head.reserved_bits = static_cast<std::uint8_t>(first >> 4U & 7U);
    head.masked = (byte_at(bytes, 1) & 0x80U) != 0;
    const std::uint8_t length = byte_at(bytes, 1) & 0x7fU;
    if (head.control() && length > kControlPayloadMax) {
        return wrong(fault, FrameFault::control_too_long);
    }
    if (head.control() && !head.final) return wrong(fault, FrameFault::control_fragmented);
    const std::size_t size = header_size(bytes.substr(0, 2));
    if (bytes.size() < size) return HeadRead::partial;
    head.header_bytes = static_cast<std::uint8_t>(size);
    head.payload_bytes = length;
    if (length >= 126) {
        head.payload_bytes = big_endian(bytes.substr(2, length == 126 ? 2 : 8));
        const std::uint64_t least = length == 126 ? 126 : 0x10000;
        if (head.payload_bytes < least) return wrong(fault, FrameFault::length_not_minimal);
        if (head.payload_bytes >> 63U != 0) return wrong(fault, FrameFault::length_overflow);
    }
    if (head.masked) std::memcpy(head.mask.data(), bytes.data() + size - 4, 4);
    return HeadRead::whole;
}

bool FrameWalker::begin_at(const Place& place) {
    FrameHead head;
    FrameFault fault = FrameFault::none;
    const HeadRead read = read_frame_head(place.header, head, fault);
    const bool fits = place.payload_left > 0
                          ? read == HeadRead::whole && head.header_bytes == place.header.size() &&
                                head.opcode != Opcode::close &&
                                place.payload_left <= head.payload_bytes &&
                                (head.control() || place.in_message)
                          : read == HeadRead::partial && place.header.size() < header_.size();
    if (!fits) return false;
    payload_left_ = place.payload_left;
    in_message_ = place.in_message;
    if (payload_left_ > 0) head_ = head;
    have_ = static_cast<std::uint8_t>(place.header.copy(header_.data(), header_.size()));
    return true;
}

void FrameWalker::hear_close(std::string_view payload) {
    for (const char c : payload) {
        if (close_have_ == 2 || close_have_ == head_.payload_bytes) return;
        const auto byte = static_cast<std::uint8_t>(c) ^ head_.mask[close_have_++];
        close_code_ = static_cast<std::uint16_t>(close_code_ << 8U | byte);
    }
}

FrameWalker::Step FrameWalker::walk(std::string_view bytes) {
    Step step;
    if (saw_close_) hear_close(bytes);
    while (fault_ == FrameFault::none && !saw_close_) {
        if (payload_left_ > 0) {
            const std::uint64_t part =
                std::min<std::uint64_t>(payload_left_, bytes.size() - step.walked);
            step.walked += part;
            payload_left_ -= part;
            if (payload_left_ > 0) return step;
        } else {
            while (have_ < header_size({header_.data(), have_})) {
                if (step.walked == bytes.size()) return step;
                header_[have_++] = bytes[step.walked++];
            }
            if (read_frame_head({header_.data(), have_}, head_, fault_) == HeadRead::wrong) break;
            fault_ = sequence_fault(head_, in_message_);
            if (fault_ != FrameFault::none) break;
            if (!head_.control()) in_message_ = true;
            payload_left_ = head_.payload_bytes;
            if (head_.opcode == Opcode::close) {
                saw_close_ = true;
                hear_close(bytes.substr(step.walked));
                step.walked -= std::min<std::size_t>(step.walked, have_);
                step.stop = Stop::close;
                return step;
            }
            if (payload_left_ > 0) continue;
        }
        // A frame has ended.
        have_ = 0;
        if (!head_.control() && head_.final) {
            in_message_ = false;
            ++messages_;
        }
        if (!in_message_) {
            step.stop = Stop::boundary;
            return step;
        }
    }
    step.stop = saw_close_ ? Stop::close : Stop::wrong;
    return step;
}

void apply_mask(std::span<char> bytes, const std::array<std::uint8_t, 4>& mask,
                std::uint64_t offset) {
    std::array<std::uint8_t, 8> turned{};
    for (std::size_t i = 0; i < turned.size(); ++i) turned[i] = mask[(offset + i) % 4];
    std::uint64_t wide = 0;
    std::memcpy(&wide, turned.data(), sizeof wide);
    std::size_t at = 0;
    for (; at + 8 <= bytes.size(); at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data() + at, sizeof word);
        word ^= wide;
        std::memcpy(bytes.data() + at, &word, sizeof word);
    }
    for (; at < bytes.size(); ++at) {
        bytes[at] = static_cast<char>(static_cast<std::uint8_t>(bytes[at]) ^ turned[at % 8]);
    }
}

bool MessageDecoder::feed(std::string_view bytes, MessageHandler& handler) {
    while (fault_ == FrameFault::none && !closed_) {
        if (!in_payload_) {
            while (have_ < header_size({header_.data(), have_})) {
                if (bytes.empty()) return true;
                header_[have_++] = bytes.front();
                bytes.remove_prefix(1);
            }
            if (!begin_frame()) return false;
        }
        const auto part =
            static_cast<std::size_t>(std::min<std::uint64_t>(payload_left_, bytes.size()));
        std::string& into = target();
        const std::size_t from = into.size();
        into.append(bytes.substr(0, part));
        if (head_.masked) {
            apply_mask(std::span(into).subspan(from), head_.mask,
                       head_.payload_bytes - payload_left_);
        }
        bytes.remove_prefix(part);
        payload_left_ -= part;
        if (payload_left_ > 0) return true;
        if (!end_frame(handler)) return false;
    }
    return fault_ == FrameFault::none && !closed_;
}

/// A header is complete: checks it and makes room for the payload.
bool MessageDecoder::begin_frame() {
    if (read_frame_head({header_.data(), have_}, head_, fault_) == HeadRead::wrong) return false;
    fault_ = sequence_fault(head_, in_message_);
    if (fault_ != FrameFault::none) return false;
    if (head_.reserved_bits != 0) fault_ = FrameFault::reserved_bits;
    if (head_.masked && receiver_ == Side::client) fault_ = FrameFault::masked;
    if (!head_.masked && receiver_ == Side::server) fault_ = FrameFault::not_masked;
    const std::size_t size = head_.control() ? 0 : message_.size();
    if (!head_.control() && head_.payload_bytes > message_bytes_max_ - size) {
        fault_ = FrameFault::message_too_big;
    }
    if (fault_ != FrameFault::none) return false;
    if (!head_.control() && head_.opcode != Opcode::continuation) message_opcode_ = head_.opcode;
    if (!head_.control()) in_message_ = true;
    payload_left_ = head_.payload_bytes;
    in_payload_ = true;
    return true;
}

/// A payload is complete: hands on what has ended with it.
bool MessageDecoder::end_frame(MessageHandler& handler) {
    have_ = 0;
    in_payload_ = false;
    if (!head_.control()) {
        if (!head_.final) return true;
        in_message_ = false;
        const std::string message = std::exchange(message_, {});
        if (message_opcode_ == Opcode::binary) {
            handler.on_binary(message);
        } else if (is_utf8(message)) {
            handler.on_text(message);
        } else {
            fault_ = FrameFault::bad_text;
        }
        return fault_ == FrameFault::none;
    }
    const std::string payload = std::exchange(control_, {});
    if (head_.opcode == Opcode::ping) handler.on_ping(payload);
    if (head_.opcode == Opcode::pong) handler.on_pong(payload);
    if (head_.opcode != Opcode::close) return true;
    const auto code = payload.size() < 2
                          ? close_code::kNoStatus
                          : static_cast<std::uint16_t>(big_endian(payload.substr(0, 2)));
    const std::string_view reason =
        payload.size() < 2 ? std::string_view{} : std::string_view(payload).substr(2);
    if (payload.size() == 1 || (payload.size() >= 2 && !may_be_sent(code)) || !is_utf8(reason)) {
        fault_ = FrameFault::bad_close;
        return false;
    }
    closed_ = true;
    handler.on_close(code, reason);
    return false;
}

void append_frame(std::string& out, Opcode opcode, std::string_view payload, bool final) {
    append_header(out, opcode, payload.size(), 0, final);
    out += payload;
}

void append_masked_frame(std::string& out, Opcode opcode, std::string_view payload,
                         std::uint32_t mask, bool final) {
    append_header(out, opcode, payload.size(), 0x80, final);
    const auto bytes = std::bit_cast<std::array<std::uint8_t, 4>>(mask);
    for (const std::uint8_t byte : bytes) out += static_cast<char>(byte);
    const std::size_t from = out.size();
    out += payload;
    apply_mask(std::span(out).subspan(from), bytes, 0);
}

std::string close_payload(std::uint16_t code, std::string_view reason) {
    std::string payload;
    payload += static_cast<char>(code >> 8U);
    payload += static_cast<char>(code & 0xffU);
    std::string_view cut = reason.substr(0, kCloseReasonMax);
    // A cut must not fall within a character.
    while (cut.size() < reason.size() && !cut.empty() && !is_utf8(cut)) cut.remove_suffix(1);
    payload += cut;
    return payload;
}

bool may_be_sent(std::uint16_t code) {
    const bool defined =
        code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006;
    return defined || (code >= 3000 && code <= 4999);
}

std::string handshake_key(base::Random& random) {
    std::string nonce;
    for (int i = 0; i < 16; ++i) nonce += static_cast<char>(random.below(256));
    return base::base64(nonce);
}

std::string accept_for(std::string_view key) {
    const std::string text = std::string(key) + std::string(kHandshakeGuid);
    std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
    SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
    return base::base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

// state_ holds what the next continuation bytes must be: the low byte counts those missing, the
// second and third are the bounds of the next one, which differ after E0, ED, F0 and F4.
bool Utf8Check::feed(std::string_view bytes) {
    for (const char c : bytes) {
        const auto byte = static_cast<std::uint8_t>(c);
        std::uint32_t missing = state_ & 0xffU;
        if (missing > 0) {
            if (byte < (state_ >> 8U & 0xffU) || byte > (state_ >> 16U & 0xffU)) return false;
            --missing;
            state_ = missing == 0 ? 0 : missing | 0x80U << 8U | 0xbfU << 16U;
            continue;
        }
        if (byte < 0x80) continue;
        if (byte < 0xc2 || byte > 0xf4) return false;
        missing = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
        const std::uint32_t low = byte == 0xe0 ? 0xa0U : byte == 0xf0 ? 0x90U : 0x80U;
        const std::uint32_t high = byte == 0xed ? 0x9fU : byte == 0xf4 ? 0x8fU : 0xbfU;
        state_ = missing | low << 8U | high << 16U;
    }
    return true;
}

bool is_utf8(std::string_view text) {
    Utf8Check check;
    return check.feed(text) && check.complete();
}

}  // namespace net
