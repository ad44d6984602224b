#pragma once
// A WebSocket: bytes go both ways as they are, followed frame by frame, so that a close can be put
// in between two messages.
//
//   open -asked to leave, at a boundary-> leaving: the client has been told 1012; what it still
//   sends, its close frame included, goes to the target; what the target still sends is dropped
//   leaving -both ended, or patience over-> gone

#include "edge/http/outlet.h"
#include "net/channel.h"
#include "net/loop.h"
#include "net/websocket.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace edge {

class Worker;
struct LocalTarget;

class Tunnel {
public:
    struct Ends {
        net::Channel client;
        net::Channel upstream;
        Outlet to_client;  ///< With what is still to be sent of the handshake.
        Outlet to_upstream;
    };

    Tunnel(Worker& worker, LocalTarget& target);
    ~Tunnel();

    void open(Ends ends);
    /// What each side sent in the same breath as the handshake.
    void begin(std::string_view from_client, std::string_view from_upstream);

    LocalTarget& target() { return target_; }
    std::uint64_t opened_version() const { return opened_version_; }
    /// Not asked yet, nor ending by itself.
    bool may_be_asked() const { return !leaving_ && !gone_; }
    /// Closes the client with 1012 at the next boundary.
    void leave();
    /// The drain's deadline: at once, with a close frame where one fits.
    void cut();
    void close();

    std::size_t place = 0;  ///< In the worker's list.

private:
    /// One of the two connections; the other is where its bytes go.
    struct End final : net::Watcher {
        explicit End(Tunnel& tunnel) : owner(tunnel) {}
        void on_ready(net::Ready ready) override { owner.on_ready(*this, ready); }

        Tunnel& owner;
        net::Channel channel;
        net::WatchKey key;
        Outlet out;               ///< Towards this end.
        net::FrameWalker walker;  ///< Over what comes from this end.
        bool readable = false;
        bool at_end = false;    ///< The loop saw that it sends no more.
        bool ended = false;     ///< All that it sent has been read.
        bool told_end = false;  ///< It has been told that no more comes.
        bool walks = true;
    };

    void on_ready(End& end, net::Ready ready);
    void read(End& from);
    bool relay(End& from, std::string_view bytes);
    bool relay_to_client(std::string_view bytes);
    bool send(End& to, std::string_view bytes);
    void inject_close();
    void pass_end_on(End& from);
    void finish_if_over();
    void lost(End& end);
    void note_cut(const End& ended);
    End& other(End& end) { return &end == &client_ ? upstream_ : client_; }

    Worker& worker_;
    LocalTarget& target_;
    End client_;
    End upstream_;
    net::Timer timer_;
    std::uint64_t opened_version_;
    bool leaving_ = false;  ///< Asked to leave.
    bool told_ = false;     ///< Our close frame has gone to the client.
    bool cut_by_instance_ = false;
    bool gone_ = false;
};

}  // namespace edge
