#pragma once
// SIGINT, SIGTERM and SIGHUP as a request to stop in good order; a second one ends at once.

#include <chrono>
#include <stop_token>
#include <string>
#include <thread>

namespace cli {

/// Lives as long as a command that drives a release or plays load. One at a time in a process.
/// Signals that were ignored before (nohup) stay ignored; SIGPIPE is, because a release does not
/// end when the reader of its output does.
class Interrupt {
public:
    /// `last_words` is written to standard error if the command has not ended by itself `patience`
    /// after the first signal; the process then ends with 75. Nothing is lost by that: what was
    /// journaled is all that `resume` needs.
    explicit Interrupt(std::string last_words,
                       std::chrono::milliseconds patience = std::chrono::milliseconds{2'700});
    ~Interrupt();
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;

    std::stop_token token() const { return source_.get_token(); }
    bool came() const { return source_.stop_requested(); }

private:
    void watch();

    std::string last_words_;
    std::chrono::milliseconds patience_;
    std::stop_source source_;
    int pipe_[2] = {-1, -1};
    std::thread watcher_;
};

}  // namespace cli
