#pragma once
// A published file as a user gets it: asked for at the address of the site, unsigned.

#include "aws/client.h"
#include "aws/manifest.h"
#include "base/clock.h"
#include "base/result.h"

#include <string>

namespace aws {

struct Site {
    std::string url;   ///< `https://chat.example.com`
    std::string path;  ///< `/static/`
};

/// Short files are fetched and digested. Of long ones S3 is asked for the digest that they were put
/// with, which caches pass on; where one does not, they are fetched up to 16 MB, and above that
/// held to size and ETag. `unavailable` (CF0832) while it is not this file that is served.
base::Result<void> visit(Transport& transport, const Site& site, const std::string& name,
                         const Asset& asset, base::Deadline deadline);

/// Of an answer: what `visit` fetches at most.
inline constexpr std::uint64_t kVisitBytesMax = 16ULL * 1024 * 1024;

}  // namespace aws
