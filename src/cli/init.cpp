#include "cli/commands.h"
#include "cli/session.h"

#include "base/file.h"

#include <fmt/format.h>

#include <cctype>
#include <filesystem>

namespace cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTemplate =
    R"(# What Crossfade releases, and how. `crossfade validate` checks it, `crossfade schema` describes it.
application: {name}
version: 1.0.0
listen: 127.0.0.1:8080          # where users come in

artifact: ./build/{name}          # a program, or a folder with one in it
# assets: ./public              # static files, published before the instances that refer to them

service:
  # ${{artifact}} is where the artifact was put; each instance has an address and a port of its own.
  command: ["${{artifact}}/{name}", "--listen", "${{address}}:${{port}}"]
  instances: 2
  health:
    path: /                     # answers 2xx once an instance can serve
    interval: 1s
  boot_deadline: 60s            # from start to healthy; after it the release goes back
  stop_grace: 10s               # from SIGTERM to SIGKILL, after the drain

# Patch and minor versions go out as a canary, major ones blue-green, configuration rolling.
strategy:
  canary:
    - {{weight: 5%, hold: 1m}}
    - {{weight: 25%, hold: 1m}}
    - {{weight: 50%, hold: 1m}}
  bake: 1m                      # watched at 100 % while the old release still stands warm
  keep_warm: 1h                 # how long after that the way back is instant

guard:
  error_rate_max: 1%            # of the new release's own requests
  harm_max: 100                 # failed requests that a release may cost
)";

// A name as the spec takes it: small letters, digits and hyphens.
std::string name_from(const std::string& folder) {
    std::string out;
    for (const char c : folder) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0 && byte < 0x80) {
            out += static_cast<char>(std::tolower(byte));
        } else if (!out.empty() && out.back() != '-') {
            out += '-';
        }
    }
    while (!out.empty() && out.back() == '-') out.pop_back();
    return out.empty() || std::isdigit(static_cast<unsigned char>(out[0])) != 0 ? "app" : out;
}

}  // namespace

Ending init(Session& session, const InitOptions& options) {
    std::error_code error;
    const fs::path file = session.spec.empty() ? fs::path("crossfade.yaml") : session.spec;
    const fs::path folder = fs::absolute(file, error).lexically_normal().parent_path();
    if (fs::exists(file, error) && !options.overwrite) {
        return refuse(ExitCode::usage, {.code = "CF0712",
                                        .what = fmt::format("{} exists", file.string()),
                                        .fix = "edit it, or replace it by --overwrite"});
    }
    const std::string name =
        options.name.empty() ? name_from(folder.filename().string()) : options.name;
    const auto written =
        base::write_file(file, fmt::format(fmt::runtime(kTemplate), fmt::arg("name", name)), 0644);
    if (!written) return refuse(written.error());
    session.terminal.say(fmt::format("wrote {}", file.string()));
    session.terminal.say(
        "next: name your program and its health check, then `crossfade validate` and "
        "`crossfade up`");
    return ExitCode::done;
}

}  // namespace cli
