#pragma once
// What both load tools need of Linux: sockets that do not block, an epoll set, a clock.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <span>
#include <string>
#include <string_view>

namespace bench {

using Clock = std::chrono::steady_clock;
using std::chrono::microseconds;
using std::chrono::nanoseconds;

[[noreturn]] inline void fail(const std::string& what) {
    std::cerr << what << ": " << std::strerror(errno) << '\n';
    std::exit(1);
}

inline sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

inline int new_socket() {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) fail("socket");
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

/// A connection under way to a port of this machine.
inline int connect_to(std::uint16_t port) {
    const int fd = new_socket();
    const sockaddr_in address = loopback(port);
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 &&
        errno != EINPROGRESS)
        fail("connect");
    return fd;
}

inline int listen_on(std::uint16_t port) {
    const int fd = new_socket();
    const int on = 1;
    ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const sockaddr_in address = loopback(port);
    if (::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(fd, 4096) != 0)
        fail("listen");
    return fd;
}

class Epoll {
public:
    Epoll() : fd_(::epoll_create1(EPOLL_CLOEXEC)) {}
    ~Epoll() { ::close(fd_); }
    Epoll(const Epoll&) = delete;
    Epoll& operator=(const Epoll&) = delete;

    void add(int fd, std::uint32_t events, std::uint64_t name) {
        epoll_event event{};
        event.events = events;
        event.data.u64 = name;
        if (::epoll_ctl(fd_, EPOLL_CTL_ADD, fd, &event) != 0) fail("epoll_ctl");
    }

    /// Waits for `span` at most; negative: for ever.
    std::span<const epoll_event> wait(nanoseconds span) {
        timespec left{span.count() / 1'000'000'000, span.count() % 1'000'000'000};
        const int found = ::epoll_pwait2(fd_, events_.data(), static_cast<int>(events_.size()),
                                         span.count() < 0 ? nullptr : &left, nullptr);
        return {events_.data(), found > 0 ? static_cast<std::size_t>(found) : 0};
    }

private:
    int fd_;
    std::array<epoll_event, 512> events_{};
};

}  // namespace bench
