#pragma once
// Accounts for every message: who must see it, who did, how, when, and how often.
// Pure: it is told what happened, in one thread's order, and is asked at the end.
//
// What a receiver goes through with a message:
//
//   expected -pushed-> live        expected -resynced-> recovered      (the end without either:
//   lost) live -pushed-> duplicated      recovered -pushed-> recovered        (a push that crossed
//   the resync) live -resynced-> live          a resync repeats state, it repeats no message

#include "base/clock.h"
#include "load/histogram.h"
#include "load/outcome.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace load {

using UserNo = std::uint32_t;
using ChannelNo = std::uint32_t;

/// A message's name, which it carries through the server in its text.
struct MessageName {
    UserNo sender = 0;
    std::uint32_t n = 0;

    friend bool operator==(const MessageName&, const MessageName&) = default;
};

class Oracle {
public:
    Oracle(std::uint32_t users, std::chrono::milliseconds late_after);

    /// Every member is expected to see what is posted to it from now on, the sender too.
    ChannelNo add_channel(std::vector<UserNo> members);

    /// The sender's next message. It is not expected by anyone before it is answered or seen.
    MessageName post(UserNo sender, ChannelNo channel, base::Tick intended);
    /// A POST leaves; again for each retry with the same pending_post_id.
    void sent(MessageName name, base::Tick at);
    void answered(MessageName name, base::Tick at);
    /// No further retry: the message may exist, once.
    void given_up(MessageName name);

    /// An event on the receiver's socket. `post` is the post's id, hashed: a second id for one
    /// message is a message stored twice. Gives the message's intended start where this is the
    /// receiver's first sight of it.
    std::optional<base::Tick> pushed(UserNo receiver, MessageName name, std::uint64_t post,
                                     base::Tick at);
    /// Found by the REST resync that a real client makes after a gap.
    void resynced(UserNo receiver, MessageName name, std::uint64_t post, base::Tick at);
    /// Found in the channel when all was over, by a look that no real client takes.
    void stored(MessageName name, std::uint64_t post);
    /// The channel was read to its end: what `stored` was not told of is not there.
    void audited(ChannelNo channel);

    /// Pairs of answered messages and receivers who have not seen them.
    std::uint64_t outstanding() const { return outstanding_; }
    std::uint64_t posted() const { return posted_; }
    std::uint64_t delivered() const { return delivered_; }
    const Histogram& delivery() const { return delivery_; }
    ChannelNo channel_of(MessageName name) const;
    bool knows(MessageName name) const;
    /// Channels that any message was posted to, in ascending order.
    std::vector<ChannelNo> channels_used() const;

    /// `not_started` is left to who keeps the schedule.
    MessageOutcome outcome() const;

private:
    struct Message {
        ChannelNo channel = 0;
        std::uint32_t seen = 0;  ///< receivers
        std::uint32_t attempts = 0;
        bool given_up = false;
        bool stored = false;
        bool stored_twice = false;
        std::uint64_t post = 0;
        std::size_t first_pair = 0;
        base::Tick intended{};
        base::Tick first_sent{};
        std::optional<base::Tick> answered = {};
    };
    struct Channel {
        std::vector<UserNo> members = {};            ///< sorted
        std::vector<base::Tick> latest_pushed = {};  ///< by member: first_sent of what was pushed
        bool audited = false;
    };
    enum Pair : std::uint8_t { kSeen = 1, kLive = 2, kAgain = 4, kLate = 8 };

    Message* find(MessageName name);
    std::optional<std::size_t> member(const Channel& channel, UserNo user) const;
    void identify(Message& message, std::uint64_t post);
    void see(Message& message, std::uint8_t& pair, base::Tick at);
    void check_order(const Message& message, std::size_t member);
    void account(const Message& message, MessageOutcome& outcome) const;

    std::chrono::milliseconds late_after_;
    std::vector<std::vector<std::uint32_t>> by_sender_;  ///< n → message
    std::vector<Message> messages_;
    std::vector<Channel> channels_;
    std::vector<std::uint8_t> pairs_;
    std::uint64_t outstanding_ = 0;
    std::uint64_t posted_ = 0;
    std::uint64_t delivered_ = 0;
    std::uint64_t out_of_order_ = 0;
    std::uint64_t strangers_ = 0;
    Histogram delivery_;
    Histogram delivery_all_;
};

}  // namespace load
