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
    : Newcomer(worker, std::move(arrival)) {
    await(net::Channel(std::move(socket)), worker.limits().header_timeout);
}

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
    welcome();
}

}  // namespace edge
