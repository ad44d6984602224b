#pragma once
// A folder of assets, read once in the background: the digest of all, and those of its files.

#include "aws/manifest.h"
#include "base/digest.h"
#include "base/result.h"

#include <chrono>
#include <filesystem>
#include <future>
#include <map>
#include <memory>
#include <stop_token>
#include <string>

namespace aws {

struct Scanned {
    base::Digest folder;
    Manifest manifest;
    /// When each was last written, as of the moment it was read.
    std::map<std::string, std::filesystem::file_time_type> written;
};

/// Reading may take longer than one call of a port: who waits in vain asks again. Used by one
/// thread; reading ends with the object.
class Scan {
public:
    explicit Scan(std::filesystem::path folder);
    ~Scan();
    Scan(const Scan&) = delete;
    Scan& operator=(const Scan&) = delete;

    const std::filesystem::path& folder() const { return folder_; }

    /// What was found; it lives as long as this. `unavailable` (CF0836) while it is being read.
    /// `rejected` where something is no plain file (CF0004), or has a name that no object can
    /// have (CF0835).
    base::Result<const Scanned*> wait(std::chrono::nanoseconds patience);

private:
    std::filesystem::path folder_;
    std::stop_source stop_;
    std::shared_future<base::Result<Scanned>> found_;
};

}  // namespace aws
