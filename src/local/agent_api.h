#pragma once
// The agent's HTTP API on agent.sock; see docs/reference/agent-api.md.

#include "base/clock.h"
#include "base/result.h"
#include "local/machine.h"
#include "local/reconcile.h"
#include "local/record.h"
#include "local/wish.h"
#include "net/loop.h"
#include "net/server.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace local {

/// How the agent and its edge are.
struct Standing {
    base::Instant since;
    std::optional<Identity> edge;
    base::Instant edge_since;
    std::uint32_t edge_restarts = 0;
    std::string edge_last_end;
    bool edge_answers = false;
    bool edge_renews = false;  ///< It may yet be replaced by one of the agent's build.
    std::string build = {};    ///< The agent's.
    Course course = Course::keep;
};

/// What the API asks of the agent. Called on the loop's thread.
class AgentApi {
public:
    virtual ~AgentApi() = default;
    virtual base::Result<void> wish(const Change& change, const engine::Ticket& ticket) = 0;
    /// Has another edge of the agent's build take the place of one of another build.
    virtual void renew_edge() = 0;
    virtual base::Result<void> tail_at(std::optional<base::Instant> at) = 0;
    virtual void go_down(Leaving leaving) = 0;
    virtual const Wish& present_wish() const = 0;
    virtual const std::vector<Record>& records() const = 0;
    virtual Standing standing() const = 0;
};

class AgentServer {
public:
    AgentServer(net::Loop& loop, AgentApi& agent);

    base::Result<void> listen(const std::filesystem::path& socket);

private:
    void answer(const net::ExchangePtr& exchange, const std::string& body);

    AgentApi& agent_;
    net::Server server_;
};

}  // namespace local
