#pragma once
// What an instance runs when it boots, as text: it fetches its release from S3 by digest, checks
// it, unpacks it and keeps the service running. Pure.

#include "base/digest.h"
#include "base/result.h"
#include "release/pool.h"
#include "release/release.h"

#include <chrono>
#include <cstdint>
#include <string>

namespace aws {

/// Where and how instances of one application are started.
struct BootPlace {
    std::string application;
    std::string region;
    std::string bucket;
    std::string prefix;      ///< In the bucket, without a slash at either end.
    std::uint16_t port = 0;  ///< The target groups'.
    std::string user;        ///< Whom the service runs as; made where it is missing.
    std::chrono::seconds stop_grace{10};
};

/// Where the two halves of a release lie in the bucket; both names hold the content's digest.
std::string artifact_key(const BootPlace& place, const base::Digest& artifact);
std::string config_key(const BootPlace& place, const base::Digest& config);

/// The release's config as what an instance runs: a script of /bin/sh that sets the environment
/// and becomes the service. The same for every instance; what differs is in its environment.
/// Secrets are named, never in it (P11): `rejected` (CF0823) where one is an environment
/// variable, which no instance has.
base::Result<std::string> run_script(const release::Release& release, const BootPlace& place);

/// The user data of a release's launch template version. `rejected` (CF0824) where it is longer
/// than EC2 takes.
base::Result<std::string> boot_script(const release::Release& release, release::Pool pool,
                                      const base::Digest& config, const BootPlace& place);

/// `it's` as /bin/sh reads it back: `'it'\''s'`.
std::string shell_quoted(std::string_view text);

}  // namespace aws
