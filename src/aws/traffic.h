#pragma once
// engine::Traffic on an Application Load Balancer: one listener rule with two target groups.

#include "aws/client.h"
#include "aws/minutes.h"
#include "aws/rule.h"
#include "aws/value.h"
#include "base/clock.h"
#include "base/result.h"
#include "engine/traffic.h"
#include "release/pool.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace aws {

/// What an ALB does not know, and the application does.
struct SocketCount {
    std::uint32_t sockets_open = 0;
    std::uint32_t requests_in_flight = 0;
};
struct ApplicationSays {
    /// Of all instances of a pool. Without it each instance that the load balancer knows is taken
    /// to have one of each: never zero by ignorance (P8), so a drain takes its whole deadline.
    std::function<base::Result<SocketCount>(release::Pool, base::Deadline)> count;
    /// Tells instances to move their clients, at most so many a second. An ALB itself cannot:
    /// without it `move_sockets` is `rejected` (CF0816).
    std::function<base::Result<void>(const std::vector<std::string>&, std::uint32_t,
                                     const engine::Ticket&, base::Deadline)>
        move;
};

/// Both groups stay in the rule for good; a shift is one ModifyRule with both weights, and
/// whatever else the rule has is written back as it was read.
///
/// A rule has no compare-and-set. Its tags say what was written last, by which fence and step:
/// a lower fence is refused, a repeated step changes nothing, and where the rule is not as the
/// tags say, someone else changed it: `conflict` (CF0814) with what differs. The way back accepts
/// other weights, and only these. Two writers within one round trip of each other are kept apart
/// by the store's lease alone.
///
/// `observe` speaks of complete minutes after the last write: `unavailable` (CF0815) until there is
/// one, some two minutes later.
class Traffic final : public engine::Traffic {
public:
    struct Place {
        std::string rule;           ///< ARN; not of a listener's default rule.
        std::string load_balancer;  ///< ARN
        Groups groups;
        Period period = kMinute;  ///< Of CloudWatch's counts.
    };
    Traffic(Place place, Client& balancing, Client& monitoring, base::Clock& clock,
            ApplicationSays application);

    base::Result<engine::Split> read(base::Deadline deadline) override;
    base::Result<void> set(engine::Split wanted, const engine::Ticket& ticket,
                           base::Deadline deadline) override;
    base::Result<engine::TrafficView> observe(std::chrono::seconds window,
                                              base::Deadline deadline) override;
    base::Result<void> move_sockets(const std::vector<std::string>& instances,
                                    std::uint32_t sockets_a_second, const engine::Ticket& ticket,
                                    base::Deadline deadline) override;

private:
    using Tags = std::map<std::string, std::string>;
    struct Present;

    base::Result<Value> read_rule(const Terms& terms);
    base::Result<Tags> read_tags(const Terms& terms);
    base::Result<Present> look(const Terms& terms);
    base::Result<void> note(const Present& present, engine::Split wanted,
                            const engine::Ticket& ticket, const Terms& terms);
    base::Result<void> write(const Present& present, engine::Split wanted, const Terms& terms);
    base::Result<engine::PoolView> view_of(release::Pool pool, std::uint64_t requests,
                                           const Terms& terms);

    Place place_;
    Client* balancing_;
    Client* monitoring_;
    base::Clock* clock_;
    ApplicationSays application_;
};

}  // namespace aws
