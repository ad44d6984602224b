#pragma once
// A listening socket of one worker.

#include "edge/worker/snapshot.h"
#include "net/loop.h"

#include <memory>
#include <string>

namespace edge {

class Worker;

/// Accepts; pauses where descriptors or memory run out, rather than spin.
class Door final : public net::Watcher {
public:
    Door(Worker& worker, std::shared_ptr<const OpenListener> listener, std::size_t worker_index);
    ~Door() override;

    const OpenListener& listener() const { return *listener_; }
    const std::string& port() const { return port_; }
    /// Takes what the kernel has accepted already, then stops.
    void close();
    void on_ready(net::Ready ready) override;

private:
    void open();

    Worker& worker_;
    std::shared_ptr<const OpenListener> listener_;
    int descriptor_;
    std::string port_;
    net::WatchKey key_;
    net::Timer pause_;
};

}  // namespace edge
