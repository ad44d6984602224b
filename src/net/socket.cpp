#include "net/socket.h"

#include "base/diagnostic.h"
#include "base/file.h"
#include "base/result.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

namespace net {

namespace {

base::Error no_address(std::string_view text, std::string why) {
    return {base::Failure::rejected,
            {.code = "CF0020",
             .what = "`" + std::string(text) + "` is no address to listen on or connect to",
             .why = std::move(why),
             .fix = "write `127.0.0.1:8080`, `[::1]:8080` or `unix:/path/to.sock`"}};
}

base::Error socket_error(std::string_view what, const Address& address, int error) {
    const bool taken = error == EADDRINUSE;
    const bool never = error == EACCES || error == EADDRNOTAVAIL || error == EINVAL;
    const auto failure = taken   ? base::Failure::conflict
                         : never ? base::Failure::rejected
                                 : base::Failure::unavailable;
    return {failure,
            {.code = taken ? "CF0021" : "CF0022",
             .what = std::string(what) + " " + address.text() + " failed",
             .why = std::generic_category().message(error),
             .fix = taken ? "choose another address or stop who listens there" : ""}};
}

std::optional<std::uint16_t> port_from(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return {};
    return port;
}

void set_flag(int descriptor, int level, int name) {
    const int on = 1;
    ::setsockopt(descriptor, level, name, &on, sizeof on);
}

// The three calls that carry all bytes. The C library's are places where a thread may be
// cancelled, which is a fifth of what they cost before the kernel has its turn; nobody cancels
// ours. ThreadSanitizer needs to see its own.
#if defined(__SANITIZE_THREAD__) || !defined(SYS_recvfrom)
long receive_now(int descriptor, char* into, std::size_t bytes) {
    return ::recv(descriptor, into, bytes, 0);
}
long send_now(int descriptor, const char* from, std::size_t bytes) {
    return ::send(descriptor, from, bytes, MSG_NOSIGNAL);
}
long send_now(int descriptor, const msghdr& message) {
    return ::sendmsg(descriptor, &message, MSG_NOSIGNAL);
}
#else
long receive_now(int descriptor, char* into, std::size_t bytes) {
    return ::syscall(SYS_recvfrom, descriptor, into, bytes, 0, nullptr, nullptr);
}
long send_now(int descriptor, const char* from, std::size_t bytes) {
    return ::syscall(SYS_sendto, descriptor, from, bytes, MSG_NOSIGNAL, nullptr, 0);
}
long send_now(int descriptor, const msghdr& message) {
    return ::syscall(SYS_sendmsg, descriptor, &message, MSG_NOSIGNAL);
}
#endif

Moved moved_from(ssize_t count) {
    if (count > 0) return {Io::moved, static_cast<std::size_t>(count), 0};
    if (count == 0) return {Io::ended, 0, 0};
    if (errno == EAGAIN || errno == EWOULDBLOCK) return {Io::would_block, 0, 0};
    return {Io::failed, 0, errno};
}

// A UNIX socket's file outlives its listener: free if nobody answers there.
bool nobody_listens(const Address& address) {
    const base::Fd probe{::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    return probe && ::connect(probe.number(), address.raw(), address.raw_size()) != 0 &&
           errno == ECONNREFUSED;
}

template <typename Ask>
base::Result<Address> ask_address(int descriptor, Ask ask) {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    if (ask(descriptor, static_cast<sockaddr*>(static_cast<void*>(&storage)), &size) != 0)
        return base::fail(socket_error("asking the address of", {}, errno));
    return Address::from(&storage, size);
}

}  // namespace

base::Result<Address> Address::unix_path(std::string_view path) {
    sockaddr_un native{};
    if (path.empty() || path.size() >= sizeof native.sun_path)
        return base::fail(no_address(path, "a UNIX socket's path has 1 to 107 bytes"));
    native.sun_family = AF_UNIX;
    path.copy(native.sun_path, path.size());
    return from(&native, static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + 1));
}

base::Result<Address> Address::parse(std::string_view text) {
    if (text.starts_with("unix:")) return unix_path(text.substr(5));
    if (text.starts_with('/')) return unix_path(text);
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) return base::fail(no_address(text, "it has no port"));
    const auto port = port_from(text.substr(colon + 1));
    if (!port) return base::fail(no_address(text, "the port is no number up to 65535"));
    std::string host{text.substr(0, colon)};
    if (host.starts_with('[') && host.ends_with(']')) {
        sockaddr_in6 native{};
        native.sin6_family = AF_INET6;
        native.sin6_port = htons(*port);
        host = host.substr(1, host.size() - 2);
        if (::inet_pton(AF_INET6, host.c_str(), &native.sin6_addr) != 1)
            return base::fail(no_address(text, "what stands in brackets is no IPv6 address"));
        return from(&native, sizeof native);
    }
    if (host == "localhost") host = "127.0.0.1";
    if (host.empty()) host = "0.0.0.0";
    sockaddr_in native{};
    native.sin_family = AF_INET;
    native.sin_port = htons(*port);
    if (::inet_pton(AF_INET, host.c_str(), &native.sin_addr) != 1)
        return base::fail(no_address(text, "the host is no IPv4 address; names are not looked up"));
    return from(&native, sizeof native);
}

Address Address::from(const void* bytes, socklen_t size) {
    Address address;
    if (size > sizeof address.bytes_) size = sizeof address.bytes_;
    std::memcpy(address.bytes_, bytes, size);
    address.size_ = size;
    return address;
}

int Address::family() const {
    if (size_ < sizeof(sa_family_t)) return AF_UNSPEC;
    sa_family_t family = 0;
    std::memcpy(&family, bytes_, sizeof family);
    return family;
}

const sockaddr* Address::raw() const {
    return static_cast<const sockaddr*>(static_cast<const void*>(bytes_));
}

std::uint16_t Address::port() const {
    std::uint16_t port = 0;  // sin_port and sin6_port stand at the same place
    if (family() == AF_INET || family() == AF_INET6)
        std::memcpy(&port, bytes_ + offsetof(sockaddr_in, sin_port), sizeof port);
    return ntohs(port);
}

void Address::set_port(std::uint16_t port) {
    port = htons(port);
    if (family() == AF_INET || family() == AF_INET6)
        std::memcpy(bytes_ + offsetof(sockaddr_in, sin_port), &port, sizeof port);
}

std::string Address::ip() const {
    char text[INET6_ADDRSTRLEN] = "";
    switch (family()) {
        case AF_INET:
            ::inet_ntop(AF_INET, bytes_ + offsetof(sockaddr_in, sin_addr), text, sizeof text);
            return text;
        case AF_INET6:
            ::inet_ntop(AF_INET6, bytes_ + offsetof(sockaddr_in6, sin6_addr), text, sizeof text);
            return text;
        case AF_UNIX:
            return "unix:";
        default:
            return "";
    }
}

std::string Address::text() const {
    if (family() == AF_INET) return ip() + ":" + std::to_string(port());
    if (family() == AF_INET6) return "[" + ip() + "]:" + std::to_string(port());
    if (family() != AF_UNIX) return "";
    const std::string_view path{static_cast<const char*>(static_cast<const void*>(bytes_)) +
                                    offsetof(sockaddr_un, sun_path),
                                size_ - offsetof(sockaddr_un, sun_path)};
    return "unix:" + std::string(path.substr(0, path.find('\0')));
}

bool operator==(const Address& left, const Address& right) {
    return left.size_ == right.size_ && std::memcmp(left.bytes_, right.bytes_, left.size_) == 0;
}

base::Result<base::Fd> listen_on(const Address& address, const ListenOptions& options) {
    base::Fd fd{::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (!fd) return base::fail(socket_error("opening a socket for", address, errno));
    if (!address.is_unix()) {
        set_flag(fd.number(), SOL_SOCKET, SO_REUSEADDR);
        if (options.reuse_port) set_flag(fd.number(), SOL_SOCKET, SO_REUSEPORT);
        if (address.family() == AF_INET6) set_flag(fd.number(), IPPROTO_IPV6, IPV6_V6ONLY);
    } else {
        ::fchmod(fd.number(), options.unix_mode);  // taken over by the file that bind makes
    }
    int bound = ::bind(fd.number(), address.raw(), address.raw_size());
    if (bound != 0 && errno == EADDRINUSE && address.is_unix() && nobody_listens(address)) {
        ::unlink(address.text().substr(5).c_str());
        bound = ::bind(fd.number(), address.raw(), address.raw_size());
    }
    if (bound != 0 || ::listen(fd.number(), options.backlog) != 0)
        return base::fail(socket_error("listening on", address, errno));
    return fd;
}

base::Result<base::Fd> connect_to(const Address& address, const Address& from) {
    base::Fd fd{::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (!fd) return base::fail(socket_error("opening a socket for", address, errno));
    if (!address.is_unix()) set_flag(fd.number(), IPPROTO_TCP, TCP_NODELAY);
    if (from.is_set()) {
        // The port is chosen by connect, so that one near address serves many far ones.
        set_flag(fd.number(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT);
        if (::bind(fd.number(), from.raw(), from.raw_size()) != 0)
            return base::fail(socket_error("binding to", from, errno));
    }
    if (::connect(fd.number(), address.raw(), address.raw_size()) != 0 && errno != EINPROGRESS)
        return base::fail(socket_error("connecting to", address, errno));
    return fd;
}

int connect_error(int descriptor) {
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) != 0) return errno;
    return error;
}

base::Result<Address> local_address(int descriptor) {
    return ask_address(descriptor, ::getsockname);
}

base::Result<Address> peer_address(int descriptor) {
    return ask_address(descriptor, ::getpeername);
}

Moved receive(int descriptor, std::span<char> into) {
    while (true) {
        const Moved moved = moved_from(receive_now(descriptor, into.data(), into.size()));
        if (moved.error != EINTR) return moved;
    }
}

Moved send(int descriptor, std::string_view bytes) {
    while (true) {
        const Moved moved = moved_from(send_now(descriptor, bytes.data(), bytes.size()));
        if (moved.error != EINTR) return moved;
    }
}

Moved send(int descriptor, std::span<const iovec> parts) {
    if (parts.size() == 1) {
        return send(descriptor, std::string_view(static_cast<const char*>(parts[0].iov_base),
                                                 parts[0].iov_len));
    }
    msghdr message{};
    // The kernel's type lacks const; it does not write there.
    message.msg_iov = const_cast<iovec*>(parts.data());
    message.msg_iovlen = parts.size();
    while (true) {
        const Moved moved = moved_from(send_now(descriptor, message));
        if (moved.error != EINTR) return moved;
    }
}

void end_sending(int descriptor) {
    ::shutdown(descriptor, SHUT_WR);
}

void reset_on_close(int descriptor) {
    const linger now{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

Accepted accept_from(int listener) {
    sockaddr_storage storage;
    while (true) {
        socklen_t size = sizeof storage;
        auto* const raw = static_cast<sockaddr*>(static_cast<void*>(&storage));
        Accepted accepted;
        accepted.descriptor =
            base::Fd{::accept4(listener, raw, &size, SOCK_NONBLOCK | SOCK_CLOEXEC)};
        if (accepted.descriptor) {
            accepted.io = Io::moved;
            accepted.peer = Address::from(&storage, size);
            if (!accepted.peer.is_unix())
                set_flag(accepted.descriptor.number(), IPPROTO_TCP, TCP_NODELAY);
            return accepted;
        }
        // Gone before it was accepted: the next one may be well.
        if (errno == EINTR || errno == ECONNABORTED) continue;
        accepted.error = errno;
        const bool empty = errno == EAGAIN || errno == EWOULDBLOCK;
        accepted.io = empty ? Io::would_block : Io::failed;
        return accepted;
    }
}

}  // namespace net
