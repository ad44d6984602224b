#include "cli/interrupt.h"

#include "base/check.h"
#include "cli/exit_code.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <utility>

namespace cli {
namespace {

constexpr std::array kSignals{SIGINT, SIGTERM, SIGHUP};

// What a handler may touch.
std::atomic<int> g_pipe{-1};
std::atomic<int> g_signals{0};

extern "C" void on_signal(int signal) {
    const int saved = errno;
    if (g_signals.fetch_add(1) > 0) _exit(128 + signal);
    const char byte = 's';
    // A full pipe means that the watcher has been told already.
    [[maybe_unused]] const ssize_t written = write(g_pipe.load(), &byte, 1);
    errno = saved;
}

void install(int signal, void (*handler)(int)) {
    struct sigaction present{};
    sigaction(signal, nullptr, &present);
    if (present.sa_handler == SIG_IGN) return;
    struct sigaction wanted{};
    wanted.sa_handler = handler;
    sigemptyset(&wanted.sa_mask);
    wanted.sa_flags = SA_RESTART;
    sigaction(signal, &wanted, nullptr);
}

}  // namespace

Interrupt::Interrupt(std::string last_words, std::chrono::milliseconds patience)
    : last_words_(std::move(last_words)), patience_(patience) {
    CHECK(g_pipe.load() == -1);
    CHECK(pipe2(pipe_, O_CLOEXEC) == 0);
    g_pipe = pipe_[1];
    watcher_ = std::thread([this] { watch(); });
    for (const int signal : kSignals) install(signal, on_signal);
    install(SIGPIPE, SIG_IGN);
}

Interrupt::~Interrupt() {
    for (const int signal : kSignals) install(signal, SIG_DFL);
    const char byte = 'q';
    [[maybe_unused]] const ssize_t written = write(pipe_[1], &byte, 1);
    watcher_.join();
    g_pipe = -1;
    close(pipe_[0]);
    close(pipe_[1]);
}

void Interrupt::watch() {
    char byte = 0;
    while (read(pipe_[0], &byte, 1) < 0 && errno == EINTR) {
    }
    if (byte != 's') return;
    source_.request_stop();
    pollfd waiting{.fd = pipe_[0], .events = POLLIN, .revents = 0};
    if (poll(&waiting, 1, static_cast<int>(patience_.count())) > 0) return;
    [[maybe_unused]] const ssize_t written =
        write(STDERR_FILENO, last_words_.data(), last_words_.size());
    _exit(static_cast<int>(ExitCode::interrupted));
}

}  // namespace cli
