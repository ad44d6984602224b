// Client, from an answer's head to its last byte: the target's, or the edge's own.

#include "edge/files/file_body.h"
#include "edge/http/bonds.h"
#include "edge/http/client.h"
#include "edge/http/event_stream.h"
#include "edge/http/forward.h"
#include "edge/rule/route.h"
#include "edge/socket/handshake.h"
#include "edge/socket/mattermost.h"
#include "edge/socket/tunnel.h"
#include "edge/worker/worker.h"
#include "net/http1_text.h"

#include <chrono>
#include <utility>
#include <variant>

namespace edge {

namespace {

// Partial Post Replay, draft-frindell-httpbis-partial-post-replay: never shown to a client.
constexpr int kHandedBack = 379;

std::chrono::microseconds micros_between(base::Tick from, base::Tick to) {
    return std::chrono::duration_cast<std::chrono::microseconds>(to - from);
}

std::string_view log_type(bool websocket, bool secure, bool http2) {
    if (websocket) return secure ? "wss" : "ws";
    if (http2) return "h2";
    return secure ? "https" : "http";
}

}  // namespace

void Client::answer_head(const net::ResponseHead& head) {
    if (!head.interim && head.status == 101 && !exchange_.websocket) {
        answer_wrong_ = true;
        return;
    }
    if (head.status == kHandedBack) {
        handed_back_ = true;
        return;
    }
    if (streams_events()) {
        if (!head.interim) go_on_with(head);
        return;
    }
    if (head.interim && exchange_.http_1_0) return;
    const bool until_end = head.framing == net::Framing::until_close;
    if (!head.interim) {
        exchange_.answered = worker_.now();
        exchange_.answer_begun = true;
        exchange_.status = exchange_.target_status = head.status;
        const bool endless = until_end || head.framing == net::Framing::chunked;
        exchange_.chunked_answer = endless && !exchange_.http_1_0;
        exchange_.until_close = endless && exchange_.http_1_0;
        const bool last = !exchange_.request_ended || exchange_.until_close;
        if (last || worker_.ends(channel_)) keep_alive_ = false;
        follow_events(head);
    }
    const std::string extensions = head.status == 101 ? record_handshake(head) : std::string();
    Text cookies;
    if (exchange_.sticky && !head.interim) put_cookies(cookies, head);
    const Attributes& attributes = worker_.snapshot().config.attributes;
    Text& text = worker_.head();
    text.clear();
    put_answer_head(text, head,
                    {.keep_alive = keep_alive_,
                     .chunked = !head.interim && exchange_.chunked_answer,
                     .date = worker_.date(),
                     .extensions = extensions,
                     .extra = cookies.view(),
                     .set = attributes.answer_fields});
    to_client_->add(text.view());
    if (head.interim) flush_answer();
}

std::string Client::record_handshake(const net::ResponseHead& head) {
    const Snapshot& snapshot = worker_.snapshot();
    const auto rule = rule_of(snapshot, exchange_.rule, exchange_.priority);
    if (!rule) return {};
    const auto* forward = std::get_if<Forward>(&snapshot.config.rules[*rule].action);
    if (forward == nullptr || forward->sockets == SocketMode::drain) return {};
    const Terms terms = terms_of(head);
    if (!may_be_handed_on(terms.extensions)) return {};
    std::string request(exchange_.tape.view());
    if (forward->sockets == SocketMode::mattermost) {
        adapter_ = std::make_unique<Mattermost>(without_resumption(request), worker_.virtual_ids());
    }
    handshake_ = std::make_unique<Handshake>(arrival_.listener, request, terms);
    wipe(request);
    return extensions_for_client(terms.extensions);
}

void Client::put_cookies(Text& into, const net::ResponseHead& head) {
    const auto rule = rule_of(worker_.snapshot(), exchange_.rule, exchange_.priority);
    if (!rule || exchange_.target == nullptr) return;
    put_bonds(into, worker_.snapshot(),
              {.rule = *rule,
               .group = exchange_.target->group,
               .target = exchange_.target->target.bond,
               .user = exchange_.user,
               .epoch_seconds = hop().epoch_seconds},
              head);
}

void Client::answer_body(std::string_view bytes) {
    if (handed_back_) return;
    if (!to_client_->has_room() || events_) flush_answer();
    if (events_) bytes = events_->take(bytes);
    add_body(bytes);
}

void Client::add_body(std::string_view bytes) {
    if (bytes.empty()) return;
    if (exchange_.chunked_answer) to_client_->add_copy(net::ChunkHead(bytes.size()).text());
    to_client_->add(bytes);
    if (exchange_.chunked_answer) to_client_->add("\r\n");
}

void Client::answer_trailers(const net::Fields& fields) {
    if (!exchange_.chunked_answer || handed_back_) return;
    flush_answer();
    std::string& text = worker_.text();
    text.assign("0\r\n");
    for (const net::Field& field : fields) net::append_field(text, field.name, field.value);
    text += "\r\n";
    to_client_->add(text);
    exchange_.last_chunk_written = true;
}

void Client::answer_end() {
    if (events_ && !handed_back_) {
        if (ends_with_target()) return;
        flush_answer();
        add_body(events_->rest());
    }
    if (exchange_.chunked_answer && !exchange_.last_chunk_written && !handed_back_) {
        to_client_->add(net::kLastChunk);
    }
}

bool Client::flush_answer() {
    if (to_client_->parts().empty()) return true;
    const bool sent = outlet_.send(channel_, to_client_->parts());
    to_client_->clear();
    if (sent && phase_ != Phase::gone) touch();
    return sent;
}

bool Client::flush_last() {
    const bool rests = keep_alive_ && exchange_.request_ended && channel_.plain() && !events_ &&
                       outlet_.waiting() == 0 && !worker_.leaving();
    const auto parts = to_client_->parts();
    if (!rests || parts.empty() || !worker_.loop().gather(key_, channel_.number(), parts)) {
        return flush_answer();
    }
    gathered_in_ = worker_.loop().gathering();
    outlet_.count_sent(to_client_->bytes());
    to_client_->clear();
    touch();
    return true;
}

void Client::answer_over(bool reusable) {
    if (events_ && ends_with_target()) return go_on_elsewhere();
    upstream_->release(reusable && exchange_.request_ended && !exchange_.body_ignored &&
                       !exchange_.alone);
    upstream_ = nullptr;
    leave_target();
    phase_ = Phase::flushing;
    settle();
}

void Client::open_tunnel(std::string_view early) {
    LocalTarget& target = *exchange_.target;
    auto tunnel = std::make_unique<Tunnel>(worker_, target);
    Tunnel& opened = *tunnel;
    std::unique_ptr<SocketLine> line = begin_line();
    worker_.loop().forget(key_);
    opened.open({.client = std::move(channel_),
                 .upstream = upstream_->give_up_channel(),
                 .to_client = std::move(outlet_),
                 .to_upstream = std::move(upstream_->outlet()),
                 .handshake = std::move(handshake_),
                 .adapter = std::move(adapter_),
                 .line = std::move(line)});
    upstream_->close();
    upstream_ = nullptr;
    opened.ticket = std::move(arrival_.ticket);
    worker_.add_tunnel(std::move(tunnel));
    const std::string from_client = std::exchange(pending_, {});
    close();
    opened.begin(from_client, early);
}

void Client::leave_target() {
    if (upstream_ != nullptr) {
        upstream_->close();
        upstream_ = nullptr;
    }
    if (exchange_.in_flight) exchange_.target->slot->in_flight.subtract();
    exchange_.in_flight = false;
}

void Client::fault_of_target() {
    exchange_.target_failed = true;
}

void Client::cut_answer() {
    // Its length or last chunk is missing, which tells the client; an answer that ends with
    // the connection needs a reset to be seen as cut.
    if (exchange_.until_close) channel_.reset_on_close();
    close();
}

void Client::begin_own() {
    stop_holding();
    leave_target();
    phase_ = Phase::flushing;
    exchange_.answer_begun = true;
    exchange_.answered = worker_.now();
    const bool unread = exchange_.has_body && !exchange_.request_ended;
    if (unread || worker_.ends(channel_)) keep_alive_ = false;
}

void Client::send_own(const OwnAnswer& answer) {
    begin_own();
    exchange_.status = answer.status;
    OwnAnswer whole = answer;
    whole.date = worker_.date();
    whole.keep_alive = keep_alive_;
    whole.head_only = exchange_.head_only;
    std::string set;
    for (const auto& [name, value] : worker_.snapshot().config.attributes.answer_fields) {
        if (!value.empty()) net::append_field(set, name, value);
    }
    if (!set.empty()) {
        set += answer.extra;
        whole.extra = set;
    }
    std::string& text = worker_.text();
    text.clear();
    append_answer(text, whole);
    WorkerSlot& counts = worker_.counts();
    if (answer.status >= 500) {
        counts.answers_5xx.add();
    } else if (answer.status >= 400) {
        counts.answers_4xx.add();
    } else if (answer.status >= 300) {
        counts.answers_3xx.add();
    }
    if (!outlet_.send(channel_, text)) return client_ended(true);
    touch();
}

void Client::refuse(Refusal refusal) {
    exchange_.refusal = refusal;
    const int status = status_of(refusal);
    if (status < 500 || exchange_.websocket) keep_alive_ = false;
    const bool paused = refusal == Refusal::held_too_long || refusal == Refusal::hold_full;
    const std::string body =
        refusal_body(refusal, exchange_.json, exchange_.word(exchange_.words.trace));
    send_own({.status = status,
              .content_type = exchange_.json ? "application/json" : "text/plain; charset=utf-8",
              .body = body,
              .date = {},
              .extra = paused ? "Retry-After: 1\r\n" : "",
              .keep_alive = false,
              .head_only = false});
}

void Client::answer_fixed(const Fixed& fixed) {
    worker_.counts().fixed_answers.add();
    send_own({.status = fixed.status,
              .content_type = fixed.content_type,
              .body = fixed.body,
              .date = {},
              .extra = {},
              .keep_alive = false,
              .head_only = false});
}

void Client::answer_redirect(const Redirect& redirect, const net::RequestHead& head) {
    const Asked asked{.listener = {},
                      .method = {},
                      .path = head.path,
                      .host = host_of(head.authority),
                      .protocol = arrival_.secure() ? "https" : "http"};
    worker_.counts().redirects.add();
    const std::string location = location_of(redirect, asked, head.query, arrival_.port);
    const std::uint32_t from = exchange_.tape.here();
    exchange_.tape.put(location);
    exchange_.redirect = exchange_.tape.since(from);
    std::string extra;
    net::append_field(extra, "Location", location);
    send_own({.status = redirect.status,
              .content_type = {},
              .body = {},
              .date = {},
              .extra = extra,
              .keep_alive = false,
              .head_only = false});
}

void Client::answer_asset(const Assets& assets, const net::RequestHead& head) {
    if (head.method != net::Method::get && head.method != net::Method::head) {
        return send_own({.status = 405,
                         .content_type = {},
                         .body = {},
                         .date = {},
                         .extra = "Allow: GET, HEAD\r\n",
                         .keep_alive = false,
                         .head_only = false});
    }
    const FileAsked asked{
        .path = head.path,
        .accept_encoding = head.fields.find(net::FieldId::accept_encoding),
        .if_none_match = head.fields.find(net::FieldId::if_none_match),
        .if_modified_since = head.fields.find(net::FieldId::if_modified_since),
        .range = head.fields.find(net::FieldId::range),
        .if_range = head.fields.find("if-range"),
    };
    OpenedFile opened = worker_.shelf().open(assets, asked, worker_.now());
    worker_.counts().asset_answers.add();
    begin_own();
    exchange_.status = opened.answer.status;
    std::string& text = worker_.text();
    text.clear();
    append_file_head(text, opened.answer,
                     {.keep_alive = keep_alive_, .chunked = false, .date = worker_.date()});
    const std::string_view body = exchange_.head_only ? std::string_view() : body_at_hand(opened);
    Gather whole;
    whole.add(text);
    whole.add(body);
    if (!outlet_.send(channel_, whole.parts())) return client_ended(true);
    touch();
    if (exchange_.head_only || opened.answer.parts.empty() || !body.empty()) return;
    file_ = std::make_unique<FileBody>(std::move(opened));
    phase_ = Phase::sending_file;  // begins when the request has been read to its end
}

/// Of how long the exchange took; what became a socket has no latency.
std::optional<std::size_t> Client::latency_bucket(base::Tick end) const {
    if (exchange_.websocket) return std::nullopt;
    const auto micros = micros_between(exchange_.begun, end).count();
    return base::Histogram::bucket_of(static_cast<std::uint64_t>(micros > 0 ? micros : 0));
}

void Client::count_flow(std::optional<std::size_t> bucket) {
    const bool error = exchange_.target_failed || exchange_.status >= 500;
    FlowSlot* const release =
        exchange_.target == nullptr ? nullptr : exchange_.target->release_slot;
    for (FlowSlot* const flow : {exchange_.route, release}) {
        if (flow == nullptr) continue;
        flow->add(error);
        if (bucket) flow->latency.add_at(*bucket);
    }
}

void Client::count_group(std::optional<std::size_t> bucket) {
    const LocalTarget& target = *exchange_.target;
    GroupSlot& group = *target.group_slot;
    const int status = exchange_.target_status;
    const bool error = exchange_.target_failed || status >= 500;
    group.requests.add();
    target.slot->requests.add();
    if (error) group.errors.add();
    if (error) target.slot->errors.add();
    if (exchange_.target_failed && status == 0) group.edge_5xx.add();
    if (status >= 500) {
        group.answers_5xx.add();
    } else if (status >= 400) {
        group.answers_4xx.add();
    } else if (status >= 300) {
        group.answers_3xx.add();
    } else if (status >= 200) {
        group.answers_2xx.add();
    }
    if (bucket) return group.latency.add_at(*bucket);
    if (status == 101) {
        group.sockets_opened.add();
    } else {
        group.sockets_refused.add();
    }
}

void Client::count_and_log() {
    const base::Tick end = worker_.loop().clock().tick();
    const std::uint64_t sent = outlet_.sent() - exchange_.sent_before;
    worker_.counts().bytes_out.add(sent);
    const auto bucket = latency_bucket(end);
    count_flow(bucket);
    if (exchange_.target != nullptr) count_group(bucket);
    if (!worker_.log() || exchange_.logged_at_end) return;
    append_line(worker_.log().buffer(), served(end, sent, arrival_.peer.text()));
    worker_.log().write_if_much();
}

std::unique_ptr<SocketLine> Client::begin_line() {
    if (!worker_.log()) return nullptr;
    exchange_.logged_at_end = true;
    auto made = std::make_unique<SocketLine>(served(worker_.now(), 0, arrival_.peer.text()));
    made->counts.received_bytes = exchange_.received_bytes;
    // What the connection was sent before; the outlet's count, to be added at the end, has it.
    made->counts.sent_bytes = 0 - exchange_.sent_before;
    return made;
}

std::string_view Client::error_reason() const {
    if (exchange_.refusal) return id_of(*exchange_.refusal);
    return exchange_.bad_cookie ? std::string_view("AWSALBTGCookieInvalid") : std::string_view();
}

Served Client::served(base::Tick end, std::uint64_t sent, std::string_view client) {
    const LocalTarget* target = exchange_.target;
    const bool was_sent = exchange_.sent != base::Tick{};
    const bool was_answered = exchange_.answer_begun && exchange_.target_status != 0;
    const std::chrono::microseconds never{-1};
    return {
        .type = log_type(exchange_.websocket, arrival_.secure(), arrival_.http2),
        .listener = arrival_.listener,
        .client = client,
        .target = target == nullptr ? std::string_view() : target->target.address_text,
        .begun = worker_.wall(exchange_.begun),
        .ended = worker_.wall(end),
        .request_time = was_sent ? micros_between(exchange_.begun, exchange_.sent) : never,
        .target_time = was_answered ? micros_between(exchange_.sent, exchange_.answered) : never,
        .response_time = was_answered ? micros_between(exchange_.answered, end) : never,
        .status = exchange_.status,
        .target_status = exchange_.target_status,
        .received_bytes = exchange_.received_bytes,
        .sent_bytes = sent,
        .method = exchange_.word(exchange_.words.method),
        .url = exchange_.word(exchange_.words.url),
        .user_agent = exchange_.word(exchange_.words.user_agent),
        .group = target == nullptr ? std::string_view() : target->group,
        .trace = exchange_.word(exchange_.words.trace),
        .host = exchange_.word(exchange_.words.host),
        .cipher = arrival_.cipher,
        .tls_version = arrival_.tls_version,
        .server_name = arrival_.server_name,
        .http2 = arrival_.http2,
        .rule_priority = exchange_.priority,
        .action = exchange_.action,
        .redirect_url = exchange_.word(exchange_.redirect),
        .error_reason = error_reason(),
        .target_id = target == nullptr ? std::string_view() : target->target.id,
        .attempts = exchange_.attempts,
        .irregularity = exchange_.irregularity,
        .release = target == nullptr ? std::string_view() : target->target.release_name,
        .http_1_0 = exchange_.http_1_0,
        .listener_port = arrival_.port};
}

}  // namespace edge
