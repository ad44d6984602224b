// Two of the processes that `up` starts: this very binary under another command.

#include "cli/commands.h"
#include "cli/site.h"

#include "base/build.h"
#include "edge/serve.h"
#include "local/agent.h"

namespace cli {

Ending agent_process(Session& session, const AgentOptions& options) {
    const auto site = find_site(session);
    if (!site) return refuse(ExitCode::usage, site.error().diagnostic);
    const std::string program = session.program.string();
    const std::string state = site->folder.root().string();
    const local::AgentSettings settings{
        .folder = site->folder,
        .edge_command = {program, "edge", "--takeover", "--state", state},
        .build = base::build_id(),
        .console_command = {program, "console", "--kept", "--state", state},
        .tail_command = {program, "resume", "--tail", "--state", state},
        .ready_fd = options.ready_fd};
    const auto ran = local::run_agent(settings, session.clock);
    if (!ran) return refuse(ran.error());
    return ExitCode::done;
}

Ending edge_process(Session& session, const EdgeOptions& options) {
    const auto site = find_site(session);
    if (!site) return refuse(ExitCode::usage, site.error().diagnostic);
    if (const auto made = site->folder.create(); !made) return refuse(made.error());
    const edge::Options wanted{
        .admin_socket = site->folder.edge_socket(),
        .state_file = site->folder.edge_config(),
        .access_log = options.access_log ? site->folder.log_of("access") : std::filesystem::path(),
        .send_by = options.io == "auto"    ? edge::SendBy::whichever
                   : options.io == "epoll" ? edge::SendBy::calls
                                           : edge::SendBy::ring,
        .workers = options.workers,
        .takeover = options.takeover};
    const auto served = edge::serve(wanted, session.clock);
    if (!served) return refuse(served.error());
    return ExitCode::done;
}

}  // namespace cli
