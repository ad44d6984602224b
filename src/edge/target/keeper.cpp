#include "edge/target/keeper.h"

#include "edge/target/probe_call.h"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

namespace edge {

namespace {

constexpr std::chrono::milliseconds kDrainLook{20};
constexpr std::chrono::seconds kLongestPause{1};

}  // namespace

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
    calls_.emplace(probing.uid, std::make_unique<ProbeCall>(loop_, probing,
                                                            [this](ProbeCall& call, Probe outcome) {
                                                                ended(call, outcome);
                                                            }));
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
