#include "local/logs.h"

#include "local/wait.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace local {

namespace {

constexpr std::size_t kChunk = 64 * 1024;
/// More is not looked at for the last lines of one source.
constexpr std::uint64_t kTailMax = 4 * 1024 * 1024;
constexpr std::size_t kLineMax = 64 * 1024;

}  // namespace

Logs::Logs(Folder folder, std::vector<std::string> sources)
    : folder_(std::move(folder)),
      sources_(std::move(sources)),
      changes_(inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
    inotify_add_watch(changes_.number(), folder_.logs().c_str(),
                      IN_MODIFY | IN_CREATE | IN_MOVED_TO);
}

std::vector<std::string> Logs::present() const {
    if (!sources_.empty()) return sources_;
    std::vector<std::string> found;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.logs(), error)) {
        const std::filesystem::path& path = entry.path();
        if (path.extension() == ".log") found.push_back(path.stem());
    }
    std::sort(found.begin(), found.end());
    return found;
}

base::Result<std::vector<LogLine>> Logs::last(std::size_t count) {
    std::vector<LogLine> lines;
    for (const std::string& source : present()) {
        struct stat status{};
        if (stat(folder_.log_of(source).c_str(), &status) != 0) {
            return base::fail(base::Failure::not_found,
                              {.code = "CF0449",
                               .what = fmt::format("{} has no log", source),
                               .why = folder_.log_of(source),
                               .fix = "`crossfade instances` lists what runs"});
        }
        const auto size = static_cast<std::uint64_t>(status.st_size);
        Position& position = positions_[source];
        position.inode = status.st_ino;
        position.offset = size > kTailMax ? size - kTailMax : 0;
        std::vector<LogLine> own;
        collect(source, own);
        const std::size_t skipped = own.size() > count ? own.size() - count : 0;
        lines.insert(lines.end(), own.begin() + static_cast<std::ptrdiff_t>(skipped), own.end());
    }
    return lines;
}

void Logs::collect(const std::string& source, std::vector<LogLine>& lines) {
    const base::Fd log(open(folder_.log_of(source).c_str(), O_RDONLY | O_CLOEXEC));
    struct stat status{};
    if (!log || fstat(log.number(), &status) != 0) return;
    Position& position = positions_[source];
    if (static_cast<std::uint64_t>(status.st_size) < position.offset ||
        status.st_ino != position.inode) {
        position = Position{.offset = 0, .inode = status.st_ino, .partial = {}};
    }
    std::array<char, kChunk> chunk{};
    for (;;) {
        const ssize_t got =
            pread(log.number(), chunk.data(), chunk.size(), static_cast<off_t>(position.offset));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return;
        position.offset += static_cast<std::uint64_t>(got);
        std::string_view rest(chunk.data(), static_cast<std::size_t>(got));
        while (!rest.empty()) {
            const std::size_t end = rest.find('\n');
            position.partial += rest.substr(0, end);
            const bool is_whole = end != std::string_view::npos;
            if (is_whole || position.partial.size() >= kLineMax) {
                lines.push_back({source, std::move(position.partial)});
                position.partial.clear();
            }
            rest.remove_prefix(is_whole ? end + 1 : rest.size());
        }
    }
}

base::Result<std::vector<LogLine>> Logs::next(base::Clock& clock, base::Deadline deadline) {
    std::vector<LogLine> lines;
    for (;;) {
        for (const std::string& source : present()) collect(source, lines);
        if (!lines.empty()) return lines;
        pollfd watched{changes_.number(), POLLIN, 0};
        if (!wait_for(&watched, 1, clock, deadline)) return lines;
        std::array<char, 4096> events{};
        while (read(changes_.number(), events.data(), events.size()) > 0) {
        }
    }
}

}  // namespace local
