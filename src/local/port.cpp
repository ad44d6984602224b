#include "local/port.h"

#include "base/file.h"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <set>
#include <sstream>

namespace local {

namespace {

namespace fs = std::filesystem;

constexpr base::Bytes kTableMax{64 * 1024 * 1024};
constexpr std::string_view kListening = "0A";

/// Inodes of the sockets that listen on `port`, from a table like /proc/net/tcp.
void add_listeners(const char* table, std::uint16_t port, std::set<std::string>& inodes) {
    const auto text = base::read_file(table, kTableMax);
    if (!text) return;
    std::istringstream lines(*text);
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
        std::istringstream fields(line);
        std::string slot, local, remote, state, queues, timer, retries, user, timeout, inode;
        fields >> slot >> local >> remote >> state >> queues >> timer >> retries >> user >>
            timeout >> inode;
        if (state != kListening) continue;
        const std::size_t colon = local.rfind(':');
        unsigned found = 0;
        std::from_chars(local.data() + colon + 1, local.data() + local.size(), found, 16);
        if (found == port) inodes.insert(fmt::format("socket:[{}]", inode));
    }
}

bool has_one_of(const fs::path& descriptors, const std::set<std::string>& sockets) {
    std::error_code error;
    for (fs::directory_iterator at(descriptors, error), end; !error && at != end;
         at.increment(error)) {
        std::error_code ignored;
        if (sockets.contains(fs::read_symlink(at->path(), ignored))) return true;
    }
    return false;
}

}  // namespace

std::optional<PortOwner> owner_of_port(std::uint16_t port) {
    std::set<std::string> sockets;
    add_listeners("/proc/net/tcp", port, sockets);
    add_listeners("/proc/net/tcp6", port, sockets);
    if (sockets.empty()) return std::nullopt;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator("/proc", error)) {
        const std::string name = entry.path().filename();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        if (!has_one_of(entry.path() / "fd", sockets)) continue;
        std::string command =
            base::read_file(entry.path() / "comm", base::Bytes{4096}).value_or("");
        if (command.ends_with('\n')) command.pop_back();
        return PortOwner{.pid = std::atoi(name.c_str()), .name = command};
    }
    return PortOwner{};
}

}  // namespace local
