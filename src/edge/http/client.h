#pragma once
// A client's connection: reads requests one after another, has each answered, keeps order.
//
//   reading -head, forwarded-> forwarding -answer's end-> flushing -all sent-> reading
//   reading -head, held-> holding -let go-> forwarding
//   reading -head, answered here-> flushing or sending_file
//   flushing -all sent, no more to come-> lingering -client closed or time over-> gone
//
// Pipelined requests wait: the next is read when the present one has been answered.

#include "edge/http/answer.h"
#include "edge/http/exchange.h"
#include "edge/http/forward.h"
#include "edge/http/outlet.h"
#include "edge/http/upstream.h"
#include "edge/report/socket_line.h"
#include "edge/rule/network.h"
#include "edge/takeover/wire.h"
#include "edge/worker/addresses.h"
#include "net/channel.h"
#include "net/http1.h"
#include "net/loop.h"
#include "net/pipe.h"
#include "net/socket.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace edge {

class EventStream;
class FileBody;
class Handshake;
class Mattermost;
class Worker;
struct Assets;
struct Fixed;
struct Redirect;
struct LocalTarget;

/// Where a client's connection came from.
struct Arrival {
    net::Address peer;
    std::string listener;
    std::string port;  ///< The listener's.
    AddressTicket ticket = {};
    // Of a TLS connection; empty where there is none.
    std::string_view cipher{};       ///< OpenSSL's name, which lasts.
    std::string_view tls_version{};  ///< `TLSv1.3`
    std::string server_name{};

    bool http2 = false;  ///< One of its streams: the connection counts, its streams do not.

    bool secure() const { return !tls_version.empty(); }
};

class Client final : public net::Watcher, net::RequestHandler {
public:
    Client(Worker& worker, net::Channel channel, Arrival arrival);
    ~Client() override;

    void on_ready(net::Ready ready) override;
    void on_unsent(std::string_view bytes) override;

    // Told by the upstream that carries the present exchange.

    void upstream_connected();
    void upstream_failed(UpstreamEnd end);
    /// The target takes bytes again.
    void upstream_drained() { exchange_.playing ? play() : read(); }
    /// Bytes of a long body wait for the target, out of sight.
    bool passing() const { return pipe_.has_value(); }
    /// What follows until `flush_answer` may be collected in `gather`.
    void gather_answer(Gather* gather) { to_client_ = gather; }
    void answer_head(const net::ResponseHead& head);
    void answer_body(std::string_view bytes);
    void answer_trailers(const net::Fields& fields);
    void answer_end();
    /// False when the client is gone, and everything with it.
    bool flush_answer();
    /// As `flush_answer`, for the end of an answer: it may leave with those of others.
    bool flush_last();
    bool has_room() { return outlet_.waiting() == 0 && channel_.room() > 0; }
    /// How much of an answer may be read at once.
    std::size_t room() { return channel_.room(); }
    /// The answer's body leaves as it comes, and nobody needs to see it.
    bool takes_spliced() const { return channel_.plain() && !exchange_.chunked_answer; }
    /// Sends what waits in the pipe as far as there is room; false when the client is gone.
    bool answer_spliced(net::Pipe& pipe);
    /// The answer was no answer to what was asked.
    bool answer_wrong() const { return answer_wrong_; }
    /// The answer was none, but the request given back (379).
    bool handed_back() const { return handed_back_; }
    void answer_over(bool reusable);
    /// The target switched protocols; `early` is what it sent after its answer.
    void open_tunnel(std::string_view early);

    // Told by the worker.

    /// Else a stream of one.
    bool is_connection() const { return !arrival_.http2; }
    bool idle() const {
        return phase_ == Phase::reading && !exchange_.open && outlet_.waiting() == 0;
    }
    /// No further request: closes if idle, else after the answer.
    void retire();
    /// The drain's deadline of `target` is over.
    void cut(const LocalTarget& target);
    /// If it is held: whether it may go on now.
    void look_again();
    /// If it streams events, and its target is to be left: goes on elsewhere.
    void leave_if_due();
    void close();

    // For another process.

    /// What another process needs to go on with it; nothing unless it rests between two requests,
    /// on a socket that can be given away.
    std::optional<takeover::GivenClient> packed() const;
    int descriptor() const { return channel_.number(); }
    bool plain() const { return channel_.plain(); }
    /// Goes on with what another process gave; before anything has been read here.
    void resume(const takeover::GivenClient& given);

    std::size_t place = 0;  ///< In the worker's list.

private:
    enum class Phase : std::uint8_t {
        reading,
        forwarding,
        holding,
        flushing,
        sending_file,
        lingering,
        gone,
    };

    void on_head(const net::RequestHead& head) override;
    void on_body(std::string_view bytes) override;
    void on_trailers(const net::Fields& fields) override;
    void on_end() override;

    // Reading and lifecycle: client.cpp.
    void read();
    bool may_read() const;
    /// What there is, by way of the worker's memory. False when there is no more now.
    bool copy();
    void feed(std::string_view bytes);
    void discard();
    void client_ended(bool failed);
    void flush();
    void settle();
    void conclude();
    void linger();
    void pump_file();
    void expire();
    void give_up_waiting();
    void touch();
    void count_and_log();

    // Streams of events: client_events.cpp.
    void follow_events(const net::ResponseHead& head);
    /// Another target answers; only events may follow.
    void go_on_with(const net::ResponseHead& head);
    bool streams_events() const { return events_ && exchange_.answer_begun; }
    /// The stream's end is its target's, not its own.
    bool ends_with_target() const;
    void go_on_elsewhere();
    void ask_for_events();
    void forget_events();

    // Long bodies: client_splice.cpp.
    bool may_splice() const;
    /// The rest of a long body, from socket to socket. False when reading must stop.
    bool splice();
    void let_go_of_pipe();

    // From a head to a target: client_request.cpp.
    void remember(const net::RequestHead& head);
    Hop hop();
    std::optional<Refusal> reason_to_refuse(const net::RequestHead& head) const;
    void note(const net::RequestHead& head);
    void route(const net::RequestHead& head);
    void begin_forward(const net::RequestHead& head);
    enum class Attempt : std::uint8_t { begun, held, no_target, mismatch };
    Attempt attempt();
    bool fits(const LocalTarget& target) const;
    void keep_for_refusal();
    /// What follows from an attempt that may have failed.
    void go_on_or_wait(Attempt attempt);
    void hold(base::Tick until);
    void stop_holding();
    void flush_request();
    void keep_for_later();
    bool try_again();
    bool may_send_again(UpstreamEnd end);
    void record(std::span<const iovec> parts);
    void stop_recording();
    void play();
    void await_end();
    void assign(LocalTarget* target);
    void open_headless();
    /// `head`: from its first byte on, as far as it has come; empty where it is not at hand.
    void malformed(net::Fault fault, std::string_view head);
    void judge(const net::RequestHead& head);
    bool worn_out();

    // Answers: client_answer.cpp.
    void add_body(std::string_view bytes);
    std::string record_handshake(const net::ResponseHead& head);
    void refuse(Refusal refusal);
    void answer_fixed(const Fixed& fixed);
    void answer_redirect(const Redirect& redirect, const net::RequestHead& head);
    void answer_asset(const Assets& assets, const net::RequestHead& head);
    void put_cookies(Text& into, const net::ResponseHead& head);
    void begin_own();
    void send_own(const OwnAnswer& answer);
    void leave_target();
    void fault_of_target();
    void cut_answer();
    std::optional<std::size_t> latency_bucket(base::Tick end) const;
    void count_flow(std::optional<std::size_t> bucket);
    void count_group(std::optional<std::size_t> bucket);
    std::string_view error_reason() const;
    /// `client` is what it refers to.
    Served served(base::Tick end, std::uint64_t sent, std::string_view client);
    std::unique_ptr<SocketLine> begin_line();
    /// What was gathered leaves before anything else happens to the connection.
    void let_leave();

    Worker& worker_;
    net::Channel channel_;
    Arrival arrival_;
    std::string peer_ip_;
    AddressBytes peer_bytes_;
    net::WatchKey key_;
    net::RequestParser parser_;
    Outlet outlet_;
    std::optional<net::Pipe> pipe_;  ///< While it holds bytes of the request.
    std::string pending_;            ///< Read, but its time has not come.
    net::Timer timer_;
    Upstream* upstream_ = nullptr;
    Gather* to_target_ = nullptr;
    Gather* to_client_ = nullptr;
    Exchange exchange_;
    std::unique_ptr<FileBody> file_;
    std::unique_ptr<EventStream> events_;   ///< While one is answered that may change its target.
    base::Tick events_broke_{};             ///< Since when it has had none; none: it has one.
    std::unique_ptr<Handshake> handshake_;  ///< Of a WebSocket that may be handed off.
    std::unique_ptr<Mattermost> adapter_;
    std::uint64_t lingered_bytes_ = 0;
    base::Tick opened_;
    std::string peer_text_;  ///< With the port, where X-Forwarded-For needs it.
    std::uint32_t served_ = 0;
    std::uint32_t gathered_in_ = 0;  ///< The loop's gathering that has the end of an answer.
    Phase phase_ = Phase::reading;
    bool keep_alive_ = true;
    bool readable_ = false;
    bool ended_ = false;
    bool answer_wrong_ = false;
    bool handed_back_ = false;
    bool heard_ = false;  ///< Bytes of the next request have come.
};

}  // namespace edge
