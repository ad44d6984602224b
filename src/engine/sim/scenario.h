#pragma once
// Releases played in the simulated world, by drivers that may die, from the first release to the
// one under test, and what was left in the end.

#include "engine/run.h"
#include "engine/sim/ports.h"
#include "release/plan.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

/// A driver as quick as the simulated world.
engine::Driver driver_named(std::string holder);

/// A spec whose waits are as short as the engine's looks allow.
release::Spec quick_spec();

/// What is played. The plan is made by the real builder from the world as it is.
struct Scenario {
    std::string name;
    release::Spec spec = quick_spec();
    /// Versions released before, in order, without faults; `1.0.0!` rolls back to it.
    std::vector<std::string> history = {"1.0.0"};
    std::string to = "1.0.1";  ///< `!`: rolls back. `+config`, `+assets`: only that differs.
    std::optional<release::StrategyKind> forced;
    Traits traits;           ///< Of the release under test.
    bool tail_first = true;  ///< The histories' warm pools are retired before.
    std::vector<std::pair<std::string, std::string>> wishes = {};  ///< Step entered, verb.
    std::vector<std::pair<std::string, std::vector<engine::HookState>>> hooks = {};
};

/// Every shape of plan, with good and bad releases, hooks, gates and rollbacks.
std::vector<Scenario> every_scenario();
Scenario scenario_named(std::string_view name);

/// What a play came to. Two that are equal left the same world behind by the same effects.
struct Finale {
    std::string ending;
    std::string split;
    std::vector<std::string> pools;  ///< `blue r1 2`.
    std::set<std::string> effects;

    friend bool operator==(const Finale&, const Finale&) = default;
};
std::string to_text(const Finale& finale);

/// One performance of a scenario.
class Play {
public:
    Play(const Scenario& scenario, std::uint64_t seed);

    /// The same play from here on, apart from this one. Taken before a call, it is what is left
    /// when the driver dies there.
    Play fork() const;

    Place& place() { return *place_; }
    const release::Plan& plan() const { return plan_; }
    const std::string& name() const { return scenario_.name; }
    const Traits& traits() const { return scenario_.traits; }

    /// Plays to the end: a driver that dies, is displaced or gives up is followed by another.
    /// The crossings of this part count from 0. Nothing after `lives` drivers is an ending.
    Finale perform(std::uint32_t lives = 40);
    engine::Outcome last_outcome() const { return outcome_; }
    /// Crossings of the part under test, each with its call and the journal's length then.
    struct Crossing {
        std::string call;
        std::size_t records;
    };
    std::vector<Crossing> crossings;

    /// Called when a driver ended otherwise than by an end of the run.
    std::function<void(const engine::Outcome&)> between;

private:
    Play() = default;
    void play_history(const Scenario& scenario);
    void plan_next(const Scenario& scenario, const std::string& to,
                   std::optional<release::StrategyKind> forced);
    bool one_life(const std::string& holder);
    bool finish_tail(const std::string& holder);
    const engine::Record* last_of(std::string_view kind) const;
    void grant_wishes();
    Finale finale() const;

    Scenario scenario_;
    std::unique_ptr<Place> place_;
    release::Plan plan_;
    engine::Outcome outcome_;
    std::size_t wishes_granted_ = 0;
    std::size_t records_seen_ = 0;
    std::size_t effects_before_ = 0;
};

}  // namespace sim
