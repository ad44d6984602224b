#pragma once
// What the users of a run do, how many they are, and for how long. Rates are open loop: they do not
// fall when the server is slow.

#include "base/result.h"
#include "base/units.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace load {

using std::chrono::milliseconds;

/// File sizes are log-normal, cut at `largest`: many small ones, a few that take minutes of a run.
struct SizeMix {
    base::Bytes median{450 * 1024};
    double sigma =
        2.0;  ///< of the logarithm; 2.0 makes 1 % of files larger than 100 times the median
    base::Bytes largest{100'000'000};
};

/// A kind of channel: which share of posts goes to such channels, and how many members one has.
struct ChannelKind {
    char type = 'O';             ///< O public, P private, D direct: as the chat's API names them
    std::uint32_t permille = 0;  ///< of all posts
    std::uint32_t members = 2;   ///< at most all users
    std::uint32_t count = 1;     ///< how many such channels there are
};

struct Profile {
    std::string name = {};
    std::uint32_t users = 100;      ///< each with one WebSocket
    milliseconds duration{60'000};  ///< of the measured part, without seeding and settling
    double posts_a_second = 10;     ///< of all users together
    bool poisson = false;           ///< intended starts of posts: else evenly spaced
    base::Bytes upload_volume{0};   ///< over the whole duration
    SizeMix sizes;
    base::Bytes upload_bytes_a_second_each{4'000'000};  ///< a sender's line: makes uploads straddle
    std::uint32_t download_permille = 200;  ///< uploads that are fetched again and compared
    milliseconds think_time{8'000};         ///< mean pause of a user between reads; closed loop
    std::uint32_t probes_a_second = 20;     ///< availability, for each probed path
    double assets_a_second = 5;
    std::vector<ChannelKind> channels = {};
};

/// `demo` (100 users, 60 s), `mattermost-450` (450 users, 25,000 messages and 8.5 GB in 20
/// minutes) or `smoke` (10 users, 10 s). Rejects another name with those there are (CF0601).
base::Result<Profile> profile_named(std::string_view name);
std::vector<std::string> profile_names();

/// What a person changes about a profile on the command line.
struct Adjustment {
    double scale = 1.0;  ///< of time and volume alike; rates and users stay
    std::optional<std::uint32_t> users = {};
    std::optional<milliseconds> duration = {};  ///< the upload volume shrinks or grows with it
    std::optional<double> posts_a_second = {};
};

/// Rejects what cannot be played: no users, no time, rates outside 0..10,000 (CF0602).
base::Result<Profile> adjusted(Profile profile, const Adjustment& adjustment);

}  // namespace load
