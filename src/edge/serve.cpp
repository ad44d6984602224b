#include "edge/serve.h"

#include "base/log.h"
#include "edge/edge.h"

#include <pthread.h>

#include <csignal>

namespace edge {

base::Result<void> serve(const Options& options, base::Clock& clock) {
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ends, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    Edge edge(options, clock);
    if (auto started = edge.start(); !started) return base::fail(started);
    base::log::info("edge_serves", {{"admin", options.admin_socket.string()}});
    int which = 0;
    sigwait(&ends, &which);
    base::log::info("edge_stops", {{"signal", which}});
    edge.stop();
    return {};
}

}  // namespace edge
