#include "chat/wake.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace chat {
namespace {

// A folder's path may be longer than a socket address holds; its descriptor's never is.
sockaddr_un address_of(int directory, const std::string& name) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = "/proc/self/fd/" + std::to_string(directory) + "/" + name;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    return address;
}

}  // namespace

base::Result<std::unique_ptr<Wake>> Wake::open(const std::string& folder, const std::string& name) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    auto wake = std::unique_ptr<Wake>(new Wake);
    wake->folder_ = folder;
    wake->name_ = name + ".sock";
    wake->directory_ = base::Fd(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!wake->directory_) return base::fail(base::system_error("cannot open", folder, errno));
    wake->socket_ = base::Fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    unlinkat(wake->directory_.number(), wake->name_.c_str(), 0);
    const sockaddr_un address = address_of(wake->directory_.number(), wake->name_);
    if (::bind(wake->socket_.number(), reinterpret_cast<const sockaddr*>(&address),
               sizeof address) != 0) {
        return base::fail(base::system_error("cannot bind", folder + "/" + wake->name_, errno));
    }
    return wake;
}

Wake::~Wake() {
    if (directory_) unlinkat(directory_.number(), name_.c_str(), 0);
}

void Wake::take_rings() {
    std::array<char, 16> byte{};
    while (::recv(socket_.number(), byte.data(), byte.size(), 0) >= 0) {
    }
}

void Wake::ring() {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder_, error)) {
        const std::string name = entry.path().filename();
        if (name == name_) continue;
        const sockaddr_un address = address_of(directory_.number(), name);
        const ssize_t sent = ::sendto(socket_.number(), "", 1, MSG_DONTWAIT,
                                      reinterpret_cast<const sockaddr*>(&address), sizeof address);
        if (sent < 0 && errno == ECONNREFUSED) unlinkat(directory_.number(), name.c_str(), 0);
    }
}

}  // namespace chat
