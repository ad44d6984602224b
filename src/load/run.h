#pragma once
// Plays a profile against a chat server and returns what its users felt.

#include "base/clock.h"
#include "base/result.h"
#include "load/outcome.h"
#include "load/profile.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace load {

/// How far a run is. Handed out at most five times a second, from the run's own thread.
struct Progress {
    enum class Stage { seeding, connecting, playing, settling };
    Stage stage = Stage::seeding;
    double elapsed_s = 0;  ///< of the stage
    double length_s = 0;   ///< 0: not known
    double requests_a_second = 0;
    double p99_ms = 0;  ///< of the last second
    std::uint64_t requests = 0;
    std::uint64_t failed = 0;
    std::uint64_t harmed = 0;
    std::uint32_t sockets = 0;
    std::uint32_t sockets_wanted = 0;
    std::uint64_t posted = 0;
    std::uint64_t delivered = 0;
    std::uint64_t outstanding = 0;  ///< expected by now, not seen
    std::uint64_t upload_bytes = 0;
    double downtime_ms = 0;
};

struct Options {
    std::string target;  ///< `http://127.0.0.1:8080`, without a path
    Profile profile;
    std::uint64_t seed = 1;      ///< of all chance in the run
    bool allow_remote = false;   ///< else a target outside 127.0.0.0/8 is refused (CF0603)
    bool until_stopped = false;  ///< goes on past the profile's duration until told to stop
    std::chrono::milliseconds lag_limit{250};  ///< schedule lag p99 above which the run is void
    std::chrono::milliseconds request_timeout{30'000};
    std::chrono::milliseconds late_after{5'000};
    std::chrono::milliseconds settle_limit{15'000};  ///< to wait at the end for what is outstanding
    std::vector<int> database_pids;                  ///< whose CPU is sampled, with their children
    std::string database_process;          ///< or all processes of this name, such as `postgres`
    std::vector<std::string> asset_paths;  ///< empty: found in the page at `/`
    std::function<void(const Progress&)> on_progress;
};

/// Seeds users and channels, opens the sockets, plays, settles, accounts. Blocks; `stop` ends the
/// playing early, and what was begun is still settled and accounted for (`stopped_early`).
///
/// Fails with `rejected` for options that cannot be played, and with `unavailable` when the server
/// cannot be seeded (CF0604). Once playing, nothing that the server does makes it fail.
base::Result<Outcome> run(const Options& options, base::Clock& clock, std::stop_token stop);

}  // namespace load
