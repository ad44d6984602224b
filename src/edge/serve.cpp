#include "edge/serve.h"

#include "base/log.h"
#include "edge/edge.h"
#include "edge/takeover/line.h"

#include <pthread.h>
#include <sys/resource.h>
#include <sys/signalfd.h>

#include <chrono>
#include <csignal>

namespace edge {

namespace {

/// A connection is one descriptor or two, and what a login shell allows is 1,024.
void allow_many_descriptors() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

base::Result<void> serve(const Options& options, base::Clock& clock) {
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ends, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    allow_many_descriptors();
    const base::Fd signals(::signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK));
    const takeover::Bell gone;
    Edge edge(options, clock);
    edge.when_taken_over([&gone] { gone.ring(); });
    if (auto started = edge.start(); !started) return base::fail(started);
    base::log::info("edge_serves", {{"admin", options.admin_socket.string()}});
    while (!takeover::await_readable(signals.number(), gone.number(), std::chrono::hours{1})) {
    }
    base::log::info("edge_stops", {});
    edge.stop();
    return {};
}

}  // namespace edge
