#include "cli/commands.h"
#include "cli/session.h"
#include "cli/workplace.h"

#include "base/file.h"
#include "release/starter.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

namespace cli {

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
    const auto startup = startup_in(folder);
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
        "next: name your program and its health check, then `crossfade validate` and `crossfade "
        "up`");
    return ExitCode::done;
}

}  // namespace cli
