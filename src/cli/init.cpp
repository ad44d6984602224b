#include "cli/commands.h"
#include "cli/running.h"
#include "cli/session.h"
#include "cli/workplace.h"

#include "base/file.h"
#include "local/fetch.h"
#include "release/starter.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>

namespace cli {

namespace {

constexpr std::chrono::seconds kPatience{2};

/// Where the program says that it is well, of the paths that are usual for it.
std::optional<std::string> health_of(Session& session, std::uint16_t port) {
    for (const char* path : {"/healthz", "/health", "/up", "/ping", "/api/v4/system/ping", "/"}) {
        const local::Get get{.url = fmt::format("http://127.0.0.1:{}{}", port, path)};
        const auto got =
            local::fetch_text(get, session.clock, session.clock.deadline_in(kPatience));
        if (got && got->status >= 200 && got->status < 300) return path;
    }
    return {};
}

}  // namespace

Ending init(Session& session, const InitOptions& options) {
    namespace fs = std::filesystem;
    std::error_code error;
    const fs::path file = session.spec.empty() ? fs::path("crossfade.yaml") : session.spec;
    const fs::path folder = fs::absolute(file, error).lexically_normal().parent_path();
    if (fs::exists(file, error) && !options.overwrite) {
        return refuse(ExitCode::usage, {.code = "CF0712",
                                        .what = fmt::format("{} exists", file.string()),
                                        .fix = "edit it, or replace it by --overwrite"});
    }
    release::Starter starter{
        .application = options.name.empty() ? folder.filename().string() : options.name,
        .artifact = {},
        .command = {},
        .assets = {}};
    const auto running = running_in(folder);
    const auto startup = running ? std::optional(running->startup) : startup_in(folder);
    if (running) {
        starter.artifact = running->artifact.string();
        const auto path = health_of(session, running->port);
        if (path) starter.health = *path;
        if (!path) session.terminal.say("it answers at no usual path that it is well: name one");
    }
    if (startup) {
        starter.command = startup->command;
        if (startup->health.starts_with('/')) starter.health = startup->health;
        session.terminal.say(
            fmt::format("the command is the one of {}: look at it once", startup->file));
    }
    const auto written = base::write_file(file, release::starter_spec(starter), 0644);
    if (!written) return refuse(written.error());
    session.terminal.say(fmt::format("wrote {}", file.string()));
    session.terminal.say(
        running ? "next: look it over, `crossfade validate`, and in place of that process "
                  "`crossfade up`"
                : "next: name your program and its health check, then `crossfade validate` and "
                  "`crossfade up`");
    return ExitCode::done;
}

}  // namespace cli
