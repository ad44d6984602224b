// What `crossfade` is to a Machine, for its tests: `agent --state DIR` and `edge --state DIR`.

#include "base/clock.h"
#include "edge/serve.h"
#include "local/agent.h"
#include "local/folder.h"

#include <cstdio>
#include <filesystem>
#include <string_view>

int main(int argc, char** argv) {
    if (argc != 4) return 2;
    base::SystemClock clock;
    const local::Folder folder(argv[3]);
    const std::filesystem::path program = folder.root().parent_path() / "program";
    const auto ran =
        std::string_view(argv[1]) == "agent"
            ? local::run_agent({.folder = folder,
                                .edge_command = {program, "edge", "--state", folder.root()},
                                .tick = std::chrono::milliseconds(50)},
                               clock)
            : edge::serve({.admin_socket = folder.edge_socket(),
                           .state_file = folder.edge_config(),
                           .access_log = {},
                           .workers = 1},
                          clock);
    if (!ran) std::fprintf(stderr, "%s\n", ran.error().line().c_str());
    return ran ? 0 : 1;
}
