#include "engine/sim/ports.h"

#include "base/check.h"
#include "engine/evidence.h"
#include "engine/journal.h"

#include <fmt/format.h>

#include <algorithm>

namespace sim {

using base::Failure;
using base::Result;
using release::Pool;

namespace {

constexpr milliseconds kCallTakes{2};
/// A look at the world is this old at most when the engine acts on it.
constexpr milliseconds kLookMayBeOld{1'500};

tl::unexpected<base::Error> failed(Failure failure, std::string_view call) {
    return base::fail(failure, {.code = "CF0399",
                                .what = fmt::format("the simulated {} failed", call),
                                .why = std::string(base::name_of(failure))});
}

}  // namespace

struct Place::Ports {
    explicit Ports(Place& place)
        : fleet(place),
          traffic(place),
          assets(place),
          metrics(place),
          hooks(place),
          store(place),
          sources(place) {}

    Fleet fleet;
    Traffic traffic;
    Assets assets;
    Metrics metrics;
    Hooks hooks;
    Store store;
    Sources sources;
};

Place::Place(std::uint64_t seed, Setting setting)
    : world(seed, std::move(setting)), clock(world), ports_(std::make_shared<Ports>(*this)) {}

Place::Place(const Place& other)
    : world(other.world),
      clock(world),
      disk(other.disk),
      crossings(other.crossings),
      effects(other.effects),
      violations(other.violations),
      trace(other.trace),
      hook_answers(other.hook_answers),
      hook_calls(other.hook_calls),
      hook_context(other.hook_context),
      assets_published(other.assets_published),
      assets_kept(other.assets_kept),
      artifacts_missing(other.artifacts_missing),
      past(other.past),
      never_two(other.never_two),
      deaf_metrics(other.deaf_metrics),
      orders_lost_permille(other.orders_lost_permille),
      levels(other.levels),
      deaf_sources(other.deaf_sources),
      fence_seen_(other.fence_seen_),
      admitted_(other.admitted_),
      ports_(std::make_shared<Ports>(*this)) {}

std::unique_ptr<Place> Place::fork() const {
    return std::unique_ptr<Place>(new Place(*this));
}

engine::World Place::ports() {
    return {ports_->fleet, ports_->traffic, ports_->assets, ports_->metrics,
            ports_->hooks, ports_->store,   clock,          &ports_->sources};
}

void Place::note(std::string_view what) {
    for (const char c : what) trace = (trace ^ static_cast<std::uint8_t>(c)) * 0x100000001b3;
    const auto micros = static_cast<std::uint64_t>(base::micros_of(world.now()));
    trace = (trace ^ micros) * 0x100000001b3;
}

void Place::violate(std::string what) {
    violations.push_back(fmt::format("crossing {}: {}", crossings, what));
}

Fault Place::next(std::string_view call) {
    if (meanwhile) meanwhile(crossings);
    const Fault fault = script ? script(crossings, call) : Fault::none;
    ++crossings;
    note(call);
    return fault;
}

template <typename T>
Result<T> Place::cross(std::string_view call, const std::function<Result<T>()>& happen) {
    const Fault fault = next(call);
    world.advance_to(world.now() + kCallTakes);
    switch (fault) {
        case Fault::none:
            return happen();
        case Fault::die_before:
            throw SimulatedCrash{};
        case Fault::die_after:
            (void)happen();
            throw SimulatedCrash{};
        case Fault::unavailable:
            return failed(Failure::unavailable, call);
        case Fault::unanswered:
            return failed(Failure::unknown, call);
        case Fault::lost_answer: {
            const Result<T> done = happen();
            return done ? Result<T>(failed(Failure::unknown, call)) : done;
        }
        case Fault::rejected:
            return failed(Failure::rejected, call);
        case Fault::conflict:
            return failed(Failure::conflict, call);
    }
    return happen();
}

Result<bool> Place::admit(std::string_view call, const engine::Ticket& ticket) {
    if (ticket.fence < fence_seen_) {
        return base::fail(Failure::conflict,
                          {.code = "CF0398", .what = "the lease was replaced (simulated)"});
    }
    // A lease may be taken between an intent and its call; once the taker has written anything,
    // the intent is not the last record any more.
    if (disk.records.empty() || disk.records.back().kind != "intent" ||
        disk.records.back().body.find('"' + ticket.step.text + '"') == std::string::npos) {
        violate(
            fmt::format("P6, P7: {} {} is not what the journal ends with", call, ticket.step.text));
    }
    fence_seen_ = ticket.fence;
    const std::string effect = fmt::format("{} {}", call, ticket.step.text);
    note(effect);
    if (!admitted_.insert(effect).second) return false;
    effects.push_back(effect);
    return true;
}

// Store. Appending is the one write that is not idempotent by ticket, but by index and hash.

Result<void> Store::append(const engine::Record& record, std::uint64_t fence) {
    return place_.cross<void>("store.append", [&]() -> Result<void> {
        Disk& disk = place_.disk;
        if (disk.full) return failed(Failure::unavailable, "disk is full: append");
        if (fence != 0 && (!disk.lease || disk.lease->fence != fence)) {
            return failed(Failure::conflict, "append under another's lease");
        }
        const std::uint64_t last = disk.records.empty() ? 0 : disk.records.back().index;
        const base::Digest head = disk.records.empty() ? base::Digest{} : disk.records.back().hash;
        if (record.index != last + 1 || record.previous != head) {
            return failed(Failure::conflict, "append, another was first");
        }
        disk.records.push_back(record);
        place_.note(record.kind);
        return {};
    });
}

Result<std::vector<engine::Record>> Store::read(std::uint64_t from, std::size_t limit) {
    using Records = std::vector<engine::Record>;
    return place_.cross<Records>("store.read", [&]() -> Result<Records> {
        Records out;
        for (const engine::Record& record : place_.disk.records) {
            if (record.index >= from && out.size() < limit) out.push_back(record);
        }
        return out;
    });
}

Result<std::optional<engine::Record>> Store::last() {
    using Last = std::optional<engine::Record>;
    return place_.cross<Last>("store.last", [&]() -> Result<Last> {
        return place_.disk.records.empty() ? Last{} : Last{place_.disk.records.back()};
    });
}

Result<engine::Lease> Store::acquire(const std::string& holder, const std::string& purpose,
                                     base::Instant now, milliseconds length) {
    return place_.cross<engine::Lease>("store.acquire", [&]() -> Result<engine::Lease> {
        std::optional<engine::Lease>& lease = place_.disk.lease;
        if (lease && lease->until > now && lease->holder != holder) {
            return base::fail(Failure::conflict,
                              {.code = "CF0397",
                               .what = fmt::format("{} holds the lease", lease->holder),
                               .why = fmt::format("since {}, for {}", base::to_text(lease->since),
                                                  lease->purpose)});
        }
        const std::uint64_t fence = lease ? lease->fence + 1 : 1;
        lease = engine::Lease{fence, holder, purpose, now, now + length};
        return *lease;
    });
}

Result<engine::Lease> Store::renew(const engine::Lease& lease, base::Instant now,
                                   milliseconds length) {
    return place_.cross<engine::Lease>("store.renew", [&]() -> Result<engine::Lease> {
        std::optional<engine::Lease>& present = place_.disk.lease;
        if (!present || present->fence != lease.fence || present->holder != lease.holder) {
            return failed(Failure::conflict, "renewal: the lease was replaced");
        }
        present->until = now + length;
        return *present;
    });
}

Result<void> Store::release(const engine::Lease& lease) {
    return place_.cross<void>("store.release", [&]() -> Result<void> {
        std::optional<engine::Lease>& present = place_.disk.lease;
        if (present && present->fence == lease.fence && present->holder == lease.holder) {
            present->until = present->since;  // over; the fence is kept so that it only grows
            present->holder.clear();
        }
        return {};
    });
}

Result<std::optional<engine::Lease>> Store::lease() {
    using Held = std::optional<engine::Lease>;
    return place_.cross<Held>("store.lease", [&]() -> Result<Held> {
        const Held& lease = place_.disk.lease;
        return lease && !lease->holder.empty() ? lease : Held{};
    });
}

Result<engine::Request> Store::ask(const std::string& verb, const std::string& argument,
                                   const std::string& actor, base::Instant now) {
    return place_.cross<engine::Request>("store.ask", [&]() -> Result<engine::Request> {
        std::vector<engine::Request>& requests = place_.disk.requests;
        requests.push_back({requests.size() + 1, now, actor, verb, argument});
        return requests.back();
    });
}

Result<std::vector<engine::Request>> Store::requests(std::uint64_t after) {
    using Requests = std::vector<engine::Request>;
    return place_.cross<Requests>("store.requests", [&]() -> Result<Requests> {
        Requests out;
        for (const engine::Request& request : place_.disk.requests) {
            if (request.id > after) out.push_back(request);
        }
        return out;
    });
}

// Fleet.

Result<void> Fleet::prepare(const release::Release& release, const engine::Ticket& ticket,
                            base::Deadline /*deadline*/) {
    return place_.cross<void>("fleet.prepare", [&]() -> Result<void> {
        const auto fresh = place_.admit("fleet.prepare", ticket);
        if (!fresh) return base::fail(fresh);
        if (place_.artifacts_missing.contains(release.id)) {
            return failed(Failure::not_found, "artifact");
        }
        return {};
    });
}

Result<void> Fleet::ensure(Pool pool, const engine::Capacity& capacity,
                           const engine::Ticket& ticket, base::Deadline /*deadline*/) {
    return place_.cross<void>("fleet.ensure", [&]() -> Result<void> {
        const auto fresh = place_.admit("fleet.ensure", ticket);
        if (!fresh) return base::fail(fresh);
        for (const engine::Instance& each : place_.world.instances()) {
            if (place_.never_two && each.release != capacity.release.id) {
                place_.violate("a release is started while another one runs");
            }
            if (each.pool == pool && each.release != capacity.release.id &&
                each.state == engine::InstanceState::healthy &&
                place_.world.share_applied(pool) > base::kNone) {
                place_.violate("P3: ensure replaces instances that still take traffic");
            }
        }
        if (*fresh) place_.world.wish(pool, {capacity.release, capacity.instances, 0});
        return {};
    });
}

Result<void> Fleet::replace(Pool pool, const engine::Capacity& capacity, std::uint32_t updated,
                            const engine::Ticket& ticket, base::Deadline /*deadline*/) {
    return place_.cross<void>("fleet.replace", [&]() -> Result<void> {
        const auto fresh = place_.admit("fleet.replace", ticket);
        if (!fresh) return base::fail(fresh);
        if (*fresh) {
            const std::uint32_t keep = capacity.instances - std::min(updated, capacity.instances);
            place_.world.wish(pool, {capacity.release, capacity.instances, keep});
        }
        return {};
    });
}

Result<void> Fleet::retire(Pool pool, const engine::Ticket& ticket, base::Deadline /*deadline*/) {
    return place_.cross<void>("fleet.retire", [&]() -> Result<void> {
        const auto fresh = place_.admit("fleet.retire", ticket);
        if (!fresh) return base::fail(fresh);
        if (place_.world.split() && place_.world.share_applied(pool) > base::kNone &&
            place_.world.held() == milliseconds{0}) {
            place_.violate("P3: a pool is retired that a router still sends requests to");
        }
        if (place_.world.in_flight(pool) > 0) {
            place_.violate("P3: a pool is retired with requests in flight");
        }
        if (*fresh) place_.world.wish(pool, {{}, 0, 0});
        return {};
    });
}

Result<std::vector<engine::Instance>> Fleet::list(base::Deadline /*deadline*/) {
    using Instances = std::vector<engine::Instance>;
    return place_.cross<Instances>("fleet.list",
                                   [&]() -> Result<Instances> { return place_.world.instances(); });
}

// Traffic.

Result<engine::Split> Traffic::read(base::Deadline /*deadline*/) {
    return place_.cross<engine::Split>("traffic.read", [&]() -> Result<engine::Split> {
        const auto split = place_.world.split();
        if (!split) return failed(Failure::not_found, "split");
        return *split;
    });
}

Result<void> Traffic::set(engine::Split wanted, const engine::Ticket& ticket,
                          base::Deadline /*deadline*/) {
    return place_.cross<void>("traffic.set", [&]() -> Result<void> {
        const auto fresh = place_.admit("traffic.set", ticket);
        if (!fresh) return base::fail(fresh);
        if (!*fresh) return {};
        const auto before = place_.world.split();
        for (const Pool pool : {Pool::blue, Pool::green}) {
            const bool grows =
                !before || engine::share_of(pool, wanted) > engine::share_of(pool, *before);
            if (grows && engine::share_of(pool, wanted) > base::kNone &&
                place_.world.without_health(pool) > kLookMayBeOld) {
                place_.violate(fmt::format("P4: {} gets traffic without a healthy instance",
                                           release::name_of(pool)));
            }
        }
        place_.world.store_split(wanted);
        return {};
    });
}

Result<engine::TrafficView> Traffic::observe(std::chrono::seconds window,
                                             base::Deadline /*deadline*/) {
    return place_.cross<engine::TrafficView>(
        "traffic.observe",
        [&]() -> Result<engine::TrafficView> { return place_.world.view(window); });
}

Result<void> Traffic::move_sockets(const std::vector<std::string>& instances,
                                   std::uint32_t /*sockets_a_second*/, const engine::Ticket& ticket,
                                   base::Deadline /*deadline*/) {
    return place_.cross<void>("traffic.move_sockets", [&]() -> Result<void> {
        const auto fresh = place_.admit("traffic.move_sockets", ticket);
        if (!fresh) return base::fail(fresh);
        if (*fresh) place_.world.move_sockets(instances);
        return {};
    });
}

Result<void> Traffic::hold(milliseconds span, const engine::Ticket& ticket,
                           base::Deadline /*deadline*/) {
    return place_.cross<void>("traffic.hold", [&]() -> Result<void> {
        const auto fresh = place_.admit("traffic.hold", ticket);
        if (!fresh) return base::fail(fresh);
        if (*fresh) place_.world.hold(span);
        return {};
    });
}

Result<void> Traffic::let_go(const engine::Ticket& ticket, base::Deadline /*deadline*/) {
    return place_.cross<void>("traffic.let_go", [&]() -> Result<void> {
        const auto fresh = place_.admit("traffic.let_go", ticket);
        if (!fresh) return base::fail(fresh);
        if (*fresh) place_.world.let_go();
        return {};
    });
}

Result<milliseconds> Traffic::held(base::Deadline /*deadline*/) {
    return place_.cross<milliseconds>(
        "traffic.held", [&]() -> Result<milliseconds> { return place_.world.held(); });
}

// Assets, Metrics, Hooks.

Result<void> Assets::publish(const release::Release& release, const engine::Ticket& ticket,
                             base::Deadline /*deadline*/) {
    return place_.cross<void>("assets.publish", [&]() -> Result<void> {
        const auto fresh = place_.admit("assets.publish", ticket);
        if (!fresh) return base::fail(fresh);
        place_.assets_published.insert(release.id);
        return {};
    });
}

Result<void> Assets::verify(const release::Release& release, base::Deadline /*deadline*/) {
    return place_.cross<void>("assets.verify", [&]() -> Result<void> {
        if (place_.assets_published.contains(release.id)) return {};
        return failed(Failure::unavailable, "asset");
    });
}

Result<void> Assets::retain(const std::vector<release::Release>& releases,
                            const engine::Ticket& ticket, base::Deadline /*deadline*/) {
    return place_.cross<void>("assets.retain", [&]() -> Result<void> {
        const auto fresh = place_.admit("assets.retain", ticket);
        if (!fresh) return base::fail(fresh);
        place_.assets_kept.clear();
        for (const release::Release& each : releases) place_.assets_kept.push_back(each.id);
        return {};
    });
}

Result<judge::PoolCounts> Metrics::read(base::Deadline /*deadline*/) {
    return place_.cross<judge::PoolCounts>("metrics.read", [&]() -> Result<judge::PoolCounts> {
        if (place_.deaf_metrics) return failed(Failure::unavailable, "metrics");
        judge::PoolCounts counts = place_.world.counts();
        counts.blue.sockets_open = place_.world.sockets(release::Pool::blue);
        counts.green.sockets_open = place_.world.sockets(release::Pool::green);
        return counts;
    });
}

milliseconds Metrics::age(base::Instant /*now*/) const {
    return place_.world.counts_age();
}

Result<std::vector<engine::Past>> Metrics::past(base::Instant /*since*/,
                                                base::Deadline /*deadline*/) {
    return place_.cross<std::vector<engine::Past>>(
        "metrics.past", [&]() -> Result<std::vector<engine::Past>> {
            if (place_.deaf_metrics) return failed(Failure::unavailable, "metrics");
            return place_.past;
        });
}

engine::SourceReadings Sources::latest(const release::Plan& plan) {
    const auto figures = [&](release::Pool pool, const std::optional<release::Release>& release) {
        engine::SourceFigures out;
        if (!release) return out;
        const judge::PoolCounts& counts = place_.world.counts();
        out.total = engine::counts_of(counts, pool).requests;
        out.failed = out.total * place_.orders_lost_permille[release->id] / 1000;
        out.level = place_.levels[release->id];
        return out;
    };
    engine::SourceReadings readings;
    for (const release::SourcedMetric& metric : plan.guard.metrics) {
        engine::SourceReading reading{.metric = metric.name, .blind = {}, .fresh = {}, .old = {}};
        if (place_.deaf_sources) {
            reading.blind = "it does not answer";
        } else {
            reading.fresh = figures(plan.target, plan.to);
            reading.old = figures(release::other(plan.target), plan.from);
        }
        readings.push_back(std::move(reading));
    }
    return readings;
}

Result<engine::HookOutcome> Hooks::call(const release::Hook& hook,
                                        const std::map<std::string, std::string>& context,
                                        const engine::Ticket& ticket, base::Deadline /*deadline*/) {
    return place_.cross<engine::HookOutcome>("hooks.call", [&]() -> Result<engine::HookOutcome> {
        const auto fresh = place_.admit("hooks.call", ticket);
        if (!fresh) return base::fail(fresh);
        place_.hook_context[hook.name] = context;
        const std::uint32_t call = place_.hook_calls[hook.name]++;
        const auto& answers = place_.hook_answers[hook.name];
        engine::HookOutcome outcome;
        outcome.state = answers.empty() ? engine::HookState::succeeded
                                        : answers[std::min<std::size_t>(call, answers.size() - 1)];
        if (outcome.state == engine::HookState::in_progress) {
            outcome.retry_after = milliseconds{300};
        }
        if (outcome.state == engine::HookState::failed) outcome.reason = "the hook says no";
        return outcome;
    });
}

}  // namespace sim
