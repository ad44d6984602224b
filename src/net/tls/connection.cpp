#include "net/tls/connection.h"

#include "base/check.h"
#include "net/tls/context.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <utility>

namespace net::tls {

namespace {

constexpr std::size_t kRecordMax = 16 * 1024;

}  // namespace

/// OpenSSL's way to the socket. Unlike its own it never raises SIGPIPE, and it spares the system
/// call that would only tell that nothing is there.
struct SocketBio {
    static Connection& of(BIO* bio) { return *static_cast<Connection*>(BIO_get_data(bio)); }

    static int read(BIO* bio, char* into, int room) {
        return of(bio).read_socket({into, static_cast<std::size_t>(room)});
    }
    static int write(BIO* bio, const char* bytes, int size) {
        return of(bio).write_socket({bytes, static_cast<std::size_t>(size)});
    }
    static long control(BIO* bio, int command, long, void*) {
        if (command == BIO_CTRL_FLUSH) return 1;
        if (command == BIO_CTRL_EOF) return of(bio).at_end_ ? 1 : 0;
        return 0;
    }

    static const BIO_METHOD* method() {
        static const Own<BIO_METHOD> made = [] {
            Own<BIO_METHOD> method(BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "net"));
            BIO_meth_set_read(method.get(), &read);
            BIO_meth_set_write(method.get(), &write);
            BIO_meth_set_ctrl(method.get(), &control);
            return method;
        }();
        return made.get();
    }
};

Connection::Connection(std::shared_ptr<const Context> context, SSL_CTX* made_from, int socket)
    : context_(std::move(context)), ssl_(SSL_new(made_from)), socket_(socket) {
    CHECK(ssl_);
    bio_ = BIO_new(SocketBio::method());
    BIO_set_data(bio_, this);
    BIO_set_init(bio_, 1);
    SSL_set_bio(ssl_.get(), bio_, bio_);
    SSL_set_accept_state(ssl_.get());
}

Connection::~Connection() = default;

int Connection::read_socket(std::span<char> into) {
    BIO_clear_retry_flags(bio_);
    if (!drained_ || peer_ended_) {
        const Moved moved = net::receive(socket_, into);
        if (moved.io == Io::moved) {
            drained_ = moved.bytes < into.size();
            return static_cast<int>(moved.bytes);
        }
        if (moved.io == Io::ended) at_end_ = true;
        if (moved.io != Io::would_block) return moved.io == Io::ended ? 0 : -1;
        drained_ = true;
    }
    BIO_set_retry_read(bio_);
    return -1;
}

int Connection::write_socket(std::string_view bytes) {
    BIO_clear_retry_flags(bio_);
    const Moved moved = net::send(socket_, bytes);
    if (moved.io == Io::moved) return static_cast<int>(moved.bytes);
    if (moved.io == Io::would_block) BIO_set_retry_write(bio_);
    return -1;
}

Io Connection::stopped(int result, bool reading) {
    switch (SSL_get_error(ssl_.get(), result)) {
        case SSL_ERROR_WANT_READ:
            if (!reading) write_needs_read_ = true;
            return Io::would_block;
        case SSL_ERROR_WANT_WRITE:
            if (reading) read_needs_write_ = true;
            return Io::would_block;
        case SSL_ERROR_ZERO_RETURN:
            return Io::ended;
        default:
            failed_ = true;
            ERR_clear_error();
            return Io::failed;
    }
}

Connection::Progress Connection::shake() {
    if (failed_) return Progress::failed;
    ERR_clear_error();
    const int result = SSL_do_handshake(ssl_.get());
    if (result == 1) return Progress::done;
    return stopped(result, true) == Io::would_block ? Progress::going_on : Progress::failed;
}

bool Connection::chose_http2() const {
    const unsigned char* chosen = nullptr;
    unsigned int size = 0;
    SSL_get0_alpn_selected(ssl_.get(), &chosen, &size);
    return size == 2 && std::memcmp(chosen, "h2", 2) == 0;
}

std::string_view Connection::server_name() const {
    const char* name = SSL_get_servername(ssl_.get(), TLSEXT_NAMETYPE_host_name);
    return name == nullptr ? std::string_view() : std::string_view(name);
}

Moved Connection::receive(std::span<char> into) {
    if (failed_) return {.io = Io::failed, .bytes = 0, .error = 0};
    ERR_clear_error();
    read_needs_write_ = more_ = false;
    std::size_t total = 0;
    while (total < into.size()) {
        std::size_t got = 0;
        const int result = SSL_read_ex(ssl_.get(), into.data() + total, into.size() - total, &got);
        if (result == 1) {
            total += got;
            continue;
        }
        const Io io = stopped(result, true);
        // The end is told by the next call.
        more_ = io != Io::would_block;
        if (total == 0) return {.io = io, .bytes = 0, .error = 0};
        return {.io = Io::moved, .bytes = total, .error = 0};
    }
    more_ = true;
    return {.io = Io::moved, .bytes = total, .error = 0};
}

namespace {

/// The next bytes of `parts` for one record: as they lie where they fill it, else put together.
class Records {
public:
    explicit Records(std::span<const iovec> parts) : parts_(parts) { pass_empty(); }

    bool empty() const { return parts_.empty(); }

    std::string_view next() {
        const std::string_view first = rest();
        if (first.size() >= kRecordMax) return first.substr(0, kRecordMax);
        if (parts_.size() == 1) return first;
        std::size_t used = 0;
        std::size_t skip = at_;
        for (const iovec& part : parts_) {
            const std::size_t size = std::min(part.iov_len - skip, kRecordMax - used);
            std::memcpy(together_.data() + used, static_cast<const char*>(part.iov_base) + skip,
                        size);
            used += size;
            skip = 0;
            if (used == kRecordMax) break;
        }
        return {together_.data(), used};
    }

    void advance(std::size_t bytes) {
        while (bytes > 0) {
            const std::size_t step = std::min(bytes, rest().size());
            at_ += step;
            bytes -= step;
            pass_empty();
        }
    }

private:
    std::string_view rest() const {
        return {static_cast<const char*>(parts_.front().iov_base) + at_,
                parts_.front().iov_len - at_};
    }
    void pass_empty() {
        while (!parts_.empty() && at_ == parts_.front().iov_len) {
            parts_ = parts_.subspan(1);
            at_ = 0;
        }
    }

    std::span<const iovec> parts_;
    std::size_t at_ = 0;
    std::array<char, kRecordMax> together_;  // left uninitialised
};

}  // namespace

Moved Connection::send(std::span<const iovec> parts) {
    if (failed_ || told_end_) return {.io = Io::failed, .bytes = 0, .error = 0};
    ERR_clear_error();
    write_needs_read_ = false;
    Records records(parts);
    std::size_t total = 0;
    while (!records.empty()) {
        const std::string_view record = records.next();
        std::size_t put = 0;
        const int result = SSL_write_ex(ssl_.get(), record.data(), record.size(), &put);
        if (result != 1) {
            const Io io = stopped(result, false);
            if (total == 0 || io == Io::failed) return {.io = io, .bytes = 0, .error = 0};
            break;
        }
        total += put;
        records.advance(put);
    }
    return {.io = Io::moved, .bytes = total, .error = 0};
}

Ready Connection::seen(Ready ready) {
    if (ready.readable) drained_ = false;
    if (ready.ended) peer_ended_ = true;
    const bool reads = ready.readable || (read_needs_write_ && ready.writable);
    const bool writes = ready.writable || (write_needs_read_ && ready.readable);
    ready.readable = reads;
    ready.writable = writes;
    return ready;
}

void Connection::watched(Loop& loop, WatchKey key) {
    // What a former reader left inside, the socket does not tell of.
    if (SSL_has_pending(ssl_.get()) == 1 || more_) loop.nudge(key);
}

void Connection::end_sending() {
    if (failed_ || told_end_ || SSL_is_init_finished(ssl_.get()) == 0) return;
    told_end_ = true;
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
}

void Connection::close() {
    if (!cut_) end_sending();
}

}  // namespace net::tls
