#include "engine/sim/exploration.h"

#include "base/random.h"
#include "engine/journal.h"
#include "engine/progress.h"
#include "engine/sim/scenario.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace sim {

using base::Random;
using release::Pool;

namespace {

constexpr std::uint64_t kChaosCrossings = 350;
constexpr std::uint64_t kCrossingsMax = 12'000;
constexpr std::uint32_t kLives = 120;
/// After so long in the calm a person loses patience with a release that waits for one.
constexpr std::chrono::seconds kPatience{40};

template <typename T, std::size_t N>
const T& one_of(Random& random, const T (&choices)[N]) {
    return choices[random.below(N)];
}

Traits draw_traits(Random& random, const Traits& given) {
    Traits traits = given;
    traits.boot = milliseconds{100 + random.below(900)};
    if (random.chance(1, 6)) traits.errors_permille = one_of(random, {5U, 60U, 300U});
    if (random.chance(1, 8))
        traits.flaps_permille = 1 + static_cast<std::uint32_t>(random.below(8));
    if (random.chance(1, 12)) traits.lives_for = milliseconds{1'000 + random.below(6'000)};
    return traits;
}

Setting draw_setting(Random& random) {
    Setting setting;
    setting.requests_a_second = one_of(random, {0U, 15U, 60U, 60U});
    // A split that no request shows is only known to be stored: there the settle time decides.
    const bool shows = setting.requests_a_second >= 60;
    setting.router_delay_max = milliseconds{random.below(shows ? 1'500 : 500)};
    return setting;
}

/// One seed's misfortunes.
struct Misfortune {
    explicit Misfortune(Random& random)
        : chance(random),
          faults_permille(one_of(random, {0U, 5U, 20U, 80U})),
          events_permille(one_of(random, {0U, 3U, 12U})) {}

    Random& chance;
    std::uint32_t faults_permille;
    std::uint32_t events_permille;
    bool instances_suffer = false;  ///< Some died: users may have noticed, and not by our fault.

    Fault draw_fault() {
        if (!chance.chance(faults_permille, 1000)) return Fault::none;
        return one_of(chance,
                      {Fault::die_before, Fault::die_after, Fault::unavailable, Fault::unanswered,
                       Fault::lost_answer, Fault::rejected, Fault::conflict});
    }
    void strike(Place& place);
    static void calm_down(Place& place) {
        place.disk.full = false;
        place.deaf_metrics = false;
    }
};

void ask(Place& place, std::string verb) {
    std::vector<engine::Request>& requests = place.disk.requests;
    requests.push_back({requests.size() + 1, place.world.now(), "user eve", std::move(verb), ""});
}

void Misfortune::strike(Place& place) {
    if (!chance.chance(events_permille, 1000)) return;
    switch (chance.below(9)) {
        case 0:
            instances_suffer = true;
            place.world.kill_instances(chance.chance(1, 2) ? Pool::blue : Pool::green);
            return;
        case 1:
            place.deaf_metrics = !place.deaf_metrics;
            return;
        case 2:
            place.disk.full = !place.disk.full;
            return;
        case 3:
            place.world.forget_counts();
            return;
        case 4:
            ask(place, "pause");
            return;
        case 5:
            ask(place, "resume");
            return;
        case 6:
            ask(place, chance.chance(1, 2) ? "promote" : "abort");
            return;
        default:
            if (!place.disk.lease) return;
            place.disk.lease->fence += 1;
            place.disk.lease->holder = place.disk.lease->holder == "thief" ? "driver" : "thief";
            place.disk.lease->until = place.world.now() + std::chrono::seconds{10};
            return;
    }
}

const Play& start_of(std::size_t index) {
    static const std::vector<Scenario> kScenarios = every_scenario();
    static std::map<std::size_t, Play> starts;
    const auto at = starts.find(index);
    if (at != starts.end()) return at->second;
    return starts.emplace(index, Play(kScenarios[index], 1)).first->second;
}

std::string instances_of(const Place& place) {
    std::string out;
    for (const engine::Instance& each : place.world.instances()) {
        out += fmt::format(" {}:{}:{}", release::name_of(each.pool), each.release,
                           engine::name_of(each.state));
    }
    return out;
}

std::string journal_of(const Place& place) {
    std::string out;
    for (const engine::Record& record : place.disk.records) {
        out += base::to_text(record.at).substr(11, 12) + " " + record.release + " " +
               engine::sentence_of(record) + "\n";
    }
    return out + "left:" + instances_of(place) + "\n";
}

/// What must be true of the world that a release has left behind.
void check_end(Exploration& found, Play& play) {
    const auto broken = [&found](std::string what) { found.broken.push_back(std::move(what)); };
    Place& place = play.place();
    const auto audit = engine::verify(place.disk.records);
    if (!audit.intact) broken("P7: " + audit.finding);
    const auto progress = engine::progress_of(place.disk.records);
    if (!progress || progress->plan.id != play.plan().id || !progress->closed) {
        broken("the release did not come to an end");
        return;
    }
    const engine::Ending ending = *progress->ending;
    found.ending = engine::name_of(ending);
    if (ending == engine::Ending::stuck) return;
    const bool forward = ending == engine::Ending::succeeded;
    const release::Plan& plan = play.plan();
    const Pool serving = forward ? plan.target : plan.active;
    const auto split = place.world.split();
    if (!forward && !plan.from) return;
    if (!split || *split != engine::all_to(serving)) {
        broken(fmt::format("it {}, and {} does not have all traffic", found.ending,
                           release::name_of(serving)));
    }
    const std::string wanted = forward ? plan.to.id : plan.from->id;
    const bool restarts_nothing = plan.strategy == release::StrategyKind::publish;
    std::uint32_t serve = 0;
    for (const engine::Instance& each : place.world.instances()) {
        const bool here = each.pool == serving;
        if (here && (each.release == wanted || restarts_nothing)) ++serve;
        if (here && each.release != wanted && !restarts_nothing) {
            broken(fmt::format("it {}, and there is{}", found.ending, instances_of(place)));
            return;
        }
    }
    if (serve != plan.instances) {
        broken(fmt::format("it {}, and there is{}", found.ending, instances_of(place)));
    }
}

}  // namespace

Exploration explore(std::uint64_t seed) {
    Random random(seed);
    static const std::size_t kScenarios = every_scenario().size();
    Play play = start_of(random.below(kScenarios)).fork();
    Place& place = play.place();
    Exploration found;
    found.seed = seed;
    found.scenario = play.name();
    const Traits traits = draw_traits(random, play.traits());
    const bool is_new = !play.plan().is_rollback;
    if (is_new) place.world.set_traits(play.plan().to.id, traits);
    place.world.disturb(random.next(), draw_setting(random));
    Misfortune misfortune(random);
    const std::uint64_t chaos = random.below(kChaosCrossings);
    std::optional<base::Instant> calm_since;
    bool given_up = false;
    place.meanwhile = [&](std::uint64_t crossing) {
        if (crossing < chaos) return misfortune.strike(place);
        if (!calm_since) Misfortune::calm_down(place);
        if (!calm_since) calm_since = place.world.now();
        if (place.world.now() > *calm_since + kPatience) {
            ask(place, random.chance(1, 2) ? "promote" : "abort");
            calm_since = place.world.now();
        }
        given_up = crossing > kCrossingsMax;
    };
    place.script = [&](std::uint64_t crossing, std::string_view) {
        if (given_up) return Fault::die_before;
        return crossing < chaos ? misfortune.draw_fault() : Fault::none;
    };
    play.perform(kLives);
    found.crossings = place.crossings;
    found.trace = place.trace;
    found.broken = place.violations;
    const bool healthy =
        !misfortune.instances_suffer && traits.flaps_permille == 0 && !traits.lives_for;
    if (healthy && place.world.requests_lost() > 0) {
        found.broken.push_back(
            fmt::format("P1: {} requests were lost", place.world.requests_lost()));
    }
    check_end(found, play);
    if (!found.broken.empty() || found.ending == "stuck") found.journal = journal_of(place);
    return found;
}

}  // namespace sim
