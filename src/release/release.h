#pragma once
// A release: a version with the digests of all that it consists of.

#include "base/digest.h"
#include "base/result.h"
#include "release/version.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace release {

/// Where a secret's text is found when an instance starts; never the text itself (P11).
struct SecretSource {
    enum class Kind { environment, file };

    Kind kind = Kind::environment;
    std::string name;  ///< Of the variable of whoever starts the instance, or the file's path.

    friend bool operator==(const SecretSource&, const SecretSource&) = default;
};

/// How one instance is started. `${port}`, `${address}`, `${instance}`, `${pool}` and
/// `${artifact}` (the folder into which it was unpacked) are replaced in command and environment.
struct Process {
    std::vector<std::string> command;
    std::map<std::string, std::string> environment;
    /// Further variables, resolved by the provider at each start; no name is in both maps.
    std::map<std::string, SecretSource> secrets;

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

/// Same artifact, config and assets.
bool same(const Release& a, const Release& b);

/// Of the canonical JSON of the process: covers where secrets are found, not what they say.
base::Digest config_digest(const Process& process);

/// Canonical JSON and back, exactly, for journals and between processes.
std::string release_to_json(const Release& release);
base::Result<Release> release_from_json(std::string_view text);

}  // namespace release
