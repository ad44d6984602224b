#include "edge/http2/prelude.h"

#include "edge/worker/worker.h"

#include <sys/socket.h>

#include <array>
#include <string_view>
#include <utility>

namespace edge {

namespace {

constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

}  // namespace

Prelude::Prelude(Worker& worker, base::Fd socket, Arrival arrival)
    : worker_(worker),
      channel_(std::move(socket)),
      arrival_(std::move(arrival)),
      timer_(worker.loop(), [this] { close(); }) {
    key_ = channel_.watch(worker.loop(), *this);
    timer_.arm_in(worker.limits().header_timeout);
}

Prelude::~Prelude() = default;

void Prelude::on_ready(net::Ready ready) {
    if (gone_ || (!ready.readable && !ready.ended && !ready.hung_up)) return;
    std::array<char, kPreface.size()> first;
    const ssize_t seen =
        ::recv(channel_.number(), first.data(), first.size(), MSG_PEEK | MSG_DONTWAIT);
    if (seen < 0 && !ready.hung_up) return;
    if (seen <= 0) return close();
    const std::string_view begun(first.data(), static_cast<std::size_t>(seen));
    const bool may_be = kPreface.starts_with(begun);
    if (may_be && begun.size() < kPreface.size() && !ready.ended) return;
    arrival_.http2 = begun == kPreface;
    worker_.loop().forget(key_);
    key_ = {};
    welcomed_ = true;
    worker_.welcome(std::move(channel_), std::move(arrival_));
    close();
}

void Prelude::close() {
    if (gone_) return;
    gone_ = true;
    timer_.disarm();
    worker_.loop().forget(key_);
    channel_.close();
    worker_.remove(*this);
}

}  // namespace edge
