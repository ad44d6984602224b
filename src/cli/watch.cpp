#include "cli/watch.h"

#include "base/json.h"

#include <chrono>
#include <utility>

namespace cli {
namespace {

// Fast enough to look alive, slow enough to read and to send over a phone line.
constexpr std::chrono::milliseconds kFrame{200};
// A log that says nothing for longer makes people wonder.
constexpr std::chrono::seconds kHeartbeat{30};

}  // namespace

Watch::Watch(Session& session) : session_(session) {
    if (session_.json() || !session_.terminal.live()) return;
    drawer_ = std::jthread([this](const std::stop_token& stop) { draw_until_stopped(stop); });
}

Watch::~Watch() {
    finish();
}

void Watch::show(View view) {
    const std::lock_guard lock(mutex_);
    if (!drawer_.joinable()) tell_changes(view);
    last_ = std::move(view);
}

void Watch::tell_changes(const View& view) {
    const std::string& run = view.status.run;
    // A new run begins from nothing, whatever the one before looked like at last.
    const engine::Status* before = last_ && last_->status.run == run ? &last_->status : nullptr;
    for (const Change& change : changes_between(before, view)) {
        told_ = view.now;
        session_.terminal.print_line(session_.json()
                                         ? change_json(change, run)
                                         : change_line(change, run, session_.terminal.out_paint()));
    }
    if (view.now - told_ < kHeartbeat || session_.json()) return;
    told_ = view.now;
    session_.terminal.print_line(heartbeat_line(view));
}

void Watch::draw() {
    if (!last_) return;
    View view = *last_;
    view.now = session_.clock.now();
    session_.terminal.redraw(view_text(view, Layout{.paint = session_.terminal.out_paint(),
                                                    .columns = session_.terminal.columns(),
                                                    .every_step = false}));
}

void Watch::draw_until_stopped(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        {
            const std::lock_guard lock(mutex_);
            draw();
        }
        session_.clock.wait_until(session_.clock.tick() + kFrame, stop);
    }
}

void Watch::finish() {
    if (std::exchange(finished_, true)) return;
    const bool drawn = drawer_.joinable();
    if (drawn) {
        drawer_.request_stop();
        drawer_.join();
        draw();
        session_.terminal.settle();
        return;
    }
    if (!last_) return;
    last_->now = session_.clock.now();
    if (session_.json()) {
        session_.terminal.print(base::canonical(view_json(*last_)) + '\n');
        return;
    }
    session_.terminal.print('\n' + view_text(*last_, Layout{.paint = session_.terminal.out_paint(),
                                                            .columns = session_.terminal.columns(),
                                                            .every_step = false}));
}

}  // namespace cli
