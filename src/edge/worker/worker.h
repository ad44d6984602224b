#pragma once
// One thread of the data plane: its listeners, connections, pools and tunnels. Nothing of it is
// shared but counters; connections never migrate.

#include "base/clock.h"
#include "base/random.h"
#include "edge/files/shelf.h"
#include "edge/http/text.h"
#include "edge/report/access_log.h"
#include "edge/socket/turns.h"
#include "edge/target/balance.h"
#include "edge/worker/snapshot.h"
#include "edge/worker/worker_shared.h"
#include "net/bundle.h"
#include "net/channel.h"
#include "net/http1.h"
#include "net/http1_text.h"
#include "net/loop.h"
#include "net/pipe.h"
#include "net/tls/context.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

namespace edge {

class Client;
class Upstream;
class Tunnel;
class Door;
class TargetConnection;
class Newcomer;
class Http2Connection;
struct Arrival;

namespace takeover {
class Removal;
struct Departure;
struct Given;
}  // namespace takeover

/// One worker's view of a target: its pool, and the counts that it alone writes. Lives as long as
/// anything of the worker uses it.
struct LocalTarget {
    Target target;
    std::string group;
    TargetSlot* slot = nullptr;
    GroupSlot* group_slot = nullptr;
    std::shared_ptr<GroupTally> group_tally;
    FlowSlot* release_slot = nullptr;
    std::vector<Upstream*> idle;  ///< The last one used is the first to be used again.
    std::vector<TargetConnection*> connections;  ///< Of HTTP/2.
    Protocol protocol = Protocol::http1;
    std::uint32_t users = 0;  ///< Exchanges, connections and tunnels that point here.
    bool listed = true;       ///< Stands in the present snapshot.

    bool http2() const { return protocol != Protocol::http1; }
    bool takes_back() const { return listed && !target.draining; }
};

/// What a worker's connections to one TLS listener begin with, and what it was made of.
struct SecureListener {
    Tls tls;
    bool http2 = false;
    std::shared_ptr<const Credentials> credentials;
    std::shared_ptr<net::tls::Context> context;
};

class Worker {
public:
    static constexpr std::size_t kScratchBytes = 64 * 1024;

    Worker(std::size_t index, base::Clock& clock, std::uint64_t seed, LogSink log,
           std::shared_ptr<WorkerShared> shared);
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    // From any thread.

    /// Before `start`.
    using OpenBundle = std::function<std::unique_ptr<net::Bundle>()>;
    /// Its thread opens what it sends through; none: each send is a call of its own.
    void send_through(OpenBundle open) { open_bundle_ = std::move(open); }
    void start();
    /// Runs the snapshot soon, between two batches; `WorkerSlot::running` then has its version.
    void adopt(std::shared_ptr<const Snapshot> snapshot);
    /// The allowance of sockets to leave has grown.
    void ask_leaves();
    /// `WorkerSlot::heard` has `nonce` soon, unless the worker hangs.
    void ping(std::uint64_t nonce);
    /// Accepts no more, lets requests end, asks sockets to leave; cuts what is left after `grace`.
    void retire(std::chrono::milliseconds grace);
    /// Waits for the thread, which ends after `retire`.
    void join();
    /// Another process takes this one's place: gives it what can move, lets the rest end.
    void depart(std::shared_ptr<takeover::Departure> departure);
    /// It did not: what has not moved stays.
    void stay();
    /// Goes on with what another process gave.
    void adopt(std::shared_ptr<takeover::Given> given);
    /// How much of that it has not begun with.
    std::uint32_t arriving() const { return arriving_.load(std::memory_order_acquire); }

    // On the worker's own thread, for its connections.

    net::Loop& loop() { return loop_; }
    base::Tick now() const { return loop_.now(); }
    base::Instant wall(base::Tick tick);
    const Snapshot& snapshot() const { return *snapshot_; }
    const Limits& limits() const { return snapshot_->config.limits; }
    const net::HeadLimits& head_limits() const { return head_limits_; }
    Balancer& balancer() { return balancer_; }
    /// The counts of a rule of the present snapshot; they live as long as the worker.
    FlowSlot* route(std::size_t rule) { return &snapshot_->routes[rule]->by_worker[index_]; }
    LocalTarget& local(const Choice& choice) { return *by_choice_[choice.group][choice.target]; }
    WorkerSlot& counts() { return shared_->slots[index_]; }
    std::span<char> scratch() { return scratch_; }
    std::string& text() { return text_; }
    /// For one answer's head at a time, until it is sent.
    Text& head() { return head_; }
    std::string_view date() { return date_.at(loop_.now()); }
    Shelf& shelf() { return shelf_; }
    base::Random& random() { return random_; }
    LogSink& log() { return log_; }
    bool retiring() const { return retiring_; }
    /// Nothing is begun here that is to last.
    bool leaving() const { return retiring_ || removal_; }
    /// The connection ends with its present request: it cannot go where others go.
    bool ends(const net::Channel& channel) const {
        return retiring_ || (removal_ && !channel.plain());
    }
    /// They rest just now; another process may want them, and then they are gone.
    void offer(Client& client);
    void offer(Tunnel& tunnel);
    void tell_news() { shared_->on_news(); }
    /// Until when what came in there waits; past where nothing is held.
    base::Tick held_until(const std::string& listener) const;
    VirtualIds& virtual_ids() { return shared_->virtual_ids; }
    /// Whether requests are made to wait here: a listener's, or those of the target's group.
    bool pauses(const LocalTarget& target) const;
    /// Takes a request into the bounded queue of those that wait, or refuses it. Each one taken
    /// is let go of once, with the same number of bytes.
    bool hold(std::uint64_t bytes);
    void let_go(std::uint64_t bytes);
    Spool::Room& spool() { return shared_->spool; }
    net::Pipes& pipes() { return pipes_; }

    void accept(net::Accepted accepted, const Door& door);
    /// A connection that may speak now.
    void welcome(net::Channel channel, Arrival arrival);
    /// What speaks HTTP/1.1 from here on.
    void begin(net::Channel channel, Arrival arrival);
    Upstream& add_upstream(std::unique_ptr<Upstream> upstream);
    TargetConnection& add_connection(std::unique_ptr<TargetConnection> connection);
    void add_tunnel(std::unique_ptr<Tunnel> tunnel);
    void remove(Client& client);
    void remove(Newcomer& newcomer);
    void remove(Http2Connection& connection);
    void remove(Upstream& upstream);
    void remove(TargetConnection& connection);
    void remove(Tunnel& tunnel);

private:
    friend class takeover::Removal;

    void install(std::shared_ptr<const Snapshot> snapshot);
    void install_targets();
    void install_doors();
    void install_tls();
    void add_newcomer(std::unique_ptr<Newcomer> newcomer);
    void enforce_drains();
    /// Closes what is idle; what carries requests goes with the last of them.
    static void leave(LocalTarget& target);
    void wake_held();
    void let_leave();
    void begin_retirement(std::chrono::milliseconds grace);
    void end_if_done();
    void forget_unused_targets();
    void resume(takeover::Given& given);

    std::size_t index_;
    OpenBundle open_bundle_;
    net::Loop loop_;
    base::Random random_;
    LogSink log_;
    std::shared_ptr<WorkerShared> shared_;
    net::DateCache date_;
    net::HeadLimits head_limits_;
    std::vector<char> scratch_;
    net::Pipes pipes_;
    std::string text_;
    Text head_;
    base::Tick wall_until_{};
    std::chrono::microseconds wall_offset_{};
    std::shared_ptr<const Snapshot> snapshot_;
    Balancer balancer_;
    Shelf shelf_;
    std::unordered_map<std::uint64_t, std::unique_ptr<LocalTarget>> targets_;
    std::vector<std::vector<LocalTarget*>> by_choice_;
    std::set<std::shared_ptr<FlowTally>> routes_;  ///< Any that an exchange may count in.
    std::vector<std::unique_ptr<Door>> doors_;
    std::map<std::string, SecureListener, std::less<>> secure_;
    std::set<std::string, std::less<>> takes_http2_;  ///< Plaintext listeners.
    std::vector<std::unique_ptr<Newcomer>> newcomers_;
    std::vector<std::unique_ptr<Http2Connection>> http2_;
    std::vector<std::unique_ptr<Client>> clients_;
    std::vector<std::unique_ptr<Upstream>> upstreams_;
    std::vector<std::unique_ptr<TargetConnection>> target_connections_;
    std::vector<std::unique_ptr<Tunnel>> tunnels_;
    net::Timer log_timer_;
    net::Timer grace_timer_;
    Turns turns_;  ///< Of sockets that are to be handed off.
    net::Timer turn_timer_;
    std::atomic<std::uint32_t> arriving_{0};
    std::unique_ptr<takeover::Removal> removal_;  ///< While another process takes over.
    bool retiring_ = false;
    std::thread thread_;
};

/// Takes `item` out of its owner's list; `Item` keeps its place in `place`.
template <typename Item>
std::unique_ptr<Item> take_out(std::vector<std::unique_ptr<Item>>& list, Item& item) {
    const std::size_t at = item.place;
    std::unique_ptr<Item> taken = std::move(list[at]);
    if (at + 1 != list.size()) {
        list[at] = std::move(list.back());
        list[at]->place = at;
    }
    list.pop_back();
    return taken;
}

}  // namespace edge
