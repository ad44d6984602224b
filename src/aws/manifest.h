#pragma once
// What a release's assets are, as one object of the state bucket: what is published, verified and
// kept. Its name is the digest of the assets, so that releases with the same ones share it.

#include "base/digest.h"
#include "base/result.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace aws {

struct Asset {
    base::Digest digest;
    std::uint64_t bytes = 0;
    std::string e_tag;  ///< Of the object, as S3 said when it arrived; empty: not known yet.

    friend bool operator==(const Asset&, const Asset&) = default;
};

struct Manifest {
    std::map<std::string, Asset> files;  ///< By their names below the folder, with `/`.

    friend bool operator==(const Manifest&, const Manifest&) = default;
};

std::string to_json(const Manifest& manifest);
/// `rejected` (CF0837) where it is none of ours.
base::Result<Manifest> manifest_from(std::string_view json);

/// Some hundred thousand files.
inline constexpr std::uint64_t kManifestBytesMax = 32ULL * 1024 * 1024;

}  // namespace aws
