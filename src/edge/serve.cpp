#include "edge/serve.h"

#include "base/log.h"
#include "edge/edge.h"
#include "edge/takeover/line.h"

#include <pthread.h>
#include <sys/signalfd.h>

#include <chrono>
#include <csignal>

namespace edge {

base::Result<void> serve(const Options& options, base::Clock& clock) {
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ends, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
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
