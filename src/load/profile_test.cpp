#include "load/profile.h"

#include <gtest/gtest.h>

namespace load {
namespace {

TEST(LoadProfile, mattermost_450_is_the_load_of_the_headline) {
    const Profile profile = *profile_named("mattermost-450");
    EXPECT_EQ(profile.users, 450);
    EXPECT_EQ(profile.duration, std::chrono::minutes{20});
    EXPECT_NEAR(profile.posts_a_second * 1200, 25'000, 0.001);
    EXPECT_EQ(profile.upload_volume.count, 8'500'000'000);
}

TEST(LoadProfile, a_scale_shrinks_time_and_volume_alike_and_keeps_rates) {
    const Profile whole = *profile_named("mattermost-450");
    const Profile part = *adjusted(whole, {.scale = 0.05});
    EXPECT_EQ(part.duration, std::chrono::seconds{60});
    EXPECT_EQ(part.upload_volume.count, 425'000'000);
    EXPECT_EQ(part.users, whole.users);
    EXPECT_EQ(part.posts_a_second, whole.posts_a_second);
}

TEST(LoadProfile, a_duration_takes_its_share_of_the_volume) {
    const Profile part =
        *adjusted(*profile_named("mattermost-450"), {.duration = std::chrono::minutes{2}});
    EXPECT_EQ(part.upload_volume.count, 850'000'000);
}

TEST(LoadProfile, shares_of_channel_kinds_add_up) {
    for (const std::string& name : profile_names()) {
        std::uint32_t sum = 0;
        const Profile profile = *profile_named(name);
        for (const ChannelKind& kind : profile.channels) sum += kind.permille;
        EXPECT_EQ(sum, 1000) << name;
    }
}

TEST(LoadProfile, refuses_what_cannot_be_played) {
    EXPECT_EQ(profile_named("matermost").error().diagnostic.code, "CF0601");
    const Profile demo = *profile_named("demo");
    EXPECT_FALSE(adjusted(demo, {.scale = 0}));
    EXPECT_FALSE(adjusted(demo, {.scale = 0.001}));
    EXPECT_FALSE(adjusted(demo, {.users = 1}));
    EXPECT_FALSE(adjusted(demo, {.posts_a_second = -1.0}));
    EXPECT_EQ(adjusted(demo, {.users = 0}).error().diagnostic.code, "CF0602");
}

}  // namespace
}  // namespace load
