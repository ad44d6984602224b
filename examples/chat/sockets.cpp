#include "chat/sockets.h"

#include <charconv>
#include <utility>
#include <vector>

#include "base/json.h"
#include "chat/identity.h"
#include "chat/wire.h"
#include "net/url.h"

namespace chat {
namespace {

using base::Json;
using std::chrono::seconds;

constexpr seconds kSayWhoWithin{5};
constexpr seconds kPingEvery{60};
// Longer than two of the client's own pings.
constexpr seconds kSilenceMax{100};
constexpr seconds kRound{1};

std::string reply_ok(std::int64_t seq, const Json& payload = nullptr) {
    Json reply{{"status", "OK"}, {"seq_reply", seq}};
    if (!payload.is_null()) reply["data"] = payload;
    return base::canonical(reply);
}

std::string reply_fail(std::int64_t seq, std::string_view id, std::string_view message) {
    return base::canonical({{"status", "FAIL"},
                            {"seq_reply", seq},
                            {"error", {{"id", id}, {"message", message}, {"status_code", 400}}}});
}

/// Browsers say where a page came from; only our own may use the browser's cookie.
bool foreign_origin(const net::Request& request) {
    const std::string_view origin = request.field("Origin");
    const std::size_t host_at = origin.find("://");
    if (host_at == origin.npos) return false;
    return !net::same_ignoring_case(origin.substr(host_at + 3), request.field("Host"));
}

}  // namespace

class Sockets::Client final : public Outlet {
public:
    Client(std::shared_ptr<net::WebSocket> way, base::Tick now)
        : socket(std::move(way)), opened_at(now), pinged_at(now) {}

    void send(std::string_view front, std::string_view back) override {
        if (back.empty()) {
            socket->send_text(front);
            return;
        }
        static thread_local std::string whole;
        whole.assign(front).append(back);
        socket->send_text(whole);
    }
    std::size_t unsent_bytes() const override { return socket->unsent_bytes(); }
    void close(std::uint16_t code, std::string_view reason) override {
        socket->close(code, reason);
    }

    std::shared_ptr<net::WebSocket> socket;
    std::string user_id;        ///< Empty until it is known who this is.
    std::string connection_id;  ///< The hub's.
    base::Tick opened_at;
    base::Tick pinged_at;
    bool asking = false;  ///< A challenge is being answered.
};

Sockets::Sockets(net::Loop& loop, Desk& desk, Hub& hub, const Site& site)
    : loop_(loop), desk_(desk), hub_(hub), site_(site), rounds_(loop, [this] { look_after(); }) {
    rounds_.arm_in(kRound);
}

Sockets::~Sockets() {
    cut_all();
}

void Sockets::accept(const net::ExchangePtr& exchange, Call call) {
    if (foreign_origin(exchange->request())) {
        exchange->answer(403);
        return;
    }
    if (call.token.empty()) {
        admit(exchange, call, {});
        return;
    }
    desk_.read<std::optional<Session>>(
        [token = call.token, now = call.now_ms](Sql& sql) { return session_of(sql, token, now); },
        [this, exchange, call](const base::Result<std::optional<Session>>& session) {
            if (!session) {
                exchange->answer(503);
                return;
            }
            admit(exchange, call, *session ? (*session)->user_id : std::string{});
        });
}

void Sockets::admit(const net::ExchangePtr& exchange, const Call& call,
                    const std::string& user_id) {
    const auto socket = exchange->upgrade({.message_bytes_max = 64 * 1024, .protocol = {}},
                                          {{"X-Version-Id", site_.version_id},
                                           {"X-Instance", site_.instance},
                                           {"X-Request-Id", call.request_id}});
    if (!socket) return;
    const auto client = std::make_shared<Client>(socket, loop_.now());
    clients_.emplace(client.get(), client);
    const std::weak_ptr<Client> weak = client;
    socket->listen({.on_text =
                        [this, weak](std::string_view text) {
                            if (const auto alive = weak.lock()) read(alive, text);
                        },
                    .on_binary = {},
                    .on_ping = {},
                    .on_pong = {},
                    .on_drained =
                        [this, weak] {
                            const auto alive = weak.lock();
                            if (alive) hub_.push(alive->connection_id);
                        },
                    .on_closed =
                        [this, weak](std::uint16_t, std::string_view) {
                            // May come from within a send, that is, from within the hub.
                            loop_.defer([this, weak] {
                                const auto gone = weak.lock();
                                if (!gone) return;
                                hub_.lose(gone->connection_id, *gone, loop_.now());
                                clients_.erase(gone.get());
                            });
                        }});
    if (user_id.empty()) return;
    std::uint64_t sequence_number = 0;
    const std::string text = call.text("sequence_number");
    std::from_chars(text.data(), text.data() + text.size(), sequence_number);
    open(*client, {.user_id = user_id,
                   .session_digest = digest_of_token(call.token),
                   .connection_id = call.text("connection_id"),
                   .sequence_number = sequence_number});
}

void Sockets::open(Client& client, Arrival arrival) {
    arrival.now = loop_.now();
    client.user_id = arrival.user_id;
    client.connection_id = hub_.open(arrival, client);
}

void Sockets::read(const std::shared_ptr<Client>& client, std::string_view text) {
    const auto json = base::json_from(text, 64 * 1024);
    const auto seq = json ? base::member_or<std::int64_t>(*json, "seq", 0) : std::int64_t{0};
    const auto action = json ? base::member_or<std::string>(*json, "action", "") : "";
    if (!seq || !action || *seq <= 0) {
        client->send(reply_fail(seq.value_or(0), "api.websocket_handler.invalid_param.app_error",
                                "seq and action are wanted"),
                     {});
        return;
    }
    const Json payload = json->value("data", Json::object());
    if (*action == "authentication_challenge") {
        const auto token = base::member_or<std::string>(payload, "token", "");
        challenge(client, *seq, token.value_or(""));
    } else if (client->user_id.empty()) {
        client->send(reply_fail(*seq, "api.web_socket_router.not_authenticated.app_error",
                                "say first who you are"),
                     {});
    } else {
        answer(*client, *seq, *action, payload.is_object() ? payload.dump() : "{}");
    }
}

void Sockets::challenge(const std::shared_ptr<Client>& client, std::int64_t seq,
                        const std::string& token) {
    if (!client->user_id.empty()) {
        client->send(reply_ok(seq), {});
        return;
    }
    if (client->asking) return;
    client->asking = true;
    const std::int64_t now = std::chrono::duration_cast<std::chrono::milliseconds>(
                                 loop_.clock().now().time_since_epoch())
                                 .count();
    desk_.read<std::optional<Session>>(
        [token, now](Sql& sql) { return session_of(sql, token, now); },
        [this, client, seq, token](const base::Result<std::optional<Session>>& session) {
            client->asking = false;
            if (!client->socket->open()) return;
            if (!session || !*session) {
                client->close(net::close_code::kPolicy, "the token opens no session");
                return;
            }
            client->send(reply_ok(seq), {});
            open(*client,
                 {.user_id = (*session)->user_id, .session_digest = digest_of_token(token)});
        });
}

void Sockets::answer(Client& client, std::int64_t seq, std::string_view action,
                     const std::string& json) {
    if (action == "ping") {
        const auto micros = base::micros_of(loop_.clock().now());
        client.send(reply_ok(seq, {{"text", "pong"},
                                   {"version", site_.version},
                                   {"server_time", micros / 1000},
                                   {"node_id", ""}}),
                    {});
    } else if (action == "user_typing") {
        tell_typing(client, json);
        client.send(reply_ok(seq), {});
    } else if (action == "user_update_active_status") {
        const auto active = base::member_or<bool>(Json::parse(json), "user_is_active", true);
        hub_.set_away(client.connection_id, !active.value_or(true));
        client.send(reply_ok(seq), {});
    } else if (action == "get_statuses" || action == "get_statuses_by_ids") {
        answer_statuses(client, seq, json);
    } else if (action == "presence" || action == "posted_notify_ack") {
        client.send(reply_ok(seq), {});
    } else {
        client.send(reply_fail(seq, "api.web_socket_router.bad_action.app_error",
                               "there is no such action"),
                    {});
    }
}

void Sockets::tell_typing(const Client& client, const std::string& json) {
    const Json wanted = Json::parse(json);
    const auto channel = base::member_or<std::string>(wanted, "channel_id", "");
    const auto parent = base::member_or<std::string>(wanted, "parent_id", "");
    if (!channel || !hub_.is_member(*channel, client.user_id)) return;
    const Json payload{{"parent_id", parent.value_or("")}, {"user_id", client.user_id}};
    Event event =
        event_of("typing", payload.dump(), {.channel_id = *channel, .omit_user = client.user_id});
    desk_.write<bool>(
        [event = std::move(event)](Write& write) {
            write.events.push_back(event);
            return true;
        },
        [](const base::Result<bool>&) {});
}

void Sockets::answer_statuses(const Client& client, std::int64_t seq, const std::string& json) {
    std::vector<std::string> ids{client.user_id};
    const Json wanted = Json::parse(json);
    if (const auto list = wanted.find("user_ids"); list != wanted.end() && list->is_array()) {
        ids.clear();
        for (const Json& each : *list) {
            if (each.is_string() && ids.size() < 1000) ids.push_back(each.get<std::string>());
        }
    }
    desk_.read<std::vector<Status>>(
        [ids](Sql& sql) { return statuses_of(sql, ids); },
        [this, seq, id = client.connection_id](const base::Result<std::vector<Status>>& statuses) {
            if (!statuses) return;
            Json payload = Json::object();
            for (const Status& status : *statuses) payload[status.user_id] = status.status;
            hub_.reply(id, reply_ok(seq, payload));
        });
}

void Sockets::look_after() {
    const base::Tick now = loop_.now();
    std::vector<std::shared_ptr<Client>> all;
    for (const auto& [ignored, client] : clients_) all.push_back(client);
    for (const auto& client : all) {
        const bool nobody = client->user_id.empty() && !client->asking;
        if (nobody && now - client->opened_at > kSayWhoWithin) {
            client->socket->abort();
        } else if (now - client->socket->heard_at() > kSilenceMax) {
            client->socket->abort();
        } else if (now - client->pinged_at > kPingEvery) {
            client->pinged_at = now;
            client->socket->ping({});
        }
    }
    hub_.reap(now);
    rounds_.arm_in(kRound);
}

void Sockets::close_all(std::uint16_t code, std::string_view reason) {
    for (const auto& [ignored, client] : clients_) client->close(code, reason);
}

void Sockets::cut_all() {
    for (const auto& [ignored, client] : clients_) client->socket->abort();
}

void Sockets::cut_some(double probability, base::Random& random) {
    for (const auto& [ignored, client] : clients_) {
        if (random.unit() < probability) client->socket->abort();
    }
}

}  // namespace chat
