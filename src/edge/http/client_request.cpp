// Client, from a request's head to a target that takes it.

#include "edge/http/bonds.h"
#include "edge/http/client.h"
#include "edge/http/forward.h"
#include "edge/rule/route.h"
#include "edge/worker/worker.h"

#include <chrono>
#include <utility>
#include <variant>

namespace edge {

namespace {

constexpr std::size_t kForwardersMax = 30;

bool is_grpc(const net::Fields& fields) {
    constexpr std::string_view kType = "application/grpc";
    const std::string_view said = fields.find(net::FieldId::content_type).value_or("");
    // `application/grpc-web` is another protocol, which HTTP/1.1 carries.
    return said.starts_with(kType) &&
           (said.size() == kType.size() || said[kType.size()] == '+' || said[kType.size()] == ';');
}

/// Of OPTIONS: not to be forwarded (RFC 9110 §7.6.2).
bool is_last_hop(const net::Fields& fields) {
    return fields.has(net::FieldId::max_forwards) &&
           *fields.find(net::FieldId::max_forwards) == "0";
}

}  // namespace

void Client::remember(const net::RequestHead& head) {
    let_leave();
    exchange_.renew();
    exchange_.open = true;
    exchange_.begun = worker_.now();
    exchange_.sent_before = outlet_.sent();
    exchange_.method = head.method;
    exchange_.has_body = head.framing != net::Framing::none;
    exchange_.chunked_request = head.framing == net::Framing::chunked;
    exchange_.websocket = head.wants_websocket();
    exchange_.http_1_0 = head.minor_version == 0;
    if (arrival_.http2) exchange_.grpc = is_grpc(head.fields);
    exchange_.head_only = head.method == net::Method::head;
    exchange_.json = wants_json(head.fields.find(net::FieldId::accept));
    keep_alive_ = head.keep_alive && !exchange_.http_1_0 && !worker_.ends(channel_) && !worn_out();
}

bool Client::worn_out() {
    const Limits& limits = worker_.limits();
    ++served_;
    return (limits.requests_per_connection != 0 && served_ >= limits.requests_per_connection) ||
           worker_.now() - opened_ >= limits.connection_lifetime;
}

void Client::judge(const net::RequestHead& head) {
    exchange_.irregularity = irregularity_of(head);
    if (exchange_.irregularity == Irregularity::none) [[likely]]
        return;
    worker_.counts().irregular.add();
    if (worker_.snapshot().config.attributes.desync == Desync::monitor ||
        tier_of(exchange_.irregularity) == Tier::acceptable) {
        return;
    }
    exchange_.alone = true;
    keep_alive_ = false;
}

Hop Client::hop() {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(
        worker_.wall(worker_.now()).time_since_epoch());
    const Attributes& attributes = worker_.snapshot().config.attributes;
    if (attributes.client_port && peer_text_.empty()) peer_text_ = arrival_.peer.text();
    return {.client = attributes.client_port ? peer_text_ : peer_ip_,
            .listener_port = arrival_.port,
            .attributes = attributes,
            .epoch_seconds = static_cast<std::uint32_t>(seconds.count()),
            .random = worker_.random(),
            .secure = arrival_.secure()};
}

void Client::on_head(const net::RequestHead& head) {
    remember(head);
    judge(head);
    answer_wrong_ = handed_back_ = false;
    worker_.counts().requests.add();
    if (const std::optional<Refusal> refusal = reason_to_refuse(head)) {
        note(head);
        refuse(*refusal);
    } else if (head.method == net::Method::options && is_last_hop(head.fields)) {
        note(head);
        answer_fixed({.status = 204, .content_type = {}, .body = {}});
    } else {
        route(head);
    }
    if (exchange_.has_body && (phase_ != Phase::forwarding || !upstream_->connected())) {
        parser_.pause();
    }
}

std::optional<Refusal> Client::reason_to_refuse(const net::RequestHead& head) const {
    const std::uint64_t body_max = worker_.limits().body_bytes;
    if (head.method == net::Method::trace || head.method == net::Method::connect) {
        return Refusal::method_not_allowed;
    }
    if (exchange_.irregularity != Irregularity::none &&
        worker_.snapshot().config.attributes.desync == Desync::strictest) {
        return Refusal::irregular;
    }
    if (forwarded_addresses(head.fields) > kForwardersMax) return Refusal::too_many_forwarders;
    if (body_max != 0 && head.framing == net::Framing::length && head.content_length > body_max) {
        return Refusal::body_too_large;
    }
    return std::nullopt;
}

void Client::note(const net::RequestHead& head) {
    exchange_.words = note_request(exchange_.tape, head, hop());
}

void Client::route(const net::RequestHead& head) {
    const std::string_view path = head.path.empty() ? std::string_view("*") : head.path;
    const Asked asked{.listener = arrival_.listener,
                      .method = head.method_text,
                      .path = path,
                      .host = host_of(head.authority),
                      .query = head.query,
                      .source = &peer_bytes_};
    const auto& rules = worker_.snapshot().config.rules;
    const auto rule = match(rules, asked, [&](const FieldCondition& condition) {
        return holds(condition, head.fields);
    });
    if (!rule) {
        note(head);
        return refuse(Refusal::no_rule);
    }
    exchange_.rule = *rule;
    exchange_.priority = rules[*rule].priority;
    exchange_.route = worker_.route(*rule);
    const Action& action = rules[*rule].action;
    if (std::holds_alternative<Forward>(action)) {
        exchange_.action = "forward";
        return begin_forward(head);
    }
    note(head);
    if (const auto* assets = std::get_if<Assets>(&action)) {
        exchange_.action = "assets";
        answer_asset(*assets, head);
    } else if (const auto* fixed = std::get_if<Fixed>(&action)) {
        exchange_.action = "fixed-response";
        answer_fixed(*fixed);
    } else {
        exchange_.action = "redirect";
        answer_redirect(std::get<Redirect>(action), head);
    }
}

void Client::begin_forward(const net::RequestHead& head) {
    const auto& rule = worker_.snapshot().config.rules[exchange_.rule];
    Hop hop = this->hop();
    hop.without_extensions =
        exchange_.websocket && std::get<Forward>(rule.action).sockets == SocketMode::mattermost;
    exchange_.words = put_request_head(exchange_.tape, head, hop);
    if (VirtualIds& ids = worker_.virtual_ids(); ids.any()) {
        ids.translate(exchange_.tape.bytes(), exchange_.tape.size());
    }
    if (worker_.snapshot().rule_sticky[exchange_.rule] != 0) {
        const Brought brought = brought_by(head.fields, worker_.snapshot(), exchange_.rule,
                                           hop.epoch_seconds, worker_.random());
        exchange_.sticky = true;
        exchange_.user = brought.user;
        exchange_.wish = brought.wish;
        exchange_.bad_cookie = brought.invalid;
    }
    if (hop.attributes.drop_invalid_fields && has_invalid_names(head.fields)) {
        worker_.counts().fields_dropped.add();
    }
    phase_ = Phase::forwarding;
    exchange_.replay =
        std::get<Forward>(worker_.snapshot().config.rules[exchange_.rule].action).replay;
    exchange_.recording =
        exchange_.has_body && (exchange_.replay >= Replay::handed ||
                               (exchange_.replay == Replay::safe && exchange_.idempotent()));
    const Attempt tried = attempt();
    if (tried != Attempt::begun) return go_on_or_wait(tried);
    if (upstream_->connected()) to_target_->add(exchange_.tape.view());
}

Client::Attempt Client::attempt() {
    // The config may have moved the rule since the request met it.
    const auto rule = rule_of(worker_.snapshot(), exchange_.rule, exchange_.priority);
    if (!rule) return Attempt::no_target;
    exchange_.rule = *rule;
    exchange_.held_until = worker_.held_until(arrival_.listener);
    if (exchange_.held_until > worker_.now()) return Attempt::held;
    const auto choice = worker_.balancer().choose(
        worker_.snapshot(), exchange_.rule, exchange_.tried_uids(), worker_.now(), exchange_.wish);
    if (!choice) {
        // Whoever may serve it is away while the group is held.
        exchange_.held_until = worker_.snapshot().held_until(exchange_.rule);
        return exchange_.held_until > worker_.now() ? Attempt::held : Attempt::no_target;
    }
    if (exchange_.tries == Exchange::kAttemptsMax) return Attempt::no_target;
    exchange_.held_until = worker_.snapshot().groups[choice->group].held_until;
    if (exchange_.held_until > worker_.now()) return Attempt::held;
    LocalTarget& target = worker_.local(*choice);
    if (!fits(target)) return Attempt::mismatch;
    if (target.http2()) keep_for_refusal();
    assign(&target);
    exchange_.tried[exchange_.tries++] = target.target.uid;
    target.slot->in_flight.add();
    exchange_.in_flight = true;
    if (exchange_.attempts++ == 0) {
        // What goes by weights of its own rule tells nothing of the stored split.
        const auto& action = worker_.snapshot().config.rules[exchange_.rule].action;
        if (std::get<Forward>(action).shares.empty()) {
            target.group_slot->begun.add(worker_.now());
        }
        if (!target.target.healthy) target.group_slot->to_unhealthy.add();
        if (exchange_.sticky && exchange_.wish.target != target.target.bond &&
            exchange_.wish.group == 0 && !exchange_.wish.bucket) {
            target.group_slot->not_sticky.add();
        }
    } else {
        target.group_slot->retries.add();
    }
    exchange_.sent = worker_.now();
    while (!exchange_.fresh_only && upstream_ == nullptr && !target.idle.empty()) {
        Upstream* pooled = target.idle.back();
        target.idle.pop_back();
        // What cannot be repeated is worth a look at whether the connection still stands.
        if (pooled->take(*this, !exchange_.repeatable())) upstream_ = pooled;
    }
    if (upstream_ == nullptr) {
        upstream_ = &worker_.add_upstream(std::make_unique<Upstream>(worker_, target, *this));
    }
    upstream_->expect(exchange_.method);
    touch();
    return Attempt::begun;
}

bool Client::fits(const LocalTarget& target) const {
    switch (target.protocol) {
        case Protocol::http1:
            return !exchange_.grpc;
        case Protocol::http2:
            return arrival_.http2 && !exchange_.websocket;
        case Protocol::grpc:
            return arrival_.http2 && exchange_.method == net::Method::post;
    }
    return false;
}

void Client::keep_for_refusal() {
    // A target of HTTP/2 may refuse a stream whose body it has been sent, and prove that it did
    // nothing with it.
    const bool whole = exchange_.has_body && !exchange_.body_passed_on;
    if (!whole || exchange_.recording || exchange_.replay == Replay::never) return;
    exchange_.recording = exchange_.tape_in_memory = true;
}

void Client::on_body(std::string_view bytes) {
    const std::uint64_t body_max = worker_.limits().body_bytes;
    if (phase_ != Phase::forwarding || exchange_.body_ignored) return;
    if (body_max != 0 && exchange_.received_bytes + bytes.size() > body_max &&
        !exchange_.answer_begun && exchange_.chunked_request) {
        leave_target();
        to_target_->clear();
        refuse(Refusal::body_too_large);
        return parser_.pause();
    }
    if (!to_target_->has_room()) flush_request();
    if (exchange_.chunked_request) {
        to_target_->add_copy(net::ChunkHead(bytes.size()).text());
        to_target_->add(bytes);
        to_target_->add("\r\n");
    } else {
        to_target_->add(bytes);
    }
}

void Client::on_trailers(const net::Fields& fields) {
    if (phase_ != Phase::forwarding || exchange_.body_ignored) return;
    std::string& text = worker_.text();
    text.assign("0\r\n");
    for (const net::Field& field : fields) net::append_field(text, field.name, field.value);
    text += "\r\n";
    to_target_->add(text);
    exchange_.chunked_request = false;
}

void Client::on_end() {
    exchange_.request_ended = true;
    if (phase_ != Phase::forwarding || exchange_.body_ignored) return;
    if (exchange_.chunked_request) to_target_->add(net::kLastChunk);
}

void Client::flush_request() {
    if (phase_ != Phase::forwarding || to_target_->parts().empty()) return;
    if (upstream_ == nullptr || !upstream_->connected()) return keep_for_later();
    const bool recorded = exchange_.recording;
    if (recorded) {
        const bool is_head = to_target_->parts().front().iov_base == exchange_.tape.bytes();
        record(to_target_->parts());
        if (is_head) to_target_->move_front(exchange_.tape.bytes());  // the tape has grown
    }
    const bool patient = exchange_.request_ended && !exchange_.has_body && exchange_.repeatable();
    const Upstream::Sent sent = patient && upstream_->gather(to_target_->parts())
                                    ? Upstream::Sent::yes
                                    : upstream_->send(to_target_->parts());
    if (sent == Upstream::Sent::yes) {
        exchange_.body_passed_on = exchange_.body_passed_on || exchange_.has_body;
    } else if (sent == Upstream::Sent::nothing && (!recorded || exchange_.recording)) {
        // A stale pooled connection took not a byte: all that should be sent is still here.
        exchange_.fresh_only = true;
        if (!recorded) keep_for_later();
        to_target_->clear();
        leave_target();
        exchange_.tries = 0;
        go_on_or_wait(attempt());
        return;
    } else {
        await_end();
    }
    to_target_->clear();
}

void Client::assign(LocalTarget* target) {
    if (exchange_.target != nullptr) --exchange_.target->users;
    exchange_.target = target;
    if (target != nullptr) ++target->users;
}

void Client::upstream_failed(UpstreamEnd end) {
    const bool again = may_send_again(end);
    LocalTarget& target = *exchange_.target;
    leave_target();
    if (end == UpstreamEnd::refused || end == UpstreamEnd::no_connection ||
        end == UpstreamEnd::connect_timeout) {
        target.slot->connect_failures.add();
        worker_.balancer().refused(target.target.uid, worker_.now());
    }
    if (end == UpstreamEnd::refused) {
        target.target.tally->refused.store(true, std::memory_order_relaxed);
        worker_.tell_news();
    }
    if (streams_events()) return go_on_elsewhere();
    if (again && try_again()) return settle();
    fault_of_target();
    if (exchange_.answer_begun) return cut_answer();
    switch (end) {
        case UpstreamEnd::refused:
        case UpstreamEnd::no_connection:
            refuse(Refusal::target_refused);
            break;
        case UpstreamEnd::connect_timeout:
            refuse(Refusal::target_timeout);
            break;
        case UpstreamEnd::closed:
        case UpstreamEnd::unprocessed:
            refuse(Refusal::target_closed);
            break;
        case UpstreamEnd::malformed:
            refuse(Refusal::target_malformed);
            break;
        case UpstreamEnd::cut:
            refuse(Refusal::target_cut);
            break;
        case UpstreamEnd::handed_back:
            refuse(Refusal::handed_back);
            break;
    }
    settle();
}

void Client::open_headless() {
    let_leave();
    exchange_.renew();
    exchange_.open = true;
    exchange_.has_body = true;  // What follows cannot be told apart from a next request.
    exchange_.begun = worker_.now();
    exchange_.sent_before = outlet_.sent();
}

void Client::malformed(net::Fault fault, std::string_view head) {
    worker_.counts().malformed.add();
    if (phase_ == Phase::forwarding && exchange_.answer_begun) return cut_answer();
    if (!exchange_.open) {
        open_headless();
        exchange_.irregularity = irregularity_of(fault, head);
        worker_.counts().irregular.add();
    }
    if (to_target_ != nullptr) to_target_->clear();
    refuse(refusal_for_status(net::status_of(fault)));
}

}  // namespace edge
