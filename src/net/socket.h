#pragma once
// Addresses and non-blocking stream sockets, TCP and UNIX. No call here allocates but those
// that return an Error.

#include "base/file.h"
#include "base/result.h"

#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace net {

/// Where to listen or connect: IPv4, IPv6 or a UNIX path. A value.
class Address {
public:
    Address() = default;

    /// `127.0.0.1:80`, `[::1]:80`, `unix:/run/x.sock`, or a path with a slash in front; also
    /// `localhost:80` and `:80` (all of IPv4). Names are not looked up. UNIX paths hold at most
    /// 107 bytes.
    static base::Result<Address> parse(std::string_view text);
    static base::Result<Address> unix_path(std::string_view path);
    /// Of a sockaddr as the kernel gives it.
    static Address from(const void* bytes, socklen_t size);

    /// What `parse` reads.
    std::string text() const;
    /// The IP alone, IPv6 without brackets; `unix:` for UNIX sockets.
    std::string ip() const;
    std::uint16_t port() const;
    void set_port(std::uint16_t port);
    bool is_unix() const { return family() == AF_UNIX; }
    bool is_set() const { return size_ != 0; }

    int family() const;
    const sockaddr* raw() const;
    socklen_t raw_size() const { return size_; }

    friend bool operator==(const Address& left, const Address& right);

private:
    alignas(sockaddr_storage) unsigned char bytes_[sizeof(sockaddr_un) + 2]{};
    socklen_t size_ = 0;
};

struct ListenOptions {
    bool reuse_port = false;  ///< Several listeners share the port; the kernel spreads connections.
    int backlog = 1024;
    unsigned unix_mode = 0600;
};

/// Listens; port 0 takes a free one (ask `local_address`). The file of a UNIX socket that nobody
/// listens on is replaced; one in use is a `conflict`, as is a port in use.
base::Result<base::Fd> listen_on(const Address& address, const ListenOptions& options = {});

/// Begins to connect: success means under way, not done; wait for writable, then ask
/// `connect_error`. `from` binds the near end where set.
base::Result<base::Fd> connect_to(const Address& address, const Address& from = {});
/// 0 when connected, else the errno of the attempt.
int connect_error(int descriptor);

base::Result<Address> local_address(int descriptor);
base::Result<Address> peer_address(int descriptor);

enum class Io {
    moved,        ///< `bytes` were moved, at least one.
    would_block,  ///< Nothing now; the loop will say when.
    ended,        ///< The peer sends no more (reads only).
    failed,       ///< The connection is gone; `error` is the errno.
};

struct Moved {
    Io io = Io::would_block;
    std::size_t bytes = 0;
    int error = 0;
};

/// One system call each; never raises SIGPIPE.
Moved receive(int descriptor, std::span<char> into);
Moved send(int descriptor, std::string_view bytes);
Moved send(int descriptor, std::span<const iovec> parts);
/// Tells the peer that nothing more comes.
void end_sending(int descriptor);
/// The next close resets the connection instead of ending it in order.
void reset_on_close(int descriptor);

struct Accepted {
    Io io = Io::would_block;  ///< `failed` with EMFILE and the like: accept again later.
    base::Fd descriptor;
    Address peer;
    int error = 0;
};

/// Non-blocking, close-on-exec, TCP_NODELAY.
Accepted accept_from(int listener);

}  // namespace net
