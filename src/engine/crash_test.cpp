// Whatever dies, whenever: the release ends as if nothing had died (P6), and on the way no promise
// is broken (P3, P4, P7).

#include "base/log.h"
#include "engine/sim/scenario.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace sim {
namespace {

bool writes(std::string_view call) {
    for (const std::string_view each :
         {"store.append", "fleet.prepare", "fleet.ensure", "fleet.replace", "fleet.retire",
          "traffic.set", "traffic.move_sockets", "traffic.hold", "traffic.let_go", "assets.publish",
          "assets.retain", "hooks.call", "store.acquire", "store.renew", "store.release"}) {
        if (call == each) return true;
    }
    return false;
}

/// Places of which some are as good as others: what happens there depends on this alone.
using Likeness = std::tuple<std::string, std::size_t, std::size_t>;

// Optimised builds visit every spot, others one in five: each is still visited by some scenario.
#ifdef __OPTIMIZE__
constexpr std::size_t kStride = 1;
#else
constexpr std::size_t kStride = 5;
#endif

void expect_promises_kept(Play& play) {
    EXPECT_TRUE(play.place().violations.empty()) << play.place().violations.front();
    EXPECT_EQ(play.place().world.requests_lost(), 0U);
    EXPECT_EQ(play.place().world.stopped_busy(), 0U);
    EXPECT_EQ(play.place().world.held(), milliseconds{0});
    if (play.place().never_two) {
        EXPECT_EQ(play.place().world.requests_unserved(), 0U);
    }
}

class Crash : public testing::TestWithParam<std::string> {
protected:
    const Play start{scenario_named(GetParam()), 1};

    struct Spot {
        std::uint64_t crossing;
        std::string call;
    };

    void SetUp() override { base::log::only_errors(); }
    static std::size_t offset() { return std::hash<std::string>{}(GetParam()) % kStride; }

    /// Plays without faults. `spots`: each write, and of the reads that find the same journal and
    /// the same world one of a kind. `at_spot` sees the play before the call.
    Finale calm(std::vector<Spot>& spots, const std::function<void(const Play&)>& at_spot) {
        Play play = start.fork();
        std::set<Likeness> known;
        Place& place = play.place();
        place.script = [&](std::uint64_t crossing, std::string_view call) {
            const bool is_new =
                known.insert({std::string(call), place.disk.records.size(), place.effects.size()})
                    .second;
            if (is_new || writes(call)) {
                spots.push_back({crossing, std::string(call)});
                if (at_spot) at_spot(play);
            }
            return Fault::none;
        };
        const Finale finale = play.perform();
        expect_promises_kept(play);
        return finale;
    }
    Finale with(std::uint64_t at, Fault fault) {
        Play play = start.fork();
        play.place().script = [&](std::uint64_t crossing, std::string_view) {
            return crossing == at ? fault : Fault::none;
        };
        const Finale finale = play.perform();
        expect_promises_kept(play);
        return finale;
    }
};

// Dying after a call is dying before the next one: both are met.
TEST_P(Crash, dying_anywhere_ends_where_not_dying_ends) {
    std::vector<Spot> spots;
    std::vector<Play> left_behind;
    const Finale ending =
        calm(spots, [&](const Play& play) { left_behind.push_back(play.fork()); });
    for (std::size_t i = offset(); i < spots.size() && !HasFailure(); i += kStride) {
        EXPECT_EQ(left_behind[i].perform(), ending)
            << "died before crossing " << spots[i].crossing << ", " << spots[i].call;
        expect_promises_kept(left_behind[i]);
    }
}

TEST_P(Crash, dying_again_while_recovering_ends_there_too) {
    std::vector<Spot> spots;
    std::vector<Play> left_behind;
    const Finale ending = calm(spots, [&](const Play& play) {
        if (spots.size() % 3 == 0) left_behind.push_back(play.fork());
    });
    for (std::size_t i = offset(); i < left_behind.size() && !HasFailure(); i += kStride) {
        Play& play = left_behind[i];
        const std::uint64_t again = play.place().crossings + 3 + i * 7 % 17;
        play.place().script = [&](std::uint64_t crossing, std::string_view) {
            return crossing == again ? Fault::die_after : Fault::none;
        };
        EXPECT_EQ(play.perform(), ending)
            << "died before spot " << i * 3 << " and after crossing " << again;
        expect_promises_kept(play);
    }
}

TEST_P(Crash, a_write_whose_answer_is_lost_ends_there_too) {
    std::vector<Spot> spots;
    const Finale ending = calm(spots, nullptr);
    constexpr Fault kFaults[] = {Fault::lost_answer, Fault::unanswered, Fault::unavailable};
    std::size_t turn = offset();
    std::size_t seen = offset();
    for (const Spot& spot : spots) {
        if (!writes(spot.call) || HasFailure() || ++seen % kStride != 0) continue;
        const bool is_append = spot.call == "store.append";
        for (std::size_t i = 0; i < (is_append ? 1 : 3); ++i) {
            const Fault fault = kFaults[turn++ % 3];
            EXPECT_EQ(with(spot.crossing, fault), ending)
                << "fault " << static_cast<int>(fault) << " at crossing " << spot.crossing;
        }
    }
}

TEST_P(Crash, a_second_driver_at_any_move_takes_over_cleanly) {
    std::vector<Spot> spots;
    const Finale ending = calm(spots, nullptr);
    for (std::size_t i = offset(); i < spots.size() && !HasFailure(); i += 3 * kStride) {
        Play play = start.fork();
        Place& place = play.place();
        place.meanwhile = [&](std::uint64_t crossing) {
            if (crossing != spots[i].crossing || !place.disk.lease) return;
            place.disk.lease->fence += 1;
            place.disk.lease->holder = "thief";
            place.disk.lease->until = place.world.now() + milliseconds{10'000};
        };
        EXPECT_EQ(play.perform(), ending)
            << "the lease was taken at crossing " << spots[i].crossing;
        expect_promises_kept(play);
    }
}

std::vector<std::string> names() {
    std::vector<std::string> out;
    for (const Scenario& each : every_scenario()) out.push_back(each.name);
    return out;
}

INSTANTIATE_TEST_SUITE_P(every, Crash, testing::ValuesIn(names()),
                         [](const auto& of) { return of.param; });

}  // namespace

void PrintTo(const Finale& finale, std::ostream* out) {
    *out << to_text(finale);
}

}  // namespace sim
