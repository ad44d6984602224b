#pragma once
// What the room's tests share: a folder of their own that is gone afterwards.

#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <string>

namespace local {

/// A new folder below /tmp; removed with all that is in it.
struct TemporaryFolder {
    TemporaryFolder() {
        std::string name = "/tmp/crossfade-local-XXXXXX";
        path = mkdtemp(name.data());
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    std::filesystem::path path;
};

/// No file of this process grows beyond `bytes`; writes fail instead of killing it.
inline void limit_file_size(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{bytes, bytes};
    setrlimit(RLIMIT_FSIZE, &limit);
}

}  // namespace local
