#include "local/command.h"

#include "local/wait.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

namespace local {

namespace {

constexpr std::chrono::seconds kGrace{1};

/// Reads what is there; false at the end.
bool drain_into(std::string& output, int descriptor, std::size_t output_max) {
    std::array<char, 16 * 1024> chunk{};
    for (;;) {
        const ssize_t got = read(descriptor, chunk.data(), chunk.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return errno == EAGAIN;
        if (got == 0) return false;
        output.append(chunk.data(), static_cast<std::size_t>(got));
        if (output.size() > 2 * output_max) output.erase(0, output.size() - output_max);
    }
}

}  // namespace

base::Result<Finished> run_command(const Launch& launch, std::size_t output_max, base::Clock& clock,
                                   base::Deadline deadline) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) {
        return base::fail(base::system_error("cannot make a pipe for", "a command", errno));
    }
    const base::Fd output(ends[0]);
    base::Fd input(ends[1]);
    fcntl(output.number(), F_SETFL, O_NONBLOCK);
    Launch wired = launch;
    wired.output = input.number();
    auto held = hold(wired);
    if (!held) return base::fail(held);
    input.reset();
    const Identity identity = held->identity();
    const base::Fd ended = held->take_watch();
    if (auto going = held->let_go(); !going) {
        reap(identity);
        return base::fail(going);
    }

    Finished finished;
    base::Deadline until = deadline;
    bool open = true;
    for (;;) {
        std::array<pollfd, 2> watched{
            {{ended.number(), POLLIN, 0}, {open ? output.number() : -1, POLLIN, 0}}};
        const bool woken = wait_for(watched.data(), watched.size(), clock, until);
        if (open && watched[1].revents != 0) {
            open = drain_into(finished.output, output.number(), output_max);
        }
        if (watched[0].revents != 0) break;
        if (woken) continue;
        signal_group(identity, finished.timed_out ? SIGKILL : SIGTERM);
        finished.timed_out = true;
        until = clock.deadline_in(kGrace);
    }
    finished.exit = reap(identity);
    if (open) drain_into(finished.output, output.number(), output_max);
    if (finished.output.size() > output_max) {
        finished.output.erase(0, finished.output.size() - output_max);
    }
    return finished;
}

}  // namespace local
