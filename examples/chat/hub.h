#pragma once
// The WebSocket connections of one instance: who hears which event, under which sequence number,
// and what is sent again when a client comes back. No sockets: those are Outlets. Used by one
// thread.

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "chat/accounts.h"
#include "chat/event.h"

namespace chat {

/// The way to one client. Upcalls into the hub never happen from inside these calls.
class Outlet {
public:
    virtual ~Outlet() = default;
    /// Takes one text message, in two parts.
    virtual void send(std::string_view front, std::string_view back) = 0;
    /// What was taken and has not left this machine; above a bound the hub keeps events itself.
    virtual std::size_t unsent_bytes() const = 0;
    virtual void close(std::uint16_t code, std::string_view reason) = 0;
};

struct HubLimits {
    std::size_t queued_max = 256;  ///< Events kept for one connection; a fuller one is closed.
    std::size_t sent_kept = 128;   ///< Events that a returning client can have again.
    std::size_t unsent_bytes_max = 64 * 1024;
    std::chrono::seconds inactive_kept{300};
};

/// What a client says when it connects.
struct Arrival {
    std::string user_id;
    std::string session_digest = {};
    std::string connection_id = {};     ///< Of the connection it had, or empty.
    std::uint64_t sequence_number = 0;  ///< The next that it expects there.
    base::Tick now = {};
};

class Hub {
public:
    struct Greeting {
        std::string server_version;
        std::string hostname;
    };
    explicit Hub(Greeting greeting, HubLimits limits = {})
        : greeting_(std::move(greeting)), limits_(limits) {}

    /// Replaces what is known of memberships, as of a cursor; `take` keeps it right from there on.
    void learn_memberships(const std::vector<std::pair<std::string, std::string>>& all);
    bool is_member(const std::string& place, const std::string& user_id) const;

    /// Takes a client in: continues its connection where nothing is lost by that, else begins a
    /// new one with `hello`. Gives the connection's id, by which all other calls name it.
    std::string open(const Arrival& arrival, Outlet& outlet);
    /// The socket is gone. The connection is kept for a while and goes on queueing. Nothing where
    /// the connection meanwhile belongs to another outlet.
    void lose(const std::string& connection_id, const Outlet& outlet, base::Tick now);
    /// The outlet has room again.
    void push(const std::string& connection_id);
    /// Sends a reply, which takes no sequence number.
    void reply(const std::string& connection_id, std::string_view text);
    void set_away(const std::string& connection_id, bool away);

    enum class Reach { everyone, nobody };
    /// The next event of the stream: changes memberships as it says and, unless it is to reach
    /// nobody here, queues it for all who are to hear it.
    void take(const Event& event, Reach reach);

    /// Forgets connections that have waited too long for their client.
    void reap(base::Tick now);
    /// Asks every client to leave.
    void close_all(std::uint16_t code, std::string_view reason);

    /// Users whose presence at this instance changed, each told once; at most `most`, the others
    /// next time.
    std::vector<Presence> presence_changes(std::size_t most);
    std::size_t sockets() const { return sockets_; }
    std::size_t connections() const { return connections_.size(); }

private:
    using Frame = std::shared_ptr<const std::string>;
    struct Connection {
        std::string id;
        std::string user_id;
        std::string session_digest;
        Outlet* outlet = nullptr;  ///< Nothing while inactive.
        bool away = false;
        base::Tick lost_at{};
        std::uint64_t next_seq = 0;  ///< Of the first event that was not handed to the outlet.
        std::deque<Frame> sent;      ///< The last ones, up to `next_seq`.
        std::deque<Frame> queued;
    };

    bool resume(Connection& connection, const Arrival& arrival, Outlet& outlet);
    void queue(Connection& connection, const Frame& frame, bool droppable);
    void pump(Connection& connection);
    void queue_for_user(const Event& event, const std::string& user_id, const Frame& frame);
    void change_membership(const Event& event);
    void forget(Connection& connection, std::uint16_t code, std::string_view reason);
    void end_session(const std::string& digest);
    Connection* find(const std::string& connection_id);

    Greeting greeting_;
    HubLimits limits_;
    std::map<std::string, std::unique_ptr<Connection>> connections_;
    std::map<std::string, std::vector<Connection*>> by_user_;
    std::map<std::string, std::set<std::string>> members_;
    std::set<std::string> presence_changed_;
    std::vector<std::string> overflowed_;
    std::size_t sockets_ = 0;
};

}  // namespace chat
