#include "load/caller.h"

#include "net/http1_text.h"

#include <cerrno>

namespace load {
namespace {

// Servers and balancers keep idle connections for a minute or so.
constexpr std::chrono::seconds kIdleKept{8};
constexpr std::size_t kBodyBytesMax = 16 * 1024 * 1024;

}  // namespace

struct Caller::Flight {
    Want want;
    Got got;
    bool has_version = false;
    bool too_long = false;
    std::unique_ptr<net::ClientConnection> connection;
    std::function<void(const Got&)> then;
};

bool is_ours(int error) {
    return error == EMFILE || error == ENFILE || error == EADDRNOTAVAIL || error == ENOBUFS ||
           error == ENOMEM;
}

std::optional<Ended> ended_of(const net::Ending& ending, bool has_version) {
    if (is_ours(ending.error)) return Ended::ours;
    switch (ending.outcome) {
        case net::Outcome::answered:
            return ended_by_status(ending.status, has_version);
        case net::Outcome::refused:
            return Ended::refused;
        case net::Outcome::connect_timeout:
        case net::Outcome::timeout:
            return Ended::timed_out;
        case net::Outcome::reset:
        case net::Outcome::closed_unanswered:
        case net::Outcome::cut:
            return Ended::reset;
        case net::Outcome::malformed:
            return Ended::mangled;
        case net::Outcome::abandoned:
            return std::nullopt;
    }
    return std::nullopt;
}

std::string request_head(const Want& want, std::string_view host) {
    std::string head;
    head.reserve(256);
    net::append_request_line(head, net::name_of(want.method), want.target);
    net::append_field(head, "Host", host);
    if (!want.token.empty()) net::append_field(head, "Authorization", "Bearer " + want.token);
    net::append_field(head, "X-Requested-With", "XMLHttpRequest");
    net::append_field(head, "User-Agent", "crossfade-load");
    if (want.fresh) net::append_field(head, "Connection", "close");
    return head;
}

Caller::Caller(net::Loop& loop, Target target, Ledger& ledger)
    : loop_(loop), target_(std::move(target)), ledger_(ledger) {}

Caller::~Caller() {
    // Whoever is abandoned tells its flight, which is found nowhere any more.
    const auto flights = std::exchange(busy_, {});
    for (const auto& [key, flight] : flights) flight->connection->abandon();
}

std::unique_ptr<net::ClientConnection> Caller::connection(bool fresh) {
    // A connection whose end the server has seen meanwhile is no longer connected.
    while (!idle_.empty() &&
           (!idle_.front()->connected() || idle_.front()->idle_since() + kIdleKept < loop_.now())) {
        loop_.dispose(std::move(idle_.front()));
        idle_.pop_front();
    }
    while (!fresh && !idle_.empty()) {
        std::unique_ptr<net::ClientConnection> kept = std::move(idle_.back());
        idle_.pop_back();
        if (kept->connected()) return kept;
        loop_.dispose(std::move(kept));
    }
    return std::make_unique<net::ClientConnection>(loop_, target_.address);
}

void Caller::keep(std::unique_ptr<net::ClientConnection> connection) {
    if (connection->connected()) {
        idle_.push_back(std::move(connection));
    } else {
        loop_.dispose(std::move(connection));
    }
}

void Caller::call(Want want, std::function<void(const Got&)> then) {
    const auto flight = std::make_shared<Flight>();
    flight->want = std::move(want);
    flight->then = std::move(then);
    flight->connection = connection(flight->want.fresh);
    busy_.emplace(flight.get(), flight);
    ++begun_;

    std::string head = request_head(flight->want, target_.host);
    const bool has_body = flight->want.method == net::Method::post ||
                          flight->want.method == net::Method::put || !flight->want.body.empty();
    if (has_body) {
        net::append_field(head, "Content-Type", "application/json");
        net::append_field(head, "Content-Length", flight->want.body.size());
    }
    net::append_head_end(head);

    Flight* const raw = flight.get();
    net::ExchangeEvents events;
    events.on_head = [raw](const net::ResponseHead& answer) {
        if (answer.interim) return;
        raw->got.version = std::string(answer.fields.find("X-Version-Id").value_or(""));
        raw->got.cache = std::string(answer.fields.find("X-Cache").value_or(""));
        raw->got.token = std::string(answer.fields.find("Token").value_or(""));
        raw->has_version = !raw->got.version.empty();
    };
    events.on_body = [raw](std::string_view bytes) {
        if (!raw->want.keep_body) return;
        raw->too_long = raw->too_long || raw->got.body.size() + bytes.size() > kBodyBytesMax;
        if (!raw->too_long) raw->got.body += bytes;
    };
    events.on_end = [this, raw](const net::Ending& ending) {
        const auto at = busy_.find(raw);
        if (at == busy_.end()) return;
        const std::shared_ptr<Flight> kept = at->second;
        busy_.erase(at);
        ended(kept, ending);
    };
    raw->connection->send(raw->want.method, head, raw->want.body, std::move(events),
                          raw->want.patience);
}

void Caller::ended(const std::shared_ptr<Flight>& flight, const net::Ending& ending) {
    Got& got = flight->got;
    got.status = ending.status;
    got.timing = ending.timing;
    const std::optional<Ended> how = ended_of(ending, flight->has_version);
    got.ended = how.value_or(Ended::ours);
    const bool bodiless = ending.status == 204 || ending.status == 304;
    const bool short_of_body = flight->want.keep_body && got.body.empty() && !bodiless;
    if (got.well() && (flight->too_long || short_of_body)) got.ended = Ended::mangled;
    if (flight->want.endpoint && how) {
        const base::Tick begun = ending.timing.begun;
        ledger_.record(
            {.endpoint = *flight->want.endpoint,
             .ended = got.ended,
             .intended = flight->want.intended == base::Tick{} ? begun : flight->want.intended,
             .begun = begun,
             .at = ending.timing.ended,
             .version = got.version});
    }
    // The connection is on the stack below this upcall: it is kept or let go after the batch.
    loop_.defer([this, flight, reusable = ending.reusable && !flight->want.fresh] {
        if (reusable)
            keep(std::move(flight->connection));
        else
            loop_.dispose(std::move(flight->connection));
    });
    if (flight->then) flight->then(got);
}

}  // namespace load
