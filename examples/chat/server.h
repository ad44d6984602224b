#pragma once
// One instance: everything above put together on one loop.

#include <atomic>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "chat/api.h"
#include "chat/call.h"
#include "chat/desk.h"
#include "chat/hub.h"
#include "chat/options.h"
#include "chat/page.h"
#include "chat/sockets.h"
#include "chat/tail.h"
#include "chat/transfer.h"
#include "chat/wake.h"
#include "net/loop.h"
#include "net/server.h"

namespace chat {

/// Used on the loop's thread.
class Server {
public:
    Server(net::Loop& loop, Options options, std::uint64_t seed);
    ~Server();

    /// Opens the database and listens (after `slow-start`); gives the address, which is the
    /// wanted one where it does not listen yet.
    base::Result<net::Address> start();

    /// As `--grace` says; `then` is called when the process may end.
    void stop(std::function<void()> then);

private:
    void take(const net::ExchangePtr& exchange);
    void take_api(const net::ExchangePtr& exchange, const std::vector<std::string>& segments);
    bool take_special(const net::ExchangePtr& exchange, const Call& call,
                      const std::vector<std::string>& segments);
    void run(const net::ExchangePtr& exchange, const Route& route, Call call);
    void write(const net::ExchangePtr& exchange, const Route& route, Call call);
    void serve_page(const net::ExchangePtr& exchange);
    void serve_metrics(const net::ExchangePtr& exchange);
    Call call_of(const net::Request& request) const;
    void reply(const net::ExchangePtr& exchange, const Call& call, Answer answer);
    void send(const net::ExchangePtr& exchange, const Call& call, const Answer& answer);

    base::Result<net::Address> listen();
    void hear(const std::vector<Event>& events);
    void begin_anew(const Snapshot& snapshot);
    void tell_presences();
    void keep_house();
    void leak();
    void drop_sockets();
    std::chrono::milliseconds delay();
    void arm_faults();
    void leave(std::function<void()> then);
    void farewell(base::Tick until, const std::function<void()>& then);

    net::Loop& loop_;
    Options options_;
    base::Random random_;
    Database database_;
    std::string origin_;  ///< Names this process among all instances, ever.
    Site site_;
    Page page_;
    std::unique_ptr<Wake> wake_;
    std::unique_ptr<Hub> hub_;
    std::unique_ptr<Desk> desk_;
    std::unique_ptr<Tail> tail_;
    std::unique_ptr<Transfers> transfers_;
    std::unique_ptr<Sockets> sockets_;
    std::unique_ptr<net::Server> http_;
    net::Timer presences_;
    net::Timer house_;
    net::Timer crash_;
    net::Timer leak_;
    net::Timer drops_;
    net::Timer slow_start_;
    std::list<std::unique_ptr<net::Timer>> delays_;
    std::vector<std::unique_ptr<std::string>> leaked_;
    std::uint64_t events_heard_ = 0;
    std::uint64_t house_rounds_ = 0;
    bool stopping_ = false;
};

}  // namespace chat
