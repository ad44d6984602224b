#pragma once
// A release: a version with the digests of all that it consists of.

#include "base/digest.h"
#include "release/version.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace release {

/// How one instance is started. `${port}`, `${address}`, `${instance}`, `${pool}` and
/// `${artifact}` (the folder into which it was unpacked) are replaced in command and environment.
struct Process {
    std::vector<std::string> command;
    std::map<std::string, std::string> environment;

    friend bool operator==(const Process&, const Process&) = default;
};

/// Two releases with the same three digests are the same release, whatever they are called.
struct Release {
    std::string id;  ///< `r1`, `r2` … in the order in which they were planned.
    Version version;
    base::Digest artifact;
    base::Digest config;          ///< Of the process, as canonical JSON.
    base::Digest assets;          ///< Of the asset folder; all zero where there is none.
    std::string artifact_source;  ///< Where the artifact is fetched from: a path or URL.
    std::string assets_source;    ///< Likewise; empty where there are none.
    Process process;

    friend bool operator==(const Release&, const Release&) = default;
};

}  // namespace release
