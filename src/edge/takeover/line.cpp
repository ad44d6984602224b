#include "edge/takeover/line.h"

#include "base/check.h"
#include "edge/socket/handshake.h"
#include "net/socket.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace edge::takeover {

namespace {

using std::chrono::milliseconds;

// Room for what is under way; the kernel gives what it allows.
constexpr int kBufferBytes = 4 * 1024 * 1024;

union Control {
    cmsghdr header;
    std::array<char, CMSG_SPACE(kDescriptorsMax * sizeof(int))> bytes;
};

/// What came, taken into ownership even where the rest is refused.
std::vector<base::Fd> descriptors_in(msghdr& header) {
    std::vector<base::Fd> made;
    for (cmsghdr* each = CMSG_FIRSTHDR(&header); each != nullptr;
         each = CMSG_NXTHDR(&header, each)) {
        if (each->cmsg_level != SOL_SOCKET || each->cmsg_type != SCM_RIGHTS) continue;
        const std::size_t count = (each->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < count; ++i) {
            int number = -1;
            std::memcpy(&number, CMSG_DATA(each) + i * sizeof number, sizeof number);
            made.emplace_back(number);
        }
    }
    return made;
}

base::Fd sequenced() {
    return base::Fd(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

void widen(const base::Fd& socket) {
    ::setsockopt(socket.number(), SOL_SOCKET, SO_SNDBUF, &kBufferBytes, sizeof kBufferBytes);
}

}  // namespace

Line::Sent Line::try_send(const Message& message, std::span<const int> descriptors) const {
    CHECK(descriptors.size() <= kDescriptorsMax);
    std::string packet = encode(message);
    if (packet.size() > kPacketMax) return Sent::too_large;
    iovec part{packet.data(), packet.size()};
    Control control{};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    if (!descriptors.empty()) {
        header.msg_control = &control;
        header.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
        cmsghdr* const rights = CMSG_FIRSTHDR(&header);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(descriptors.size_bytes());
        std::memcpy(CMSG_DATA(rights), descriptors.data(), descriptors.size_bytes());
    }
    ssize_t put = 0;
    do {
        put = ::sendmsg(socket_.number(), &header, MSG_NOSIGNAL);
    } while (put < 0 && errno == EINTR);
    // Handshakes hold cookies.
    wipe(packet);
    if (put >= 0) return Sent::yes;
    // Too many descriptors under way passes, too.
    const bool later = errno == EAGAIN || errno == ENOBUFS || errno == ETOOMANYREFS ||
                       errno == ENOMEM || errno == EMSGSIZE;
    return later ? Sent::full : Sent::broken;
}

Line::Sent Line::send(const Message& message, std::span<const int> descriptors,
                      milliseconds patience) const {
    for (milliseconds waited{0};; ++waited) {
        const Sent sent = try_send(message, descriptors);
        if (sent != Sent::full || waited >= patience) return sent;
        pollfd room{socket_.number(), POLLOUT, 0};
        // Writable says nothing of descriptors under way: a millisecond each.
        ::poll(&room, 1, 1);
        if ((room.revents & POLLOUT) != 0) ::poll(nullptr, 0, 1);
    }
}

Line::Sent Line::send_text(std::string_view text, milliseconds patience) const {
    Sent sent = Sent::yes;
    while (!text.empty() && sent == Sent::yes) {
        const std::size_t bytes = std::min(text.size(), kPartBytes);
        sent = send(Part{std::string(text.substr(0, bytes))}, {}, patience);
        text.remove_prefix(bytes);
    }
    return sent;
}

Line::Heard Line::receive(milliseconds patience, int call) const {
    Heard heard;
    if (!await_readable(socket_.number(), call, patience)) return heard;
    std::string packet(kPacketMax + 1, '\0');
    iovec part{packet.data(), packet.size()};
    Control control{};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = &control;
    header.msg_controllen = sizeof control;
    ssize_t got = ::recvmsg(socket_.number(), &header, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    // Told once, and before what still waits: the other side closed with packets of ours unread.
    if (got < 0 && errno == ECONNRESET) {
        got = ::recvmsg(socket_.number(), &header, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    }
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return heard;
    if (got <= 0) {
        heard.what = Heard::What::over;
        return heard;
    }
    heard.descriptors = descriptors_in(header);
    packet.resize(static_cast<std::size_t>(got));
    auto message = decode(packet);
    wipe(packet);
    // Descriptors are missing where this process may have no more: those of one connection, and the
    // line goes on.
    const bool cut = (header.msg_flags & MSG_TRUNC) != 0;
    heard.what = message && !cut ? Heard::What::message : Heard::What::nonsense;
    if (message) heard.message = std::move(*message);
    return heard;
}

void Line::hang_up() const {
    ::shutdown(socket_.number(), SHUT_RDWR);
}

base::Fd Line::other_process() const {
    ucred who{};
    socklen_t size = sizeof who;
    if (::getsockopt(socket_.number(), SOL_SOCKET, SO_PEERCRED, &who, &size) != 0) return {};
    if (who.pid == ::getpid()) return {};
    return base::Fd(static_cast<int>(::syscall(SYS_pidfd_open, who.pid, 0)));
}

base::Result<base::Fd> listen_for_takeover(const std::filesystem::path& path) {
    const auto address = net::Address::unix_path(path.string());
    if (!address) return base::fail(address);
    base::Fd made = sequenced();
    ::unlink(path.c_str());
    if (made && ::fchmod(made.number(), 0600) == 0 &&
        ::bind(made.number(), address->raw(), address->raw_size()) == 0 &&
        ::chmod(path.c_str(), 0600) == 0 && ::listen(made.number(), 4) == 0) {
        return made;
    }
    return base::fail(base::system_error("cannot listen for a takeover at", path, errno));
}

std::optional<Line> accept_line(int listener) {
    base::Fd made(::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    ucred who{};
    socklen_t size = sizeof who;
    if (!made || ::getsockopt(made.number(), SOL_SOCKET, SO_PEERCRED, &who, &size) != 0 ||
        who.uid != ::geteuid()) {
        return std::nullopt;
    }
    widen(made);
    return Line(std::move(made));
}

base::Result<Line> open_line(const std::filesystem::path& path) {
    const auto address = net::Address::unix_path(path.string());
    if (!address) return base::fail(address);
    base::Fd made = sequenced();
    if (made && ::connect(made.number(), address->raw(), address->raw_size()) == 0) {
        widen(made);
        return Line(std::move(made));
    }
    if (errno == ECONNREFUSED || errno == ENOENT) {
        return base::fail(base::Failure::not_found,
                          {.code = "CF0551", .what = "no edge runs there to be taken over"});
    }
    return base::fail(base::system_error("cannot ask for a takeover at", path, errno));
}

bool await_readable(int descriptor, int call, milliseconds patience) {
    std::array<pollfd, 2> watched{pollfd{descriptor, POLLIN, 0}, pollfd{call, POLLIN, 0}};
    int found = 0;
    do {
        found = ::poll(watched.data(), watched.size(), static_cast<int>(patience.count()));
    } while (found < 0 && errno == EINTR);
    return watched[0].revents != 0 || watched[1].revents != 0;
}

Bell::Bell() : descriptor_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    CHECK(descriptor_);
}

void Bell::ring() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto put = ::write(descriptor_.number(), &one, sizeof one);
}

void Bell::hush() const {
    std::uint64_t rung = 0;
    [[maybe_unused]] const auto got = ::read(descriptor_.number(), &rung, sizeof rung);
}

}  // namespace edge::takeover
