// WebSockets by the thousand: sockets echo PORT | sockets load PORT COUNT BYTES
//
// `echo` serves: every message goes back. `load` opens COUNT sockets through a proxy, exchanges one
// message on each, prints `open`, and then takes orders on its standard input: `play SECONDS` keeps
// one message of BYTES under way on every socket and prints how many came back; end of input ends
// it.

#include "net/websocket.h"
#include "wire.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

namespace bench {
namespace {

constexpr std::uint32_t kMask = 0x5a5a5a5a;
constexpr std::size_t kOpeningAtOnce = 128;

/// One end of a WebSocket; `inbox` holds bytes that are not a whole frame or head yet.
struct Peer {
    int fd = -1;
    bool open = false;
    std::string inbox;
};

void send_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent > 0)
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        else if (errno != EAGAIN)
            return;
    }
}

/// Reads all there is; false when the other side has closed.
bool fill(Peer& peer) {
    static std::array<char, 65536> scratch;
    for (;;) {
        const auto got = ::recv(peer.fd, scratch.data(), scratch.size(), 0);
        if (got < 0) return errno == EAGAIN;
        if (got == 0) return false;
        peer.inbox.append(scratch.data(), static_cast<std::size_t>(got));
    }
}

struct Frame {
    net::FrameHead head;
    std::string payload;
};

/// Takes one whole frame off the inbox.
std::optional<Frame> next_frame(Peer& peer) {
    Frame frame;
    net::FrameFault fault{};
    if (net::read_frame_head(peer.inbox, frame.head, fault) != net::HeadRead::whole) return {};
    const std::size_t size = frame.head.header_bytes + frame.head.payload_bytes;
    if (peer.inbox.size() < size) return {};
    frame.payload = peer.inbox.substr(frame.head.header_bytes, frame.head.payload_bytes);
    peer.inbox.erase(0, size);
    if (frame.head.masked) net::apply_mask(frame.payload, frame.head.mask, 0);
    return frame;
}

/// A whole head, off the inbox.
std::optional<std::string> next_head(Peer& peer) {
    const auto end = peer.inbox.find("\r\n\r\n");
    if (end == std::string::npos) return {};
    std::string head = peer.inbox.substr(0, end + 4);
    peer.inbox.erase(0, end + 4);
    return head;
}

std::string field_of(const std::string& head, std::string_view name) {
    const auto same = [](char a, char b) { return (a | 32) == (b | 32); };
    const auto at = std::ranges::search(head, name, same).begin();
    if (at == head.end()) return {};
    const auto from = static_cast<std::size_t>(at - head.begin()) + name.size();
    const auto begin = head.find_first_not_of(' ', from);
    return head.substr(begin, head.find('\r', begin) - begin);
}

class EchoServer {
public:
    explicit EchoServer(std::uint16_t port) : listener_(listen_on(port)) {
        epoll_.add(listener_, EPOLLIN, 0);
    }

    [[noreturn]] void serve() {
        for (;;)
            for (const epoll_event& event : epoll_.wait(nanoseconds(-1))) {
                if (event.data.u64 == 0)
                    accept_all();
                else if (Peer& peer = *peers_[event.data.u64]; !answer(peer))
                    leave(peer);
            }
    }

private:
    void accept_all() {
        for (;;) {
            const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (fd < 0) return;
            const auto slot = static_cast<std::size_t>(fd);
            if (peers_.size() <= slot) peers_.resize(slot + 1);
            peers_[slot] = std::make_unique<Peer>(Peer{.fd = fd, .open = false, .inbox = {}});
            epoll_.add(fd, EPOLLIN | EPOLLRDHUP | EPOLLET, slot);
        }
    }

    static void leave(Peer& peer) {
        if (peer.fd >= 0) ::close(peer.fd);
        peer.fd = -1;
    }

    static bool answer(Peer& peer) {
        if (peer.fd < 0) return true;
        const bool alive = fill(peer);
        if (!peer.open) {
            const auto head = next_head(peer);
            if (!head) return alive;
            const std::string key = field_of(*head, "sec-websocket-key:");
            if (key.empty()) {  // a health check
                send_all(peer.fd,
                         "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                return false;
            }
            send_all(peer.fd,
                     "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: "
                     "Upgrade\r\nSec-WebSocket-Accept: " +
                         net::accept_for(key) + "\r\n\r\n");
            peer.open = true;
        }
        while (const auto frame = next_frame(peer)) {
            std::string out;
            net::append_frame(out, frame->head.opcode, frame->payload);
            send_all(peer.fd, out);
        }
        return alive;
    }

    int listener_;
    Epoll epoll_;
    std::vector<std::unique_ptr<Peer>> peers_;
};

class Load {
public:
    Load(std::uint16_t port, std::size_t count, std::size_t bytes)
        : port_(port), peers_(count), message_(frame_of(bytes)) {}

    /// Opens all, a bounded number at once, and exchanges five bytes on each.
    void open() {
        std::size_t begun = 0, opened = 0;
        while (opened < peers_.size()) {
            while (begun < peers_.size() && begun - opened < kOpeningAtOnce) connect(begun++);
            const auto events = epoll_.wait(std::chrono::seconds(20));
            if (events.empty()) fail("no handshake or first message for 20 s");
            for (const epoll_event& event : events) opened += greet(peers_[event.data.u64]);
        }
    }

    /// Messages that came back within the span.
    std::size_t play(std::chrono::seconds span) {
        const auto end = Clock::now() + span;
        std::size_t back = 0;
        for (Peer& peer : peers_) send_all(peer.fd, message_);
        std::size_t under_way = peers_.size();
        while (under_way > 0) {
            const bool ending = Clock::now() >= end;
            const auto events = epoll_.wait(std::chrono::seconds(10));
            if (events.empty()) fail("no message for 10 s");
            for (const epoll_event& event : events) {
                Peer& peer = peers_[event.data.u64];
                if (!fill(peer)) fail("a socket was closed");
                while (next_frame(peer)) {
                    ++back;
                    if (ending)
                        --under_way;
                    else
                        send_all(peer.fd, message_);
                }
            }
        }
        return back;
    }

private:
    static std::string frame_of(std::size_t bytes) {
        std::string frame;
        net::append_masked_frame(frame, net::Opcode::binary, std::string(bytes, 'x'), kMask);
        return frame;
    }

    void connect(std::size_t index) {
        peers_[index].fd = connect_to(port_);
        epoll_.add(peers_[index].fd, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, index);
    }

    /// One step of handshake and first message; 1 when that is the last.
    std::size_t greet(Peer& peer) {
        if (peer.open) {
            if (!fill(peer)) fail("a socket was closed");
            return next_frame(peer) ? 1 : 0;
        }
        if (peer.inbox.empty() && !asked(peer)) return 0;
        if (!fill(peer)) fail("a handshake was refused");
        const auto head = next_head(peer);
        if (!head) return 0;
        if (!head->starts_with("HTTP/1.1 101"))
            fail("a handshake was refused: " + head->substr(0, 40));
        peer.open = true;
        send_all(peer.fd, frame_of(5));
        return 0;
    }

    /// Sends the handshake once the connection stands; true when it was sent before.
    bool asked(Peer& peer) {
        const auto index = static_cast<std::size_t>(&peer - peers_.data());
        if (asked_.size() < peers_.size()) asked_.resize(peers_.size());
        if (asked_[index]) return true;
        static const std::string handshake =
            "GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            "Origin: http://localhost\r\nSec-WebSocket-Version: 13\r\n"
            "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/120 "
            "Safari/537.36\r\n"
            "Cookie: MMAUTHTOKEN=abcdefghijklmnopqrstuvwxyz; "
            "MMUSERID=abcdefghijklmnopqrstuvwxyz\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        const auto sent = ::send(peer.fd, handshake.data(), handshake.size(), MSG_NOSIGNAL);
        if (sent < 0 && (errno == EAGAIN || errno == ENOTCONN)) return false;
        if (sent != static_cast<ssize_t>(handshake.size())) fail("a connection was refused");
        asked_[index] = true;
        return false;
    }

    std::uint16_t port_;
    std::vector<Peer> peers_;
    std::vector<bool> asked_;
    std::string message_;
    Epoll epoll_;
};

void take_orders(Load& load) {
    std::string order;
    std::size_t seconds = 0;
    while (std::cin >> order >> seconds)
        std::cout << load.play(std::chrono::seconds(seconds)) << std::endl;
}

}  // namespace
}  // namespace bench

int main(int count, char** words) {
    const std::vector<std::string> arguments(words + 1, words + count);
    if (arguments.size() == 2 && arguments[0] == "echo") {
        bench::EchoServer(static_cast<std::uint16_t>(std::stoul(arguments[1]))).serve();
    } else if (arguments.size() == 4 && arguments[0] == "load") {
        bench::Load load(static_cast<std::uint16_t>(std::stoul(arguments[1])),
                         std::stoul(arguments[2]), std::stoul(arguments[3]));
        load.open();
        std::cout << "open" << std::endl;
        bench::take_orders(load);
    } else {
        std::cerr << "usage: sockets echo PORT | sockets load PORT COUNT BYTES\n";
        return 2;
    }
}
