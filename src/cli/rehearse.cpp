#include "cli/commands.h"
#include "cli/site.h"

#include "release/spec.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

namespace cli {
namespace {

namespace fs = std::filesystem;

bool has_awsbox(const fs::path& folder) {
    std::error_code error;
    return fs::exists(folder / "tests/awsbox/rehearse.py", error);
}

// Where `tests/awsbox` is: named, beside an installed binary, or in the repository that it was
// built in.
fs::path home_of_awsbox(const fs::path& program) {
    if (const char* named = std::getenv("CROSSFADE_AWSBOX"); named != nullptr && *named != '\0')
        return has_awsbox(named) ? fs::path(named) : fs::path();
    const fs::path shared = program.parent_path().parent_path() / "share/crossfade";
    if (has_awsbox(shared)) return shared;
    for (fs::path folder = program.parent_path(); folder.has_relative_path();
         folder = folder.parent_path()) {
        if (has_awsbox(folder)) return folder;
    }
    return {};
}

base::Diagnostic no_awsbox() {
    return {
        .code = "CF0758",
        .what = "the stand-in for AWS is not on this machine",
        .why =
            "it is part of Crossfade's repository (tests/awsbox, in Python), and a binary alone "
            "does not have it",
        .fix =
            "check the repository out, run `./x setup test` in it, and name it: "
            "CROSSFADE_AWSBOX=FOLDER crossfade rehearse"};
}

}  // namespace

Ending rehearse(Session& session, const RehearseOptions& options) {
    const auto site = find_site(session);
    if (!site) return refuse(ExitCode::usage, site.error().diagnostic);
    const auto spec = read_spec(*site);
    if (!spec) return tl::unexpected(spec.error());
    if (spec->spec.provider != release::Provider::aws) {
        return refuse(
            ExitCode::usage,
            {.code = "CF0757",
             .what = "there is nothing to rehearse: the spec's provider is not aws",
             .fix = "`crossfade up` and `crossfade deploy` try it on this machine as it is"});
    }
    const fs::path home = home_of_awsbox(session.program);
    if (home.empty()) return refuse(ExitCode::error, no_awsbox());
    std::vector<std::string> words{"python3",
                                   "-m",
                                   "tests.awsbox.rehearse",
                                   "--spec",
                                   fs::absolute(site->spec).string(),
                                   "--crossfade",
                                   session.program.string(),
                                   "--requests",
                                   std::to_string(options.requests),
                                   "--speed",
                                   std::to_string(options.speed)};
    if (!options.path.empty()) words.insert(words.end(), {"--path", options.path});
    if (session.json()) words.emplace_back("--json");
    std::error_code error;
    fs::current_path(home, error);
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    // It takes this process's place: signals and the exit code are its own.
    if (!error) execvp(arguments.front(), arguments.data());
    return refuse(ExitCode::error, {.code = "CF0758",
                                    .what = "the stand-in for AWS cannot be started",
                                    .why = std::strerror(error ? error.value() : errno),
                                    .fix = "install Python 3.11 or later as `python3`"});
}

}  // namespace cli
