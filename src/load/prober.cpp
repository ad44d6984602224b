#include "load/prober.h"

#include "load/chat_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace load {
namespace {

enum Path : std::size_t { kRead, kWrite, kWebSocket, kAsset };

/// A socket that is waited for until it says hello, and closed.
struct Greeting {
    std::shared_ptr<net::WebSocket> socket;
    std::unique_ptr<net::Timer> patience;
    bool over = false;
};

}  // namespace

Prober::Prober(net::Loop& loop, Caller& caller, Books& books, ProbePaths paths, Tempo tempo)
    : loop_(loop), caller_(caller), books_(books), paths_(std::move(paths)) {
    const std::chrono::nanoseconds quarter{
        tempo.a_second > 0 ? static_cast<std::int64_t>(250e6 / tempo.a_second) : 0};
    for (const char* name : {"read", "write", "websocket", "asset"}) {
        const bool last = std::string_view(name) == "asset";
        if (last && paths_.asset.empty()) continue;
        schedules_.push_back(Schedule::constant(
            tempo.first + quarter * static_cast<std::int64_t>(schedules_.size()), tempo.a_second));
        numbers_.push_back(books.availability.add_path(name));
        endpoints_.push_back(books.ledger.add_endpoint(fmt::format("probe {}", name), Kind::probe));
    }
}

base::Tick Prober::next() const {
    base::Tick next = base::Tick::max();
    for (const Schedule& schedule : schedules_) next = std::min(next, schedule.next());
    return next;
}

Histogram Prober::lag() const {
    Histogram lag;
    for (const Schedule& schedule : schedules_) lag += schedule.lag();
    return lag;
}

void Prober::pulse(base::Tick now) {
    for (std::size_t path = 0; path < schedules_.size(); ++path) {
        while (const auto intended = schedules_[path].due(now)) {
            books_.ledger.lagged(now, now - *intended);
            Want want{.token = paths_.token, .patience = paths_.patience, .fresh = true};
            switch (path) {
                case kRead:
                    want.target = "/api/v4/users/me";
                    break;
                case kWrite:
                    want.method = net::Method::post;
                    want.target = "/api/v4/channels/members/me/view";
                    want.body = fmt::format(R"({{"channel_id":"{}"}})", paths_.write_channel);
                    break;
                case kAsset:
                    want.target = paths_.asset;
                    want.token.clear();
                    break;
                default:
                    websocket(path, *intended);
                    continue;
            }
            request(path, endpoints_[path], std::move(want), *intended);
        }
    }
}

void Prober::finished(std::size_t path, Ended ended, base::Tick begun) {
    --open_;
    if (ended == Ended::ours) return;
    // A refusal of a request that should be fine is no service either.
    const bool by_instance = ended == Ended::harmed || ended == Ended::rejected;
    const Attempt attempt = ended == Ended::well ? Attempt::succeeded
                            : by_instance        ? Attempt::harmed
                                                 : Attempt::failed;
    books_.availability.ended(numbers_[path], attempt, begun, loop_.clock().tick());
}

void Prober::request(std::size_t path, std::uint16_t endpoint, Want want, base::Tick intended) {
    want.endpoint = endpoint;
    want.intended = intended;
    ++open_;
    caller_.call(std::move(want),
                 [this, path](const Got& got) { finished(path, got.ended, got.timing.begun); });
}

void Prober::websocket(std::size_t path, base::Tick intended) {
    ++open_;
    net::WebSocketCall call;
    call.to = caller_.target().address;
    call.host = caller_.target().host;
    call.target = "/api/v4/websocket?connection_id=&sequence_number=0";
    call.fields.add("Authorization", "Bearer " + paths_.token);
    call.patience = paths_.patience;
    net::open_websocket(loop_, call, random_, [this, path, intended](net::Handshake handshake) {
        const auto greeting = std::make_shared<Greeting>();
        const std::string version(handshake.fields.find("X-Version-Id").value_or(""));
        const auto finish = [this, path, intended, version, greeting,
                             begun = handshake.timing.begun](Ended ended) {
            if (greeting->over) return;
            greeting->over = true;
            books_.ledger.record({.endpoint = endpoints_[path],
                                  .ended = ended,
                                  .intended = intended,
                                  .begun = begun,
                                  .at = loop_.clock().tick(),
                                  .version = version});
            finished(path, ended, begun);
        };
        if (!handshake.accepted) {
            const net::Ending ending{.outcome = handshake.outcome,
                                     .error = handshake.error,
                                     .status = handshake.status,
                                     .timing = handshake.timing};
            const Ended ended = ended_of(ending, !version.empty()).value_or(Ended::ours);
            finish(ended == Ended::well ? Ended::mangled : ended);
            return;
        }
        greeting->socket = handshake.socket;
        greeting->patience = std::make_unique<net::Timer>(loop_, [finish, greeting] {
            finish(Ended::timed_out);
            greeting->socket->abort();
        });
        greeting->patience->arm_in(paths_.patience);
        net::WebSocketEvents events;
        events.on_text = [finish, greeting](std::string_view text) {
            if (event_in(text, {}).kind != EventText::Kind::hello) return;
            finish(Ended::well);
            greeting->socket->close(net::close_code::kNormal);
        };
        events.on_closed = [this, finish, greeting](std::uint16_t code, std::string_view) {
            // Asked to go elsewhere: it was served, and would be there.
            finish(is_planned(code) ? Ended::well : Ended::reset);
            // The timer's own closure holds the greeting: without this neither would ever end.
            loop_.defer([greeting] {
                greeting->patience.reset();
                greeting->socket.reset();
            });
        };
        handshake.socket->listen(std::move(events));
    });
}

}  // namespace load
