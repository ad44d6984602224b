#include "edge/secure/tls_handshake.h"

#include "edge/worker/worker.h"
#include "net/tls/context.h"

#include <utility>

namespace edge {

TlsHandshake::TlsHandshake(Worker& worker, net::tls::Context& context, base::Fd socket,
                           Arrival arrival)
    : Newcomer(worker, std::move(arrival)) {
    auto secure = context.accept(socket.number());
    secure_ = secure.get();
    await(net::Channel(std::move(socket), std::move(secure)),
          worker.limits().tls_handshake_timeout);
}

void TlsHandshake::over_time() {
    worker_.counts().tls_failures.add();
    close();
}

void TlsHandshake::on_ready(net::Ready ready) {
    if (gone_) return;
    channel_.seen(ready);
    switch (secure_->shake()) {
        case net::tls::Connection::Progress::going_on:
            if (ready.ended) break;
            return;
        case net::tls::Connection::Progress::done:
            return finish();
        case net::tls::Connection::Progress::failed:
            break;
    }
    worker_.counts().tls_failures.add();
    channel_.reset_on_close();
    close();
}

void TlsHandshake::finish() {
    WorkerSlot& counts = worker_.counts();
    counts.tls_handshakes.add();
    if (secure_->resumed()) counts.tls_resumed.add();
    arrival_.cipher = secure_->cipher();
    arrival_.tls_version = secure_->version();
    arrival_.server_name = secure_->server_name();
    arrival_.http2 = secure_->chose_http2();
    welcome();
}

}  // namespace edge
