#include "edge/files/shelf.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
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

// The first that the client takes and that is there.
constexpr std::array<Variant, 3> kVariants{{{"br", ".br"}, {"gzip", ".gz"}, {"", ""}}};

bool takes(const FileAsked& asked, const Variant& variant) {
    return variant.encoding.empty() ||
           quality_of(asked.accept_encoding.value_or(""), variant.encoding) > 0;
}

std::string content_of(int descriptor, std::uint64_t bytes) {
    std::string content(bytes, '\0');
    const ssize_t got = ::pread(descriptor, content.data(), content.size(), 0);
    // One that is being written is sent as any other: what was promised, or not to its end.
    return got == static_cast<ssize_t>(bytes) ? content : std::string();
}

std::shared_ptr<const OpenFile> open_file(const Assets& assets, const FileAsked& asked) {
    const auto path = relative_path(assets, asked.path);
    if (!path) return nullptr;
    const base::Fd directory(::open(assets.directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!directory) return nullptr;
    for (const Variant& variant : kVariants) {
        if (!takes(asked, variant)) continue;
        base::Fd descriptor = open_beneath(directory.number(), *path + std::string(variant.ending));
        if (!descriptor) continue;
        struct stat found{};
        if (::fstat(descriptor.number(), &found) != 0 || !S_ISREG(found.st_mode)) continue;
        auto made = std::make_shared<OpenFile>();
        made->name = *path;
        made->encoding = variant.encoding;
        made->bytes = static_cast<std::uint64_t>(found.st_size);
        made->changed_nanos = found.st_mtim.tv_sec * 1'000'000'000 + found.st_mtim.tv_nsec;
        if (made->bytes <= Shelf::kSmall) {
            made->content = content_of(descriptor.number(), made->bytes);
        }
        made->descriptor = std::move(descriptor);
        return made;
    }
    return nullptr;
}

}  // namespace

std::string_view body_at_hand(const OpenedFile& opened) {
    if (opened.answer.parts.size() != 1) return {};
    const FilePart& part = opened.answer.parts.front();
    if (!opened.file) return part.text;
    if (!part.text.empty() || opened.file->content.size() != opened.file->bytes) return {};
    return std::string_view(opened.file->content).substr(part.offset, part.bytes);
}

OpenedFile Shelf::open(const Assets& assets, const FileAsked& asked, base::Tick now) {
    std::shared_ptr<const OpenFile> file = file_for(assets, asked, now);
    if (!file) return refused(404, "404 There is no such file.\n");
    OpenedFile made;
    made.answer = answer_for(asked, {.name = file->name,
                                     .encoding = file->encoding,
                                     .bytes = file->bytes,
                                     .changed_nanos = file->changed_nanos});
    made.file = std::move(file);
    return made;
}

std::shared_ptr<const OpenFile> Shelf::file_for(const Assets& assets, const FileAsked& asked,
                                                base::Tick now) {
    key_.assign(takes(asked, kVariants[0]) ? "b" : "-");
    key_ += takes(asked, kVariants[1]) ? 'g' : '-';
    key_.append(assets.directory).append(1, '\0').append(assets.strip_prefix).append(1, '\0');
    key_.append(asked.path);
    const auto at = files_.find(key_);
    if (at != files_.end() && now - at->second.looked < kFresh) {
        at->second.used = now;
        return at->second.file;
    }
    std::shared_ptr<const OpenFile> file = open_file(assets, asked);
    if (file) {
        put(file, now);
    } else if (at != files_.end()) {
        files_.erase(at);
    }
    return file;
}

void Shelf::put(std::shared_ptr<const OpenFile> file, base::Tick now) {
    if (files_.size() >= kFilesMax && !files_.contains(key_)) {
        files_.erase(std::min_element(
            files_.begin(), files_.end(),
            [](const auto& a, const auto& b) { return a.second.used < b.second.used; }));
    }
    files_.insert_or_assign(key_, Place{.file = std::move(file), .looked = now, .used = now});
}

}  // namespace edge
