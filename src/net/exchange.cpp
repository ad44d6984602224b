#include "base/base64.h"
#include "net/fields.h"
#include "net/http1.h"
#include "net/http1_text.h"
#include "net/loop.h"
#include "net/server.h"
#include "net/server_connection.h"
#include "net/url.h"
#include "net/web_socket.h"
#include "net/websocket.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace net {

namespace {

constexpr std::size_t kHandshakeKeyBytes = 16;

bool without_body(Method method, int status) {
    return method == Method::head || status == 204 || status == 304;
}

}  // namespace

Response Response::text(int status, std::string body) {
    return {status, {{"Content-Type", "text/plain; charset=utf-8"}}, std::move(body)};
}

Response Response::json(int status, std::string body) {
    return {status, {{"Content-Type", "application/json"}}, std::move(body)};
}

Exchange::Exchange(Loop& loop, std::weak_ptr<ServerConnection> connection, Request request)
    : loop_(loop), connection_(std::move(connection)), request_(std::move(request)) {}

// Null once this exchange is no longer the connection's.
std::shared_ptr<ServerConnection> Exchange::connection() const {
    auto connection = connection_.lock();
    return connection && connection->serves(this) ? connection : nullptr;
}

bool Exchange::alive() const {
    return connection() != nullptr;
}

void Exchange::collect(std::size_t bytes_max, std::function<void(std::string body)> then) {
    if (!request_.has_body) return then({});
    if (request_.content_length > bytes_max) return answer(413);
    collected_.reserve(static_cast<std::size_t>(request_.content_length));
    stream({.on_bytes =
                [this, bytes_max](std::string_view bytes) {
                    if (reply_ != Reply::none) return;
                    if (collected_.size() + bytes.size() > bytes_max) return answer(413);
                    collected_ += bytes;
                },
            .on_end =
                [this, then = std::move(then)](bool whole) {
                    if (whole && reply_ == Reply::none) then(std::move(collected_));
                }});
}

void Exchange::stream(BodyEvents events) {
    if (!request_.has_body) {
        if (events.on_end) events.on_end(true);
        return;
    }
    body_ = std::make_shared<BodyEvents>(std::move(events));
    if (const auto connection = this->connection()) connection->want_body();
}

void Exchange::pause() {
    if (const auto connection = this->connection()) connection->hold_body(true);
}

void Exchange::resume() {
    if (const auto connection = this->connection()) connection->hold_body(false);
}

void Exchange::answer(Response response) {
    const auto connection = this->connection();
    if (!connection || reply_ != Reply::none) return;
    const bool silent = without_body(request_.method, response.status);
    std::string head;
    append_status_line(head, response.status);
    append_fields(head, response.fields);
    const bool has_length = response.status != 204 && response.status != 304;
    if (has_length && !response.fields.has("Content-Length"))
        append_field(head, "Content-Length", std::uint64_t{response.body.size()});
    connection->append_last_fields(head);
    reply_ = Reply::done;
    drained_ = gone_ = nullptr;
    if (connection->send(head, silent ? std::string_view{} : response.body))
        connection->answer_is_over();
}

void Exchange::begin(int status, FieldList fields) {
    const auto connection = this->connection();
    if (!connection || reply_ != Reply::none) return;
    without_body_ = without_body(request_.method, status);
    const auto length = fields.find("Content-Length");
    if (length) std::from_chars(length->data(), length->data() + length->size(), promised_bytes_);
    chunked_ = !length && connection->minor_version() == 1 && status != 204 && status != 304;
    if (!length && connection->minor_version() == 0) connection->close_after_answer();
    std::string head;
    append_status_line(head, status);
    append_fields(head, fields);
    if (chunked_) append_field(head, "Transfer-Encoding", "chunked");
    connection->append_last_fields(head);
    reply_ = Reply::streaming;
    connection->send(head);
}

bool Exchange::write(std::string_view bytes) {
    const auto connection = this->connection();
    if (!connection || reply_ != Reply::streaming) return false;
    if (!bytes.empty() && !without_body_) {
        promised_bytes_ -= std::min<std::uint64_t>(promised_bytes_, bytes.size());
        std::string framed;
        if (chunked_) {
            framed.reserve(bytes.size() + 24);
            append_chunk(framed, bytes);
            bytes = framed;
        }
        if (!connection->send(bytes)) return false;
    }
    return connection->unsent() <= connection->options().unsent_bytes_high;
}

void Exchange::end() {
    const auto connection = this->connection();
    if (!connection || reply_ != Reply::streaming) return;
    // Fewer bytes than the head said: the client must not take it for a whole answer.
    if (promised_bytes_ > 0 && !without_body_) return connection->cut();
    reply_ = Reply::done;
    drained_ = gone_ = nullptr;
    if (chunked_ && !without_body_ && !connection->send(kLastChunk)) return;
    connection->answer_is_over();
}

void Exchange::abort() {
    if (const auto connection = this->connection()) connection->cut();
}

void Exchange::on_drained(std::function<void()> callback) {
    if (reply_ != Reply::done) drained_ = std::move(callback);
}

void Exchange::on_gone(std::function<void()> callback) {
    if (reply_ != Reply::done) gone_ = std::move(callback);
}

void Exchange::tell_body_over(bool whole) {
    const auto body = std::exchange(body_, nullptr);
    if (body && body->on_end) body->on_end(whole);
}

void Exchange::tell_gone() {
    drained_ = nullptr;
    const auto gone = std::exchange(gone_, nullptr);
    if (gone && reply_ != Reply::done) gone();
}

void Exchange::refuse(int status, const FieldList& fields) {
    Response response = Response::text(status, "no WebSocket handshake\n");
    for (const auto& [name, value] : fields) response.fields.add(name, value);
    answer(std::move(response));
}

std::shared_ptr<WebSocket> Exchange::upgrade(WebSocketOptions options, const FieldList& fields) {
    const auto connection = this->connection();
    if (!connection || reply_ != Reply::none) return nullptr;
    if (!request_.wants_websocket) {
        refuse(426, {{"Upgrade", "websocket"}});
        return nullptr;
    }
    if (request_.field("Sec-WebSocket-Version") != "13") {
        refuse(426, {{"Upgrade", "websocket"}, {"Sec-WebSocket-Version", "13"}});
        return nullptr;
    }
    const std::string_view key = request_.field("Sec-WebSocket-Key");
    const auto nonce = base::base64_decoded(key);
    if (!nonce || nonce->size() != kHandshakeKeyBytes || request_.has_body) {
        refuse(400, {});
        return nullptr;
    }
    std::string head;
    append_status_line(head, 101);
    append_field(head, "Upgrade", "websocket");
    append_field(head, "Connection", "Upgrade");
    append_field(head, "Sec-WebSocket-Accept", accept_for(key));
    if (!options.protocol.empty()) append_field(head, "Sec-WebSocket-Protocol", options.protocol);
    append_fields(head, fields);
    append_head_end(head);
    reply_ = Reply::done;
    drained_ = gone_ = nullptr;
    return connection->become_websocket(head, std::move(options));
}

}  // namespace net
