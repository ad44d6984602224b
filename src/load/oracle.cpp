#include "load/oracle.h"

#include "base/check.h"

#include <algorithm>

namespace load {

Oracle::Oracle(std::uint32_t users, std::chrono::milliseconds late_after)
    : late_after_(late_after), by_sender_(users) {}

ChannelNo Oracle::add_channel(std::vector<UserNo> members) {
    std::sort(members.begin(), members.end());
    members.erase(std::unique(members.begin(), members.end()), members.end());
    std::vector<base::Tick> latest(members.size());
    channels_.push_back({.members = std::move(members), .latest_pushed = std::move(latest)});
    return static_cast<ChannelNo>(channels_.size() - 1);
}

MessageName Oracle::post(UserNo sender, ChannelNo channel, base::Tick intended) {
    CHECK(sender < by_sender_.size() && channel < channels_.size());
    std::vector<std::uint32_t>& mine = by_sender_[sender];
    mine.push_back(static_cast<std::uint32_t>(messages_.size()));
    messages_.push_back({.channel = channel, .first_pair = pairs_.size(), .intended = intended});
    pairs_.resize(pairs_.size() + channels_[channel].members.size());
    return {.sender = sender, .n = static_cast<std::uint32_t>(mine.size() - 1)};
}

bool Oracle::knows(MessageName name) const {
    return name.sender < by_sender_.size() && name.n < by_sender_[name.sender].size();
}

Oracle::Message* Oracle::find(MessageName name) {
    return knows(name) ? &messages_[by_sender_[name.sender][name.n]] : nullptr;
}

ChannelNo Oracle::channel_of(MessageName name) const {
    CHECK(knows(name));
    return messages_[by_sender_[name.sender][name.n]].channel;
}

std::vector<ChannelNo> Oracle::channels_used() const {
    std::vector<bool> used(channels_.size());
    for (const Message& message : messages_) used[message.channel] = true;
    std::vector<ChannelNo> all;
    for (ChannelNo channel = 0; channel < used.size(); ++channel)
        if (used[channel]) all.push_back(channel);
    return all;
}

std::optional<std::size_t> Oracle::member(const Channel& channel, UserNo user) const {
    const auto at = std::lower_bound(channel.members.begin(), channel.members.end(), user);
    if (at == channel.members.end() || *at != user) return std::nullopt;
    return static_cast<std::size_t>(at - channel.members.begin());
}

void Oracle::sent(MessageName name, base::Tick at) {
    Message* message = find(name);
    CHECK(message != nullptr);
    if (message->attempts++ == 0) message->first_sent = at;
}

void Oracle::answered(MessageName name, base::Tick at) {
    Message* message = find(name);
    CHECK(message != nullptr);
    if (message->answered) return;
    message->answered = at;
    ++posted_;
    outstanding_ += channels_[message->channel].members.size() - message->seen;
}

void Oracle::given_up(MessageName name) {
    Message* message = find(name);
    CHECK(message != nullptr);
    message->given_up = true;
}

void Oracle::identify(Message& message, std::uint64_t post) {
    if (message.post == 0) message.post = post;
    if (message.post != post) message.stored_twice = true;
}

void Oracle::see(Message& message, std::uint8_t& pair, base::Tick at) {
    pair |= kSeen;
    ++message.seen;
    ++delivered_;
    if (message.answered) --outstanding_;
    const base::Tick promised = message.answered.value_or(message.first_sent);
    if (at > promised + late_after_) pair |= kLate;
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(at - message.intended);
    const auto micros = static_cast<std::uint64_t>(std::max<std::int64_t>(0, took.count()));
    delivery_all_.add(micros);
    if ((pair & kLive) != 0) delivery_.add(micros);
}

// By one clock: whoever began to post after an earlier message had been answered must not be read
// before it. Messages whose POSTs overlapped have no order.
void Oracle::check_order(const Message& message, std::size_t member) {
    base::Tick& latest = channels_[message.channel].latest_pushed[member];
    if (message.answered && latest > *message.answered) ++out_of_order_;
    latest = std::max(latest, message.first_sent);
}

std::optional<base::Tick> Oracle::pushed(UserNo receiver, MessageName name, std::uint64_t post,
                                         base::Tick at) {
    Message* message = find(name);
    const auto place = message ? member(channels_[message->channel], receiver) : std::nullopt;
    if (!place) {
        ++strangers_;
        return std::nullopt;
    }
    identify(*message, post);
    std::uint8_t& pair = pairs_[message->first_pair + *place];
    if ((pair & kLive) != 0) {
        pair |= kAgain;
        return std::nullopt;
    }
    pair |= kLive;
    if ((pair & kSeen) != 0) return std::nullopt;
    check_order(*message, *place);
    see(*message, pair, at);
    return message->intended;
}

void Oracle::resynced(UserNo receiver, MessageName name, std::uint64_t post, base::Tick at) {
    Message* message = find(name);
    const auto place = message ? member(channels_[message->channel], receiver) : std::nullopt;
    if (!place) return;
    identify(*message, post);
    std::uint8_t& pair = pairs_[message->first_pair + *place];
    if ((pair & kSeen) == 0) see(*message, pair, at);
}

void Oracle::stored(MessageName name, std::uint64_t post) {
    Message* message = find(name);
    if (message == nullptr) return;
    identify(*message, post);
    message->stored = true;
}

void Oracle::audited(ChannelNo channel) {
    CHECK(channel < channels_.size());
    channels_[channel].audited = true;
}

void Oracle::account(const Message& message, MessageOutcome& outcome) const {
    const Channel& channel = channels_[message.channel];
    if (message.attempts > 1) ++outcome.retried;
    if (message.answered) ++outcome.posted;
    if (!message.answered && message.given_up) ++outcome.unanswered;
    if (message.stored_twice) ++outcome.stored_twice;
    if (!message.answered && message.seen == 0 && !message.stored) return;

    const bool vanished = message.answered && channel.audited && !message.stored;
    outcome.expected += channel.members.size();
    for (std::size_t i = 0; i < channel.members.size(); ++i) {
        const std::uint8_t pair = pairs_[message.first_pair + i];
        if ((pair & kAgain) != 0) ++outcome.duplicated;
        if (vanished) {
            ++outcome.vanished;
        } else if ((pair & kSeen) == 0) {
            ++outcome.never_pushed;
        } else {
            ++outcome.delivered;
            if ((pair & kLate) != 0) ++outcome.late;
        }
    }
}

MessageOutcome Oracle::outcome() const {
    MessageOutcome outcome;
    for (const Message& message : messages_) account(message, outcome);
    outcome.live = delivery_.count();
    outcome.recovered = delivery_all_.count() - delivery_.count();
    outcome.lost = outcome.vanished + outcome.never_pushed;
    outcome.duplicated += outcome.stored_twice;
    outcome.out_of_order = out_of_order_;
    outcome.strangers = strangers_;
    outcome.late_after_ms = static_cast<double>(late_after_.count());
    outcome.delivery = latency_of(delivery_);
    outcome.delivery_all = latency_of(delivery_all_);
    return outcome;
}

}  // namespace load
