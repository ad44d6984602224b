#pragma once
// One TLS connection of a server, as a layer on a non-blocking socket (RFC 8446, RFC 5246).

#include "net/channel.h"
#include "net/tls/own.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace net::tls {

class Context;

/// Made by Context::accept. The socket stays its owner's and outlives it.
///
/// Edge-triggered: a read that moves less than it had room for has left nothing inside, unless
/// `has_more` says so; a write that would block is repeated by its caller with the same bytes in
/// front, at any address.
class Connection final : public Layer {
public:
    Connection(std::shared_ptr<const Context> context, SSL_CTX* made_from, int socket);
    ~Connection() override;
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    enum class Progress : std::uint8_t { going_on, done, failed };
    /// Goes on with the handshake as far as the socket allows.
    Progress shake();

    // Of a handshake that is done. Texts last as long as the process, but for `server_name`.

    bool resumed() const { return SSL_session_reused(ssl_.get()) == 1; }
    bool chose_http2() const;
    const char* cipher() const { return SSL_get_cipher_name(ssl_.get()); }
    const char* version() const { return SSL_get_version(ssl_.get()); }
    /// As the client sent it; empty where it sent none.
    std::string_view server_name() const;

    Moved receive(std::span<char> into) override;
    Moved send(std::span<const iovec> parts) override;
    bool has_more() const override { return more_; }
    Ready seen(Ready ready) override;
    void watched(Loop& loop, WatchKey key) override;
    void end_sending() override;
    void reset_on_close() override { cut_ = true; }
    void close() override;

private:
    friend struct SocketBio;
    int read_socket(std::span<char> into);
    int write_socket(std::string_view bytes);
    /// What stopped a call: would_block, ended or failed.
    Io stopped(int result, bool reading);

    std::shared_ptr<const Context> context_;
    Own<SSL> ssl_;
    BIO* bio_ = nullptr;  ///< The SSL's.
    int socket_;
    bool drained_ = false;     ///< The last read emptied the socket; the loop says when it is not.
    bool peer_ended_ = false;  ///< The loop saw that the socket's other end sends no more.
    bool at_end_ = false;      ///< And all of it has been read.
    bool more_ = false;
    bool read_needs_write_ = false;
    bool write_needs_read_ = false;
    bool told_end_ = false;
    bool failed_ = false;
    bool cut_ = false;
};

}  // namespace net::tls
