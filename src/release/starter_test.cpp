#include "release/starter.h"

#include "base/diagnostic.h"
#include "release/spec.h"
#include "release/version.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <regex>
#include <string>

namespace release {
namespace {

TEST(StarterSpecs, are_valid_as_they_stand_and_with_every_offer_taken) {
    const Starter starters[]{{},
                             {.application = "My Chat",
                              .version = "2.0.0-rc.1",
                              .artifact = "",
                              .command = {},
                              .assets = "web/dist",
                              .health = "/api/v4/system/ping"},
                             {.application = "x",
                              .version = "1.0.0",
                              .artifact = "yes",
                              .command = {"./run me", "${port}"},
                              .assets = "a: b",
                              .health = "/"}};
    for (const Starter& starter : starters) {
        const std::string text = starter_spec(starter);
        const auto spec = spec_from(text, "crossfade.yaml");
        ASSERT_TRUE(spec) << base::text_of(spec.error()) << text;
        EXPECT_EQ(spec->service.instances, 2U);
        const std::string all =
            std::regex_replace(text, std::regex("(^|\n)( *)#(?=[a-z])"), "$1$2");
        const auto taken = spec_from(all, "crossfade.yaml");
        ASSERT_TRUE(taken) << base::text_of(taken.error()) << all;
        EXPECT_EQ(taken->hooks.size(), 1U);
        EXPECT_EQ(taken->gates.size(), 1U);
        EXPECT_EQ(taken->guard.p99_max, milliseconds{500});
        EXPECT_EQ(taken->service.process.secrets.size(), 1U);
        EXPECT_FALSE(taken->assets.empty());
    }
}

TEST(StarterSpecs, hold_what_is_known) {
    const auto spec = spec_from(starter_spec({.application = "Team Chat",
                                              .version = "3.1.4",
                                              .artifact = "dist/team.tar.gz",
                                              .command = {"${artifact}/bin/team", "${port}"},
                                              .assets = "dist/public",
                                              .health = "/up"}),
                                "crossfade.yaml");
    ASSERT_TRUE(spec);
    EXPECT_EQ(spec->application, "team-chat");
    EXPECT_EQ(to_text(spec->version), "3.1.4");
    EXPECT_EQ(spec->artifact, "dist/team.tar.gz");
    EXPECT_EQ(spec->assets, "dist/public");
    EXPECT_EQ(spec->service.health.path, "/up");
    EXPECT_EQ(spec->service.process.command.at(0), "${artifact}/bin/team");
}

RC_GTEST_PROP(StarterNames, are_made_of_any_text, (const std::string& text)) {
    const auto spec = spec_from(starter_spec({.application = text}), "crossfade.yaml");
    RC_ASSERT(spec.has_value());
    RC_ASSERT(spec->application == name_from(text));
}

}  // namespace
}  // namespace release
