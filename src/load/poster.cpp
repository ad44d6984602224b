#include "load/poster.h"

#include "base/json.h"
#include "load/chat_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace load {
namespace {

// A person gives up on a message that will not go, and writes it anew.
constexpr std::chrono::seconds kGiveUpAfter{30};
constexpr std::chrono::seconds kPostPatience{10};
constexpr std::chrono::milliseconds kFirstPause{300};
constexpr std::chrono::milliseconds kLongestPause{3'000};
// What is in flight is bounded; posts above it stay overdue and start late, which is recorded.
constexpr std::size_t kOpenMax = 4'000;

Schedule schedule_for(const Profile& profile, base::Tick start, std::uint64_t seed) {
    return profile.poisson ? Schedule::poisson(start, profile.posts_a_second, seed)
                           : Schedule::constant(start, profile.posts_a_second);
}

}  // namespace

Poster::Poster(net::Loop& loop, Caller& caller, Books& books, const Town& town,
               const Profile& profile, base::Tick start, std::uint64_t seed)
    : loop_(loop),
      caller_(caller),
      books_(books),
      town_(town),
      kinds_(profile.channels),
      schedule_(schedule_for(profile, start, seed)),
      random_(seed),
      endpoint_(books.ledger.add_endpoint("POST /posts", Kind::api)) {}

void Poster::pulse(base::Tick now) {
    if (open_.size() >= kOpenMax && schedule_.next() <= now) ++books_.could_not_start;
    while (open_.size() < kOpenMax) {
        const auto intended = schedule_.due(now);
        if (!intended) return;
        books_.ledger.lagged(now, now - *intended);
        begin(*intended);
    }
}

ChannelNo Poster::drawn_channel() {
    std::uint64_t drawn = random_.below(1000);
    std::size_t kind = 0;
    while (kind + 1 < kinds_.size() && drawn >= kinds_[kind].permille)
        drawn -= kinds_[kind++].permille;
    const std::vector<ChannelNo>& places = town_.by_kind[kind];
    return places[random_.below(places.size())];
}

void Poster::begin(base::Tick intended) {
    const ChannelNo channel = drawn_channel();
    const std::vector<UserNo>& members = town_.places[channel].members;
    const UserNo sender = members[random_.below(members.size())];
    const MessageName name = books_.oracle.post(sender, channel, intended);
    const std::uint64_t number = posts_++;
    Post& post = open_[number];
    post.number = number;
    post.name = name;
    post.sender = sender;
    post.channel = channel;
    post.intended = intended;
    post.again = std::make_unique<net::Timer>(loop_, [this, number] { send(number); });
    send(number);
}

void Poster::send(std::uint64_t number) {
    Post& post = open_.at(number);
    const Person& sender = town_.people[post.sender];
    const base::Json body{
        {"channel_id", town_.places[post.channel].id},
        {"message", message_text(town_.run, post.name, 20 + number % 180)},
        {"pending_post_id", fmt::format("{}:{}{}", sender.id, town_.run, number)}};
    Want want{.endpoint = endpoint_,
              .method = net::Method::post,
              .target = "/api/v4/posts",
              .token = sender.token,
              .body = body.dump(),
              .patience = kPostPatience};
    // A retry is measured by itself; the message's own delay is the oracle's to tell.
    if (post.attempts++ == 0) want.intended = post.intended;
    books_.oracle.sent(post.name, loop_.clock().tick());
    caller_.call(std::move(want), [this, number](const Got& got) { answered(number, got); });
}

void Poster::answered(std::uint64_t number, const Got& got) {
    const auto at = open_.find(number);
    if (at == open_.end()) return;
    Post& post = at->second;
    const base::Tick now = loop_.clock().tick();
    if (got.well()) {
        books_.oracle.answered(post.name, now);
        books_.ledger.posted(now);
    } else if (got.ended == Ended::rejected || now - post.intended > kGiveUpAfter) {
        books_.oracle.given_up(post.name);
    } else {
        const std::uint32_t doublings = std::min(post.attempts - 1, 4U);
        post.again->arm_in(std::min(kFirstPause * (1U << doublings), kLongestPause));
        return;
    }
    // The timer may be what called: its post goes after the batch.
    loop_.defer([kept = std::make_shared<Post>(std::move(post))] {});
    open_.erase(at);
}

void Poster::give_up() {
    for (auto& [number, post] : open_) {
        post.again->disarm();
        books_.oracle.given_up(post.name);
    }
    open_.clear();
}

}  // namespace load
