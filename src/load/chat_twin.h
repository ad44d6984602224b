#pragma once
// A small chat server with known faults, for tests: what it did wrong, it counted.

#include "base/clock.h"
#include "base/json.h"
#include "net/http1.h"
#include "net/loop.h"
#include "net/multipart.h"
#include "net/server.h"
#include "net/url.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace load {

/// Each nth of its kind goes wrong; 0: none does.
struct TwinFaults {
    std::uint64_t drop_push = 0;
    std::uint64_t push_twice = 0;
    std::uint64_t forget_post = 0;  ///< answers 201 and stores nothing
    std::uint64_t lose_answer = 0;  ///< stores the post and cuts the connection
    bool idempotent = true;         ///< knows a pending_post_id again
    std::uint64_t edge_502 = 0;     ///< of GET /users/me, as a proxy would answer
    std::uint64_t harm_500 = 0;     ///< of GET /users/me, as an instance would
    bool corrupt_downloads = false;
    std::uint64_t close_after = 0;    ///< after that many posts, all sockets, once …
    std::uint16_t close_code = 1012;  ///< … with this code; 1006: cut
    bool resume = false;              ///< knows connections again and replays
};

struct TwinCounts {
    std::uint64_t posts = 0;
    std::uint64_t pushes = 0;
    std::uint64_t dropped = 0;
    std::uint64_t twice = 0;
    std::uint64_t forgotten = 0;
    std::uint64_t answers_lost = 0;
    std::uint64_t stored_again = 0;
    std::uint64_t me = 0;
    std::uint64_t edge_502 = 0;
    std::uint64_t harm_500 = 0;
    std::uint64_t sockets_closed = 0;
    std::uint64_t files = 0;
};

/// The machine's clock, for tests that drive real sockets and processes.
inline base::Clock& real_clock() {
    static base::SystemClock clock;
    return clock;
}

/// Serves on a thread of its own from construction to `stop`.
class ChatTwin {
public:
    explicit ChatTwin(TwinFaults faults) : faults_(faults), loop_(clock_) {
        server_ = std::make_unique<net::Server>(
            loop_, net::ServerOptions{},
            [this](const net::ExchangePtr& exchange) { route(exchange); });
        address_ = server_->listen(*net::Address::parse("127.0.0.1:0"))->text();
        thread_ = std::thread([this] { loop_.run(); });
    }
    ~ChatTwin() { stop(); }

    std::string url() const { return "http://" + address_; }
    /// The counts are whole only now.
    const TwinCounts& stop() {
        if (thread_.joinable()) {
            loop_.stop();
            thread_.join();
        }
        return counts_;
    }

private:
    using Json = base::Json;
    struct Post {
        std::string id;
        std::string channel;
        std::string user;
        std::string message;
        std::string pending;
        std::int64_t created = 0;
    };
    struct Socket {
        std::string user;
        std::string id;
        std::uint64_t seq = 0;
        std::shared_ptr<net::WebSocket> socket;  ///< null while the client is away
        std::vector<std::string> missed;
    };

    static bool nth(std::uint64_t count, std::uint64_t n) { return n > 0 && count % n == 0; }
    std::string fresh(const char* prefix) { return fmt::format("{}{}", prefix, ++ids_); }
    static std::string user_of(const net::Request& request) {
        const std::string_view field = request.field("Authorization");
        return std::string(field.size() > 8 ? field.substr(8) : field);  // `Bearer t` + user
    }
    void answer(const net::ExchangePtr& exchange, int status, const Json& body,
                net::FieldList fields = {}) {
        net::Response response = net::Response::json(status, body.dump());
        for (const auto& [name, value] : fields) response.fields.add(name, value);
        response.fields.add("X-Version-Id", "1.0.0.twin");
        exchange->answer(std::move(response));
    }

    void route(const net::ExchangePtr& exchange) {
        const net::Request& request = exchange->request();
        const auto segments = net::path_segments(request.path).value_or(std::vector<std::string>{});
        if (request.wants_websocket) return open_socket(exchange);
        if (segments.size() < 3 || segments[0] != "api") return page(exchange);
        const std::vector<std::string> path(segments.begin() + 2, segments.end());
        if (path[0] == "files")
            return request.method == net::Method::post ? take_file(exchange)
                                                       : give_file(exchange, path[1]);
        exchange->collect(1 << 20, [this, exchange, path](std::string body) {
            const auto json = base::json_from(body);
            call(exchange, path, json ? *json : Json::object());
        });
    }

    void page(const net::ExchangePtr& exchange) {
        net::Response response;
        response.body = exchange->request().path == "/"
                            ? R"(<script src="/static/app.1a2b.js"></script>)"
                            : "console.log(1)";
        response.fields.add("X-Version-Id", "1.0.0.twin");
        response.fields.add("X-Cache", "hit");
        exchange->answer(std::move(response));
    }

    void call(const net::ExchangePtr& exchange, const std::vector<std::string>& path,
              const Json& body) {
        const bool posting = exchange->request().method == net::Method::post;
        const std::string& last = path.back();
        if (posting && path[0] == "posts") return take_post(exchange, body);
        if (posting && last == "login") {
            const std::string user = "u" + body["login_id"].get<std::string>();
            return answer(exchange, 200, {{"id", user}}, {{"Token", "t" + user}});
        }
        if (posting && path[0] == "users")
            return answer(exchange, 201, {{"id", "u" + body["username"].get<std::string>()}});
        if (posting && last == "direct") {
            const std::string id = fresh("c");
            for (const Json& user : body) members_[id].insert(user.get<std::string>());
            return answer(exchange, 201, {{"id", id}});
        }
        if (posting && path[0] == "channels" && path.size() == 1) {
            const std::string id = fresh("c");
            members_[id].insert(user_of(exchange->request()));
            return answer(exchange, 201, {{"id", id}});
        }
        if (posting && path[0] == "channels" && last == "members") {
            for (const Json& user : body["user_ids"])
                members_[path[1]].insert(user.get<std::string>());
            return answer(exchange, 201, Json::object());
        }
        if (posting) return answer(exchange, 201, {{"id", fresh("x")}});
        if (path == std::vector<std::string>{"users", "me"}) return me(exchange);
        if (path[0] == "channels" && last == "posts") return list_posts(exchange, path[1]);
        if (last == "channels") return list_channels(exchange);
        answer(exchange, 200, Json::array());
    }

    void me(const net::ExchangePtr& exchange) {
        ++counts_.me;
        if (nth(counts_.me, faults_.edge_502)) {
            ++counts_.edge_502;
            return exchange->answer(net::Response::text(502, "bad gateway"));
        }
        if (nth(counts_.me, faults_.harm_500)) {
            ++counts_.harm_500;
            return answer(exchange, 500, {{"message", "oh"}});
        }
        answer(exchange, 200, {{"id", "me"}});
    }

    void take_post(const net::ExchangePtr& exchange, const Json& body) {
        const std::string pending = body["pending_post_id"].get<std::string>();
        const auto known = std::find_if(posts_.begin(), posts_.end(),
                                        [&](const Post& post) { return post.pending == pending; });
        if (known != posts_.end() && faults_.idempotent)
            return answer(exchange, 201, {{"id", known->id}});
        const bool again = known != posts_.end();
        if (again) ++counts_.stored_again;
        ++counts_.posts;
        const Post post{.id = fresh("p"),
                        .channel = body["channel_id"].get<std::string>(),
                        .user = user_of(exchange->request()),
                        .message = body["message"].get<std::string>(),
                        .pending = pending,
                        .created = base::micros_of(clock_.now()) / 1000};
        if (nth(counts_.posts, faults_.forget_post)) {
            ++counts_.forgotten;
            return answer(exchange, 201, {{"id", post.id}});
        }
        posts_.push_back(post);
        push(post);
        if (nth(counts_.posts, faults_.lose_answer) && !again) {
            ++counts_.answers_lost;
            exchange->abort();
        } else {
            answer(exchange, 201, {{"id", post.id}});
        }
        if (faults_.close_after > 0 && counts_.posts == faults_.close_after) close_sockets();
    }

    static Json json_of(const Post& post) {
        return {{"id", post.id},
                {"channel_id", post.channel},
                {"user_id", post.user},
                {"message", post.message},
                {"create_at", post.created}};
    }

    void push(const Post& post) {
        for (const auto& each : sockets_) {
            if (!members_[post.channel].contains(each->user)) continue;
            ++counts_.pushes;
            const Json event{{"event", "posted"}, {"data", {{"post", json_of(post).dump()}}}};
            if (nth(counts_.pushes, faults_.drop_push)) {
                ++counts_.dropped;
                continue;
            }
            send(*each, event);
            if (nth(counts_.pushes, faults_.push_twice)) {
                ++counts_.twice;
                send(*each, event);
            }
        }
    }

    static void send(Socket& to, const Json& event) {
        std::string text = event.dump();
        text.back() = ',';
        text += fmt::format("\"seq\":{}}}", to.seq++);
        if (to.socket)
            to.socket->send_text(text);
        else
            to.missed.push_back(text);
    }

    void list_posts(const net::ExchangePtr& exchange, const std::string& channel) {
        const std::string& query = exchange->request().query;
        const auto number = [&](std::string_view name) {
            return std::stoll(net::query_value(query, name).value_or("0"));
        };
        Json list{{"order", Json::array()}, {"posts", Json::object()}};
        std::int64_t skip = number("page") * number("per_page");
        std::int64_t room = number("per_page") > 0 ? number("per_page") : 1000;
        for (auto post = posts_.rbegin(); post != posts_.rend(); ++post) {
            if (post->channel != channel || post->created < number("since") || skip-- > 0) continue;
            if (room-- <= 0) break;
            list["order"].push_back(post->id);
            list["posts"][post->id] = json_of(*post);
        }
        answer(exchange, 200, list);
    }

    void list_channels(const net::ExchangePtr& exchange) {
        const std::string user = user_of(exchange->request());
        Json list = Json::array();
        for (const auto& [id, members] : members_) {
            std::int64_t last = 0;
            for (const Post& post : posts_)
                if (post.channel == id) last = std::max(last, post.created);
            if (members.contains(user)) list.push_back({{"id", id}, {"last_post_at", last}});
        }
        answer(exchange, 200, list);
    }

    struct Part : net::PartHandler {
        std::string name;
        std::string file;
        void on_part(const net::PartHead& head) override { name = head.name; }
        void on_part_bytes(std::string_view bytes) override {
            if (name == "files") file += bytes;
        }
        void on_part_end() override {}
    };

    void take_file(const net::ExchangePtr& exchange) {
        const auto part = std::make_shared<Part>();
        const auto parser = std::make_shared<net::MultipartParser>(
            net::boundary_of(exchange->request().field("Content-Type")));
        exchange->stream(
            {.on_bytes = [part, parser](std::string_view bytes) { parser->feed(bytes, *part); },
             .on_end =
                 [this, exchange, part](bool whole) {
                     if (!whole) return;
                     ++counts_.files;
                     const std::string id = fresh("f");
                     files_[id] = part->file;
                     answer(exchange, 201,
                            {{"file_infos", Json::array({{{"id", id}}})},
                             {"client_ids", Json::array()}});
                 }});
    }

    void give_file(const net::ExchangePtr& exchange, const std::string& id) {
        net::Response response;
        response.body = files_[id];
        if (faults_.corrupt_downloads && !response.body.empty()) response.body.back() ^= 1;
        response.fields.add("X-Version-Id", "1.0.0.twin");
        exchange->answer(std::move(response));
    }

    void open_socket(const net::ExchangePtr& exchange) {
        const std::string id =
            net::query_value(exchange->request().query, "connection_id").value_or("");
        auto socket = exchange->upgrade({}, {{"X-Version-Id", "1.0.0.twin"}});
        if (!socket) return;
        std::shared_ptr<Socket> one;
        for (const auto& each : sockets_)
            if (faults_.resume && !id.empty() && each->id == id && !each->socket) one = each;
        const bool resumed = one != nullptr;
        if (!resumed) {
            one = std::make_shared<Socket>(Socket{.user = user_of(exchange->request()),
                                                  .id = fresh("w"),
                                                  .socket = {},
                                                  .missed = {}});
            sockets_.push_back(one);
        }
        one->socket = socket;
        for (const std::string& text : std::exchange(one->missed, {})) socket->send_text(text);
        if (!resumed)
            send(*one, {{"event", "hello"},
                        {"data", {{"connection_id", one->id}, {"server_version", "1.0.0.twin"}}}});
        net::WebSocketEvents events;
        events.on_text = [raw = socket.get()](std::string_view text) {
            const auto json = base::json_from(text);
            if (json) raw->send_text(Json{{"status", "OK"}, {"seq_reply", (*json)["seq"]}}.dump());
        };
        events.on_closed = [this, one](std::uint16_t, std::string_view) {
            one->socket.reset();
            if (!faults_.resume) std::erase(sockets_, one);
        };
        socket->listen(std::move(events));
    }

    void close_sockets() {
        const auto all = sockets_;
        for (const auto& each : all) {
            if (!each->socket) continue;
            ++counts_.sockets_closed;
            if (faults_.close_code == 1006)
                each->socket->abort();
            else
                each->socket->close(faults_.close_code, "server restart");
        }
    }

    TwinFaults faults_;
    TwinCounts counts_;
    base::Clock& clock_ = real_clock();
    net::Loop loop_;
    std::unique_ptr<net::Server> server_;
    std::string address_;
    std::uint64_t ids_ = 0;
    std::map<std::string, std::set<std::string>> members_;
    std::vector<Post> posts_;
    std::map<std::string, std::string> files_;
    std::vector<std::shared_ptr<Socket>> sockets_;
    std::thread thread_;
};

}  // namespace load
