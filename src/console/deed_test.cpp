#include "console/deed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace console {
namespace {

using engine::RunState;
using testing::HasSubstr;

engine::Status status_in(RunState state) {
    engine::Status status;
    status.run = "r2";
    status.from = "1.0.0";
    status.to = "1.0.1";
    status.state = state;
    status.next = "half of the requests go to 1.0.1";
    status.split = engine::Split{base::Permille{250}};
    engine::PoolStatus blue;
    blue.release = "r1";
    blue.share_set = base::Permille{750};
    engine::PoolStatus green;
    green.pool = release::Pool::green;
    green.release = "r2";
    green.share_set = base::Permille{250};
    green.sockets = 12;
    status.pools = {blue, green};
    return status;
}

engine::PastRun run_of(const std::string& id, engine::Ending ending) {
    engine::PastRun run;
    run.id = id;
    run.release.id = id;
    run.ending = ending;
    return run;
}

engine::Releases two_releases() {
    engine::Releases releases;
    releases.runs = {run_of("r1", engine::Ending::succeeded),
                     run_of("r2", engine::Ending::succeeded)};
    releases.runs[1].before = releases.runs[0].release;
    releases.current = releases.runs[1].release;
    return releases;
}

std::string possible_in(RunState state) {
    std::string out;
    for (const Deed& deed : deeds_of(status_in(state), two_releases())) {
        EXPECT_NE(deed.consequence.empty(), deed.why_not.empty()) << name_of(deed.verb);
        EXPECT_EQ(deed.possible, deed.why_not.empty()) << name_of(deed.verb);
        if (deed.possible) out += std::string(name_of(deed.verb)) + ' ';
    }
    return out;
}

TEST(Deeds, each_state_allows_what_the_command_line_would) {
    EXPECT_EQ(possible_in(RunState::running), "pause promote abort ");
    EXPECT_EQ(possible_in(RunState::waiting), "pause promote abort ");
    EXPECT_EQ(possible_in(RunState::consent), "pause promote abort ");
    EXPECT_EQ(possible_in(RunState::paused), "resume promote abort ");
    EXPECT_EQ(possible_in(RunState::going_back), "");
    EXPECT_EQ(possible_in(RunState::interrupted), "resume abort ");
    EXPECT_EQ(possible_in(RunState::warm), "rollback ");
    EXPECT_EQ(possible_in(RunState::ended), "rollback ");
    EXPECT_EQ(possible_in(RunState::none), "");
}

TEST(Deeds, an_abort_says_whom_it_moves_and_how_fast) {
    const auto deeds = deeds_of(status_in(RunState::waiting), two_releases());
    EXPECT_THAT(deeds[3].consequence, HasSubstr("All new requests go to 1.0.0 at once"));
    EXPECT_THAT(deeds[3].consequence, HasSubstr("25 % on 1.0.1 become 0 %"));
    EXPECT_THAT(deeds[3].consequence, HasSubstr("12 WebSockets on 1.0.1 move over"));
}

TEST(Deeds, a_share_that_is_not_known_is_not_claimed) {
    engine::Status status = status_in(RunState::waiting);
    status.split.reset();
    const auto deeds = deeds_of(status, two_releases());
    EXPECT_EQ(deeds[3].consequence.find('%'), std::string::npos);
    EXPECT_THAT(deeds[0].consequence, HasSubstr("its present share"));
}

TEST(Deeds, a_gate_for_a_second_person_says_whose_consent_does_not_count) {
    engine::Status status = status_in(RunState::consent);
    EXPECT_EQ(deeds_of(status, two_releases())[2].consequence.find("second person"),
              std::string::npos);
    status.not_by = "user ada";
    EXPECT_THAT(deeds_of(status, two_releases())[2].consequence,
                HasSubstr("not from user ada, who began it"));
}

TEST(Deeds, back_leads_only_to_what_served_well_and_does_not_serve_now) {
    engine::Releases releases = two_releases();
    releases.runs.push_back(run_of("r3", engine::Ending::rolled_back));
    EXPECT_EQ(rollback_target(releases, "r1"), &releases.runs[0]);
    EXPECT_EQ(rollback_target(releases, "r2"), nullptr) << "serves";
    EXPECT_EQ(rollback_target(releases, "r3"), nullptr) << "did not end well";
    EXPECT_EQ(rollback_target(releases, "r9"), nullptr);
    EXPECT_EQ(rollback_target(engine::Releases{}, ""), nullptr);
}

TEST(Deeds, their_names_are_read_back) {
    for (const char* name : {"pause", "resume", "promote", "abort", "rollback"})
        EXPECT_EQ(name_of(*verb_from(name)), name);
    EXPECT_FALSE(verb_from("down"));
    EXPECT_FALSE(verb_from(""));
}

}  // namespace
}  // namespace console
