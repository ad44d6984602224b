#pragma once
// Which files a release's assets are: what is published, verified and kept.

#include "base/digest.h"
#include "base/result.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace local {

/// Names relative to the folder of assets, with `/`.
struct Manifest {
    std::map<std::string, base::Digest> files;
    /// Compressed copies that publishing adds: `app.js.gz` beside `app.js`.
    std::set<std::string> added;

    friend bool operator==(const Manifest&, const Manifest&) = default;
};

/// Of a folder's files. Rejects symbolic links and what is neither file nor folder: what they mean
/// where the folder is published cannot be told.
base::Result<Manifest> manifest_of(const std::filesystem::path& folder);

std::string to_json(const Manifest& manifest);
base::Result<Manifest> manifest_from(std::string_view json);

/// gzip of `content` with the same bytes every time, or nothing where it does not pay: names of
/// other than text, small files, less than a tenth saved.
std::string compressed(const std::string& name, std::string_view content);

}  // namespace local
