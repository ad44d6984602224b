#include "load/profile.h"

#include <fmt/format.h>

#include <cmath>

namespace load {
namespace {

// A tenth of Mattermost's simulated posts go to large channels, most to two people
// (mattermost.md 4.1).
std::vector<ChannelKind> channels_for(std::uint32_t users) {
    return {
        {.type = 'O', .permille = 20, .members = users, .count = 1},
        {.type = 'O', .permille = 180, .members = 40, .count = std::max(1U, users / 20)},
        {.type = 'P', .permille = 200, .members = 12, .count = std::max(1U, users / 8)},
        {.type = 'D', .permille = 600, .members = 2, .count = std::max(1U, users * 2)},
    };
}

Profile mattermost_450() {
    Profile profile;
    profile.name = "mattermost-450";
    profile.users = 450;
    profile.duration = std::chrono::minutes{20};
    profile.posts_a_second = 25'000.0 / 1200.0;
    profile.upload_volume = base::Bytes{8'500'000'000};
    profile.channels = channels_for(450);
    return profile;
}

Profile demo() {
    Profile profile;
    profile.name = "demo";
    profile.users = 120;
    profile.duration = std::chrono::seconds{90};
    profile.posts_a_second = 20;
    profile.upload_volume = base::Bytes{200'000'000};
    profile.sizes = {
        .median = base::Bytes{300 * 1024}, .sigma = 1.8, .largest = base::Bytes{30'000'000}};
    profile.think_time = milliseconds{3'000};
    profile.channels = channels_for(120);
    return profile;
}

Profile smoke() {
    Profile profile;
    profile.name = "smoke";
    profile.users = 10;
    profile.duration = std::chrono::seconds{10};
    profile.posts_a_second = 10;
    profile.upload_volume = base::Bytes{4'000'000};
    profile.sizes = {
        .median = base::Bytes{100 * 1024}, .sigma = 1.0, .largest = base::Bytes{2'000'000}};
    profile.think_time = milliseconds{1'000};
    profile.channels = channels_for(10);
    return profile;
}

base::Error unplayable(std::string what, std::string fix) {
    return {base::Failure::rejected,
            base::Diagnostic{.code = "CF0602", .what = std::move(what), .fix = std::move(fix)}};
}

}  // namespace

std::vector<std::string> profile_names() {
    return {"demo", "mattermost-450", "smoke"};
}

base::Result<Profile> profile_named(std::string_view name) {
    if (name == "demo") return demo();
    if (name == "mattermost-450") return mattermost_450();
    if (name == "smoke") return smoke();
    return base::fail(base::Failure::rejected,
                      {.code = "CF0601",
                       .what = fmt::format("there is no load profile `{}`", name),
                       .fix = fmt::format("use one of {}", fmt::join(profile_names(), ", "))});
}

base::Result<Profile> adjusted(Profile profile, const Adjustment& adjustment) {
    const auto stretch = [&profile](double factor) {
        const auto length = static_cast<double>(profile.duration.count());
        const auto volume = static_cast<double>(profile.upload_volume.count);
        profile.duration = milliseconds{std::llround(length * factor)};
        profile.upload_volume.count = static_cast<std::uint64_t>(volume * factor);
    };
    if (!(adjustment.scale > 0) || adjustment.scale > 1000)
        return tl::unexpected(
            unplayable(fmt::format("a scale of {} plays nothing", adjustment.scale),
                       "give a scale above 0, such as 0.05"));
    stretch(adjustment.scale);
    if (adjustment.duration && profile.duration.count() > 0)
        stretch(static_cast<double>(adjustment.duration->count()) /
                static_cast<double>(profile.duration.count()));
    if (adjustment.users) {
        profile.users = *adjustment.users;
        profile.channels = channels_for(profile.users);
    }
    if (adjustment.posts_a_second) profile.posts_a_second = *adjustment.posts_a_second;

    if (profile.users < 2 || profile.users > 20'000)
        return tl::unexpected(unplayable(fmt::format("cannot play {} users", profile.users),
                                         "give 2 to 20,000 users"));
    if (profile.duration < std::chrono::seconds{1})
        return tl::unexpected(unplayable("a run must last a second at least",
                                         "give a longer duration or a larger scale"));
    if (!(profile.posts_a_second >= 0) || profile.posts_a_second > 10'000)
        return tl::unexpected(
            unplayable(fmt::format("cannot post {} messages a second", profile.posts_a_second),
                       "give a rate of 0 to 10,000"));
    return profile;
}

}  // namespace load
