#pragma once
// Artifacts, unpacked once into folders that are named by their digest.

#include "base/clock.h"
#include "base/digest.h"
#include "base/result.h"

#include <filesystem>
#include <set>
#include <string>

namespace local {

/// A folder of folders: `<digest>/` is whole and verified, because it got its name last.
/// Several processes may use it at once.
class Artifacts {
public:
    explicit Artifacts(std::filesystem::path root) : root_(std::move(root)) {}

    /// Where the artifact of that digest lies once prepared.
    std::filesystem::path folder_of(const base::Digest& digest) const;

    /// Brings `source` there: a folder is copied, a .tar, .tar.gz, .tgz or .tar.zst unpacked, any
    /// other file copied under its own name; executable bits stay. A path or an http(s) URL.
    /// Returns at once when it is there already. Fails with `not_found` when the source is nowhere,
    /// `rejected` when its digest is another or it cannot be unpacked, `unavailable` when the disk
    /// is full; nothing half done is left.
    base::Result<void> prepare(const std::string& source, const base::Digest& digest,
                               base::Clock& clock, base::Deadline deadline) const;

    /// Removes all but `kept`, and what processes that died left half done.
    base::Result<void> retain(const std::set<base::Digest>& kept) const;

private:
    std::filesystem::path root_;
};

}  // namespace local
