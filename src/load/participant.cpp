#include "load/participant.h"

#include "load/chat_text.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace load {
namespace {

constexpr std::chrono::seconds kPingEvery{30};
constexpr std::chrono::milliseconds kFirstPause{250};
constexpr std::chrono::milliseconds kLongestPause{5'000};
// A post may be stored before the close and pushed after it.
constexpr std::int64_t kResyncMarginMs = 3'000;

struct Read {
    std::string_view name;
    std::uint32_t weight;
};
constexpr std::array kReads{
    Read{"GET /channels/{id}/posts", 42},
    Read{"POST /channels/members/me/view", 22},
    Read{"GET /users/me", 10},
    Read{"GET /users/me/teams/unread", 10},
    Read{"GET /users/me/channels", 10},
    Read{"GET /channels/{id}/members", 6},
};

}  // namespace

void add_endpoints(Company& company) {
    Ledger& ledger = company.books.ledger;
    company.upgrade = ledger.add_endpoint("GET /websocket", Kind::probe);
    company.resync = ledger.add_endpoint("GET … (resync)", Kind::api);
    for (const Read& read : kReads)
        company.reads.push_back(ledger.add_endpoint(std::string(read.name), Kind::api));
}

Participant::Participant(Company& company, UserNo number)
    : company_(company),
      number_(number),
      person_(company.town.people[number]),
      again_(company.loop, [this] { connect(); }),
      ping_(company.loop, [this] { ping(); }),
      think_(company.loop, [this] { read_something(); }),
      resync_again_(company.loop, [this] { resync(); }) {}

void Participant::connect() {
    if (stage_ != Stage::away || company_.closing) return;
    stage_ = Stage::dialling;
    net::WebSocketCall call;
    call.to = company_.caller.target().address;
    call.host = company_.caller.target().host;
    call.target = fmt::format("/api/v4/websocket?connection_id={}&sequence_number={}",
                              connection_id_, next_seq_);
    call.fields.add("Authorization", "Bearer " + person_.token);
    net::open_websocket(company_.loop, call, company_.random,
                        [this](net::Handshake handshake) { dialled(std::move(handshake)); });
}

void Participant::dialled(net::Handshake handshake) {
    version_ = std::string(handshake.fields.find("X-Version-Id").value_or(""));
    const net::Ending ending{.outcome = handshake.outcome,
                             .error = handshake.error,
                             .status = handshake.status,
                             .timing = handshake.timing};
    std::optional<Ended> ended = ended_of(ending, !version_.empty());
    if (!handshake.accepted && ended == Ended::well) ended = Ended::mangled;
    if (ended)
        company_.books.ledger.record({.endpoint = company_.upgrade,
                                      .ended = *ended,
                                      .intended = handshake.timing.begun,
                                      .begun = handshake.timing.begun,
                                      .at = company_.loop.clock().tick(),
                                      .version = version_});
    if (!handshake.accepted) {
        stage_ = Stage::away;
        company_.books.sockets.refused();
        come_back(false);
        return;
    }
    if (company_.closing) {
        handshake.socket->abort();
        stage_ = Stage::away;
        return;
    }
    stage_ = Stage::greeting;
    socket_ = std::move(handshake.socket);
    net::WebSocketEvents events;
    events.on_text = [this](std::string_view text) { heard(text); };
    events.on_closed = [this](std::uint16_t code, std::string_view) { lost(code); };
    socket_->listen(std::move(events));
    // A connection that is continued says no hello: the pong tells it from a slow one.
    ping();
}

void Participant::ping() {
    if (!socket_) return;
    socket_->send_text(fmt::format(R"({{"action":"ping","seq":{}}})", ++pings_));
    ping_.arm_in(kPingEvery);
}

void Participant::heard(std::string_view text) {
    const EventText event = event_in(text, company_.town.run);
    if (stage_ == Stage::greeting) {
        if (event.kind == EventText::Kind::hello) {
            greeted(text);
            return;
        }
        resumed();
    }
    if (event.seq) check_sequence(*event.seq);
    if (!event.message) return;
    const base::Tick now = company_.loop.clock().tick();
    const auto intended = company_.books.oracle.pushed(number_, *event.message, event.post, now);
    if (intended) company_.books.ledger.delivered(now, *intended);
}

void Participant::greeted(std::string_view text) {
    const auto hello = hello_in(text);
    connection_id_ = hello ? hello->connection_id : "";
    next_seq_ = 1;
    if (version_.empty() && hello) version_ = hello->version;
    owes_resync_ = ever_;
    opened(ever_ ? Resumed::fresh : Resumed::first);
    resync();
}

void Participant::resumed() {
    opened(ever_ ? Resumed::lossless : Resumed::first);
    // What was being caught up with when the socket was lost is missing still.
    if (owes_resync_)
        resync();
    else
        caught_up();
}

void Participant::opened(Resumed how) {
    refusals_ = 0;
    ever_ = true;
    stage_ = Stage::resyncing;
    company_.books.sockets.opened(number_, how);
    ++company_.sockets_of[version_];
}

void Participant::check_sequence(std::uint64_t seq) {
    if (seq == next_seq_) {
        ++next_seq_;
        return;
    }
    company_.books.sockets.broke_sequence();
    next_seq_ = seq + 1;
    // Something was skipped: what a real client does is to come back and catch up.
    owes_resync_ = true;
    if (since_ms_ == 0)
        since_ms_ = base::micros_of(company_.loop.clock().now()) / 1000 - kResyncMarginMs;
    resync();
}

void Participant::lost(std::uint16_t code) {
    const base::Tick now = company_.loop.clock().tick();
    const bool was_open = stage_ == Stage::resyncing || stage_ == Stage::live;
    const bool was_greeting = stage_ == Stage::greeting;
    stage_ = Stage::away;
    ping_.disarm();
    socket_.reset();
    if (was_open) {
        --company_.sockets_of[version_];
        if (!company_.closing) {
            company_.books.sockets.closed(number_, code, now);
            company_.books.ledger.socket_closed(now);
        }
        const std::int64_t now_ms = base::micros_of(company_.loop.clock().now()) / 1000;
        if (since_ms_ == 0) since_ms_ = now_ms - kResyncMarginMs;
    }
    if (was_greeting && !is_planned(code)) company_.books.sockets.refused();
    come_back(is_planned(code));
}

void Participant::come_back(bool at_once) {
    if (company_.closing) return;
    if (at_once && refusals_ == 0) {
        again_.arm_in(std::chrono::milliseconds{company_.random.below(20)});
        return;
    }
    const auto pause = std::min(kFirstPause * (1U << std::min(refusals_, 5U)), kLongestPause);
    ++refusals_;
    again_.arm_in(pause / 2 + pause * static_cast<int>(company_.random.below(1000)) / 2000);
}

void Participant::leave() {
    again_.disarm();
    think_.disarm();
    ping_.disarm();
    resync_again_.disarm();
    reading_ = false;
    if (!socket_) return;
    if (stage_ == Stage::resyncing || stage_ == Stage::live)
        company_.books.sockets.closed_by_client(number_);
    socket_->close(net::close_code::kNormal);
}

void Participant::resync() {
    resync_again_.disarm();
    if (since_ms_ == 0) {
        caught_up();
        return;
    }
    const std::uint64_t attempt = ++resync_attempt_;
    Want want{.endpoint = company_.resync,
              .target = fmt::format("/api/v4/users/me/teams/{}/channels", company_.town.team),
              .token = person_.token,
              .patience = company_.patience};
    company_.caller.call(std::move(want), [this, attempt](const Got& got) {
        if (attempt != resync_attempt_) return;
        if (got.well())
            resync_channels(got);
        else
            resync_failed(attempt);
    });
}

void Participant::resync_channels(const Got& list) {
    const std::uint64_t attempt = resync_attempt_;
    const auto channels = channel_times_in(list.body);
    if (!channels) {
        resync_failed(attempt);
        return;
    }
    std::vector<std::string> changed;
    for (const ChannelTime& channel : *channels)
        if (channel.last_post_ms >= since_ms_ && company_.town.by_id.contains(channel.id))
            changed.push_back(channel.id);
    const auto one = [this, changed, attempt](std::size_t i,
                                              const std::function<void(bool)>& done) {
        Want want{
            .endpoint = company_.resync,
            .target = fmt::format("/api/v4/channels/{}/posts?since={}", changed[i], since_ms_),
            .token = person_.token,
            .patience = company_.patience};
        company_.caller.call(std::move(want), [this, attempt, done](const Got& got) {
            const auto posts = got.well() ? posts_in(got.body, company_.town.run)
                                          : base::Result<std::vector<FoundPost>>{};
            const base::Tick now = company_.loop.clock().tick();
            if (got.well() && posts)
                for (const FoundPost& post : *posts)
                    company_.books.oracle.resynced(number_, post.message, post.post, now);
            done(got.well() && posts.has_value() && attempt == resync_attempt_);
        });
    };
    in_parallel(changed.size(), 4, one, [this, attempt](bool well) {
        if (attempt != resync_attempt_) return;
        if (well)
            caught_up();
        else
            resync_failed(attempt);
    });
}

void Participant::resync_failed(std::uint64_t attempt) {
    if (attempt == resync_attempt_ && !company_.closing) resync_again_.arm_in(kFirstPause);
}

void Participant::caught_up() {
    // A socket that was lost meanwhile has opened a new gap: this look does not reach its end.
    if (stage_ != Stage::resyncing && stage_ != Stage::live) return;
    since_ms_ = 0;
    owes_resync_ = false;
    stage_ = Stage::live;
    company_.books.sockets.caught_up(number_, company_.loop.clock().tick());
}

void Participant::begin_reading() {
    reading_ = true;
    think_.arm_in(company_.think_time * static_cast<int>(company_.random.below(1000)) / 1000);
}

void Participant::read_something() {
    if (!reading_ || company_.think_time.count() <= 0) return;
    company_.caller.call(next_read(), [this](const Got&) {
        const double pause = -std::log(1.0 - company_.random.unit());
        const double mean = static_cast<double>(company_.think_time.count());
        think_.arm_in(std::chrono::microseconds{std::llround(pause * mean * 1000)});
    });
}

Want Participant::next_read() {
    std::uint64_t drawn = company_.random.below(100);
    std::size_t read = 0;
    while (drawn >= kReads[read].weight) drawn -= kReads[read++].weight;
    Want want{
        .endpoint = company_.reads[read], .token = person_.token, .patience = company_.patience};
    const Town& town = company_.town;
    std::string channel;
    if (!person_.channels.empty())
        channel = town.places[person_.channels[company_.random.below(person_.channels.size())]].id;
    if (channel.empty() && (read == 0 || read == 1 || read == 5)) read = 2;
    switch (read) {
        case 0:
            want.target = fmt::format("/api/v4/channels/{}/posts?page=0&per_page=30", channel);
            break;
        case 1:
            want.method = net::Method::post;
            want.target = "/api/v4/channels/members/me/view";
            want.body = fmt::format(R"({{"channel_id":"{}"}})", channel);
            break;
        case 3:
            want.target = "/api/v4/users/me/teams/unread";
            break;
        case 4:
            want.target = fmt::format("/api/v4/users/me/teams/{}/channels", town.team);
            break;
        case 5:
            want.target = fmt::format("/api/v4/channels/{}/members", channel);
            break;
        default:
            want.target = "/api/v4/users/me";
            break;
    }
    return want;
}

}  // namespace load
