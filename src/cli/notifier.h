#pragma once
// Tells the spec's notices of a release, beside it: whoever is told, is slow or is gone, the
// release neither waits nor fails.

#include "base/clock.h"
#include "base/random.h"
#include "cli/site.h"
#include "cli/terminal.h"
#include "engine/status.h"
#include "release/policy.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace cli {

class Notifier {
public:
    /// Without notices it does nothing at all.
    Notifier(std::vector<release::Notice> notices, std::filesystem::path home, base::Clock& clock);
    /// Gives what is left a few seconds more, then says on standard error what was not told.
    ~Notifier();
    Notifier(const Notifier&) = delete;
    Notifier& operator=(const Notifier&) = delete;

    /// The release as it is now; returns at once.
    void see(const engine::Status& status);
    /// The command was told to stop: what is not told by now is not waited for.
    void hurry();

private:
    struct Message {
        release::Notice notice;
        std::string id;
        std::string moment;
        std::string body;
        std::uint32_t tries = 0;
        base::Tick due{};
    };

    void work(const std::stop_token& stop);
    /// Empty when it was taken; else why not, without the address.
    std::string deliver(const Message& message);

    std::vector<release::Notice> notices_;
    std::filesystem::path home_;
    base::Clock& clock_;
    base::Random random_;
    std::optional<engine::Status> last_;
    std::uint64_t told_ = 0;
    std::chrono::milliseconds farewell_{3'000};  ///< That the end waits for what is not told.
    std::mutex mutex_;                           ///< Guards what follows.
    std::condition_variable_any changed_;
    std::deque<Message> queue_;
    std::vector<std::string> lost_;
    bool closing_ = false;
    std::jthread worker_;
};

}  // namespace cli
