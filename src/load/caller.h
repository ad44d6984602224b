#pragma once
// Requests on kept connections, each recorded in the ledger when it ends.

#include "base/clock.h"
#include "load/ledger.h"
#include "net/client.h"
#include "net/loop.h"

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace load {

/// Where the server is and how it is spoken to.
struct Target {
    net::Address address;
    std::string host;  ///< the Host field's value
};

/// How the outcome of an exchange is accounted for; no value where it says nothing (abandoned).
std::optional<Ended> ended_of(const net::Ending& ending, bool has_version);
/// Whether an errno is about our own limits: ports, descriptors, memory.
bool is_ours(int error);

struct Want {
    std::optional<std::uint16_t> endpoint = {};  ///< none: not recorded (seeding, audits)
    net::Method method = net::Method::get;
    std::string target = {};
    std::string token = {};
    std::string body = {};
    base::Tick intended{};  ///< zero: as soon as it is called
    std::chrono::nanoseconds patience = std::chrono::seconds{30};
    bool fresh = false;  ///< on a connection of its own
    bool keep_body = true;
};

struct Got {
    Ended ended = Ended::well;
    int status = 0;
    std::string body;
    std::string version;  ///< X-Version-Id
    std::string cache;    ///< X-Cache
    std::string token;    ///< Token, of a login
    net::Timing timing;

    bool well() const { return ended == Ended::well; }
};

/// Keeps idle connections for a few seconds, well below what servers do, so that a request does
/// not meet a server's closing of an idle connection. Used on the loop's thread.
class Caller {
public:
    Caller(net::Loop& loop, Target target, Ledger& ledger);
    ~Caller();
    Caller(const Caller&) = delete;
    Caller& operator=(const Caller&) = delete;

    /// `then` is called once, later, unless the caller goes away first. A body that is empty
    /// although the status was 2xx and `keep_body` asked for one counts as mangled.
    void call(Want want, std::function<void(const Got&)> then);

    const Target& target() const { return target_; }
    std::size_t open() const { return busy_.size(); }
    std::uint64_t begun() const { return begun_; }

private:
    struct Flight;
    std::unique_ptr<net::ClientConnection> connection(bool fresh);
    void ended(const std::shared_ptr<Flight>& flight, const net::Ending& ending);
    void keep(std::unique_ptr<net::ClientConnection> connection);

    net::Loop& loop_;
    Target target_;
    Ledger& ledger_;
    std::deque<std::unique_ptr<net::ClientConnection>> idle_;
    std::unordered_map<Flight*, std::shared_ptr<Flight>> busy_;
    std::uint64_t begun_ = 0;
};

/// `GET` and the like with the fields that every request of ours has, without the empty line.
std::string request_head(const Want& want, std::string_view host);

}  // namespace load
