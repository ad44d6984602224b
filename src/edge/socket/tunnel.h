#pragma once
// A WebSocket: bytes go both ways as they are, followed frame by frame, so that a close can be put
// in between two messages, or another target in the old one's place (tunnel_handoff.cpp).
//
//   open -asked to leave, at a boundary-> leaving: the client has been told 1012; what it still
//   sends, its close frame included, goes to the target; what the target still sends is dropped
//   leaving -both ended, or patience over-> gone
//
//   open -asked, and it may be handed off-> preparing: another target is asked for the same socket,
//   the old one serves on
//   preparing -it agreed, the client is between two messages-> retiring: the client's messages go
//   to the new target; the old one is told 1001 once it is quiet, and heard to its end first
//   retiring -the old one has said goodbye-> open
//   open, preparing -the target is gone without a goodbye-> holding: the client's messages are kept
//   preparing -nobody is to come while requests are held-> the old one is retired as above, holding
//   holding -another target agreed-> open;  holding -patience over-> leaving

#include "edge/http/outlet.h"
#include "edge/report/socket_line.h"
#include "edge/socket/candidate.h"
#include "edge/socket/handshake.h"
#include "edge/socket/tape.h"
#include "edge/takeover/wire.h"
#include "edge/worker/addresses.h"
#include "net/channel.h"
#include "net/loop.h"
#include "net/websocket.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace edge {

class Mattermost;
class Worker;
struct LocalTarget;

class Tunnel {
public:
    struct Ends {
        net::Channel client;
        net::Channel upstream;
        Outlet to_client;  ///< With what is still to be sent of the handshake.
        Outlet to_upstream;
        std::unique_ptr<Handshake> handshake;  ///< Where it may be handed off.
        std::unique_ptr<Mattermost> adapter;   ///< Where a handoff needs one.
        std::unique_ptr<SocketLine> line;      ///< Where a log is written.
    };

    Tunnel(Worker& worker, LocalTarget& target);
    ~Tunnel();

    void open(Ends ends);
    /// What each side sent in the same breath as the handshake.
    void begin(std::string_view from_client, std::string_view from_upstream);

    LocalTarget& target() { return *target_; }
    /// Whether a connection of it leads there: the present one, or one that is being retired.
    bool uses(const LocalTarget& target) const;
    std::uint64_t opened_version() const { return opened_version_; }
    /// Not asked yet, nor ending by itself.
    bool may_be_asked() const { return !handoff_ && !leaving_ && !gone_; }
    /// Its route kept what a handoff needs.
    bool may_be_handed_off() const { return handshake_ != nullptr; }
    /// Its target is to be left: hands it off where its route says so, else as `leave`.
    void ask();
    /// Closes the client with 1012 at the next boundary.
    void leave();
    /// The drain's deadline of `target`: at once, with a close frame where one fits.
    void cut(const LocalTarget& target);
    void cut();
    void close();

    // For another process: tunnel_given.cpp.

    /// What another process needs to go on with it; nothing while something waits to be sent, a
    /// handoff or an end is under way, or its sockets cannot be given away.
    std::optional<takeover::GivenTunnel> packed() const;
    /// Of the client and of the target, to be given along.
    std::array<int, 2> descriptors() const;
    /// In place of `open` and `begin`: goes on with what another process gave.
    void resume(takeover::GivenTunnel& given, net::Channel client, net::Channel upstream);
    /// Lives on in another process: closes here, and tells nobody.
    void given();

    std::size_t place = 0;  ///< In the worker's list.
    AddressTicket ticket;   ///< The client's, held for as long.

private:
    /// One of the connections.
    struct End final : net::Watcher {
        explicit End(Tunnel& tunnel) : owner(tunnel) {}
        void on_ready(net::Ready ready) override { owner.on_ready(*this, ready); }

        Tunnel& owner;
        LocalTarget* target = nullptr;  ///< None: the client.
        net::Channel channel;
        net::WatchKey key;
        Outlet out;                                    ///< Towards this end.
        net::FrameWalker walker;                       ///< Over what comes from this end.
        std::unique_ptr<net::MessageDecoder> decoder;  ///< An adapter's, within a message.
        bool readable = false;
        bool at_end = false;    ///< The loop saw that it sends no more.
        bool ended = false;     ///< All that it sent has been read.
        bool told_end = false;  ///< It has been told that no more comes.
        bool broken = false;    ///< It takes no more; what it has said may still be there.
        bool walks = true;
    };
    struct Handoff;

    // Relaying: tunnel.cpp.
    void on_ready(End& end, net::Ready ready);
    bool alive(const End& end) const;
    bool may_read(const End& from);
    void read(End& from);
    bool relay(End& from, std::string_view bytes);
    bool relay_to_upstream(std::string_view bytes);
    bool relay_to_client(End& from, std::string_view bytes);
    bool to_target(std::string_view bytes, std::optional<std::size_t> boundary);
    bool to_client(std::string_view kept_back, std::string_view bytes);
    void flushed(End& end);
    void inject_close();
    void pass_end_on(End& from);
    void finish_if_over();
    void lost(End& end);
    void note_cut(const End& ended);
    std::uint16_t close_code() const;
    void write_line();
    std::uint64_t sent_bytes() const { return line_->counts.sent_bytes + client_.out.sent(); }
    void let_go(std::unique_ptr<End>& end);
    std::unique_ptr<End> end_of(LocalTarget& target, net::Channel channel);
    bool at_rest() const;
    /// The one whose messages the client hears now.
    End* speaker() const;

    /// The client has been sent no part of a message that is to go on.
    bool between_messages(const End& from) const;

    // With an adapter: tunnel_adapter.cpp.
    net::MessageDecoder& decoder_of(End& from, net::Side receiver);
    void overhear(std::string_view bytes);
    bool hear(End& from, std::string_view bytes);
    void tell_target(const std::vector<std::string>& texts);
    void tell_presence();
    void adopt_target();

    // Handoff: tunnel_handoff.cpp.
    std::optional<std::size_t> rule_to_swap_by() const;
    void begin_handoff();
    void end_handoff();
    void turn();
    void approach();
    void alone();
    void left_alone();
    void retry_later();
    void judged(Candidate::Verdict verdict);
    bool prepared() const;
    void begin_with_next();
    void swap_upstream();
    void retire_old();
    void old_ended();
    void old_over();
    bool may_hold() const;
    void hold();
    void keep(std::string_view bytes);
    void take_over();
    void give_up_holding();

    Worker& worker_;
    LocalTarget* target_;
    End client_;
    std::unique_ptr<End> upstream_;  ///< None while holding, or while the old one is left for that.
    std::unique_ptr<Handshake> handshake_;
    std::unique_ptr<Mattermost> adapter_;
    std::unique_ptr<Handoff> handoff_;  ///< While one is under way.
    std::unique_ptr<SocketLine> line_;  ///< Of the access log, where one is written.
    Tape tape_;                         ///< Of a socket that may be handed off.
    net::Timer timer_;
    std::uint64_t opened_version_;
    bool leaving_ = false;  ///< Asked to leave.
    bool told_ = false;     ///< Our close frame has gone to the client.
    bool cut_by_instance_ = false;
    bool owes_presence_ = false;  ///< A new target has not been told yet what the client looks at.
    bool gone_ = false;
};

}  // namespace edge
