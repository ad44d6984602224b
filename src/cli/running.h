#pragma once
// An application that runs on this machine already, for `crossfade init`.

#include "cli/workplace.h"

#include <cstdint>
#include <filesystem>
#include <optional>

namespace cli {

/// A program that listens, and where.
struct Running {
    Startup startup;
    std::filesystem::path artifact;  ///< Its executable or script, relative to the folder.
    std::uint16_t port = 0;
};

/// The one program run from `folder` that listens on TCP: its executable, or a script that is a
/// word of its command, lies there. None where none or several do, where this user may not look,
/// and where the command does not name the port. Reads /proc (proc(5)).
std::optional<Running> running_in(const std::filesystem::path& folder);

}  // namespace cli
