#include "edge/worker/worker.h"

#include "base/check.h"
#include "edge/http/client.h"
#include "edge/http/upstream.h"
#include "edge/http2/connection.h"
#include "edge/http2/prelude.h"
#include "edge/http2/target_connection.h"
#include "edge/secure/tls_handshake.h"
#include "edge/socket/tunnel.h"
#include "edge/takeover/removal.h"
#include "edge/worker/door.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <utility>

namespace edge {

namespace {

constexpr std::chrono::seconds kLogEvery{1};
// Each has two connections while it lasts, and an instance that is slow to greet has no use for
// more.
constexpr std::uint32_t kHandoffsAtOnce = 128;

}  // namespace

Worker::Worker(std::size_t index, base::Clock& clock, std::uint64_t seed, LogSink log,
               std::shared_ptr<WorkerShared> shared)
    : index_(index),
      loop_(clock),
      random_(seed),
      log_(std::move(log)),
      shared_(std::move(shared)),
      date_(clock),
      scratch_(kScratchBytes),
      snapshot_(std::make_shared<Snapshot>()),
      balancer_(random_.next()),
      log_timer_(loop_,
                 [this] {
                     log_.write();
                     counts().log_lines_lost.set(log_.lost_lines());
                     log_timer_.arm_in(kLogEvery);
                 }),
      grace_timer_(loop_,
                   [this] {
                       while (!newcomers_.empty()) newcomers_.back()->close();
                       while (!clients_.empty()) clients_.back()->close();
                       while (!http2_.empty()) http2_.back()->close();
                       while (!tunnels_.empty()) tunnels_.back()->cut();
                       end_if_done();
                   }),
      turn_timer_(loop_, [this] { let_leave(); }) {
    text_.reserve(4096);
    if (log_) log_timer_.arm_in(kLogEvery);
}

Worker::~Worker() {
    removal_.reset();
    while (!newcomers_.empty()) newcomers_.back()->close();
    while (!clients_.empty()) clients_.back()->close();
    while (!http2_.empty()) http2_.back()->close();
    while (!upstreams_.empty()) upstreams_.back()->close();
    while (!target_connections_.empty()) target_connections_.back()->close();
    while (!tunnels_.empty()) tunnels_.back()->close();
}

void Worker::start() {
    thread_ = std::thread([this] {
        // sendfile and splice know no MSG_NOSIGNAL.
        sigset_t pipe;
        sigemptyset(&pipe);
        sigaddset(&pipe, SIGPIPE);
        pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
        if (open_bundle_) loop_.use(open_bundle_());
        loop_.run();
    });
}

void Worker::adopt(std::shared_ptr<const Snapshot> snapshot) {
    loop_.post([this, taken = std::move(snapshot)] { install(taken); });
}

void Worker::ask_leaves() {
    loop_.post([this] { let_leave(); });
}

void Worker::ping(std::uint64_t nonce) {
    loop_.post([this, nonce] {
        counts().heard.set(nonce);
        tell_news();
    });
}

void Worker::retire(std::chrono::milliseconds grace) {
    loop_.post([this, grace] { begin_retirement(grace); });
}

void Worker::join() {
    if (thread_.joinable()) thread_.join();
}

base::Instant Worker::wall(base::Tick tick) {
    if (now() >= wall_until_) {
        wall_until_ = now() + std::chrono::seconds(1);
        const auto since = std::chrono::duration_cast<std::chrono::microseconds>(
            loop_.clock().tick().time_since_epoch());
        wall_offset_ = loop_.clock().now().time_since_epoch() - since;
    }
    return base::Instant{
        std::chrono::duration_cast<std::chrono::microseconds>(tick.time_since_epoch()) +
        wall_offset_};
}

void Worker::install(std::shared_ptr<const Snapshot> snapshot) {
    if (snapshot->version <= snapshot_->version) return;
    const std::shared_ptr<const Snapshot> before = std::exchange(snapshot_, std::move(snapshot));
    head_limits_.start_line_bytes_max = limits().request_line_bytes;
    head_limits_.head_bytes_max = limits().header_bytes;
    head_limits_.field_line_bytes_max =
        static_cast<std::uint16_t>(std::min<std::uint32_t>(limits().header_bytes, 16 * 1024));
    shared_->spool.bytes_max = limits().spool_bytes;
    install_targets();
    balancer_.install(*snapshot_);
    install_tls();
    install_doors();
    enforce_drains();
    wake_held();
    forget_unused_targets();
    counts().running.set(snapshot_->version);
    tell_news();
}

void Worker::install_targets() {
    for (auto& [uid, local] : targets_) local->listed = false;
    routes_.insert(snapshot_->routes.begin(), snapshot_->routes.end());
    by_choice_.clear();
    for (const GroupTargets& group : snapshot_->groups) {
        auto& locals = by_choice_.emplace_back();
        for (const Target& target : group.targets) {
            std::unique_ptr<LocalTarget>& local = targets_[target.uid];
            if (!local) {
                local = std::make_unique<LocalTarget>();
                local->group = group.name;
                local->slot = &target.tally->by_worker[index_];
                local->group_slot = &group.tally->by_worker[index_];
                local->group_tally = group.tally;
            }
            local->target = target;
            if (std::exchange(local->protocol, group.protocol) != group.protocol) leave(*local);
            local->release_slot = target.release ? &target.release->by_worker[index_] : nullptr;
            local->listed = true;
            locals.push_back(local.get());
        }
    }
}

void Worker::install_tls() {
    std::map<std::string, SecureListener, std::less<>> made;
    takes_http2_.clear();
    for (const Listener& listener : snapshot_->config.listeners) {
        if (!listener.tls && listener.http2) takes_http2_.insert(listener.name);
        const auto loaded = snapshot_->credentials.find(listener.name);
        if (!listener.tls || loaded == snapshot_->credentials.end()) continue;
        const auto before = secure_.find(listener.name);
        if (before != secure_.end() && before->second.credentials == loaded->second &&
            before->second.tls == *listener.tls && before->second.http2 == listener.http2) {
            made[listener.name] = before->second;
            continue;
        }
        auto context = net::tls::Context::make(
            {.identities = loaded->second->identities,
             .minimum =
                 listener.tls->only_1_3 ? net::tls::Version::tls_1_3 : net::tls::Version::tls_1_2,
             .http2 = listener.http2,
             .tickets = listener.tls->tickets ? shared_->tickets : nullptr});
        CHECK(context);  // the control side has tried it
        made[listener.name] = {*listener.tls, listener.http2, loaded->second, std::move(*context)};
    }
    // Connections hold on to the context that they began with.
    secure_ = std::move(made);
}

void Worker::install_doors() {
    const auto& wanted = snapshot_->listeners;
    std::vector<std::unique_ptr<Door>> kept;
    for (std::unique_ptr<Door>& door : doors_) {
        const bool stays = std::any_of(wanted.begin(), wanted.end(), [&](const auto& listener) {
            return listener.get() == &door->listener();
        });
        if (stays) {
            kept.push_back(std::move(door));
        } else {
            door->close();
            loop_.dispose(std::move(door));
        }
    }
    doors_ = std::move(kept);
    if (retiring_) return;
    for (const auto& listener : wanted) {
        const bool open = std::any_of(doors_.begin(), doors_.end(), [&](const auto& door) {
            return &door->listener() == listener.get();
        });
        if (!open) doors_.push_back(std::make_unique<Door>(*this, listener, index_));
    }
}

void Worker::leave(LocalTarget& target) {
    while (!target.idle.empty()) target.idle.back()->close();
    // Retiring may close a connection, which takes it out of the list.
    for (std::size_t i = target.connections.size(); i-- > 0;) target.connections[i]->retire();
}

void Worker::enforce_drains() {
    for (auto& [uid, local] : targets_) {
        if (local->takes_back()) continue;
        leave(*local);
        const bool cut = local->listed && local->target.cut;
        // Closing takes an item out of its list and puts the last one in its place.
        for (std::size_t i = clients_.size(); cut && i-- > 0;) clients_[i]->cut(*local);
        for (std::size_t i = tunnels_.size(); i-- > 0;) {
            Tunnel& tunnel = *tunnels_[i];
            if (!tunnel.uses(*local)) continue;
            if (cut) {
                tunnel.cut(*local);
            } else if (!local->listed && &tunnel.target() == local.get()) {
                tunnel.ask();  // its whole group is gone; requests end where they began
            }
        }
    }
    let_leave();
}

void Worker::wake_held() {
    for (std::size_t i = clients_.size(); counts().held.read() > 0 && i-- > 0;) {
        // Being answered may close clients, which puts others in their places.
        if (i < clients_.size()) clients_[i]->look_again();
    }
}

base::Tick Worker::held_until(const std::string& listener) const {
    if (snapshot_->held_listeners.empty()) return {};
    const auto held = snapshot_->held_listeners.find(listener);
    return held == snapshot_->held_listeners.end() ? base::Tick{} : held->second;
}

bool Worker::pauses(const LocalTarget& target) const {
    const auto now = this->now();
    const auto stands = [now](const auto& each) { return each.second > now; };
    const auto& listeners = snapshot_->held_listeners;
    if (std::any_of(listeners.begin(), listeners.end(), stands)) return true;
    return std::any_of(snapshot_->groups.begin(), snapshot_->groups.end(), [&](const auto& group) {
        return group.name == target.group && group.held_until > now;
    });
}

bool Worker::hold(std::uint64_t bytes) {
    const bool few = shared_->held.fetch_add(1, std::memory_order_relaxed) < limits().hold_requests;
    const bool small = shared_->held_bytes.fetch_add(bytes, std::memory_order_relaxed) + bytes <=
                       limits().hold_bytes;
    if (!few || !small) {
        shared_->held.fetch_sub(1, std::memory_order_relaxed);
        shared_->held_bytes.fetch_sub(bytes, std::memory_order_relaxed);
        counts().held_in_vain.add();
        return false;
    }
    counts().held.add();
    counts().held_ever.add();
    return true;
}

void Worker::let_go(std::uint64_t bytes) {
    shared_->held.fetch_sub(1, std::memory_order_relaxed);
    shared_->held_bytes.fetch_sub(bytes, std::memory_order_relaxed);
    counts().held.subtract();
}

void Worker::let_leave() {
    // Being asked may close clients, which puts others in their places.
    for (std::size_t i = clients_.size(); counts().event_streams.read() > 0 && i-- > 0;) {
        if (i < clients_.size()) clients_[i]->leave_if_due();
    }
    for (std::size_t i = tunnels_.size(); i-- > 0;) {
        Tunnel& tunnel = *tunnels_[i];
        const Target& target = tunnel.target().target;
        const bool must = target.draining || tunnel.opened_version() < target.leave_before;
        // Those that nobody stands behind wait and cost nothing.
        const std::uint64_t waiting = counts().sockets_held.read();
        if (counts().handoffs_under_way.read() >= kHandoffsAtOnce + waiting) {
            return turn_timer_.arm_in(Turns::kApart);
        }
        if (!must || !tunnel.may_be_asked()) continue;
        const bool paced = tunnel.may_be_handed_off();
        if (paced && !turns_.due(now())) {
            turn_timer_.arm_at(turns_.next());
        } else if (target.tally->take_leave()) {
            if (paced) turns_.take(now(), tunnels_.size());
            tunnel.ask();
        }
    }
}

void Worker::forget_unused_targets() {
    std::erase_if(targets_, [](const auto& entry) {
        return !entry.second->listed && entry.second->users == 0;
    });
}

void Worker::accept(net::Accepted accepted, const Door& door) {
    counts().accepted.add();
    if (shared_->connections.fetch_add(1, std::memory_order_relaxed) >= limits().connections) {
        shared_->connections.fetch_sub(1, std::memory_order_relaxed);
        counts().turned_away.add();
        return;
    }
    Arrival arrival{
        .peer = accepted.peer, .listener = door.listener().name, .port = door.port(), .ticket = {}};
    if (const std::uint32_t most = limits().connections_per_address; most != 0) {
        arrival.ticket = AddressTicket::take(shared_->addresses, bytes_of(accepted.peer), most);
        if (!arrival.ticket) {
            shared_->connections.fetch_sub(1, std::memory_order_relaxed);
            counts().crowded.add();
            return;
        }
    }
    if (const auto secure = secure_.find(arrival.listener); secure != secure_.end()) {
        add_newcomer(std::make_unique<TlsHandshake>(
            *this, *secure->second.context, std::move(accepted.descriptor), std::move(arrival)));
    } else if (takes_http2_.contains(arrival.listener)) {
        add_newcomer(
            std::make_unique<Prelude>(*this, std::move(accepted.descriptor), std::move(arrival)));
    } else {
        welcome(net::Channel(std::move(accepted.descriptor)), std::move(arrival));
    }
}

void Worker::add_newcomer(std::unique_ptr<Newcomer> newcomer) {
    newcomer->place = newcomers_.size();
    newcomers_.push_back(std::move(newcomer));
}

void Worker::welcome(net::Channel channel, Arrival arrival) {
    if (!arrival.http2) return begin(std::move(channel), std::move(arrival));
    auto connection =
        std::make_unique<Http2Connection>(*this, std::move(channel), std::move(arrival));
    connection->place = http2_.size();
    http2_.push_back(std::move(connection));
    if (leaving()) http2_.back()->retire();
}

void Worker::begin(net::Channel channel, Arrival arrival) {
    auto client = std::make_unique<Client>(*this, std::move(channel), std::move(arrival));
    client->place = clients_.size();
    clients_.push_back(std::move(client));
}

Upstream& Worker::add_upstream(std::unique_ptr<Upstream> upstream) {
    upstream->place = upstreams_.size();
    upstreams_.push_back(std::move(upstream));
    return *upstreams_.back();
}

TargetConnection& Worker::add_connection(std::unique_ptr<TargetConnection> connection) {
    connection->place = target_connections_.size();
    target_connections_.push_back(std::move(connection));
    return *target_connections_.back();
}

void Worker::add_tunnel(std::unique_ptr<Tunnel> tunnel) {
    tunnel->place = tunnels_.size();
    tunnels_.push_back(std::move(tunnel));
    shared_->connections.fetch_add(1, std::memory_order_relaxed);
}

void Worker::remove(Client& client) {
    loop_.dispose(take_out(clients_, client));
    if (client.is_connection()) shared_->connections.fetch_sub(1, std::memory_order_relaxed);
    end_if_done();
}

void Worker::remove(Newcomer& newcomer) {
    loop_.dispose(take_out(newcomers_, newcomer));
    if (!newcomer.welcomed()) shared_->connections.fetch_sub(1, std::memory_order_relaxed);
    end_if_done();
}

void Worker::remove(Http2Connection& connection) {
    loop_.dispose(take_out(http2_, connection));
    shared_->connections.fetch_sub(1, std::memory_order_relaxed);
    end_if_done();
}

void Worker::remove(Upstream& upstream) {
    loop_.dispose(take_out(upstreams_, upstream));
}

void Worker::remove(TargetConnection& connection) {
    loop_.dispose(take_out(target_connections_, connection));
}

void Worker::remove(Tunnel& tunnel) {
    const std::shared_ptr<Tunnel> gone = take_out(tunnels_, tunnel);
    shared_->connections.fetch_sub(1, std::memory_order_relaxed);
    loop_.defer([gone] {});
    end_if_done();
}

void Worker::begin_retirement(std::chrono::milliseconds grace) {
    retiring_ = true;
    for (auto& door : doors_) {
        door->close();
        loop_.dispose(std::move(door));
    }
    doors_.clear();
    for (std::size_t i = http2_.size(); i-- > 0;) http2_[i]->retire();
    for (std::size_t i = clients_.size(); i-- > 0;) {
        if (clients_[i]->is_connection()) clients_[i]->retire();
    }
    for (auto& [uid, local] : targets_) leave(*local);
    for (std::size_t i = tunnels_.size(); i-- > 0;) tunnels_[i]->leave();
    grace_timer_.arm_in(grace);
    end_if_done();
}

void Worker::end_if_done() {
    if (!retiring_ || !newcomers_.empty() || !http2_.empty() || !clients_.empty() ||
        !tunnels_.empty()) {
        return;
    }
    log_.write();
    loop_.stop();
}

}  // namespace edge
