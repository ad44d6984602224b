#include "local/folder.h"

#include "base/digest.h"
#include "base/file.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>

namespace local {

namespace {

constexpr std::size_t kSocketPathMax = sizeof(sockaddr_un::sun_path) - 1;

std::filesystem::path sockets_for(const std::filesystem::path& root) {
    if ((root / "agent.sock").native().size() <= kSocketPathMax) return root;
    const std::string name = base::sha256(root.native()).hex().substr(0, 24);
    return std::filesystem::path("/tmp") / fmt::format("crossfade-{}-{}", geteuid(), name);
}

/// Makes one folder for its owner alone; one that is there must be the owner's, because below
/// /tmp anybody could have been first.
base::Result<void> make_private(const std::filesystem::path& path) {
    if (mkdir(path.c_str(), 0700) == 0) return {};
    if (errno != EEXIST) return base::fail(base::system_error("cannot make folder", path, errno));
    struct stat status{};
    if (lstat(path.c_str(), &status) != 0) {
        return base::fail(base::system_error("cannot look at folder", path, errno));
    }
    if (!S_ISDIR(status.st_mode) || status.st_uid != geteuid()) {
        return base::fail(base::Failure::rejected,
                          {.code = "CF0401",
                           .what = fmt::format("{} is no folder of this user", path.native()),
                           .fix = "remove it, or choose another state folder with --state"});
    }
    return {};
}

}  // namespace

Folder::Folder(const std::filesystem::path& root)
    : root_(std::filesystem::absolute(root).lexically_normal()) {
    if (!root_.has_filename()) root_ = root_.parent_path();
    sockets_ = sockets_for(root_);
}

base::Result<void> Folder::create() const {
    std::error_code error;
    std::filesystem::create_directories(root_.parent_path(), error);
    if (error) {
        return base::fail(
            base::system_error("cannot make folder", root_.parent_path(), error.value()));
    }
    for (const auto& path :
         {root_, sockets_, artifacts(), assets(), manifests(), logs(), instances(), spool()}) {
        if (auto made = make_private(path); !made) return made;
    }
    return {};
}

std::filesystem::path Folder::log_of(std::string_view name) const {
    return logs() / fmt::format("{}.log", name);
}

}  // namespace local
