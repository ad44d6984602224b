#pragma once
// The WebSockets of one instance: handshake, who it is, keeping alive, what clients ask. Which
// events they hear is the hub's.

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/random.h"
#include "chat/call.h"
#include "chat/desk.h"
#include "chat/hub.h"
#include "net/loop.h"
#include "net/server.h"

namespace chat {

/// Used on the loop's thread.
class Sockets {
public:
    Sockets(net::Loop& loop, Desk& desk, Hub& hub, const Site& site);
    ~Sockets();

    /// A request for `/api/v4/websocket`; `call` has its token and query.
    void accept(const net::ExchangePtr& exchange, Call call);

    /// Asks every client to leave, also those who did not say yet who they are.
    void close_all(std::uint16_t code, std::string_view reason);
    /// Cuts every connection without a word.
    void cut_all();
    /// Cuts each with this probability.
    void cut_some(double probability, base::Random& random);
    std::size_t count() const { return clients_.size(); }

private:
    class Client;

    void admit(const net::ExchangePtr& exchange, const Call& call, const std::string& user_id);
    void read(const std::shared_ptr<Client>& client, std::string_view text);
    void answer(Client& client, std::int64_t seq, std::string_view action, const std::string& json);
    void challenge(const std::shared_ptr<Client>& client, std::int64_t seq,
                   const std::string& token);
    void open(Client& client, Arrival arrival);
    void tell_typing(const Client& client, const std::string& json);
    void answer_statuses(const Client& client, std::int64_t seq, const std::string& json);
    void look_after();

    net::Loop& loop_;
    Desk& desk_;
    Hub& hub_;
    const Site& site_;
    std::map<Client*, std::shared_ptr<Client>> clients_;
    net::Timer rounds_;
};

}  // namespace chat
