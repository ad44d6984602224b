#pragma once
// The one thread that looks at the application, however many pages are open.

#include "base/clock.h"
#include "console/ledger.h"
#include "console/source.h"
#include "console/tick.h"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace console {

/// What one look brought; empty members: nothing new.
struct News {
    std::vector<std::pair<std::uint64_t, std::string>> lines;  ///< By their index.
    std::optional<std::string> releases;
    std::shared_ptr<const Standing> standing;
    std::shared_ptr<const engine::Releases> past;  ///< Together with `releases`.
    std::optional<Tick> tick;
    std::optional<std::string> objective;
    std::string trouble;  ///< What could not be asked; empty: all could.
};

/// How often what is asked.
struct Cadence {
    std::chrono::milliseconds journal{100};
    std::chrono::milliseconds status{250};        ///< While a page is open.
    std::chrono::milliseconds status_idle{1000};  ///< While none is.
    std::chrono::milliseconds counts{1000};
    std::chrono::milliseconds objective{5000};
};

class Reader {
public:
    /// `tell` is called on the reader's thread. `source` and `clock` outlive this.
    Reader(Source& source, base::Clock& clock, Ledger ledger, Cadence cadence,
           std::function<void(News)> tell);
    ~Reader();
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    void start();
    void stop();

    /// Whether a page is open. From any thread.
    void watched(bool is_watched) { is_watched_ = is_watched; }
    /// Runs `question` on the reader's thread soon, where the source may be asked. From any
    /// thread. False when too many wait.
    bool ask(std::function<void(Source&)> question);

    /// One look, as the thread does it; for tests.
    void look();

private:
    static constexpr std::size_t kQuestionsMax = 64;

    void run(const std::stop_token& stop);
    void read_journal(News& news);
    void look_at_status(News& news);
    void count(News& news);
    void answer_questions();

    Source& source_;
    base::Clock& clock_;
    Ledger ledger_;
    Cadence cadence_;
    std::function<void(News)> tell_;
    Meter meter_;
    std::shared_ptr<const Standing> standing_;
    std::size_t told_ = 0;  ///< Records.
    base::Tick status_due_{};
    base::Tick counts_due_{};
    base::Tick objective_due_{};
    std::atomic<bool> is_watched_{false};
    std::mutex mutex_;
    std::deque<std::function<void(Source&)>> questions_;
    std::jthread thread_;
};

}  // namespace console
