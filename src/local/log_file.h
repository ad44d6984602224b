#pragma once
// The file behind a process's standard output and error.

#include "base/file.h"
#include "base/result.h"

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>

namespace local {

/// Opened for appending by whoever holds it: several writers, also after their agent has gone.
base::Result<base::Fd> open_log(const std::filesystem::path& path);

/// When `path` is larger than `bytes_max`, copies it to `path`.1 and empties it, under the hands of
/// its writers. Lines written between the copy's end and the emptying, some microseconds, are lost.
base::Result<void> rotate_log(const std::filesystem::path& path, std::uint64_t bytes_max);

/// Removes logs in `folder` of whom `present` does not name, apart from the `count` latest.
void forget_old_logs(const std::filesystem::path& folder, const std::set<std::string>& present,
                     std::size_t count);

/// The last line that is not empty, at most 200 characters of it; empty when there is none.
std::string last_line(const std::filesystem::path& path);

}  // namespace local
