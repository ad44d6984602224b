// Tunnel, while another target takes the old one's place.

#include "edge/socket/handoff.h"
#include "edge/socket/mattermost.h"
#include "edge/worker/worker.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <variant>

namespace edge {

namespace {

using std::chrono::milliseconds;

// An answer that is on its way when the client's messages already go elsewhere is waited for.
constexpr milliseconds kQuiet{30};
// A target that is never quiet is told goodbye all the same: one that keeps order answers what
// came before it.
constexpr milliseconds kQuietMax{250};
// Where both targets are heard, the old one's last requests are waited for too: what they cause, it
// may be the only one to tell.
constexpr milliseconds kQuietHeard{200};
constexpr milliseconds kQuietHeardMax{1'000};
constexpr milliseconds kRequestsMax{5'000};
// What the old target tells is remembered for so long before another is asked, as that may tell it
// again: longer than the bus between them takes.
constexpr milliseconds kRecordedBefore{1'000};
// From the goodbye, or the last byte after it, to the target's own. A starved target may take
// seconds for one large message, and giving it up would lose what it has still to say.
constexpr milliseconds kGoodbyePatience{10'000};
constexpr milliseconds kRetirementMax{60'000};
constexpr milliseconds kFirstPause{50};
constexpr std::uint32_t kDoublings = 6;
// While requests are held somebody is about to come.
constexpr std::uint32_t kDoublingsPaused = 1;
// So that the sockets of a dead target do not all come at the same moment.
constexpr std::uint64_t kSpreadMs = 50;

}  // namespace

bool Tunnel::uses(const LocalTarget& target) const {
    if (upstream_ && target_ == &target) return true;
    if (!handoff_) return false;
    return (handoff_->old && handoff_->old->target == &target) ||
           (handoff_->next && handoff_->next->target == &target);
}

std::optional<std::size_t> Tunnel::rule_to_swap_by() const {
    if (!handshake_ || worker_.retiring()) return std::nullopt;
    const auto& rules = worker_.snapshot().config.rules;
    const auto rule = handshake_->rule_among(rules);
    if (!rule) return std::nullopt;
    const auto* forward = std::get_if<Forward>(&rules[*rule].action);
    const bool swaps = forward != nullptr && forward->sockets != SocketMode::drain;
    return swaps ? rule : std::nullopt;
}

void Tunnel::ask() {
    if (!may_be_asked()) return;
    const bool ending = !client_.walks || !upstream_->walks || client_.ended || upstream_->ended;
    if (ending || !rule_to_swap_by()) return leave();
    begin_handoff();
    if (!adapter_) return approach();
    adapter_->begin_recording();
    handoff_->timer.arm_in(kRecordedBefore);
}

void Tunnel::begin_handoff() {
    handoff_ = std::make_unique<Handoff>(worker_.loop(), [this] { turn(); });
    handoff_->tried.push_back(target_->target.uid);
    worker_.counts().handoffs_under_way.add();
}

void Tunnel::end_handoff() {
    worker_.counts().handoffs_under_way.subtract();
    if (handoff_->held) worker_.counts().sockets_held.subtract();
    if (handoff_->candidate) handoff_->candidate->abandon();
    let_go(handoff_->next);
    let_go(handoff_->old);
    handoff_->timer.disarm();
    // Its timer or its candidate may be what is calling.
    const std::shared_ptr<Handoff> gone = std::move(handoff_);
    worker_.loop().defer([gone] {});
}

void Tunnel::turn() {
    if (handoff_->old) return retire_old();
    if (handoff_->held && worker_.now() >= handoff_->begun + worker_.limits().socket_hold) {
        return give_up_holding();
    }
    if (!handoff_->candidate) approach();
}

void Tunnel::approach() {
    const auto rule = rule_to_swap_by();
    if (!rule) return handoff_->held ? give_up_holding() : leave();
    // Its user stays with her release while that takes users.
    const Wish wish{.group = fingerprint_of(target_->group)};
    const auto choice =
        worker_.balancer().choose(worker_.snapshot(), *rule, handoff_->tried, worker_.now(), wish);
    if (!choice) return alone();
    LocalTarget& target = worker_.local(*choice);
    if (target.target.use != Use::normal) return alone();
    handoff_->tried.push_back(target.target.uid);
    handoff_->candidate = std::make_unique<Candidate>(
        worker_, target, *handshake_, [this](Candidate::Verdict verdict) { judged(verdict); });
}

void Tunnel::alone() {
    // While requests wait, nobody is to come until the target has gone: the client waits too.
    const bool may_wait = !handoff_->held && worker_.pauses(*target_);
    if (!may_wait || !client_.walker.at_boundary()) return retry_later();
    handoff_->old = std::move(upstream_);
    handoff_->held = std::make_unique<Held>(adapter_ ? &Mattermost::pong_for : nullptr);
    worker_.counts().sockets_held.add();
    handoff_->begun = handoff_->heard_at = worker_.now();
    handoff_->timer.arm_in(kQuiet);
}

void Tunnel::retry_later() {
    handoff_->tried.clear();
    if (!handoff_->held) handoff_->tried.push_back(target_->target.uid);
    const std::uint32_t most = worker_.pauses(*target_) ? kDoublingsPaused : kDoublings;
    const std::uint32_t doublings = std::min(handoff_->pauses++, most);
    const milliseconds spread{static_cast<std::int64_t>(worker_.random().next() % kSpreadMs)};
    base::Tick when = worker_.now() + kFirstPause * (1U << doublings) + spread;
    if (handoff_->held) when = std::min(when, handoff_->begun + worker_.limits().socket_hold);
    handoff_->timer.arm_at(when);
}

void Tunnel::judged(Candidate::Verdict verdict) {
    Candidate& candidate = *handoff_->candidate;
    if (verdict == Candidate::Verdict::accepted) {
        handoff_->next = end_of(candidate.target(), candidate.give_up_channel());
        candidate.target().slot->sockets_opened.add();
        handoff_->early = std::move(candidate.early());
    } else {
        worker_.counts().handoffs_refused.add();
        if (line_) ++line_->counts.refused;
    }
    worker_.loop().dispose(std::move(handoff_->candidate));
    if (verdict == Candidate::Verdict::forbidden) {
        // What the client once showed is not enough any more: it has to come itself.
        return handoff_->held ? give_up_holding() : leave();
    }
    if (verdict != Candidate::Verdict::accepted) return approach();
    if (handoff_->held) return take_over();
    if (client_.walker.at_boundary()) swap_upstream();
}

bool Tunnel::prepared() const {
    return handoff_ && handoff_->next;
}

void Tunnel::begin_with_next() {
    upstream_ = std::move(handoff_->next);
    --target_->users;
    target_ = upstream_->target;
    ++target_->users;
    opened_version_ = worker_.snapshot().version;
    tape_.begin(0);
    upstream_->key = upstream_->channel.watch(worker_.loop(), *upstream_);
}

void Tunnel::swap_upstream() {
    handoff_->old = std::move(upstream_);
    begin_with_next();
    worker_.counts().handoffs_swapped.add();
    if (line_) ++line_->counts.swapped;
    handoff_->begun = handoff_->heard_at = worker_.now();
    handoff_->timer.arm_in(kQuiet);
    adopt_target();
    if (adapter_ && !hear(*upstream_, std::exchange(handoff_->early, {}))) return;
    if (handoff_->old->ended) old_ended();
}

void Tunnel::retire_old() {
    Handoff& handoff = *handoff_;
    End& old = *handoff.old;
    const base::Tick now = worker_.now();
    const milliseconds quiet = adapter_ ? kQuietHeard : kQuiet;
    const milliseconds quiet_max = adapter_ ? kQuietHeardMax : kQuietMax;
    const milliseconds patience = handoff.goodbye ? kGoodbyePatience : quiet;
    const base::Tick longest = handoff.begun + (handoff.goodbye ? kRetirementMax : quiet_max);
    if (adapter_ && !handoff.goodbye && now < handoff.begun + kRequestsMax &&
        old.target->target.tally->load().in_flight > 0) {
        return handoff.timer.arm_in(quiet);
    }
    if (now < handoff.heard_at + patience && now < longest) {
        return handoff.timer.arm_at(std::min(handoff.heard_at + patience, longest));
    }
    if (client_.out.waiting() > 0 && now < handoff.begun + kRetirementMax) {
        return handoff.timer.arm_in(patience);  // it may not speak
    }
    if (handoff.goodbye) return old_ended();
    handoff.goodbye = true;
    handoff.heard_at = now;
    std::string frame;
    net::append_masked_frame(frame, net::Opcode::close,
                             net::close_payload(net::close_code::kGoingAway, ""),
                             static_cast<std::uint32_t>(worker_.random().next()));
    if (!old.out.send(old.channel, frame)) {
        old.broken = old.readable = true;
        worker_.loop().nudge(old.key);
    }
    handoff.timer.arm_in(kGoodbyePatience);
}

bool Tunnel::between_messages(const End& from) const {
    if (adapter_) return true;
    const net::FrameWalker& walker = from.walker;
    return !walker.in_message() &&
           (walker.saw_close() || walker.between_frames() || walker.partial_header().size() > 0);
}

void Tunnel::old_ended() {
    End& old = *handoff_->old;
    if (between_messages(old)) return old_over();
    // The rest of its message will never come, and nobody else's may stand in for it.
    if (!told_) cut_by_instance_ = true;
    cut();
}

void Tunnel::old_over() {
    if (handoff_->held) return left_alone();
    const std::string early = std::move(handoff_->early);
    end_handoff();
    if (leaving_ && !told_) return inject_close();
    if (adapter_) {
        adapter_->silent(worker_.now());
        // The old server took its user for gone; the new one is told what is true.
        tell_presence();
    }
    if (!early.empty() && !relay(*upstream_, early)) return;
    if (gone_ || !upstream_) return;
    if (upstream_->ended) return pass_end_on(*upstream_);
    read(*upstream_);
}

void Tunnel::left_alone() {
    let_go(handoff_->old);
    handoff_->goodbye = false;
    if (told_) return;
    if (leaving_) return inject_close();
    handoff_->begun = worker_.now();
    handoff_->pauses = 0;
    retry_later();
    read(client_);
}

void Tunnel::cut(const LocalTarget& target) {
    if (handoff_ && handoff_->old && handoff_->old->target == &target) return old_ended();
    if (!handoff_ || !handoff_->next || handoff_->next->target != &target) return cut();
    // It has agreed and not been needed yet: another is asked.
    let_go(handoff_->next);
    handoff_->early.clear();
    retry_later();
}

bool Tunnel::may_hold() const {
    const End& up = *upstream_;
    return !leaving_ && !told_ && !client_.ended && up.walks && client_.walks &&
           between_messages(up) && tape_.whole() && rule_to_swap_by();
}

void Tunnel::hold() {
    if (!handoff_) begin_handoff();
    tape_.trim(upstream_->out.sent());
    let_go(upstream_);
    worker_.counts().sockets_held.add();
    handoff_->held = std::make_unique<Held>(adapter_ ? &Mattermost::pong_for : nullptr);
    handoff_->begun = worker_.now();
    keep(tape_.take());
    if (gone_) return;
    if (handoff_->next) return take_over();
    if (!handoff_->candidate) {
        handoff_->timer.arm_in(
            milliseconds{static_cast<std::int64_t>(worker_.random().next() % kSpreadMs)});
    }
    read(client_);
}

void Tunnel::keep(std::string_view bytes) {
    if (told_ || bytes.empty()) return;
    Held& held = *handoff_->held;
    held.take(bytes);
    const std::string answers = held.take_answers();
    if (!answers.empty() && !to_client({}, answers)) return;
    if (held.closed()) close();
}

void Tunnel::take_over() {
    const std::string messages = handoff_->held->take_messages();
    const std::string early = std::move(handoff_->early);
    begin_with_next();
    worker_.counts().handoffs_recovered.add();
    if (line_) ++line_->counts.recovered;
    adopt_target();
    end_handoff();
    if (adapter_) tell_target(adapter_->presence());
    if (!to_target(messages, std::nullopt)) return;
    tape_.trim(upstream_->out.sent());
    if (!early.empty() && !relay(*upstream_, early)) return;
    read(client_);
    if (!gone_ && upstream_) read(*upstream_);
}

void Tunnel::give_up_holding() {
    worker_.counts().handoffs_failed.add();
    if (line_) ++line_->counts.failed;
    cut_by_instance_ = true;
    leave();
}

}  // namespace edge
