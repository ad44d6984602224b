// Opening what a request asks for, beneath its directory and nowhere else.

#include "edge/files/asset.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <utility>

namespace edge {

namespace {

/// Without openat2 (old kernels, some sandboxes): one segment after the other, no links at all.
base::Fd open_by_segments(int directory, std::string_view path) {
    base::Fd at;
    int from = directory;
    while (true) {
        const std::size_t slash = path.find('/');
        const std::string segment(path.substr(0, slash));
        const bool last = slash == std::string_view::npos;
        base::Fd next(
            ::openat(from, segment.c_str(),
                     O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | (last ? 0 : O_DIRECTORY)));
        if (!next || last) return next;
        at = std::move(next);
        from = at.number();
        path.remove_prefix(slash + 1);
    }
}

base::Fd open_beneath(int directory, const std::string& path) {
    open_how how{};
    how.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
    const long opened = ::syscall(SYS_openat2, directory, path.c_str(), &how, sizeof how);
    if (opened >= 0) return base::Fd(static_cast<int>(opened));
    if (errno != ENOSYS && errno != EPERM) return {};
    return open_by_segments(directory, path);
}

OpenedFile refused(int status, std::string text) {
    OpenedFile made;
    made.answer.status = status;
    made.answer.content_type = "text/plain; charset=utf-8";
    made.answer.content_length = text.size();
    made.answer.cache_control = "no-store";
    made.answer.parts = {{.text = std::move(text)}};
    return made;
}

struct Variant {
    std::string_view encoding;
    std::string_view ending;
};

}  // namespace

OpenedFile open_asset(const Assets& assets, const FileAsked& asked) {
    static constexpr std::array<Variant, 3> kVariants{{{"br", ".br"}, {"gzip", ".gz"}, {"", ""}}};
    const auto path = relative_path(assets, asked.path);
    if (!path) return refused(404, "404 There is no such file.\n");
    const base::Fd directory(::open(assets.directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!directory) return refused(404, "404 There is no such file.\n");
    for (const Variant& variant : kVariants) {
        if (!variant.encoding.empty() &&
            quality_of(asked.accept_encoding.value_or(""), variant.encoding) == 0) {
            continue;
        }
        OpenedFile made;
        made.file = open_beneath(directory.number(), *path + std::string(variant.ending));
        if (!made.file) continue;
        struct stat found{};
        if (::fstat(made.file.number(), &found) != 0 || !S_ISREG(found.st_mode)) continue;
        made.answer = answer_for(
            asked, {.name = *path,
                    .encoding = variant.encoding,
                    .bytes = static_cast<std::uint64_t>(found.st_size),
                    .changed_nanos = found.st_mtim.tv_sec * 1'000'000'000 + found.st_mtim.tv_nsec});
        return made;
    }
    return refused(404, "404 There is no such file.\n");
}

}  // namespace edge
