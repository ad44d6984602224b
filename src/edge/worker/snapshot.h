#pragma once
// All that a worker needs to decide about requests, made once and never changed.

#include "base/clock.h"
#include "base/file.h"
#include "edge/config.h"
#include "edge/report/tally.h"
#include "edge/secure/credentials.h"
#include "edge/target/sticky.h"
#include "net/socket.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace edge {

/// Whether a target may be given requests.
enum class Use {
    never,        ///< Has not passed a check yet, or is being drained.
    last_resort,  ///< Unhealthy: only when no weighted group has a healthy one.
    normal,
};

struct Target {
    std::uint64_t uid = 0;  ///< Never used twice, also when an id is.
    std::string id;
    net::Address address;
    std::string address_text;
    Use use = Use::never;
    bool draining = false;
    bool cut = false;  ///< The drain's deadline is over: what is left is cut.
    bool healthy = true;
    std::string release_name;
    std::uint64_t bond = 0;   ///< Its fingerprint in cookies.
    base::Tick slow_since{};  ///< Of its slow start, where that is not long ago.
    /// WebSockets opened before this version of the snapshot are asked to leave, as fast as
    /// the tally's allowance grows.
    std::uint64_t leave_before = 0;
    std::shared_ptr<TargetTally> tally;
    std::shared_ptr<FlowTally> release;  ///< Of all targets in the group with that label.
};

struct GroupTargets {
    std::string name;
    Balance balance = Balance::round_robin;
    Protocol protocol = Protocol::http1;
    Stickiness stickiness = {};
    milliseconds slow_start{0};
    base::Tick slow_until{};  ///< Some target starts slowly until then.
    std::uint64_t bond = 0;
    std::vector<Target> targets;
    bool has_normal = false;
    bool has_last_resort = false;
    base::Tick held_until{};  ///< Requests that chose the group wait until then.
    std::shared_ptr<GroupTally> tally;
};

/// Sockets that listen on one address, one a worker (SO_REUSEPORT); closed with the last
/// snapshot that names them.
struct OpenListener {
    std::string name;
    std::string asked;    ///< The address as the config has it.
    net::Address actual;  ///< With the port that the kernel chose.
    std::vector<base::Fd> sockets;
};

struct Snapshot {
    std::uint64_t version = 0;
    Config config;
    std::vector<std::shared_ptr<const OpenListener>> listeners;
    std::map<std::string, base::Tick> held_listeners;  ///< By name, as `held_until`.
    AllCredentials credentials;                        ///< Of the listeners with TLS.
    std::vector<GroupTargets> groups;                  ///< In the config's order.
    std::vector<std::uint32_t> weights;                ///< The stored ones, by group.
    /// By rule: the weights of its Forward by group; empty for other actions.
    std::vector<std::vector<std::uint32_t>> rule_weights;
    std::vector<std::uint8_t> rule_sticky;  ///< By rule: whether a request may say where to.
    std::vector<std::shared_ptr<FlowTally>> routes;  ///< By rule.
    std::shared_ptr<const Seal> seal;

    /// When the last pause ends by itself of a group that requests of the rule may choose.
    base::Tick held_until(std::size_t rule) const;
};

/// Fills what follows from the rest: `has_normal`, `has_last_resort`, bonds, `rule_weights`,
/// `rule_sticky`; opens groups whose healthy targets are too few (MinimumHealthy).
void complete(Snapshot& snapshot);

/// Where the rule that was met at `index` stands now; rules move when the config changes.
std::optional<std::size_t> rule_of(const Snapshot& snapshot, std::size_t index,
                                   std::uint32_t priority);

}  // namespace edge
