#pragma once
// What an instance is started with: its address, its command with everything filled in, its
// secrets.

#include "base/result.h"
#include "base/secret.h"
#include "local/process.h"
#include "local/record.h"
#include "release/release.h"

#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace local {

/// A loopback address and a port that nobody uses: 127.64.0.0/10, told by `root` so that two state
/// folders do not meet, and one address an instance. Ports lie below the kernel's own choices
/// and are free on all addresses, for programs that listen on them all.
/// Fails with `unavailable` when none is found.
base::Result<std::string> free_address(const std::filesystem::path& root, std::uint64_t number,
                                       const std::set<std::string>& taken);

/// How to run `process` as the instance of `record`: placeholders filled in, a minimal
/// environment, secrets looked up now. `output` is left to the caller.
/// Fails with `rejected` when a secret is not to be had; the error names where it was looked for.
base::Result<Launch> launch_of(const release::Process& process, const Record& record,
                               const std::filesystem::path& artifact,
                               const std::filesystem::path& working_folder);

/// What `source` stands for; relative files start at `folder`. The error names `name` and where it
/// was looked for, never what is there.
base::Result<base::Secret> secret_from(const std::string& name, const release::SecretSource& source,
                                       const std::filesystem::path& folder);

/// The secrets of a process as far as they are to be had, longest first.
std::vector<base::Secret> secrets_of(const release::Process& process,
                                     const std::filesystem::path& working_folder);

/// `text` with each secret replaced by `***` (P11).
std::string scrubbed(std::string text, const std::vector<base::Secret>& secrets);

}  // namespace local
