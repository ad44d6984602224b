// Client, while it is answered with server-sent events that another target can go on with.

#include "edge/http/client.h"
#include "edge/http/event_stream.h"
#include "edge/rule/route.h"
#include "edge/worker/worker.h"

#include <chrono>
#include <utility>
#include <variant>

namespace edge {

namespace {

constexpr std::chrono::milliseconds kAskEvery{100};

bool is_event_stream(const net::ResponseHead& head) {
    const auto type = head.fields.find(net::FieldId::content_type);
    const std::string_view name = type ? type->substr(0, type->find(';')) : std::string_view();
    return head.status == 200 && head.framing != net::Framing::length &&
           net::same_ignoring_case(name.substr(0, name.find(' ')), "text/event-stream") &&
           !head.fields.has(net::FieldId::content_encoding);
}

}  // namespace

void Client::follow_events(const net::ResponseHead& head) {
    if (exchange_.method != net::Method::get || exchange_.has_body || !is_event_stream(head))
        return;
    const auto rule = rule_of(worker_.snapshot(), exchange_.rule, exchange_.priority);
    if (!rule) return;
    const auto* forward = std::get_if<Forward>(&worker_.snapshot().config.rules[*rule].action);
    if (forward == nullptr || !forward->take_up_events) return;
    events_ = std::make_unique<EventStream>(std::string(exchange_.tape.view()));
    events_broke_ = {};
    worker_.counts().event_streams.add();
}

void Client::go_on_with(const net::ResponseHead& head) {
    answer_wrong_ = !is_event_stream(head);
    if (answer_wrong_) return;
    events_broke_ = {};
    worker_.counts().streams_taken_up.add();
}

bool Client::ends_with_target() const {
    return !exchange_.target->takes_back() && events_->may_go_on();
}

void Client::leave_if_due() {
    if (!streams_events() || upstream_ == nullptr || !events_->may_go_on()) return;
    const LocalTarget& target = *exchange_.target;
    if (target.takes_back()) return;
    if (target.listed && !target.target.tally->take_leave()) return;
    go_on_elsewhere();
}

void Client::go_on_elsewhere() {
    leave_target();
    const base::Tick now = worker_.now();
    if (events_broke_ == base::Tick{}) {
        events_broke_ = now;
        exchange_.tries = 0;
    }
    // A target that answered otherwise told the client's next request what it has to know.
    const bool too_long = now >= events_broke_ + worker_.limits().socket_hold;
    if (answer_wrong_ || too_long || worker_.retiring() || !events_->may_go_on()) {
        fault_of_target();
        return cut_answer();
    }
    events_->forget_begun();
    if (attempt() == Attempt::begun) {
        if (upstream_->connected()) upstream_connected();
        return;
    }
    exchange_.tries = 0;
    timer_.arm_in(kAskEvery);
}

void Client::ask_for_events() {
    exchange_.playing = false;
    const std::string request = events_->request();
    Gather gather;
    gather.add(request);
    // Where it takes nothing, its end is about to be read.
    upstream_->send(gather.parts());
    touch();
}

void Client::forget_events() {
    if (!events_) return;
    worker_.counts().event_streams.subtract();
    events_.reset();
}

}  // namespace edge
