#pragma once
// What the room's tests share: a folder of their own that is gone afterwards.

#include "base/clock.h"
#include "base/file.h"
#include "base/result.h"

#include <sys/resource.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
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

/// The machine's clock: these tests drive real processes and files.
inline base::Clock& real_clock() {
    static base::SystemClock system;
    return system;
}

/// A deadline that only a broken program meets.
inline base::Deadline soon(base::Clock& clock) {
    return clock.deadline_in(std::chrono::seconds(20));
}

/// Looks until `condition` holds; false when it does not within the deadline.
template <typename Condition>
bool eventually(base::Clock& clock, Condition condition) {
    const base::Deadline deadline = soon(clock);
    while (clock.tick() < deadline.at) {
        if (condition()) return true;
        clock.wait_until(clock.tick() + std::chrono::milliseconds(2), {});
    }
    return condition();
}

inline std::string content_of(const std::filesystem::path& path) {
    return base::read_file(path, base::Bytes{64 * 1024 * 1024}).value_or("");
}

/// Writes a file, and the folders above it.
inline void put(const std::filesystem::path& path, const std::string& content) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << content;
}

}  // namespace local
