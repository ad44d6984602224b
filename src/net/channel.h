#pragma once
// A connection as bytes: a socket as it is, or one behind a layer. What reads and writes a channel
// does not know which; a socket as it is costs one branch a call and nothing else.
// Behind Layer: net::tls::Connection, and a stream of an HTTP/2 connection.

#include "base/file.h"
#include "net/loop.h"
#include "net/socket.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace net {

/// Stands between a connection and its socket. Moves bytes with the meanings of net::receive and
/// net::send; used by one thread, and never calls its user back.
class Layer {
public:
    virtual ~Layer() = default;

    static constexpr std::size_t kAnyRoom = ~std::size_t{0};

    virtual Moved receive(std::span<char> into) = 0;
    virtual Moved send(std::span<const iovec> parts) = 0;
    /// How much should be sent at most, so that no more is kept than its bounds allow. Who is told
    /// 0 is nudged when there is room.
    virtual std::size_t room() { return kAnyRoom; }
    /// Whether something may be read although a read gave less than it had room for.
    virtual bool has_more() const = 0;
    /// What the socket's readiness means on this side of the layer.
    virtual Ready seen(Ready ready) = 0;
    /// Who is to be nudged when there is something to do that the socket does not tell of.
    virtual void watched(Loop& loop, WatchKey key) = 0;
    virtual void end_sending() = 0;
    /// What is closed next was cut short: no orderly end may be pretended.
    virtual void reset_on_close() = 0;
    /// The orderly end. Called once, before the socket is closed.
    virtual void close() = 0;
};

/// Owns the socket and the layer. Move-only; closes on destruction.
class Channel {
public:
    Channel() = default;
    explicit Channel(base::Fd socket, std::unique_ptr<Layer> layer = {})
        : socket_(std::move(socket)), layer_(std::move(layer)) {}
    ~Channel() { close(); }
    Channel(Channel&&) = default;
    Channel& operator=(Channel&& other) noexcept {
        if (this == &other) return *this;
        close();
        socket_ = std::move(other.socket_);
        layer_ = std::move(other.layer_);
        return *this;
    }

    Moved receive(std::span<char> into) {
        return layer_ ? layer_->receive(into) : net::receive(socket_.number(), into);
    }
    Moved send(std::span<const iovec> parts) {
        return layer_ ? layer_->send(parts) : net::send(socket_.number(), parts);
    }
    Moved send(std::string_view bytes);
    std::size_t room() { return layer_ ? layer_->room() : Layer::kAnyRoom; }
    /// Whether a read that moved `bytes` of at most `room` has left nothing behind; only true
    /// while the loop has not seen the end.
    bool emptied(std::size_t bytes, std::size_t room) const {
        return bytes < room && (!layer_ || !layer_->has_more());
    }
    /// To be asked first in each upcall of the loop.
    Ready seen(Ready ready) const { return layer_ ? layer_->seen(ready) : ready; }

    /// As Loop::watch; where there is no socket, the layer alone nudges.
    WatchKey watch(Loop& loop, Watcher& watcher);
    void end_sending();
    void reset_on_close();
    void close();

    explicit operator bool() const { return socket_ || layer_; }
    /// A socket as it is: its bytes may be moved past the channel, by sendfile or to another
    /// process.
    bool plain() const { return layer_ == nullptr; }
    /// The socket's; only of use where `plain`.
    int number() const { return socket_.number(); }

private:
    base::Fd socket_;
    std::unique_ptr<Layer> layer_;
};

}  // namespace net
