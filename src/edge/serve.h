#pragma once
// `crossfade edge`: the data plane as a process.

#include "base/clock.h"
#include "base/result.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

namespace edge {

/// How the workers' short sends reach the kernel.
enum class SendBy : std::uint8_t {
    whichever,  ///< `ring` where the kernel allows it, else `calls`.
    calls,      ///< Each in a system call of its own.
    ring,       ///< Those of one turn of the loop together, through io_uring.
};

struct Options {
    std::filesystem::path admin_socket;  ///< `edge.sock`; at most 107 bytes.
    std::filesystem::path state_file;    ///< `edge.json`; read at start, where it exists.
    std::filesystem::path access_log;    ///< Empty: none is written.
    SendBy send_by = SendBy::whichever;
    std::uint32_t workers = 0;                ///< 0: one a processor, at most 8.
    std::chrono::milliseconds grace{10'000};  ///< After SIGTERM, for what is in flight.
    /// Takes everything over from the edge that has this admin socket; starts anew where none runs.
    bool takeover = false;
    /// After another edge has taken over: for what could not move. Then as after SIGTERM.
    std::chrono::milliseconds departure{300'000};
};

/// Serves until SIGTERM or SIGINT: then accepts no more, lets requests in flight end for `grace`,
/// asks WebSockets to leave, and returns. Success means that nothing had to be cut by force
/// of an error of ours. Fails when the admin socket or the state file cannot be used, and when a
/// takeover fails: the edge that was to be taken over goes on then. Also returns once another edge
/// has taken over and nothing is left here.
///
/// Blocks both signals in the calling thread and all that it starts: call it first in a process.
base::Result<void> serve(const Options& options, base::Clock& clock);

}  // namespace edge
