#include "cli/running.h"

#include "base/file.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace cli {
namespace {

namespace fs = std::filesystem;

constexpr base::Bytes kTableMax{4 * 1024 * 1024};
constexpr base::Bytes kCommandMax{128 * 1024};

using Ports = std::map<std::string, std::uint16_t>;  ///< By the inode of the socket.

/// `0100007F:1F90`: the port is behind the colon, in hexadecimal.
std::uint16_t port_of(std::string_view address) {
    const std::size_t colon = address.rfind(':');
    std::uint16_t port = 0;
    if (colon == std::string_view::npos) return 0;
    std::from_chars(address.data() + colon + 1, address.data() + address.size(), port, 16);
    return port;
}

Ports listening() {
    Ports ports;
    for (const char* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
        const auto text = base::read_file(table, kTableMax);
        if (!text) continue;
        std::istringstream lines(*text);
        std::string line;
        std::getline(lines, line);  // what the columns are called
        while (std::getline(lines, line)) {
            std::istringstream words(line);
            std::vector<std::string> fields;
            for (std::string word; words >> word;) fields.push_back(std::move(word));
            if (fields.size() > 9 && fields[3] == "0A") ports[fields[9]] = port_of(fields[1]);
        }
    }
    return ports;
}

std::vector<std::uint16_t> ports_of(const fs::path& process, const Ports& ports) {
    std::vector<std::uint16_t> own;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(process / "fd", error)) {
        const std::string target = fs::read_symlink(entry.path(), error).string();
        constexpr std::string_view kFront = "socket:[";
        if (!target.starts_with(kFront)) continue;
        const auto found = ports.find(target.substr(kFront.size(), target.size() - 9));
        if (found != ports.end()) own.push_back(found->second);
    }
    return own;
}

std::vector<std::string> command_of(const fs::path& process) {
    const auto text = base::read_file(process / "cmdline", kCommandMax);
    std::vector<std::string> words;
    if (!text) return words;
    for (std::size_t at = 0; at < text->size();) {
        const std::size_t end = std::min(text->find('\0', at), text->size());
        words.push_back(text->substr(at, end - at));
        at = end + 1;
    }
    return words;
}

/// `path` from `folder` on; empty where it is no file below it, or one of Crossfade's own state.
fs::path within(const fs::path& folder, const fs::path& path) {
    std::error_code error;
    if (!fs::is_regular_file(path, error)) return {};
    const fs::path relative = fs::relative(path, folder, error);
    if (error || relative.empty()) return {};
    const fs::path first = *relative.begin();
    return first == ".." || first == ".crossfade" ? fs::path{} : relative;
}

/// The command with the artifact in it: the program itself, else the first word that is a file.
fs::path put_artifact(std::vector<std::string>& words, const fs::path& process,
                      const fs::path& folder) {
    std::error_code error;
    fs::path artifact = within(folder, fs::read_symlink(process / "exe", error));
    std::size_t at = 0;
    const fs::path home = fs::read_symlink(process / "cwd", error);
    while (artifact.empty() && ++at < words.size()) artifact = within(folder, home / words[at]);
    if (!artifact.empty()) words[at] = "${artifact}/" + artifact.filename().string();
    return artifact;
}

std::optional<Running> running_as(const fs::path& process, const fs::path& folder,
                                  const Ports& ports) {
    const std::vector<std::uint16_t> own = ports_of(process, ports);
    if (own.empty()) return {};
    std::vector<std::string> words = command_of(process);
    if (words.empty()) return {};
    for (std::string& word : words) word = plain_word(word);
    Running running;
    running.artifact = put_artifact(words, process, folder);
    if (running.artifact.empty()) return {};
    for (std::size_t i = 1; i < words.size() && running.port == 0; ++i) {
        const auto told = std::find_if(own.begin(), own.end(), [&](std::uint16_t port) {
            return put_port(words[i], std::to_string(port));
        });
        if (told != own.end()) running.port = *told;
    }
    running.startup = {.file = fmt::format("process {}", process.filename().string()),
                       .command = std::move(words),
                       .health = {}};
    return running;
}

}  // namespace

std::optional<Running> running_in(const fs::path& folder) {
    const Ports ports = listening();
    std::error_code error;
    const fs::path home = fs::canonical(folder, error);
    std::optional<Running> found;
    for (const auto& entry : fs::directory_iterator("/proc", error)) {
        const std::string name = entry.path().filename().string();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        auto one = running_as(entry.path(), home, ports);
        if (!one) continue;
        // Several processes of one program share what it listens to.
        if (found && found->startup.command != one->startup.command) return {};
        if (!found) found = std::move(one);
    }
    return found && found->port != 0 ? found : std::nullopt;
}

}  // namespace cli
