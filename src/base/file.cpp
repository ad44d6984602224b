#include "base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace base {

namespace fs = std::filesystem;

void Fd::reset() {
    if (number_ >= 0) close(number_);
    number_ = -1;
}

namespace {

Failure failure_of(int error_number) {
    switch (error_number) {
        case ENOENT:
        case ENOTDIR:
            return Failure::not_found;
        case ENOSPC:
        case EDQUOT:
        case EMFILE:
        case ENFILE:
        case EAGAIN:
        case ENOMEM:
        case EIO:
            return Failure::unavailable;
        default:
            return Failure::rejected;
    }
}

Result<void> write_all(const Fd& file, const fs::path& path, std::string_view content) {
    while (!content.empty()) {
        const ssize_t put = write(file.number(), content.data(), content.size());
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return fail(system_error("cannot write", path, errno));
        content.remove_prefix(static_cast<std::size_t>(put));
    }
    if (fsync(file.number()) != 0) return fail(system_error("cannot sync", path, errno));
    return {};
}

}  // namespace

Error system_error(std::string_view what, const fs::path& path, int error_number) {
    return Error{failure_of(error_number),
                 {.code = error_number == ENOSPC || error_number == EDQUOT ? "CF0006" : "CF0005",
                  .what = fmt::format("{} {}", what, path.string()),
                  .why = std::strerror(error_number),
                  .fix = error_number == ENOSPC || error_number == EDQUOT
                             ? "free some space on this disk, then repeat the command"
                             : ""}};
}

Result<std::string> read_file(const fs::path& path, Bytes limit) {
    const Fd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) return fail(system_error("cannot read", path, errno));
    std::string content;
    std::string chunk(64 * 1024, '\0');
    for (;;) {
        const ssize_t got = read(file.number(), chunk.data(), chunk.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail(system_error("cannot read", path, errno));
        if (got == 0) return content;
        content.append(chunk.data(), static_cast<std::size_t>(got));
        if (content.size() > limit.count) {
            return fail(Failure::rejected,
                        {.code = "CF0007",
                         .what = fmt::format("{} is too large", path.string()),
                         .why = fmt::format("at most {} bytes are read", limit.count)});
        }
    }
}

Result<void> write_file(const fs::path& path, std::string_view content, unsigned mode) {
    const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    const fs::path beside = folder / fmt::format(".{}.{}", path.filename().string(), getpid());
    {
        const Fd file(open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
        if (!file) return fail(system_error("cannot create", beside, errno));
        if (auto written = write_all(file, beside, content); !written) {
            unlink(beside.c_str());
            return written;
        }
    }
    if (rename(beside.c_str(), path.c_str()) != 0) {
        const int why = errno;
        unlink(beside.c_str());
        return fail(system_error("cannot replace", path, why));
    }
    const Fd directory(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory || fsync(directory.number()) != 0) {
        return fail(system_error("cannot sync", folder, errno));
    }
    return {};
}

}  // namespace base
