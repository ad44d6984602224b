#pragma once
// What the program is told on its command line.

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/result.h"
#include "base/secret.h"

namespace chat {

/// What a bad version does wrong. `--fault error-rate=0.2,latency=300ms,crash-on-boot,…`
struct Faults {
    double error_rate = 0;  ///< Share of API calls answered with 500; never health.
    /// Added to each answer of the API but health: as long as the first, or evenly between both.
    std::chrono::milliseconds latency{0};
    std::chrono::milliseconds latency_max{0};
    bool crash_on_boot = false;
    std::optional<std::chrono::milliseconds> crash_after;
    std::uint64_t leak_bytes_a_second = 0;
    bool refuse_websockets = false;
    double drops_a_second = 0;                ///< Of each WebSocket: it is cut without a word.
    std::chrono::milliseconds slow_start{0};  ///< Before it listens.
};

base::Result<Faults> faults_from(std::string_view text);

struct Options {
    enum class Grace {
        drain,       ///< Finish requests, ask sockets to leave with 1012, then end.
        one_second,  ///< As Mattermost: close the listener, one second, cut everything.
    };
    std::string listen = "127.0.0.1:8065";
    std::string version = "1.0.0";
    base::Secret database;
    std::string files = "files";
    std::string assets;  ///< Empty: no page.
    std::string instance;
    std::string motd;
    bool bus = true;
    Grace grace = Grace::drain;
    Faults faults;
};

/// `environment_database` stands in where the arguments name no database.
base::Result<Options> options_from(std::span<const char* const> arguments,
                                   const char* environment_database);

inline constexpr std::string_view kUsage =
    R"(usage: crossfade-chat [OPTION VALUE]...

  --listen ADDRESS:PORT   where to listen (127.0.0.1:8065)
  --version VERSION       what X-Version-Id and the page say (1.0.0)
  --database FILE|URL     a SQLite file, or postgres://… (DATABASE_URL, else chat.db)
  --files FOLDER          where attachments are kept (files)
  --assets FOLDER         the page, as examples/chat/package makes it (none)
  --instance NAME         what X-Instance says (the address)
  --bus on|off            whether events of other instances reach sockets here (on)
  --grace drain|1s        what SIGTERM does (drain)
  --motd TEXT             a line that the page shows
  --fault LIST            error-rate=0.2,latency=300ms,latency=20ms..60ms,crash-on-boot,
                          crash-after=60s,leak=1MB/s,refuse-websockets,
                          drop-websockets=0.1/s,slow-start=5s
)";

}  // namespace chat
