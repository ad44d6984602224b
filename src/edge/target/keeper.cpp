#include "edge/target/keeper.h"

#include "net/http1.h"
#include "net/socket.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace edge {

namespace {

constexpr std::chrono::milliseconds kDrainLook{20};
constexpr std::chrono::seconds kLongestPause{1};

}  // namespace

/// One check of one target, on a connection of its own, like ALB's.
class ProbeCall final : public net::Watcher, net::ResponseHandler {
public:
    ProbeCall(Keeper& keeper, const Control::Probing& probing)
        : uid(probing.uid),
          keeper_(keeper),
          check_(probing.check),
          request_(fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: "
                               "ELB-HealthChecker/2.0\r\nConnection: close\r\n\r\n",
                               check_.path, probing.host)),
          timer_(keeper.loop_, [this] { end(Probe::timed_out); }) {
        auto descriptor = net::connect_to(probing.address);
        if (!descriptor) {
            failed_at_once_ = true;
            timer_.arm_at(keeper.loop_.now());
            return;
        }
        descriptor_ = std::move(*descriptor);
        key_ = keeper_.loop_.watch(descriptor_.number(), *this);
        timer_.arm_in(check_.timeout);
    }
    ~ProbeCall() override { keeper_.loop_.forget(key_); }

    void on_ready(net::Ready ready) override {
        if (over_) return;
        if (ready.writable && !sent_) {
            if (net::connect_error(descriptor_.number()) != 0) return end(Probe::failed);
            sent_ = true;
            const net::Moved moved = net::send(descriptor_.number(), request_);
            if (moved.io != net::Io::moved || moved.bytes != request_.size()) {
                return end(Probe::failed);
            }
        }
        if (ready.readable && sent_) read();
    }

    const std::uint64_t uid;

private:
    void read() {
        std::array<char, 4096> bytes;
        while (!over_) {
            const net::Moved moved = net::receive(descriptor_.number(), bytes);
            if (moved.io == net::Io::would_block) return;
            if (moved.io != net::Io::moved) return end(Probe::failed);
            const net::Fed fed = parser_.feed({bytes.data(), moved.bytes}, *this);
            if (over_) return;
            if (fed.progress == net::Progress::failed) return end(Probe::failed);
        }
    }

    void on_head(const net::ResponseHead& head) override {
        if (head.interim) return;
        // The head decides; a body may be long, and is none of our business.
        end(check_.passes(head.status) ? Probe::passed : Probe::wrong_status);
        parser_.pause();
    }
    void on_body(std::string_view) override {}
    void on_end() override {}

    void end(Probe outcome) {
        if (over_) return;
        over_ = true;
        timer_.disarm();
        keeper_.ended(*this, failed_at_once_ ? Probe::failed : outcome);
    }

    Keeper& keeper_;
    HealthCheck check_;
    std::string request_;
    base::Fd descriptor_;
    net::WatchKey key_;
    net::ResponseParser parser_;
    net::Timer timer_;
    bool sent_ = false;
    bool over_ = false;
    bool failed_at_once_ = false;
};

Keeper::Keeper(Control& control, base::Clock& clock)
    : control_(control), loop_(clock), timer_(loop_, [this] { turn(); }) {}

Keeper::~Keeper() {
    stop();
}

void Keeper::start() {
    timer_.arm_at(loop_.now());
    thread_ = std::thread([this] { loop_.run(); });
}

void Keeper::stop() {
    loop_.stop();
    if (thread_.joinable()) thread_.join();
}

void Keeper::look() {
    // One wake-up is enough for any number of news.
    if (look_pending_.exchange(true)) return;
    loop_.post([this] {
        look_pending_.store(false);
        turn();
    });
}

void Keeper::turn() {
    const Control::Advance advance = control_.advance();
    const std::vector<Control::Probing> probings = control_.to_probe();
    base::Tick next = loop_.now() + (advance.again_soon ? kDrainLook : kLongestPause);
    std::map<std::uint64_t, base::Tick> due;
    bool all_seen = true;
    for (const Control::Probing& probing : probings) {
        const auto known = due_.find(probing.uid);
        base::Tick when = known == due_.end() ? loop_.now() : known->second;
        const bool urgent = std::find(advance.probe_now.begin(), advance.probe_now.end(),
                                      probing.uid) != advance.probe_now.end();
        if (urgent || when <= loop_.now()) {
            when = loop_.now() + probing.check.interval;
            if (!calls_.contains(probing.uid)) probe(probing);
        }
        due[probing.uid] = when;
        next = std::min(next, when);
        all_seen = all_seen && seen_.contains(probing.uid);
    }
    due_ = std::move(due);
    if (all_seen) first_round_over_.store(true, std::memory_order_release);
    timer_.arm_at(next);
}

void Keeper::probe(const Control::Probing& probing) {
    calls_.emplace(probing.uid, std::make_unique<ProbeCall>(*this, probing));
}

void Keeper::ended(ProbeCall& call, Probe outcome) {
    const std::uint64_t uid = call.uid;
    const auto at = calls_.find(uid);
    loop_.dispose(std::move(at->second));
    calls_.erase(at);
    seen_.insert(uid);
    control_.probed(uid, outcome);
    if (!first_round_over_.load(std::memory_order_relaxed)) timer_.arm_at(loop_.now());
}

}  // namespace edge
