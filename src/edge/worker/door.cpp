#include "edge/worker/door.h"

#include "edge/worker/worker.h"

#include <fmt/format.h>

#include <utility>

namespace edge {

namespace {

constexpr int kAcceptsInARow = 64;
constexpr std::chrono::milliseconds kPause{100};

}  // namespace

Door::Door(Worker& worker, std::shared_ptr<const OpenListener> listener, std::size_t worker_index)
    : worker_(worker),
      listener_(std::move(listener)),
      descriptor_(listener_->sockets[worker_index].number()),
      port_(fmt::format("{}", listener_->actual.port())),
      pause_(worker.loop(), [this] { open(); }) {
    open();
}

Door::~Door() {
    worker_.loop().forget(key_);
}

void Door::open() {
    key_ = worker_.loop().watch(descriptor_, *this, net::Trigger::listener);
}

void Door::close() {
    if (key_) on_ready({.readable = true});
    worker_.loop().forget(key_);
    key_ = {};
    pause_.disarm();
}

void Door::on_ready(net::Ready) {
    for (int i = 0; i < kAcceptsInARow; ++i) {
        net::Accepted accepted = net::accept_from(descriptor_);
        if (accepted.io == net::Io::moved) {
            worker_.accept(std::move(accepted), *this);
            continue;
        }
        if (accepted.io == net::Io::failed) {
            // Out of descriptors or memory: the socket stays readable, so looking away is
            // the only way not to spin.
            worker_.loop().forget(key_);
            key_ = {};
            pause_.arm_in(kPause);
        }
        return;
    }
}

}  // namespace edge
