#include "engine/sim/world.h"

#include <algorithm>

namespace sim {

using engine::InstanceState;
using release::Pool;

namespace {

constexpr milliseconds kStep{50};
constexpr milliseconds kIllness{250};
constexpr milliseconds kRestartPause{200};
constexpr base::Instant kStart = base::Instant{std::chrono::hours{24 * 365 * 56}};
constexpr std::size_t kBegunKept = 20 * 60;

std::size_t slot(Pool pool) {
    return pool == Pool::blue ? 0 : 1;
}
bool takes_requests(const Machine& machine) {
    return machine.seen.state == InstanceState::healthy;
}
bool leaves(const Machine& machine) {
    return machine.seen.state == InstanceState::draining ||
           machine.seen.state == InstanceState::stopping;
}

}  // namespace

World::World(std::uint64_t seed, Setting setting)
    : setting_(std::move(setting)),
      random_(seed),
      now_(kStart),
      last_health_{kStart, kStart},
      held_until_(kStart) {
    routers_.resize(setting_.routers);
}

void World::advance_to(base::Instant until) {
    while (now_ < until) {
        const auto next = now_ - (now_.time_since_epoch() % kStep) + kStep;
        if (next > until) {
            now_ = until;
            return;
        }
        now_ = next;
        step();
    }
}

void World::step() {
    for (Machine& machine : machines_) live(machine);
    std::erase_if(machines_, [](const Machine& machine) {
        return machine.seen.state == InstanceState::stopping;
    });
    for (const Pool pool : {Pool::blue, Pool::green}) {
        fulfil(pool);
        if (healthy(pool) > 0) last_health_[slot(pool)] = now_;
    }
    route();
    if (counts_late_.count() == 0) return;
    late_.emplace_back(now_, counts_);
    while (late_.front().first + counts_late_ < now_) late_.pop_front();
}

void World::live(Machine& machine) {
    const Traits& traits = traits_of(machine.seen.release);
    switch (machine.seen.state) {
        case InstanceState::starting:
            if (traits.boots && now_ >= machine.seen.since + traits.boot) {
                machine.seen.state = InstanceState::healthy;
                machine.seen.reason.clear();
                machine.booted = now_;
            }
            return;
        case InstanceState::healthy:
            if (traits.lives_for && now_ >= machine.booted + *traits.lives_for) {
                machine.seen.state = InstanceState::failed;
                machine.seen.reason = "exited with status 1";
                machine.seen.sockets_open = 0;
                machine.ill_until = now_ + kRestartPause;
            } else if (traits.flaps_permille > 0 && random_.chance(traits.flaps_permille, 1000)) {
                machine.seen.state = InstanceState::unhealthy;
                machine.seen.reason = "Target.Timeout";
                machine.ill_until = now_ + kIllness;
            }
            return;
        case InstanceState::unhealthy:
            if (now_ >= machine.ill_until) {
                machine.seen.state = InstanceState::healthy;
                machine.seen.reason.clear();
            }
            return;
        case InstanceState::failed:
            if (now_ >= machine.ill_until) {
                machine.seen.state = InstanceState::starting;
                machine.seen.reason = "Elb.RegistrationInProgress";
                machine.seen.since = now_;
                ++machine.seen.restarts;
            }
            return;
        case InstanceState::draining: {
            const bool late = now_ >= machine.draining_since + setting_.drain_deadline;
            machine.seen.sockets_open = 0;  // their users reconnect elsewhere
            if (machine.seen.requests_in_flight > 0 && !late) return;
            if (machine.seen.requests_in_flight > 0) ++stopped_busy_;
            machine.seen.state = InstanceState::stopping;
            return;
        }
        case InstanceState::stopping:
            return;
    }
}

void World::drain(Machine& machine) {
    if (leaves(machine)) return;
    machine.seen.state = InstanceState::draining;
    machine.seen.reason = "Target.DeregistrationInProgress";
    machine.draining_since = now_;
}

void World::start(Pool pool, const release::Release& release) {
    Machine machine;
    machine.seen.id = "i" + std::to_string(++started_);
    machine.seen.pool = pool;
    machine.seen.release = release.id;
    machine.seen.reason = "Elb.RegistrationInProgress";
    machine.seen.address = "127.64.0." + std::to_string(started_) + ":9000";
    machine.seen.since = now_;
    machines_.push_back(machine);
}

/// Starts what is missing; drains what is too much, of other releases first, and in a replacement
/// only while the pool keeps its size in healthy instances.
void World::fulfil(Pool pool) {
    const std::optional<Wish>& wish = wishes_[slot(pool)];
    if (!wish) return;
    std::vector<Machine*> wanted;
    std::vector<Machine*> others;
    std::uint32_t fit = 0;
    for (Machine& machine : machines_) {
        if (machine.seen.pool != pool || leaves(machine)) continue;
        const bool is_wanted = machine.seen.release == wish->release.id && wish->instances > 0;
        (is_wanted ? wanted : others).push_back(&machine);
        if (takes_requests(machine)) ++fit;
    }
    const std::uint32_t updated = wish->instances - std::min(wish->keep_others, wish->instances);
    const bool surges = wish->keep_others > 0 || !others.empty();
    while (others.size() > wish->keep_others) {
        Machine* leaving = others.back();
        const bool spare = fit - (takes_requests(*leaving) ? 1 : 0) >= wish->instances;
        if (surges && wish->instances > 0 && takes_requests(*leaving) && !spare) break;
        if (takes_requests(*leaving)) --fit;
        drain(*leaving);
        others.pop_back();
    }
    for (std::size_t i = updated; i < wanted.size(); ++i) {
        if (others.size() >= wish->keep_others) drain(*wanted[i]);
    }
    for (std::size_t i = wanted.size(); i < updated; ++i) start(pool, wish->release);
}

Machine* World::machine(const std::string& id) {
    for (Machine& each : machines_) {
        if (each.seen.id == id) return &each;
    }
    return nullptr;
}

Machine* World::pick(Pool pool) {
    std::vector<Machine*> fit;
    for (Machine& each : machines_) {
        if (each.seen.pool == pool && takes_requests(each)) fit.push_back(&each);
    }
    return fit.empty() ? nullptr : fit[++turn_ % fit.size()];
}

void World::request(Router& router) {
    const Pool pool = random_.chance(router.applied.green.value, 1000) ? Pool::green : Pool::blue;
    judge::Counts& counts = pool == Pool::blue ? counts_.blue : counts_.green;
    ++begun_.back().requests[slot(pool)];
    ++counts.requests;
    Machine* target = pick(pool);
    if (target == nullptr) {
        ++counts.errors;
        ++requests_unserved_;
        if (healthy(release::other(pool)) > 0) ++requests_lost_;
        return;
    }
    const Traits& traits = traits_of(target->seen.release);
    if (traits.errors_permille > 0 && random_.chance(traits.errors_permille, 1000)) ++counts.errors;
    counts.latency.add(
        static_cast<std::uint64_t>(std::chrono::microseconds{traits.answers_after}.count()));
    ++target->seen.requests_in_flight;
    flights_.push_back({now_ + traits.answers_after, target->seen.id});
}

void World::connect_users() {
    if (now_ < held_until_) return;
    std::uint32_t connected = 0;
    for (const Machine& each : machines_) connected += each.seen.sockets_open;
    for (; connected < setting_.users; ++connected) {
        const Router& router = routers_[connected % routers_.size()];
        const Pool pool =
            random_.chance(router.applied.green.value, 1000) ? Pool::green : Pool::blue;
        Machine* target = pick(pool);
        if (target == nullptr) return;
        ++target->seen.sockets_open;
        ++(pool == Pool::blue ? counts_.blue : counts_.green).sockets_opened;
    }
}

void World::route() {
    for (Router& router : routers_) {
        while (!router.heard.empty() && router.heard.front().first <= now_) {
            router.applied = router.heard.front().second;
            router.heard.pop_front();
        }
    }
    std::erase_if(flights_, [this](const Flight& flight) {
        if (flight.ends > now_) return false;
        if (Machine* served = machine(flight.instance)) --served->seen.requests_in_flight;
        return true;
    });
    if (!split_) return;
    begun_.push_back({now_, {0, 0}});
    if (begun_.size() > kBegunKept) begun_.pop_front();
    request_millis_ += setting_.requests_a_second * static_cast<std::uint64_t>(kStep.count());
    for (; request_millis_ >= 1000; request_millis_ -= 1000) ++requests_waiting_;
    for (; requests_waiting_ > 0 && now_ >= held_until_; --requests_waiting_) {
        request(routers_[random_.below(routers_.size())]);
    }
    for (Machine& each : machines_) {
        if (each.asked_to_move_sockets) each.seen.sockets_open = 0;
    }
    connect_users();
    for (Machine& each : machines_) each.asked_to_move_sockets = false;
}

void World::wish(Pool pool, Wish wish) {
    wishes_[slot(pool)] = std::move(wish);
    fulfil(pool);
}

void World::store_split(engine::Split split) {
    const bool first = !split_;
    split_ = split;
    for (Router& router : routers_) {
        const auto most = static_cast<std::uint64_t>(setting_.router_delay_max.count());
        const milliseconds delay{first ? 0 : random_.below(most + 1)};
        base::Instant at = now_ + delay;
        if (!router.heard.empty()) at = std::max(at, router.heard.back().first);
        router.heard.emplace_back(at, split);
        if (first) router.applied = split;
    }
}

void World::move_sockets(const std::vector<std::string>& instances) {
    for (const std::string& id : instances) {
        if (Machine* each = machine(id)) each->asked_to_move_sockets = true;
    }
}

void World::hold(milliseconds span) {
    held_until_ = now_ + span;
}

void World::let_go() {
    held_until_ = std::min(held_until_, now_);
    for (const Router& router : routers_) {
        if (!router.heard.empty()) {
            held_until_ = std::max(held_until_, router.heard.back().first);
        }
    }
}

milliseconds World::held() const {
    return std::max(std::chrono::duration_cast<milliseconds>(held_until_ - now_), milliseconds{0});
}

std::vector<engine::Instance> World::instances() const {
    std::vector<engine::Instance> out;
    for (const Machine& machine : machines_) out.push_back(machine.seen);
    return out;
}

engine::TrafficView World::view(std::chrono::seconds window) const {
    engine::TrafficView view;
    view.from = now_ - window;
    view.until = now_;
    for (const Begun& begun : begun_) {
        if (begun.at <= view.from) continue;
        view.blue.requests_begun += begun.requests[0];
        view.green.requests_begun += begun.requests[1];
    }
    for (const Machine& machine : machines_) {
        engine::PoolView& pool = machine.seen.pool == Pool::blue ? view.blue : view.green;
        pool.requests_in_flight += machine.seen.requests_in_flight;
        pool.sockets_open += machine.seen.sockets_open;
        pool.instances_healthy += takes_requests(machine) ? 1U : 0U;
        pool.instances_draining += leaves(machine) ? 1U : 0U;
    }
    return view;
}

std::uint32_t World::healthy(Pool pool) const {
    return static_cast<std::uint32_t>(
        std::count_if(machines_.begin(), machines_.end(), [pool](const Machine& machine) {
            return machine.seen.pool == pool && takes_requests(machine);
        }));
}

base::Permille World::share_applied(Pool pool) const {
    base::Permille most = base::kNone;
    if (!split_) return most;
    for (const Router& router : routers_) {
        most = std::max(most, engine::share_of(pool, router.applied));
        for (const auto& [at, split] : router.heard) {
            most = std::max(most, engine::share_of(pool, split));
        }
    }
    return most;
}

std::uint32_t World::in_flight(Pool pool) const {
    std::uint32_t sum = 0;
    for (const Machine& machine : machines_) {
        if (machine.seen.pool == pool) sum += machine.seen.requests_in_flight;
    }
    return sum;
}

std::uint32_t World::sockets(Pool pool) const {
    std::uint32_t sum = 0;
    for (const Machine& machine : machines_) {
        if (machine.seen.pool == pool) sum += machine.seen.sockets_open;
    }
    return sum;
}

milliseconds World::without_health(Pool pool) const {
    if (healthy(pool) > 0) return milliseconds{0};
    return std::chrono::duration_cast<milliseconds>(now_ - last_health_[slot(pool)]);
}

void World::kill_instances(Pool pool) {
    for (Machine& machine : machines_) {
        if (machine.seen.pool != pool || leaves(machine)) continue;
        machine.seen.state = InstanceState::failed;
        machine.seen.reason = "killed";
        machine.seen.sockets_open = 0;
        machine.ill_until = now_ + kRestartPause;
    }
}

void World::disturb(std::uint64_t seed, const Setting& setting) {
    random_ = base::Random(seed);
    setting_.requests_a_second = setting.requests_a_second;
    setting_.users = setting.users;
    setting_.router_delay_max = setting.router_delay_max;
}

void World::set_traits(const std::string& release, const Traits& traits) {
    setting_.releases[release] = traits;
}

const Traits& World::traits_of(const std::string& release) const {
    static const Traits kUsual;
    const auto at = setting_.releases.find(release);
    return at == setting_.releases.end() ? kUsual : at->second;
}

void Clock::wait_until(base::Tick until, const std::stop_token& stop) {
    if (stop.stop_requested()) return;
    world_.advance_to(
        base::Instant{std::chrono::ceil<std::chrono::microseconds>(until.time_since_epoch())});
}

}  // namespace sim
