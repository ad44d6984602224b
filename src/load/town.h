#pragma once
// Who plays: users with sessions, the channels they are in. Made through the server's own API.

#include "base/result.h"
#include "load/caller.h"
#include "load/oracle.h"
#include "load/profile.h"
#include "net/loop.h"

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

namespace load {

struct Person {
    std::string id;
    std::string name;
    std::string token;
    std::vector<ChannelNo> channels = {};
};

struct Place {
    char type = 'O';
    std::size_t kind = 0;  ///< in the profile's channels
    std::vector<UserNo> members = {};
    std::string name = {};
    std::string id = {};
};

/// People and channels by number. The last person is the prober, who is in a channel of its own
/// and is expected to read nothing.
struct Town {
    std::string run;
    std::string team;
    std::string probe_channel;  ///< id of the prober's own
    std::vector<Person> people;
    std::vector<Place> places;
    std::vector<std::vector<ChannelNo>> by_kind;
    std::unordered_map<std::string, ChannelNo> by_id;

    std::uint32_t users() const { return static_cast<std::uint32_t>(people.size()) - 1; }
    const Person& prober() const { return people.back(); }
};

/// Who is in which channel, before any of it exists. The same seed gives the same town.
Town town_for(const Profile& profile, const std::string& run, std::uint64_t seed);

/// Runs `each` for 0..count-1, at most `width` at a time; each calls its `done` once, and `then`
/// follows the last, or the first that failed, with whether all went well.
void in_parallel(std::size_t count, std::size_t width,
                 std::function<void(std::size_t, std::function<void(bool)>)> each,
                 std::function<void(bool)> then);

/// Makes users, sessions, team, channels and memberships on a server. Used on the loop's thread.
class Seeding {
public:
    Seeding(net::Loop& loop, Caller& caller, Town& town);

    /// `then` is called once: with success, or with why the server cannot be seeded (CF0604).
    void begin(std::function<void(base::Result<void>)> then);
    std::size_t done() const { return done_; }
    std::size_t steps() const { return steps_; }

private:
    using Then = std::function<void(bool)>;
    /// `use` reads the answer, false when it is not what it should be.
    struct Errand {
        std::string path;
        std::string token;
        std::string body;
        std::function<bool(const Got&)> use = {};
        int attempts = 0;
    };
    void run(Errand errand, Then done);
    void stage(std::size_t number);
    void create_user(std::size_t number, Then done);
    void log_in(std::size_t number, Then done);
    void found_team(std::size_t number, Then done);
    void join_team(std::size_t number, Then done);
    void found_place(std::size_t number, Then done);
    void found_probe_channel(std::size_t number, Then done);
    void join_place(std::size_t number, Then done);

    net::Loop& loop_;
    Caller& caller_;
    Town& town_;
    std::function<void(base::Result<void>)> then_;
    std::string why_;
    std::size_t done_ = 0;
    std::size_t steps_ = 0;
    std::vector<std::unique_ptr<net::Timer>> pauses_;
};

}  // namespace load
