#pragma once
// What lies where in the state folder of one application on one machine.

#include "base/result.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace local {

/// Paths below `.crossfade/`. A value: nothing is created before `create`.
class Folder {
public:
    /// `root` is made absolute against the present working directory.
    explicit Folder(const std::filesystem::path& root);

    /// Makes the folders that are missing, readable by their owner alone. Repeating it is harmless.
    base::Result<void> create() const;

    const std::filesystem::path& root() const { return root_; }
    std::filesystem::path store() const { return root_ / "state.db"; }
    std::filesystem::path traffic() const { return root_ / "traffic.db"; }
    std::filesystem::path wish() const { return root_ / "wish.json"; }
    std::filesystem::path edge_config() const { return root_ / "edge.json"; }
    std::filesystem::path artifacts() const { return root_ / "artifacts"; }
    std::filesystem::path assets() const { return root_ / "assets"; }
    std::filesystem::path manifests() const { return root_ / "manifests"; }
    std::filesystem::path logs() const { return root_ / "logs"; }
    std::filesystem::path instances() const { return root_ / "instances"; }
    std::filesystem::path spool() const { return root_ / "spool"; }
    std::filesystem::path log_of(std::string_view name) const;

    /// Where agent and edge answer. UNIX socket paths end at 107 bytes, so a deep state folder
    /// has its sockets in a private folder below /tmp, named by the digest of `root`.
    std::filesystem::path agent_socket() const { return sockets_ / "agent.sock"; }
    std::filesystem::path edge_socket() const { return sockets_ / "edge.sock"; }

private:
    std::filesystem::path root_;
    std::filesystem::path sockets_;
};

}  // namespace local
