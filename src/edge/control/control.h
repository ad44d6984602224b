#pragma once
// Who may change what, and when a change counts as done: stored, published, run by every worker.

#include "base/clock.h"
#include "base/result.h"
#include "edge/config.h"
#include "edge/target/drain.h"
#include "edge/target/health.h"
#include "edge/worker/snapshot.h"
#include "edge/worker/worker_shared.h"
#include "net/socket.h"

#include <nlohmann/json_fwd.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace edge {

/// What every write carries. Fence 0 is "outside a lease".
struct Permit {
    std::uint64_t fence = 0;
    std::string token;
};

struct NewTarget {
    std::string group;
    std::string id;
    std::string address;
    std::map<std::string, std::string> labels;
};

/// The deregistration delay of the group's config.
inline constexpr std::chrono::milliseconds kGroupsDelay{-1};

struct DrainOrder {
    std::string group;
    std::string id;
    std::chrono::milliseconds deadline = kGroupsDelay;
    std::uint32_t sockets_a_second = 0;
};

/// Among the listeners of an order: all that there are.
inline constexpr std::string_view kEveryListener = "*";

/// What is to be held, or let go.
struct HoldOrder {
    std::vector<std::string> groups;
    std::vector<std::string> listeners;
    std::chrono::milliseconds span{0};
};

/// A target as the control side knows it; workers see edge::Target.
struct TargetEntry {
    std::uint64_t uid = 0;
    std::string id;
    std::string address_text;
    net::Address address;
    std::map<std::string, std::string> labels;
    std::shared_ptr<TargetTally> tally;
    Health health;
    base::Instant since;      ///< Of the present state.
    bool into_empty = false;  ///< Registered when its group had nobody healthy.
    base::Tick slow_since{};  ///< Of its last slow start; none yet: 0.
    std::optional<Drain> drain;
    DrainOrder order;  ///< As given, for `edge.json`.
    std::uint64_t drain_version = 0;
    std::string drain_token;
    bool cut = false;
    std::optional<Pace> move;
    std::uint64_t move_count = 0;  ///< Sockets open when the move was ordered.
    std::string move_token;
    std::uint64_t leave_before = 0;
    std::uint64_t leaves_granted = 0;
};

struct GroupEntry {
    std::string name;
    std::uint32_t weight = 0;
    std::shared_ptr<GroupTally> tally;
    std::vector<TargetEntry> targets;
};

class Exposition;

/// What went to one release in one group, whichever targets came and went.
struct ReleaseFlow {
    std::string group;
    std::string release;
    std::shared_ptr<FlowTally> tally;
};

/// Holds the truth that snapshots are made from. Safe from any thread; writes block until every
/// worker runs them, at most `kAcknowledgement`.
class Control {
public:
    static constexpr std::chrono::seconds kAcknowledgement{10};

    struct Plane {
        std::shared_ptr<WorkerShared> shared;
        /// Gives a snapshot to every worker; must not block.
        std::function<void(std::shared_ptr<const Snapshot>)> publish;
        std::function<void()> ask_leaves;
        std::function<void(std::uint64_t nonce)> ping;
        /// A snapshot was published; must not block, nor call back.
        std::function<void()> published = [] {};
    };

    Control(std::filesystem::path state_file, base::Clock& clock, Plane plane);

    /// Reads the state file, where there is one; targets begin as `initial`. Listeners stay closed
    /// until `open_listeners`.
    base::Result<void> restore();
    base::Result<void> open_listeners();

    // Writes. Each gives the version that every worker runs; each fails with `conflict` under a
    // lower fence than the highest seen, and with `unavailable` when it cannot be stored.

    base::Result<std::uint64_t> put_config(const Permit& permit, const nlohmann::json& config);
    base::Result<std::uint64_t> put_weights(const Permit& permit, const nlohmann::json& weights);
    base::Result<std::uint64_t> put_target(const Permit& permit, const NewTarget& target);
    base::Result<std::uint64_t> drain_target(const Permit& permit, const DrainOrder& order);
    base::Result<std::uint64_t> forget_target(const Permit& permit, const std::string& group,
                                              const std::string& id);
    base::Result<std::uint64_t> move_sockets(const Permit& permit, const DrainOrder& order);

    /// New requests for these groups, or that come in there, wait instead of being forwarded: until
    /// `release_hold`, and `order.span` at the longest. Repeating a token does nothing more. May be
    /// asked for outside a lease, by a person. Not
    /// stored: an edge that starts holds nobody. `not_found` names what does not exist.
    base::Result<std::uint64_t> put_hold(const Permit& permit, const HoldOrder& order);
    /// Lets those go that `order` names; all where it names nothing.
    base::Result<std::uint64_t> release_hold(const Permit& permit, const HoldOrder& order);

    // Views.

    /// What is held, for how long still, and how many requests wait.
    nlohmann::json holds() const;
    base::Result<nlohmann::json> config() const;
    base::Result<nlohmann::json> weights() const;
    nlohmann::json groups() const;
    base::Result<nlohmann::json> target(const std::string& group, const std::string& id) const;
    nlohmann::json counts() const;
    base::Result<nlohmann::json> observe(std::uint64_t seconds) const;
    /// Asks every worker; `unavailable` if one does not answer within a second.
    base::Result<nlohmann::json> health();
    std::string metrics() const;

    // For a takeover: what one edge knows goes to the next (control_memory.cpp).

    /// Everything that the next edge has to know, listeners aside.
    nlohmann::json memory() const;
    /// What is in use here and was counted here, or by edges before: a part of `memory`.
    nlohmann::json left() const;
    /// In place of `restore`: goes on where another edge is. Its listeners stay closed until
    /// `listen`; drains wait for it until `before_ended`.
    base::Result<void> inherit(const nlohmann::json& memory,
                               std::vector<std::shared_ptr<const OpenListener>> listeners);
    /// Accepts or does not; listeners stay open either way. Every worker does so on return.
    base::Result<void> listen(bool listens);
    std::vector<std::shared_ptr<const OpenListener>> listeners() const;
    /// The next edge's state, for as long as something ends here. Gives the version of this
    /// edge's own that has it.
    base::Result<std::uint64_t> follow(const nlohmann::json& memory);
    bool every_worker_runs(std::uint64_t version) const;
    /// The next edge has died: this one is it again, with what is stored.
    base::Result<void> take_back();
    /// Nobody where the target is unknown.
    std::shared_ptr<TargetTally> tally_of(const std::string& group, const std::string& id) const;
    /// What the edge before has left, and which version of the state it runs.
    base::Result<void> before_told(const nlohmann::json& left, std::uint64_t followed);
    void before_ended();

    // For the keeper.

    struct Probing {
        std::uint64_t uid;
        net::Address address;
        std::string host;
        HealthCheck check;
        Protocol protocol = Protocol::http1;
    };
    /// Every target that is to be checked.
    std::vector<Probing> to_probe() const;
    void probed(std::uint64_t uid, Probe outcome);
    /// Lets drains and moves go on, takes notice of refused connections; publishes what changed.
    /// Gives the targets that should be probed at once, and whether another look is due soon.
    struct Advance {
        std::vector<std::uint64_t> probe_now;
        bool again_soon = false;
    };
    Advance advance();

    /// A worker runs another snapshot or answered a ping.
    void news();

private:
    struct State {
        std::optional<Config> config;
        std::vector<GroupEntry> groups;
        std::vector<std::shared_ptr<const OpenListener>> listeners;
        AllCredentials credentials;
        std::map<std::string, base::Tick> held_groups;
        std::map<std::string, base::Tick> held_listeners;
        std::string hold_token;
        std::uint64_t fence = 0;
        bool has_weights = false;
    };
    enum class Lease : std::uint8_t { needed, optional };

    base::Result<void> admit(const Permit& permit, Lease lease) const;
    static nlohmann::json json_of(const State& state);
    base::Result<void> store(const State& state) const;
    /// Null where nothing was stored.
    base::Result<nlohmann::json> stored() const;
    base::Result<void> read_seal();
    /// Of the state file, or of another edge's memory.
    base::Result<State> state_from(const nlohmann::json& json);
    nlohmann::json left_here() const;
    base::Result<void> take_left(const nlohmann::json& left);
    base::Result<std::vector<std::shared_ptr<const OpenListener>>> listeners_for(
        const Config& config) const;
    void take_config(State& state, Config config) const;
    std::uint64_t publish();
    base::Result<std::uint64_t> commit(std::unique_lock<std::mutex> lock, State state);
    base::Result<std::uint64_t> acknowledged(std::uint64_t version);
    std::uint64_t running() const;
    Use use_of(const TargetEntry& target) const;
    void expose_flows(Exposition& out) const;
    void turned_healthy(const GroupEntry& group, TargetEntry& target) const;
    std::shared_ptr<FlowTally> release_of(const std::string& group, const TargetEntry& target);
    /// Whether workers must be told.
    bool advance_target(TargetEntry& target, base::Tick now, Advance& result) const;
    bool is_used(const GroupEntry& group) const;
    /// Reads changed certificates anew; whether workers must be told.
    bool renew_credentials(base::Tick now);

    std::filesystem::path state_file_;
    base::Clock& clock_;
    Plane plane_;
    base::Instant epoch_;
    mutable std::mutex mutex_;
    State state_;
    bool listening_ = false;
    CredentialsWatch credentials_watch_;
    base::Tick credentials_seen_{};
    std::uint64_t reload_failures_ = 0;
    std::uint64_t version_ = 0;
    /// The version that the edge before runs, while it still ends.
    std::uint64_t before_runs_ = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t next_uid_ = 1;
    std::shared_ptr<const Seal> seal_;
    std::map<std::uint32_t, std::shared_ptr<FlowTally>> routes_;  ///< By the rule's priority.
    std::vector<ReleaseFlow> releases_;                           ///< The oldest first.
    mutable std::mutex news_mutex_;
    std::condition_variable news_;
    std::atomic<std::uint64_t> pings_{0};
};

/// Nullptr where there is none.
TargetEntry* find_target(std::vector<GroupEntry>& groups, const std::string& group,
                         const std::string& id);

}  // namespace edge
