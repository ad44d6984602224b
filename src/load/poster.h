#pragma once
// Posts messages when their time has come, and again with the same pending_post_id while nobody
// answers, as the web app does.

#include "base/random.h"
#include "load/books.h"
#include "load/caller.h"
#include "load/profile.h"
#include "load/schedule.h"
#include "load/town.h"
#include "net/loop.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <unordered_map>

namespace load {

/// Used on the loop's thread.
class Poster {
public:
    Poster(net::Loop& loop, Caller& caller, Books& books, const Town& town, const Profile& profile,
           base::Tick start, std::uint64_t seed);

    /// Begins all posts that are due.
    void pulse(base::Tick now);
    base::Tick next() const { return schedule_.next(); }
    const Schedule& schedule() const { return schedule_; }
    /// Posts that are neither answered nor given up.
    std::size_t open() const { return open_.size(); }
    /// No more retries from here on.
    void give_up();

private:
    struct Post {
        std::uint64_t number = 0;
        MessageName name;
        UserNo sender = 0;
        ChannelNo channel = 0;
        base::Tick intended;
        std::uint32_t attempts = 0;
        std::unique_ptr<net::Timer> again;
    };
    void begin(base::Tick intended);
    void send(std::uint64_t number);
    void answered(std::uint64_t number, const Got& got);
    ChannelNo drawn_channel();

    net::Loop& loop_;
    Caller& caller_;
    Books& books_;
    const Town& town_;
    std::vector<ChannelKind> kinds_;
    Schedule schedule_;
    base::Random random_;
    std::uint16_t endpoint_;
    std::uint64_t posts_ = 0;
    std::unordered_map<std::uint64_t, Post> open_;
};

}  // namespace load
