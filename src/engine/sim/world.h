#pragma once
// A place for releases that exists in memory only: instances that boot, flap and crash, routers
// that hear of new weights late, users who never stop. Time stands still until it is moved, and
// chance comes from a seed, so every run can be had again.

#include "base/clock.h"
#include "base/random.h"
#include "base/units.h"
#include "engine/fleet.h"
#include "engine/traffic.h"
#include "judge/counts.h"
#include "release/pool.h"
#include "release/release.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sim {

using std::chrono::milliseconds;

/// How the instances of one release behave.
struct Traits {
    milliseconds boot{400};
    bool boots = true;                      ///< Else they stay `starting` for ever.
    std::optional<milliseconds> lives_for;  ///< Crash so long after each boot.
    std::uint32_t errors_permille = 0;
    std::uint32_t flaps_permille = 0;  ///< Chance of a spell of bad health, a step and instance.
    milliseconds answers_after{60};
};

/// How the place behaves.
struct Setting {
    std::uint32_t requests_a_second = 120;
    std::uint32_t users = 6;  ///< Each holds one WebSocket and reconnects when it is closed.
    std::uint32_t routers = 3;
    milliseconds router_delay_max{300};  ///< Until the last router runs a new split.
    milliseconds drain_deadline{2'000};
    std::map<std::string, Traits> releases;  ///< By id; others have the default.
};

/// One process.
struct Machine {
    engine::Instance seen;
    base::Instant booted;     ///< When it last became healthy.
    base::Instant ill_until;  ///< A spell of bad health.
    base::Instant draining_since;
    bool asked_to_move_sockets = false;
};

/// What is wished of a pool. `keep_others`: so many instances of other releases stay.
struct Wish {
    release::Release release;
    std::uint32_t instances = 0;
    std::uint32_t keep_others = 0;
};

class World {
public:
    World(std::uint64_t seed, Setting setting);

    base::Instant now() const { return now_; }
    void advance_to(base::Instant until);

    // What the ports change.
    void wish(release::Pool pool, Wish wish);
    void store_split(engine::Split split);
    void move_sockets(const std::vector<std::string>& instances);
    /// Requests wait from now on, `span` at the longest.
    void hold(milliseconds span);
    /// They go on, once every router runs the split.
    void let_go();

    // What the ports show.
    std::optional<engine::Split> split() const { return split_; }
    std::vector<engine::Instance> instances() const;
    engine::TrafficView view(std::chrono::seconds window) const;
    milliseconds held() const;
    const judge::PoolCounts& counts() const {
        return late_.empty() ? counts_ : late_.front().second;
    }
    milliseconds counts_age() const { return counts_late_; }

    // What only a test may know.
    /// Requests that failed, also those of which the counts do not tell yet.
    std::uint64_t errors() const { return counts_.blue.errors + counts_.green.errors; }
    std::uint32_t healthy(release::Pool pool) const;
    /// The largest share that any router still gives the pool.
    base::Permille share_applied(release::Pool pool) const;
    std::uint32_t in_flight(release::Pool pool) const;
    std::uint32_t sockets(release::Pool pool) const;
    /// How long the pool has had no healthy instance; zero while it has one.
    milliseconds without_health(release::Pool pool) const;
    /// Requests that found no healthy instance although the other pool had one.
    std::uint64_t requests_lost() const { return requests_lost_; }
    /// Requests that found no healthy instance at all.
    std::uint64_t requests_unserved() const { return requests_unserved_; }
    /// Instances that were stopped with requests in flight before their drain's deadline.
    std::uint64_t stopped_busy() const { return stopped_busy_; }
    void kill_instances(release::Pool pool);
    void set_traits(const std::string& release, const Traits& traits);
    void set_requests_a_second(std::uint32_t rate) { setting_.requests_a_second = rate; }
    /// From now on counts are told so late.
    void tell_counts_late(milliseconds by) { counts_late_ = by; }
    /// From now on the data plane counts from zero, as after its restart.
    void forget_counts() { counts_ = {}; }
    /// From here on chance comes from `seed`, and the place behaves like `setting`, its releases
    /// apart.
    void disturb(std::uint64_t seed, const Setting& setting);

private:
    struct Router {
        engine::Split applied;
        std::deque<std::pair<base::Instant, engine::Split>> heard;
    };
    struct Flight {
        base::Instant ends;
        std::string instance;
    };
    struct Begun {
        base::Instant at;
        std::array<std::uint32_t, 2> requests;
    };

    void step();
    void live(Machine& machine);
    void fulfil(release::Pool pool);
    void drain(Machine& machine);
    void start(release::Pool pool, const release::Release& release);
    void route();
    void connect_users();
    void request(Router& router);
    Machine* pick(release::Pool pool);
    Machine* machine(const std::string& id);
    const Traits& traits_of(const std::string& release) const;

    Setting setting_;
    base::Random random_;
    base::Instant now_;
    std::vector<Machine> machines_;
    std::array<std::optional<Wish>, 2> wishes_;
    std::optional<engine::Split> split_;
    std::vector<Router> routers_;
    std::deque<Flight> flights_;
    std::deque<Begun> begun_;
    std::array<base::Instant, 2> last_health_;
    judge::PoolCounts counts_;
    milliseconds counts_late_{0};
    std::deque<std::pair<base::Instant, judge::PoolCounts>> late_;
    std::uint64_t requests_lost_ = 0;
    std::uint64_t requests_unserved_ = 0;
    base::Instant held_until_;
    std::uint64_t requests_waiting_ = 0;
    std::uint64_t stopped_busy_ = 0;
    std::uint64_t request_millis_ = 0;  ///< Requests due, in thousandths.
    std::uint32_t started_ = 0;
    std::uint32_t turn_ = 0;
};

/// Tells the simulated time; waiting moves it.
class Clock final : public base::Clock {
public:
    explicit Clock(World& world) : world_(world) {}

    base::Instant now() override { return world_.now(); }
    base::Tick tick() override { return base::Tick{world_.now().time_since_epoch()}; }
    void wait_until(base::Tick until, const std::stop_token& stop) override;

private:
    World& world_;
};

}  // namespace sim
