// Every shape of release from its beginning to its end, with nothing in the way.

#include "engine/sim/scenario.h"
#include "engine/journal.h"

#include <gtest/gtest.h>

namespace sim {
namespace {

std::string journal_of(Play& play) {
    std::string out;
    for (const engine::Record& record : play.place().disk.records) {
        out += base::to_text(record.at).substr(11, 12) + " " + record.release + " " +
               engine::sentence_of(record) + "\n";
    }
    return out;
}

class Calm : public testing::TestWithParam<std::string> {};

TEST_P(Calm, ends_as_it_should_and_breaks_no_promise) {
    Play play(scenario_named(GetParam()), 1);
    const Finale finale = play.perform();
    EXPECT_TRUE(play.place().violations.empty()) << play.place().violations.front();
    EXPECT_EQ(play.place().world.requests_lost(), 0U);
    EXPECT_EQ(play.place().world.stopped_busy(), 0U);
    EXPECT_TRUE(engine::verify(play.place().disk.records).intact);
    if (std::getenv("CROSSFADE_SHOW") != nullptr) {
        printf("== %s: %s\ncrossings %zu\n%s\n", GetParam().c_str(), to_text(finale).c_str(),
               play.crossings.size(), journal_of(play).c_str());
    }
}

std::vector<std::string> names() {
    std::vector<std::string> out;
    for (const Scenario& each : every_scenario()) out.push_back(each.name);
    return out;
}

INSTANTIATE_TEST_SUITE_P(every, Calm, testing::ValuesIn(names()),
                         [](const auto& of) { return of.param; });

}  // namespace
}  // namespace sim
