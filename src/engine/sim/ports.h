#pragma once
// The six ports of the simulated world, the faults that their calls can have, and the invariants
// that are checked at each of them.

#include "engine/assets.h"
#include "engine/fleet.h"
#include "engine/hooks.h"
#include "engine/metrics.h"
#include "engine/run.h"
#include "engine/sim/world.h"
#include "engine/sources.h"
#include "engine/store.h"
#include "engine/traffic.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

/// The death of the controller's process. No std::exception, so that nothing swallows it.
struct SimulatedCrash {};

/// What happens to one call of a port.
enum class Fault {
    none,
    die_before,   ///< The controller dies, nothing happened.
    die_after,    ///< It happened, the controller dies before it knows.
    unavailable,  ///< Nothing happened, and the caller is told so.
    unanswered,   ///< Nothing happened, and the caller is not told.
    lost_answer,  ///< It happened, and the caller is not told.
    rejected,
    conflict,
};

/// What outlives every controller: the store's disk.
struct Disk {
    std::vector<engine::Record> records;
    std::optional<engine::Lease> lease;
    std::vector<engine::Request> requests;
    bool full = false;
};

/// Everything behind the ports. One for the length of a test; controllers come and go.
class Place {
public:
    Place(std::uint64_t seed, Setting setting);
    Place& operator=(const Place&) = delete;

    World world;
    Clock clock;
    Disk disk;

    /// Asked at each call of a port, with its number from 0 and its name (`traffic.set`).
    std::function<Fault(std::uint64_t crossing, std::string_view call)> script;
    /// Run before each call: where a test lets other things happen.
    std::function<void(std::uint64_t crossing)> meanwhile;

    std::uint64_t crossings = 0;
    /// Each change of the outside world, once: `traffic.set r2/shift-1/do`.
    std::vector<std::string> effects;
    /// Promises that were broken, a sentence each. Empty, or the engine is wrong.
    std::vector<std::string> violations;
    std::uint64_t trace = 0;  ///< A hash of all that happened.

    std::map<std::string, std::vector<engine::HookState>> hook_answers;  ///< By name, in order.
    std::map<std::string, std::uint32_t> hook_calls;
    std::map<std::string, std::map<std::string, std::string>> hook_context;  ///< Of the last call.
    std::set<std::string> assets_published;                                  ///< Releases, by id.
    std::vector<std::string> assets_kept;
    std::set<std::string> artifacts_missing;  ///< Releases whose artifact is nowhere.
    std::vector<engine::Past> past;           ///< Traffic before the run.
    bool never_two = false;                   ///< Two releases must not run at the same time.
    bool deaf_metrics = false;                ///< Counts cannot be read.
    /// Of 1,000 orders of a release, by id, those that are lost: what only a source tells.
    std::map<std::string, std::uint32_t> orders_lost_permille;
    std::map<std::string, double> levels;  ///< Of the one gauge, by release.
    bool deaf_sources = false;             ///< Metrics of other systems cannot be read.

    engine::World ports();

    /// The same place once more, from here on its own.
    std::unique_ptr<Place> fork() const;

    /// One call of a port: its fault, its time, its effect.
    template <typename T>
    base::Result<T> cross(std::string_view call, const std::function<base::Result<T>()>& happen);

    /// True when the ticket is new; a repeated one changes nothing. Checks the fence.
    base::Result<bool> admit(std::string_view call, const engine::Ticket& ticket);
    void violate(std::string what);
    void note(std::string_view what);

private:
    Place(const Place& other);
    Fault next(std::string_view call);

    std::uint64_t fence_seen_ = 0;
    std::set<std::string> admitted_;

    struct Ports;
    std::shared_ptr<Ports> ports_;
};

class Store final : public engine::Store {
public:
    explicit Store(Place& place) : place_(place) {}
    base::Result<void> append(const engine::Record& record, std::uint64_t fence) override;
    base::Result<std::vector<engine::Record>> read(std::uint64_t from, std::size_t limit) override;
    base::Result<std::optional<engine::Record>> last() override;
    base::Result<engine::Lease> acquire(const std::string& holder, const std::string& purpose,
                                        base::Instant now, milliseconds length) override;
    base::Result<engine::Lease> renew(const engine::Lease& lease, base::Instant now,
                                      milliseconds length) override;
    base::Result<void> release(const engine::Lease& lease) override;
    base::Result<std::optional<engine::Lease>> lease() override;
    base::Result<engine::Request> ask(const std::string& verb, const std::string& argument,
                                      const std::string& actor, base::Instant now) override;
    base::Result<std::vector<engine::Request>> requests(std::uint64_t after) override;

private:
    Place& place_;
};

class Fleet final : public engine::Fleet {
public:
    explicit Fleet(Place& place) : place_(place) {}
    base::Result<void> prepare(const release::Release& release, const engine::Ticket& ticket,
                               base::Deadline deadline) override;
    base::Result<void> ensure(release::Pool pool, const engine::Capacity& capacity,
                              const engine::Ticket& ticket, base::Deadline deadline) override;
    base::Result<void> replace(release::Pool pool, const engine::Capacity& capacity,
                               std::uint32_t updated, const engine::Ticket& ticket,
                               base::Deadline deadline) override;
    base::Result<void> retire(release::Pool pool, const engine::Ticket& ticket,
                              base::Deadline deadline) override;
    base::Result<std::vector<engine::Instance>> list(base::Deadline deadline) override;

private:
    Place& place_;
};

class Traffic final : public engine::Traffic {
public:
    explicit Traffic(Place& place) : place_(place) {}
    base::Result<engine::Split> read(base::Deadline deadline) override;
    base::Result<void> set(engine::Split wanted, const engine::Ticket& ticket,
                           base::Deadline deadline) override;
    base::Result<engine::TrafficView> observe(std::chrono::seconds window,
                                              base::Deadline deadline) override;
    base::Result<void> move_sockets(const std::vector<std::string>& instances,
                                    std::uint32_t sockets_a_second, const engine::Ticket& ticket,
                                    base::Deadline deadline) override;
    base::Result<void> hold(milliseconds span, const engine::Ticket& ticket,
                            base::Deadline deadline) override;
    base::Result<void> let_go(const engine::Ticket& ticket, base::Deadline deadline) override;
    base::Result<milliseconds> held(base::Deadline deadline) override;

private:
    Place& place_;
};

class Assets final : public engine::Assets {
public:
    explicit Assets(Place& place) : place_(place) {}
    base::Result<void> publish(const release::Release& release, const engine::Ticket& ticket,
                               base::Deadline deadline) override;
    base::Result<void> verify(const release::Release& release, base::Deadline deadline) override;
    base::Result<void> retain(const std::vector<release::Release>& releases,
                              const engine::Ticket& ticket, base::Deadline deadline) override;

private:
    Place& place_;
};

class Metrics final : public engine::Metrics {
public:
    explicit Metrics(Place& place) : place_(place) {}
    base::Result<judge::PoolCounts> read(base::Deadline deadline) override;
    milliseconds age(base::Instant now) const override;
    base::Result<std::vector<engine::Past>> past(base::Instant since,
                                                 base::Deadline deadline) override;

private:
    Place& place_;
};

/// Counts an order for each request, and has one gauge.
class Sources final : public engine::Sources {
public:
    explicit Sources(Place& place) : place_(place) {}
    engine::SourceReadings latest(const release::Plan& plan) override;

private:
    Place& place_;
};

class Hooks final : public engine::Hooks {
public:
    explicit Hooks(Place& place) : place_(place) {}
    base::Result<engine::HookOutcome> call(const release::Hook& hook,
                                           const std::map<std::string, std::string>& context,
                                           const engine::Ticket& ticket,
                                           base::Deadline deadline) override;

private:
    Place& place_;
};

}  // namespace sim
