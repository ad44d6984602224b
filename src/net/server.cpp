#include "net/server.h"

#include "base/file.h"
#include "net/loop.h"
#include "net/server_connection.h"
#include "net/socket.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace net {

namespace {

constexpr std::size_t kScratchBytes = 64 * 1024;
constexpr int kAcceptsAtOnce = 64;

// Out of descriptors: the listener stays readable, so it is left alone for a moment.
constexpr std::chrono::milliseconds kAcceptPause{50};

}  // namespace

/// One listening socket of a server.
class Listening final : public Watcher {
public:
    Listening(Server::State& state, base::Fd descriptor)
        : state_(state),
          descriptor_(std::move(descriptor)),
          resume_(state.loop, [this] { watch(); }) {
        watch();
    }
    ~Listening() override { state_.loop.forget(key_); }

    void on_ready(Ready) override {
        for (int i = 0; i < kAcceptsAtOnce; ++i)
            if (!accept_one()) return;
    }

    /// Takes all who have connected already.
    void empty_backlog() {
        while (accept_one()) {
        }
    }

private:
    void watch() { key_ = state_.loop.watch(descriptor_.number(), *this, Trigger::listener); }

    bool accept_one() {
        Accepted accepted = accept_from(descriptor_.number());
        if (accepted.io == Io::moved) {
            state_.add(std::move(accepted.descriptor), accepted.peer);
            return true;
        }
        if (accepted.io == Io::failed) {
            state_.loop.forget(std::exchange(key_, {}));
            resume_.arm_in(kAcceptPause);
        }
        return false;
    }

    Server::State& state_;
    base::Fd descriptor_;
    WatchKey key_;
    Timer resume_;
};

Server::State::State(Loop& its_loop, ServerOptions its_options, Handler its_handler)
    : loop(its_loop),
      options(std::move(its_options)),
      handler(std::move(its_handler)),
      date(its_loop.clock()),
      scratch(kScratchBytes) {}

void Server::State::add(base::Fd descriptor, const Address& peer) {
    auto connection = std::make_shared<ServerConnection>(*this, std::move(descriptor), peer);
    connections.emplace(connection.get(), connection);
    connection->open();
}

void Server::State::remove(ServerConnection* connection) {
    const auto found = connections.find(connection);
    if (found == connections.end()) return;
    // Whoever is on the stack may still be using it.
    loop.defer([kept = std::move(found->second)] {});
    connections.erase(found);
    note_rest();
}

std::size_t Server::State::busy() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(connections, [](const auto& each) { return each.second->busy(); }));
}

void Server::State::note_rest() {
    if (!stopping || !stopped || busy() > 0) return;
    loop.defer(std::exchange(stopped, nullptr));
}

Server::Server(Loop& loop, ServerOptions options, Handler handler)
    : state_(std::make_shared<State>(loop, std::move(options), std::move(handler))) {}

Server::~Server() {
    state_->listeners.clear();
    state_->stopping = true;
    state_->stopped = nullptr;
    const auto connections = state_->connections;  // cutting removes
    for (const auto& [each, connection] : connections) connection->cut();
}

base::Result<Address> Server::listen(const Address& address, const ListenOptions& options) {
    auto listener = listen_on(address, options);
    if (!listener) return base::fail(listener);
    return listen(std::move(*listener));
}

base::Result<Address> Server::listen(base::Fd listener) {
    auto address = local_address(listener.number());
    if (!address) return address;
    state_->listeners.push_back(std::make_unique<Listening>(*state_, std::move(listener)));
    return address;
}

void Server::stop_gracefully(std::function<void()> then) {
    // Who has connected is served: closing a listener resets its backlog.
    for (const auto& listener : state_->listeners) listener->empty_backlog();
    for (auto& listener : state_->listeners) state_->loop.dispose(std::move(listener));
    state_->listeners.clear();
    state_->stopping = true;
    state_->stopped = std::move(then);
    // Later: a request's handler may be calling, and stopping reads from every connection.
    state_->loop.defer([state = state_] {
        const auto open = state->connections;  // stopping may remove
        for (const auto& [each, connection] : open) connection->stop();
        state->note_rest();
    });
}

std::size_t Server::requests_open() const {
    return state_->busy();
}

std::size_t Server::connections_open() const {
    return state_->connections.size();
}

std::size_t Server::sockets_open() const {
    std::erase_if(state_->sockets, [](const std::weak_ptr<WebSocket>& each) {
        const auto socket = each.lock();
        return !socket || socket->gone();
    });
    return state_->sockets.size();
}

std::uint64_t Server::requests_begun() const {
    return state_->requests_begun;
}

}  // namespace net
