#include "local/log_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace local {

namespace {

constexpr std::size_t kTailBytes = 4096;
constexpr std::size_t kLineMax = 200;

}  // namespace

base::Result<base::Fd> open_log(const std::filesystem::path& path) {
    base::Fd log(open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600));
    if (!log) return base::fail(base::system_error("cannot open", path, errno));
    return log;
}

base::Result<void> rotate_log(const std::filesystem::path& path, std::uint64_t bytes_max) {
    struct stat status{};
    if (stat(path.c_str(), &status) != 0) return {};
    if (static_cast<std::uint64_t>(status.st_size) <= bytes_max) return {};
    const std::filesystem::path older = path.native() + ".1";
    const base::Fd from(open(path.c_str(), O_RDWR | O_CLOEXEC));
    const base::Fd to(open(older.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!from) return base::fail(base::system_error("cannot open", path, errno));
    if (!to) return base::fail(base::system_error("cannot create", older, errno));
    constexpr std::size_t kChunk = 1U << 24U;
    ssize_t copied = 0;
    do {
        copied = copy_file_range(from.number(), nullptr, to.number(), nullptr, kChunk, 0);
    } while (copied > 0);
    // A full disk must not stop the emptying: it is what frees it.
    if (ftruncate(from.number(), 0) != 0) {
        return base::fail(base::system_error("cannot empty", path, errno));
    }
    return {};
}

void forget_old_logs(const std::filesystem::path& folder, const std::set<std::string>& present,
                     std::size_t count) {
    std::vector<std::pair<std::filesystem::file_time_type, std::filesystem::path>> old;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        const std::filesystem::path& path = entry.path();
        if (path.extension() != ".log" || present.contains(path.stem())) continue;
        old.emplace_back(entry.last_write_time(error), path);
    }
    std::sort(old.rbegin(), old.rend());
    for (std::size_t i = count; i < old.size(); ++i) {
        std::filesystem::remove(old[i].second, error);
        std::filesystem::remove(old[i].second.native() + ".1", error);
    }
}

std::string last_line(const std::filesystem::path& path) {
    const base::Fd log(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!log) return "";
    const off_t size = lseek(log.number(), 0, SEEK_END);
    std::string tail(kTailBytes, '\0');
    const ssize_t got = pread(log.number(), tail.data(), tail.size(),
                              std::max<off_t>(0, size - static_cast<off_t>(tail.size())));
    if (got <= 0) return "";
    tail.resize(static_cast<std::size_t>(got));
    const std::size_t end = tail.find_last_not_of("\r\n \t");
    if (end == std::string::npos) return "";
    tail.resize(end + 1);
    const std::size_t begin = tail.find_last_of('\n');
    return tail.substr(begin == std::string::npos ? 0 : begin + 1).substr(0, kLineMax);
}

}  // namespace local
