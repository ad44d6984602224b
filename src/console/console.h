#pragma once
// The console of one application: HTTP around what the reader brings. docs/reference/console-api.md
// tells what it answers.

#include "base/clock.h"
#include "console/admission.h"
#include "console/deed.h"
#include "console/errand.h"
#include "console/feed.h"
#include "console/page.h"
#include "console/reader.h"
#include "console/source.h"
#include "console/streams.h"
#include "console/token.h"
#include "net/loop.h"
#include "net/server.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace console {

struct Settings {
    std::string listen = "127.0.0.1:0";  ///< Loopback alone (CF0901); port 0: a free one.
    std::vector<std::string> hosts;      ///< Other names that a proxy hands on.
    View view = View::anyone;
    std::filesystem::path tokens;      ///< The file of `Tokens`.
    std::filesystem::path ledger;      ///< The file of `Ledger`.
    std::vector<std::string> program;  ///< What does a deed: `PROGRAM --state DIR …`.
    Cadence cadence;
};

/// Where a console may listen. Fails with `rejected` for an address that is not loopback (CF0901):
/// who is to come from elsewhere comes through a proxy that encrypts, or `ssh -L`.
base::Result<net::Address> loopback_address(const std::string& text);

/// Lives on the loop's thread; its reader on one of its own. The source is asked on that one only.
class Console {
public:
    Console(net::Loop& loop, Settings settings, Source& source);
    ~Console();

    /// Listens and begins to look. Gives the address with its true port. Fails with `rejected` for
    /// an address that is not loopback, `conflict` for one that is in use.
    base::Result<net::Address> start();

    std::size_t pages_open() const { return streams_.count(); }

private:
    struct Knock;

    void take(News news);
    void respond(const net::ExchangePtr& exchange);
    Caller caller_of(const net::Request& request) const;
    void route(const net::ExchangePtr& exchange, const Caller& caller);
    void give_metrics(const net::ExchangePtr& exchange);
    void give_overview(const net::ExchangePtr& exchange, const Caller& caller);
    void give_events(const net::ExchangePtr& exchange, const Caller& caller);
    void give_journal(const net::ExchangePtr& exchange, const std::vector<std::string>& path);
    void give_log(const net::ExchangePtr& exchange, const std::string& instance);
    void act(const net::ExchangePtr& exchange, const Caller& caller);
    void carry_out(const net::ExchangePtr& exchange, const Caller& caller, const std::string& body);
    void ask(const net::ExchangePtr& exchange, std::function<net::Response(Source&)> question);

    net::Loop& loop_;
    Settings settings_;
    Door door_;
    Tokens tokens_;
    Page page_;
    Feed feed_;
    Streams streams_;
    Errands errands_;
    std::shared_ptr<const Standing> standing_;
    std::shared_ptr<const engine::Releases> past_;
    std::string trouble_;
    std::shared_ptr<bool> alive_;  ///< What the reader posts may come after this has gone.
    Reader reader_;
    net::Server server_;
};

}  // namespace console
