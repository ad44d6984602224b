#include "edge/worker/newcomer.h"

#include "edge/worker/worker.h"

#include <utility>

namespace edge {

Newcomer::Newcomer(Worker& worker, Arrival arrival)
    : worker_(worker),
      arrival_(std::move(arrival)),
      timer_(worker.loop(), [this] { over_time(); }) {}

Newcomer::~Newcomer() = default;

void Newcomer::await(net::Channel channel, std::chrono::milliseconds patience) {
    channel_ = std::move(channel);
    key_ = channel_.watch(worker_.loop(), *this);
    timer_.arm_in(patience);
}

void Newcomer::welcome() {
    worker_.loop().forget(key_);
    key_ = {};
    welcomed_ = true;
    worker_.welcome(std::move(channel_), std::move(arrival_));
    close();
}

void Newcomer::close() {
    if (gone_) return;
    gone_ = true;
    timer_.disarm();
    worker_.loop().forget(key_);
    channel_.close();
    worker_.remove(*this);
}

}  // namespace edge
