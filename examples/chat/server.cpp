#include "chat/server.h"

#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <utility>

#include "base/digest.h"
#include "base/log.h"
#include "base/percent.h"
#include "chat/identity.h"
#include "chat/places.h"
#include "net/url.h"

namespace chat {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kBodyMax = 1024 * 1024;
constexpr std::size_t kReaders = 2;
constexpr milliseconds kPresencesEvery{200};
// Hundreds of clients that move at once must not hold up what is posted meanwhile.
constexpr std::size_t kPresencesMax = 40;
constexpr seconds kHouseEvery{5};
constexpr std::uint64_t kForgetEveryRounds = 12;
// An instance that reads no event for so long loses its sockets instead of events.
constexpr std::int64_t kEventsKeptMs = std::int64_t{15} * 60 * 1000;
// Clients answer our close frame; ending before they could would reset connections that still
// carry it.
constexpr seconds kFarewell{2};
constexpr milliseconds kFarewellLook{10};
constexpr int kCrashed = 70;

std::int64_t millis(base::Instant instant) {
    return base::micros_of(instant) / 1000;
}

std::string bearer_of(std::string_view field) {
    constexpr std::string_view kScheme = "bearer ";
    if (field.size() <= kScheme.size()) return {};
    if (!net::same_ignoring_case(field.substr(0, kScheme.size()), kScheme)) return {};
    return std::string(field.substr(kScheme.size()));
}

}  // namespace

Server::Server(net::Loop& loop, Options options, std::uint64_t seed)
    : loop_(loop),
      options_(std::move(options)),
      random_(seed),
      database_(options_.database),
      presences_(loop, [this] { tell_presences(); }),
      house_(loop, [this] { keep_house(); }),
      crash_(loop, [] { _exit(kCrashed); }),
      leak_(loop, [this] { leak(); }),
      drops_(loop, [this] { drop_sockets(); }),
      slow_start_(loop, [this] {
          const auto address = listen();
          if (address) return;
          base::log::error("listen.failed", {{"why", address.error().line()}});
          _exit(1);
      }) {
    if (options_.instance.empty()) options_.instance = options_.listen;
    const std::string settings = base::sha256(options_.motd).brief();
    site_ = {.version = options_.version,
             .version_id = options_.version + "." + options_.version + "." + settings + ".false",
             .instance = options_.instance,
             .motd = options_.motd};
}

Server::~Server() {
    // The writer wakes the tail, and both call home.
    desk_.reset();
    tail_.reset();
    http_.reset();
}

base::Result<net::Address> Server::start() {
    auto page = Page::load(options_.assets);
    if (!page) return base::fail(page);
    page_ = *std::move(page);
    auto sql = database_.open();
    if (!sql) return base::fail(sql);
    if (const auto created = create_schema(**sql); !created) return base::fail(created);

    // Unlike a name given from outside, this is another at each start.
    origin_ = fresh_id();
    if (!database_.is_postgres()) {
        auto wake = Wake::open(database_.wake_folder(), origin_);
        if (!wake) return base::fail(wake);
        wake_ = *std::move(wake);
    }
    hub_ = std::make_unique<Hub>(
        Hub::Greeting{.server_version = site_.version_id, .hostname = site_.instance});
    const auto home = [this](std::function<void()> work) { loop_.post(std::move(work)); };
    tail_ = std::make_unique<Tail>(
        database_, wake_.get(), home,
        Tail::Ends{.events = [this](const std::vector<Event>& events) { hear(events); },
                   .lost = [this](const Snapshot& snapshot) { begin_anew(snapshot); }});
    desk_ = std::make_unique<Desk>(Desk::Place{.database = database_,
                                               .clock = loop_.clock(),
                                               .instance = origin_,
                                               .wake = wake_.get()},
                                   home, [this] { tail_->wake(); });
    if (const auto started = desk_->start(kReaders); !started) return base::fail(started);
    const auto snapshot = tail_->start();
    if (!snapshot) return base::fail(snapshot);
    hub_->learn_memberships(snapshot->memberships);

    transfers_ = std::make_unique<Transfers>(
        *desk_, options_.files,
        [this](const net::ExchangePtr& exchange, const Call& call, Answer answer) {
            reply(exchange, call, std::move(answer));
        });
    sockets_ = std::make_unique<Sockets>(loop_, *desk_, *hub_, site_);
    http_ = std::make_unique<net::Server>(
        loop_, net::ServerOptions{.idle_patience = seconds{300}, .server_name = "crossfade-chat"},
        [this](const net::ExchangePtr& exchange) { take(exchange); });
    presences_.arm_in(kPresencesEvery);
    keep_house();
    arm_faults();
    if (options_.faults.slow_start.count() > 0) return net::Address::parse(options_.listen);
    return listen();
}

base::Result<net::Address> Server::listen() {
    const auto wanted = net::Address::parse(options_.listen);
    if (!wanted) return base::fail(wanted);
    const auto address = http_->listen(*wanted);
    if (address) {
        base::log::info("listening", {{"address", address->text()}, {"version", site_.version}});
    }
    return address;
}

// --- requests --------------------------------------------------------------------------------

void Server::take(const net::ExchangePtr& exchange) {
    const auto segments = net::path_segments(exchange->request().path);
    if (!segments) {
        exchange->answer(400);
    } else if (segments->size() >= 2 && (*segments)[0] == "api" && (*segments)[1] == "v4") {
        std::vector<std::string> rest(segments->begin() + 2, segments->end());
        if (!rest.empty() && rest.back().empty()) rest.pop_back();
        take_api(exchange, rest);
    } else if (exchange->request().path == "/metrics") {
        serve_metrics(exchange);
    } else {
        serve_page(exchange);
    }
}

Call Server::call_of(const net::Request& request) const {
    Call call{.site = &site_,
              .method = request.method == net::Method::head ? net::Method::get : request.method,
              .params = {},
              .query = request.query,
              .body = {},
              .request_id = fresh_id(),
              .now_ms = millis(loop_.clock().now()),
              .token = bearer_of(request.field("Authorization"))};
    if (call.token.empty()) {
        call.token = net::cookie_value(request.field("Cookie"), "MMAUTHTOKEN").value_or("");
        call.token_from_cookie = !call.token.empty();
        call.csrf_token = request.field("X-CSRF-Token");
    }
    return call;
}

void Server::take_api(const net::ExchangePtr& exchange, const std::vector<std::string>& segments) {
    Call call = call_of(exchange->request());
    const bool ping = segments == std::vector<std::string>{"system", "ping"};
    if (ping && call.text("get_server_status") != "true") {
        send(exchange, call, ok());
        return;
    }
    const Faults& faults = options_.faults;
    if (!ping && faults.error_rate > 0 && random_.unit() < faults.error_rate) {
        reply(exchange, call,
              refusal(500, "api.fault.app_error", "This version fails now and then.",
                      call.request_id));
        return;
    }
    if (take_special(exchange, call, segments)) return;
    auto found = match(call.method, segments);
    if (!found) {
        reply(exchange, call,
              refusal(404, "api.context.404.app_error", "Sorry, we could not find the page.",
                      call.request_id));
        return;
    }
    call.params = std::move(found->params);
    exchange->collect(kBodyMax, [this, exchange, route = found->route, call](std::string body) {
        Call whole = call;
        whole.body = std::move(body);
        run(exchange, *route, std::move(whole));
    });
}

/// WebSockets and what is streamed; false where it is none of these.
bool Server::take_special(const net::ExchangePtr& exchange, const Call& call,
                          const std::vector<std::string>& segments) {
    const bool get = call.method == net::Method::get;
    const bool post = call.method == net::Method::post;
    const std::string& first = segments.empty() ? std::string{} : segments[0];
    if (segments.size() == 1 && first == "websocket" && get) {
        if (options_.faults.refuse_websockets || stopping_) {
            exchange->answer(503);
        } else {
            sockets_->accept(exchange, call);
        }
        return true;
    }
    if (segments.size() == 1 && first == "files" && post) {
        transfers_->receive_files(exchange, call);
        return true;
    }
    if (segments.size() == 2 && first == "files" && get) {
        transfers_->send_file(exchange, call, segments[1]);
        return true;
    }
    if (segments.size() == 2 && first == "uploads" && post) {
        transfers_->receive_part(exchange, call, segments[1]);
        return true;
    }
    return false;
}

void Server::run(const net::ExchangePtr& exchange, const Route& route, Call call) {
    if (route.read) {
        desk_->read<Answer>(
            [&route, call](Sql& sql) { return answer_read(sql, route, call); },
            [this, exchange, call](base::Result<Answer> answer) {
                reply(exchange, call,
                      answer ? *std::move(answer) : refusal_of(answer.error(), call.request_id));
            });
        return;
    }
    if (!route.prepare) {
        write(exchange, route, std::move(call));
        return;
    }
    struct Prepared {
        std::optional<Answer> refused;
        Call call;
    };
    desk_->read<Prepared>(
        [&route, call](Sql& sql) {
            Prepared prepared{std::nullopt, call};
            prepared.refused = route.prepare(sql, prepared.call);
            return prepared;
        },
        [this, exchange, &route, call](base::Result<Prepared> prepared) {
            if (!prepared) {
                reply(exchange, call, refusal_of(prepared.error(), call.request_id));
            } else if (prepared->refused) {
                reply(exchange, call, *std::move(prepared->refused));
            } else {
                write(exchange, route, std::move(prepared->call));
            }
        });
}

void Server::write(const net::ExchangePtr& exchange, const Route& route, Call call) {
    desk_->write<Answer>(
        [&route, call](Write& job) { return answer_write(job, route, call); },
        [this, exchange, call](base::Result<Answer> answer) {
            reply(exchange, call,
                  answer ? *std::move(answer) : refusal_of(answer.error(), call.request_id));
        });
}

void Server::reply(const net::ExchangePtr& exchange, const Call& call, Answer answer) {
    if (options_.faults.latency_max.count() == 0) {
        send(exchange, call, answer);
        return;
    }
    delays_.emplace_back();
    const auto at = std::prev(delays_.end());
    *at = std::make_unique<net::Timer>(loop_, [this, at, exchange, call, answer] {
        send(exchange, call, answer);
        // The timer cannot destroy itself while it fires.
        loop_.defer([this, at] { delays_.erase(at); });
    });
    (*at)->arm_in(delay());
}

milliseconds Server::delay() {
    const Faults& faults = options_.faults;
    const auto spread = static_cast<double>((faults.latency_max - faults.latency).count());
    return faults.latency + milliseconds{std::llround(spread * random_.unit())};
}

void Server::send(const net::ExchangePtr& exchange, const Call& call, const Answer& answer) {
    net::Response response{.status = answer.status, .fields = {}, .body = answer.body};
    if (!answer.content_type.empty()) response.fields.add("Content-Type", answer.content_type);
    response.fields.add("X-Request-Id", call.request_id);
    response.fields.add("X-Version-Id", site_.version_id);
    response.fields.add("X-Instance", site_.instance);
    if (call.method == net::Method::get) response.fields.add("Expires", "0");
    for (const auto& [name, value] : answer.fields) response.fields.add(name, value);
    exchange->answer(std::move(response));
}

void Server::serve_page(const net::ExchangePtr& exchange) {
    const net::Request& request = exchange->request();
    const auto path = base::percent_decoded(request.path);
    const bool read = request.method == net::Method::get || request.method == net::Method::head;
    const Page::File* const file = path && read ? page_.find(*path) : nullptr;
    net::Response response{.status = file ? 200 : 404, .fields = {}, .body = {}};
    if (file) {
        response.body = file->content;
        response.fields.add("Content-Type", file->type);
        response.fields.add("Cache-Control", file->caching);
    }
    response.fields.add("X-Version-Id", site_.version_id);
    response.fields.add("X-Instance", site_.instance);
    exchange->answer(std::move(response));
}

void Server::serve_metrics(const net::ExchangePtr& exchange) {
    const std::string text = "chat_requests_total " + std::to_string(http_->requests_begun()) +
                             "\nchat_requests_open " + std::to_string(http_->requests_open()) +
                             "\nchat_websockets " + std::to_string(sockets_->count()) +
                             "\nchat_connections_known " + std::to_string(hub_->connections()) +
                             "\nchat_events_total " + std::to_string(events_heard_) + "\n";
    exchange->answer(net::Response::text(200, text));
}

// --- events ----------------------------------------------------------------------------------

void Server::hear(const std::vector<Event>& events) {
    for (const Event& event : events) {
        const bool ours = options_.bus || event.origin == origin_;
        hub_->take(event, ours ? Hub::Reach::everyone : Hub::Reach::nobody);
    }
    events_heard_ += events.size();
}

// What was lost, clients get again by themselves once they come back.
void Server::begin_anew(const Snapshot& snapshot) {
    sockets_->close_all(net::close_code::kServiceRestart, "events were lost");
    hub_->learn_memberships(snapshot.memberships);
}

void Server::tell_presences() {
    auto changes = hub_->presence_changes(kPresencesMax);
    if (!changes.empty()) {
        desk_->write<bool>(
            [changes = std::move(changes), origin = origin_](Write& job) {
                for (const Presence& change : changes) note_presence(job, origin, change);
                return true;
            },
            [](const base::Result<bool>&) {});
    }
    presences_.arm_in(kPresencesEvery);
}

void Server::keep_house() {
    const bool forget = house_rounds_++ % kForgetEveryRounds == 0;
    desk_->write<bool>(
        [origin = origin_, forget](Write& job) {
            note_alive(job, origin);
            if (forget) forget_events(job, job.now_ms - kEventsKeptMs);
            return true;
        },
        [](const base::Result<bool>&) {});
    house_.arm_in(kHouseEvery);
}

// --- faults and the end ------------------------------------------------------------------------

void Server::arm_faults() {
    const Faults& faults = options_.faults;
    if (faults.crash_after) crash_.arm_in(*faults.crash_after);
    if (faults.leak_bytes_a_second > 0) leak();
    if (faults.drops_a_second > 0) drop_sockets();
    if (faults.slow_start.count() > 0) slow_start_.arm_in(faults.slow_start);
}

void Server::leak() {
    // Written to, or the kernel would not give the memory.
    leaked_.push_back(std::make_unique<std::string>(options_.faults.leak_bytes_a_second / 10, 'x'));
    leak_.arm_in(milliseconds{100});
}

void Server::drop_sockets() {
    constexpr milliseconds kRound{100};
    sockets_->cut_some(options_.faults.drops_a_second * kRound.count() / 1000.0, random_);
    drops_.arm_in(kRound);
}

void Server::stop(std::function<void()> then) {
    if (std::exchange(stopping_, true)) return;
    const auto leave_then = [this, then = std::move(then)] { leave(then); };
    if (options_.grace == Options::Grace::one_second) {
        http_->stop_gracefully([] {});
        delays_.push_back(std::make_unique<net::Timer>(loop_, [this, leave_then] {
            sockets_->cut_all();
            leave_then();
        }));
        delays_.back()->arm_in(seconds{1});
        return;
    }
    http_->stop_gracefully(leave_then);
    sockets_->close_all(net::close_code::kServiceRestart, "service restart");
}

/// The last write; what was queued before it is stored before it.
void Server::leave(std::function<void()> then) {
    presences_.disarm();
    house_.disarm();
    desk_->write<bool>(
        [origin = origin_](Write& job) {
            note_gone(job, origin);
            return true;
        },
        [this, then = std::move(then)](const base::Result<bool>&) {
            farewell(loop_.now() + kFarewell, then);
        });
}

void Server::farewell(base::Tick until, const std::function<void()>& then) {
    if (sockets_->count() == 0 || loop_.now() >= until) {
        then();
        return;
    }
    delays_.push_back(
        std::make_unique<net::Timer>(loop_, [this, until, then] { farewell(until, then); }));
    delays_.back()->arm_in(kFarewellLook);
}

}  // namespace chat
