#include "net/channel.h"

namespace net {

Moved Channel::send(std::string_view bytes) {
    const iovec part{const_cast<char*>(bytes.data()), bytes.size()};
    return layer_ ? layer_->send({&part, 1}) : net::send(socket_.number(), bytes);
}

WatchKey Channel::watch(Loop& loop, Watcher& watcher) {
    const WatchKey key = socket_ ? loop.watch(socket_.number(), watcher) : loop.enlist(watcher);
    if (layer_) layer_->watched(loop, key);
    return key;
}

void Channel::end_sending() {
    if (layer_) layer_->end_sending();
    if (socket_) net::end_sending(socket_.number());
}

void Channel::reset_on_close() {
    if (layer_) layer_->reset_on_close();
    if (socket_) net::reset_on_close(socket_.number());
}

void Channel::close() {
    if (layer_) layer_->close();
    layer_.reset();
    socket_.reset();
}

}  // namespace net
