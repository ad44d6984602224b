#pragma once
// For tests of handoffs: an echo server with sockets of every kind, and a client that knows what
// has to come back.

#include "base/file.h"
#include "net/websocket.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace edge::testing {

enum class Deflate { no, yes };

/// One direction's compression (RFC 7692); with takeover unless `begin_anew` is called.
class Packer {
public:
    Packer();
    ~Packer();
    Packer(const Packer&) = delete;
    Packer& operator=(const Packer&) = delete;
    std::string pack(std::string_view bytes);
    void begin_anew();

private:
    struct Stream;
    std::unique_ptr<Stream> stream_;
};
class Unpacker {
public:
    Unpacker();
    ~Unpacker();
    Unpacker(const Unpacker&) = delete;
    Unpacker& operator=(const Unpacker&) = delete;
    /// Nothing where the bytes refer to what was never seen.
    std::optional<std::string> unpack(std::string_view bytes);

private:
    struct Stream;
    std::unique_ptr<Stream> stream_;
};

/// Frames of one connection, as its peer sends them; blocks, at most for the patience given.
class FrameReader {
public:
    explicit FrameReader(int descriptor) : descriptor_(descriptor) {}
    struct Frame {
        net::FrameHead head;
        std::string payload;  ///< Unmasked.
    };
    std::optional<Frame> next();
    std::string ahead;  ///< Read and not used yet.

private:
    int descriptor_;
};

/// Echoes messages, each in fragments and with compression of its own; one thread a connection. Any
/// other request is answered with its Connection-Id.
class Echo {
public:
    explicit Echo(std::string name);
    ~Echo();
    Echo(const Echo&) = delete;
    Echo& operator=(const Echo&) = delete;

    std::vector<int> closes();
    std::uint64_t messages() const { return messages_; }
    std::uint64_t fragments() const { return fragments_; }
    /// Resets every WebSocket.
    void drop_sockets();
    /// As a process that is killed: nothing is said, nobody listens any more.
    void die();

    const std::string name;
    std::string address;
    std::atomic<int> status{101};                ///< What a handshake is answered.
    std::atomic<const char*> protocol{""};       ///< The subprotocol it chooses.
    std::function<std::string()> greeting = {};  ///< A text that each new socket is sent first.

private:
    void accept();
    void serve(int descriptor);
    void echo(int descriptor, bool deflate, std::string ahead);

    base::Fd listener_;
    std::atomic<bool> over_{false};
    std::atomic<std::uint64_t> messages_{0};
    std::atomic<std::uint64_t> fragments_{0};
    std::mutex mutex_;
    std::vector<int> closes_;
    std::vector<int> sockets_;
    std::vector<std::thread> threads_;
    std::thread acceptor_;
};

/// A client: by hand, or sending at random and comparing each echo, byte by byte.
class Caller {
public:
    Caller(const std::string& address, unsigned seed, Deflate deflate,
           std::size_t largest = 50'000);
    ~Caller();
    Caller(const Caller&) = delete;
    Caller& operator=(const Caller&) = delete;

    void send(net::Opcode opcode, std::string_view payload, bool final = true);
    /// `text hello`, `pong p`, `close 1012`, `end`: the next message or control frame.
    std::string next();
    /// Sends a text and takes its echo.
    bool ask(const std::string& text);
    /// Neither closed nor cut so far.
    bool open();

    /// Sends random messages from now on, up to eight ahead of their echoes.
    void begin();
    /// No more; waits for what is missing, then says goodbye.
    void end();
    /// What was wrong; empty if nothing was.
    std::string finding() const { return finding_; }
    std::uint64_t echoed() const { return echoed_; }
    const std::string& extensions() const { return extensions_; }

    const unsigned seed;

private:
    void talk();
    void listen();
    void send_message(std::uint64_t& chance, const std::string& payload);
    std::optional<std::string> message();

    base::Fd descriptor_;
    std::unique_ptr<FrameReader> reader_;
    bool deflate_ = false;
    std::size_t largest_;
    std::string extensions_;
    Packer packer_;
    Unpacker unpacker_;
    std::mutex mutex_;
    std::deque<std::string> awaited_;
    std::atomic<bool> stopping_{false};
    std::atomic<bool> talked_{false};
    std::atomic<std::uint64_t> echoed_{0};
    std::string finding_;
    std::thread talker_;
    std::thread listener_;
};

}  // namespace edge::testing
