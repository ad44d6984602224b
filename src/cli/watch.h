#pragma once
// A run before someone's eyes: drawn in place on a terminal, a line a change elsewhere, one JSON
// document a line for programs.

#include "cli/session.h"
#include "cli/view.h"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

namespace cli {

/// `show` may be called from one thread, as often as it likes; a terminal is drawn at most five
/// times a second, also while nothing is shown anew, so that ages and countdowns move.
class Watch {
public:
    explicit Watch(Session& session);
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    void show(View view);
    /// Draws the last view once more and leaves it; off a terminal, sums up. Idempotent.
    void finish();

private:
    void draw_until_stopped(const std::stop_token& stop);
    void draw();
    void tell_changes(const View& view);

    Session& session_;
    std::mutex mutex_;  ///< Guards `last_` and the terminal while the drawing thread lives.
    std::optional<View> last_;
    base::Instant told_{};
    bool finished_ = false;
    std::jthread drawer_;
};

}  // namespace cli
