#pragma once
// A folder's digest and those of its files, from one reading.

#include "base/digest.h"
#include "base/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

namespace base {

/// A file of a folder, by its path below it.
struct DigestedFile {
    std::string name;
    Digest digest;
    std::uint64_t bytes = 0;
};

/// As `digest_of`, of a folder of plain files alone, which are told on the way. `unavailable` once
/// `stop` is requested; rejects symbolic links, too.
Result<Digest> digest_of_files(const std::filesystem::path& folder,
                               const std::function<void(DigestedFile)>& seen,
                               const std::stop_token& stop);

}  // namespace base
