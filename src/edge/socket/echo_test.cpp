#include "edge/socket/echo_test.h"

#include "edge/testing.h"
#include "net/socket.h"

#include <poll.h>
#include <sys/socket.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace edge::testing {

namespace {

constexpr std::string_view kTail("\0\0\xff\xff", 4);

/// splitmix64: enough for sizes and cuts that a seed repeats.
std::uint64_t roll(std::uint64_t& state) {
    std::uint64_t z = state += 0x9e3779b97f4a7c15U;
    z = (z ^ z >> 30U) * 0xbf58476d1ce4e5b9U;
    z = (z ^ z >> 27U) * 0x94d049bb133111ebU;
    return z ^ z >> 31U;
}

bool put(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void be_patient(int descriptor) {
    const timeval patience{.tv_sec = 60, .tv_usec = 0};
    ::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

/// Up to the empty line; what follows stays in `ahead`.
std::string read_head(int descriptor, std::string& ahead) {
    while (ahead.find("\r\n\r\n") == std::string::npos) {
        std::array<char, 4096> bytes;
        const ssize_t found = ::recv(descriptor, bytes.data(), bytes.size(), 0);
        if (found <= 0) return {};
        ahead.append(bytes.data(), static_cast<std::size_t>(found));
    }
    const std::size_t end = ahead.find("\r\n\r\n") + 4;
    std::string head = ahead.substr(0, end);
    ahead.erase(0, end);
    return head;
}

std::string field(const std::string& head, const std::string& name) {
    const std::size_t at = head.find("\r\n" + name + ": ");
    if (at == std::string::npos) return {};
    const std::size_t from = at + 4 + name.size();
    return head.substr(from, head.find("\r\n", from) - from);
}

}  // namespace

struct Packer::Stream : z_stream {};
struct Unpacker::Stream : z_stream {};

Packer::Packer() : stream_(std::make_unique<Stream>()) {
    ::deflateInit2(stream_.get(), Z_BEST_SPEED, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
}
Packer::~Packer() {
    ::deflateEnd(stream_.get());
}
void Packer::begin_anew() {
    ::deflateReset(stream_.get());
}
std::string Packer::pack(std::string_view bytes) {
    if (bytes.empty()) return std::string(1, '\0');  // RFC 7692 §7.2.3.6
    std::string made(::deflateBound(stream_.get(), bytes.size()) + 64, '\0');
    stream_->next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_->avail_in = static_cast<uInt>(bytes.size());
    stream_->next_out = reinterpret_cast<Bytef*>(made.data());
    stream_->avail_out = static_cast<uInt>(made.size());
    ::deflate(stream_.get(), Z_SYNC_FLUSH);
    made.resize(made.size() - stream_->avail_out - kTail.size());
    return made;
}

Unpacker::Unpacker() : stream_(std::make_unique<Stream>()) {
    ::inflateInit2(stream_.get(), -15);
}
Unpacker::~Unpacker() {
    ::inflateEnd(stream_.get());
}
std::optional<std::string> Unpacker::unpack(std::string_view bytes) {
    std::string whole(bytes);
    whole += kTail;
    std::string made;
    std::string room(64 * 1024, '\0');
    stream_->next_in = reinterpret_cast<Bytef*>(whole.data());
    stream_->avail_in = static_cast<uInt>(whole.size());
    do {
        stream_->next_out = reinterpret_cast<Bytef*>(room.data());
        stream_->avail_out = static_cast<uInt>(room.size());
        const int result = ::inflate(stream_.get(), Z_SYNC_FLUSH);
        if (result != Z_OK && result != Z_BUF_ERROR) return std::nullopt;
        made.append(room, 0, room.size() - stream_->avail_out);
    } while (stream_->avail_out == 0);
    return made;
}

std::optional<FrameReader::Frame> FrameReader::next() {
    while (true) {
        Frame frame;
        net::FrameFault fault = net::FrameFault::none;
        const auto read = net::read_frame_head(ahead, frame.head, fault);
        if (read == net::HeadRead::wrong) return std::nullopt;
        const std::size_t whole = frame.head.header_bytes + frame.head.payload_bytes;
        if (read == net::HeadRead::whole && ahead.size() >= whole) {
            frame.payload = ahead.substr(frame.head.header_bytes, frame.head.payload_bytes);
            ahead.erase(0, whole);
            if (frame.head.masked) net::apply_mask(frame.payload, frame.head.mask, 0);
            return frame;
        }
        std::array<char, 65536> bytes;
        const ssize_t found = ::recv(descriptor_, bytes.data(), bytes.size(), 0);
        if (found <= 0) return std::nullopt;
        ahead.append(bytes.data(), static_cast<std::size_t>(found));
    }
}

Echo::Echo(std::string its_name) : name(std::move(its_name)) {
    listener_ = std::move(*net::listen_on(*net::Address::parse("127.0.0.1:0")));
    address = net::local_address(listener_.number())->text();
    acceptor_ = std::thread([this] { accept(); });
}

Echo::~Echo() {
    die();
    for (std::thread& thread : threads_) thread.join();
}

void Echo::accept() {
    while (!over_) {
        pollfd waits{listener_.number(), POLLIN, 0};
        if (::poll(&waits, 1, 10) != 1) continue;
        const int descriptor = ::accept4(listener_.number(), nullptr, nullptr, SOCK_CLOEXEC);
        if (descriptor < 0) continue;
        const std::lock_guard lock(mutex_);
        sockets_.push_back(descriptor);
        threads_.emplace_back([this, descriptor] { serve(descriptor); });
    }
}

void Echo::drop_sockets() {
    const std::lock_guard lock(mutex_);
    for (const int descriptor : sockets_) {
        net::reset_on_close(descriptor);
        ::shutdown(descriptor, SHUT_RDWR);
    }
}

void Echo::die() {
    if (over_.exchange(true)) return;
    acceptor_.join();
    listener_.reset();
    drop_sockets();
}

std::vector<int> Echo::closes() {
    const std::lock_guard lock(mutex_);
    return closes_;
}

void Echo::serve(int descriptor) {
    const base::Fd owned(descriptor);
    be_patient(descriptor);
    std::string ahead;
    while (true) {
        const std::string head = read_head(descriptor, ahead);
        if (head.empty()) break;
        const std::string key = field(head, "Sec-WebSocket-Key");
        if (key.empty() || status != 101) {
            const std::string body = field(head, "Connection-Id");
            put(descriptor, "HTTP/1.1 " + std::to_string(key.empty() ? 200 : status.load()) +
                                " Fine\r\nContent-Length: " + std::to_string(body.size()) +
                                "\r\n\r\n" + body);
            continue;
        }
        const bool deflate = head.find("permessage-deflate") != std::string::npos;
        std::string answer =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Accept: " +
            net::accept_for(key) + "\r\n";
        if (deflate) answer += "Sec-WebSocket-Extensions: permessage-deflate\r\n";
        if (*protocol.load() != 0) {
            answer += "Sec-WebSocket-Protocol: " + std::string(protocol.load()) + "\r\n";
        }
        answer += "\r\n";
        if (greeting) net::append_frame(answer, net::Opcode::text, greeting());
        if (put(descriptor, answer)) echo(descriptor, deflate, std::move(ahead));
        break;
    }
    const std::lock_guard lock(mutex_);
    std::erase(sockets_, descriptor);
}

void Echo::echo(int descriptor, bool deflate, std::string ahead) {
    FrameReader reader(descriptor);
    reader.ahead = std::move(ahead);
    Packer packer;
    Unpacker unpacker;
    std::string message;
    net::Opcode opcode = net::Opcode::text;
    bool packed = false;
    std::uint64_t chance = 1;
    while (const auto frame = reader.next()) {
        std::string out;
        if (frame->head.opcode == net::Opcode::ping) {
            net::append_frame(out, net::Opcode::pong, frame->payload);
        } else if (frame->head.opcode == net::Opcode::close) {
            net::append_frame(out, net::Opcode::close, frame->payload);
            const auto byte = [&](std::size_t at) {
                return static_cast<unsigned char>(frame->payload[at]);
            };
            const std::lock_guard lock(mutex_);
            closes_.push_back(frame->payload.size() < 2 ? 1005 : byte(0) * 256 + byte(1));
        } else if (!frame->head.control()) {
            ++fragments_;
            if (frame->head.opcode != net::Opcode::continuation) {
                opcode = frame->head.opcode;
                packed = frame->head.reserved_bits != 0;
            }
            message += frame->payload;
            if (!frame->head.final) continue;
            ++messages_;
            std::string text = std::exchange(message, {});
            if (packed) {
                auto unpacked = unpacker.unpack(text);
                if (!unpacked) break;  // refers to what another target saw
                text = std::move(*unpacked);
            }
            if (deflate) text = packer.pack(text);
            const std::size_t cut = text.size() > 1 ? roll(chance) % text.size() : 0;
            const std::size_t at = out.size();
            if (cut > 0) {
                net::append_frame(out, opcode, text.substr(0, cut), false);
                if (deflate) out[at] = static_cast<char>(out[at] | 0x40);
                if (roll(chance) % 4 == 0) net::append_frame(out, net::Opcode::ping, "between");
                net::append_frame(out, net::Opcode::continuation, text.substr(cut));
            } else {
                net::append_frame(out, opcode, text);
                if (deflate) out[at] = static_cast<char>(out[at] | 0x40);
            }
        }
        if (!put(descriptor, out) || frame->head.opcode == net::Opcode::close) break;
    }
}

Caller::Caller(const std::string& address, unsigned its_seed, Deflate deflate, std::size_t largest)
    : seed(its_seed), largest_(largest) {
    const auto to = net::Address::parse(address);
    descriptor_ = base::Fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    be_patient(descriptor_.number());
    ::connect(descriptor_.number(), to->raw(), to->raw_size());
    reader_ = std::make_unique<FrameReader>(descriptor_.number());
    std::string more =
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nCookie: secret=1\r\n";
    if (deflate == Deflate::yes) more += "Sec-WebSocket-Extensions: permessage-deflate\r\n";
    put(descriptor_.number(), get("/socket", more));
    const std::string head = read_head(descriptor_.number(), reader_->ahead);
    if (!head.starts_with("HTTP/1.1 101")) finding_ = "no handshake: " + head;
    extensions_ = field(head, "Sec-WebSocket-Extensions");
    deflate_ = !extensions_.empty();
}

Caller::~Caller() {
    stopping_ = true;
    if (talker_.joinable() || listener_.joinable()) {
        ::shutdown(descriptor_.number(), SHUT_RDWR);
        talker_.join();
        listener_.join();
    }
}

void Caller::send(net::Opcode opcode, std::string_view payload, bool final) {
    std::string out;
    net::append_masked_frame(out, opcode, payload, 0x12345678U + seed, final);
    put(descriptor_.number(), out);
}

std::string Caller::next() {
    std::string message;
    while (const auto frame = reader_->next()) {
        switch (frame->head.opcode) {
            case net::Opcode::ping:
                continue;
            case net::Opcode::pong:
                return "pong " + frame->payload;
            case net::Opcode::close: {
                const auto high = static_cast<unsigned char>(frame->payload[0]);
                const auto low = static_cast<unsigned char>(frame->payload[1]);
                return "close " + std::to_string(high * 256 + low);
            }
            case net::Opcode::text:
            case net::Opcode::binary:
            case net::Opcode::continuation:
                message += frame->payload;
                if (frame->head.final) return "text " + message;
        }
    }
    return "end";
}

bool Caller::ask(const std::string& text) {
    send(net::Opcode::text, text);
    return next() == "text " + text;
}

bool Caller::open() {
    char byte = 0;
    const ssize_t found = ::recv(descriptor_.number(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return found < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) && reader_->ahead.empty();
}

void Caller::begin() {
    talker_ = std::thread([this] { talk(); });
    listener_ = std::thread([this] { listen(); });
}

void Caller::talk() {
    std::uint64_t chance = seed * 7919 + 1;
    const auto room = [this] {
        const std::lock_guard lock(mutex_);
        return awaited_.size() < 8;
    };
    while (!stopping_) {
        if (!eventually([&] { return room() || stopping_; })) break;
        const std::uint64_t kind = roll(chance) % 100;
        const std::size_t most = kind < 80 ? 300 : kind < 97 ? 5000 : largest_;
        std::string payload(roll(chance) % most, '\0');
        // Half of it repeats earlier bytes, so that compression has something to refer to.
        for (char& c : payload) c = static_cast<char>('a' + roll(chance) % 6);
        {
            const std::lock_guard lock(mutex_);
            awaited_.push_back(payload);
        }
        send_message(chance, payload);
        if (roll(chance) % 3 == 0) std::this_thread::yield();
    }
    talked_ = true;
}

void Caller::send_message(std::uint64_t& chance, const std::string& payload) {
    std::string_view rest = payload;
    std::string packed;
    if (deflate_) {
        packed = packer_.pack(payload);
        if (extensions_.find("client_no_context_takeover") != std::string::npos) {
            packer_.begin_anew();
        }
        rest = packed;
    }
    net::Opcode opcode = net::Opcode::binary;
    std::string out;
    while (true) {
        const bool split = rest.size() > 3 && roll(chance) % 3 == 0;
        const std::size_t part = split ? 1 + roll(chance) % (rest.size() - 1) : rest.size();
        const std::size_t at = out.size();
        net::append_masked_frame(out, opcode, rest.substr(0, part),
                                 static_cast<std::uint32_t>(roll(chance)), part == rest.size());
        if (deflate_ && opcode == net::Opcode::binary) out[at] = static_cast<char>(out[at] | 0x40);
        rest.remove_prefix(part);
        opcode = net::Opcode::continuation;
        if (rest.empty()) break;
        if (roll(chance) % 4 == 0) {
            net::append_masked_frame(out, net::Opcode::ping, "x", 1);
        }
    }
    // Frames and headers are cut anywhere.
    while (!out.empty()) {
        const std::size_t part = std::min(out.size(), 1 + roll(chance) % (out.size() * 2));
        if (!put(descriptor_.number(), std::string_view(out).substr(0, part))) return;
        out.erase(0, part);
        if (!out.empty()) std::this_thread::yield();
    }
}

std::optional<std::string> Caller::message() {
    std::string whole;
    bool packed = false;
    while (const auto frame = reader_->next()) {
        if (frame->head.opcode == net::Opcode::close) return std::nullopt;
        if (frame->head.control()) continue;
        if (whole.empty()) packed = packed || frame->head.reserved_bits != 0;
        whole += frame->payload;
        if (!frame->head.final) continue;
        return packed ? unpacker_.unpack(whole) : whole;
    }
    return std::nullopt;
}

void Caller::listen() {
    const auto nothing_awaited = [this] {
        const std::lock_guard lock(mutex_);
        return awaited_.empty();
    };
    while (true) {
        if (talked_ && nothing_awaited()) return;
        if (nothing_awaited()) {
            eventually([&] { return talked_ || !nothing_awaited(); });
            continue;
        }
        const auto got = message();
        const std::lock_guard lock(mutex_);
        if (!got) {
            finding_ = "the stream ended behind " + std::to_string(echoed_) + " echoes";
            stopping_ = true;
            awaited_.clear();
            return;
        }
        if (*got != awaited_.front()) {
            finding_ = "echo " + std::to_string(echoed_) + " is another, of " +
                       std::to_string(got->size()) + " bytes";
            stopping_ = true;
            awaited_.clear();
            return;
        }
        awaited_.pop_front();
        ++echoed_;
    }
}

void Caller::end() {
    stopping_ = true;
    talker_.join();
    listener_.join();
    if (!finding_.empty()) return;
    send(net::Opcode::close, net::close_payload(1000, ""));
    while (const auto frame = reader_->next()) {
        if (frame->head.opcode == net::Opcode::close) return;
    }
    finding_ = "no goodbye came back";
}

}  // namespace edge::testing
