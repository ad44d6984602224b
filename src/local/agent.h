#pragma once
// The process that holds the wish per pool and makes it so: starts, watches, drains and stops
// instances, and keeps the edge running. `crossfade agent` is this and nothing else.

#include "base/clock.h"
#include "base/result.h"
#include "local/folder.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace local {

struct AgentSettings {
    Folder folder;
    /// Run as the edge, with standard output and error to logs/edge.log; empty: no edge is
    /// started, whoever answers on its socket is it.
    std::vector<std::string> edge_command;
    /// The build that `edge_command` runs: an edge of another is replaced once, at the agent's
    /// start, without closing anything. Empty: whatever runs is right.
    std::string build;
    /// Kept running like the edge, with output to logs/console.log; it ends by itself with the
    /// agent, and so is always of its build. Empty: none.
    std::vector<std::string> console_command = {};
    /// Run when a tail is due, with output to logs/agent.log; empty: tails are ignored.
    std::vector<std::string> tail_command;
    std::uint64_t log_bytes_max = 16 * 1024 * 1024;  ///< Per log; one older file is kept.
    /// The traffic log has a tick of this length.
    std::chrono::milliseconds tick{10'000};
    /// A descriptor that is closed when agent and edge answer; -1: none. The one who started
    /// us waits for it.
    int ready_fd = -1;
};

/// Runs until it is told to stop (API, SIGTERM, SIGINT). Instances and edge keep running after a
/// signal; `down` over the API takes them along. Fails with `conflict` when another agent has the
/// folder. Blocks SIGTERM, SIGINT and SIGCHLD of the calling thread: call it from a main function.
base::Result<void> run_agent(const AgentSettings& settings, base::Clock& clock);

}  // namespace local
