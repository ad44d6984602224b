// What `crossfade` is to a Machine, for its tests: `agent --state DIR`,
// `edge [--takeover] --state DIR`, and `renew --state DIR`, which makes both be of this build.

#include "base/build.h"
#include "base/clock.h"
#include "edge/serve.h"
#include "local/agent.h"
#include "local/folder.h"
#include "local/machine.h"

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string_view>

int main(int argc, char** argv) {
    if (argc < 4) return 2;
    base::SystemClock clock;
    const local::Folder folder(argv[argc - 1]);
    const std::filesystem::path program = folder.root().parent_path() / "program";
    const std::string_view role = argv[1];
    base::Result<void> ran;
    if (role == "renew") {
        ran = local::Machine(folder, program, clock)
                  .renew(clock.deadline_in(std::chrono::seconds(20)));
    } else if (role == "agent") {
        ran = local::run_agent(
            {.folder = folder,
             .edge_command = {program, "edge", "--takeover", "--state", folder.root()},
             .build = base::build_id(),
             .tick = std::chrono::milliseconds(50)},
            clock);
    } else {
        ran = edge::serve({.admin_socket = folder.edge_socket(),
                           .state_file = folder.edge_config(),
                           .access_log = {},
                           .workers = 1,
                           .takeover = std::string_view(argv[2]) == "--takeover"},
                          clock);
    }
    if (!ran) std::fprintf(stderr, "%s\n", ran.error().line().c_str());
    return ran ? 0 : 1;
}
