#pragma once
// `crossfade edge`: the data plane as a process.

#include "base/clock.h"
#include "base/result.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

namespace edge {

struct Options {
    std::filesystem::path admin_socket;       ///< `edge.sock`; at most 107 bytes.
    std::filesystem::path state_file;         ///< `edge.json`; read at start, where it exists.
    std::filesystem::path access_log;         ///< Empty: none is written.
    std::uint32_t workers = 0;                ///< 0: one a processor, at most 8.
    std::chrono::milliseconds grace{10'000};  ///< After SIGTERM, for what is in flight.
};

/// Serves until SIGTERM or SIGINT: then accepts no more, lets requests in flight end for `grace`,
/// asks WebSockets to leave, and returns. Success means that nothing had to be cut by force
/// of an error of ours. Fails when the admin socket or the state file cannot be used.
///
/// Blocks both signals in the calling thread and all that it starts: call it first in a process.
base::Result<void> serve(const Options& options, base::Clock& clock);

}  // namespace edge
