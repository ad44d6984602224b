#pragma once
// One check of one target, on a connection of its own, like ALB's.

#include "base/file.h"
#include "edge/control/control.h"
#include "net/http1.h"
#include "net/http2/client_session.h"
#include "net/loop.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace edge {

class ProbeCall final : public net::Watcher, net::ResponseHandler {
public:
    /// Told once, from the loop, never from the constructor.
    using Ended = std::function<void(ProbeCall& call, Probe outcome)>;

    ProbeCall(net::Loop& loop, const Control::Probing& probing, Ended ended);
    ~ProbeCall() override;

    void on_ready(net::Ready ready) override;

    const std::uint64_t uid;

private:
    bool connect();
    void read();
    bool take(std::string_view bytes);
    bool take_frames(std::string_view bytes);
    bool send(std::string_view bytes);
    bool send_frames();
    void on_head(const net::ResponseHead& head) override;
    void on_body(std::string_view) override {}
    void on_trailers(const net::Fields& fields) override { judge_grpc(fields); }
    void on_end() override;
    void judge_grpc(const net::Fields& fields);
    void end(Probe outcome);

    net::Loop& loop_;
    HealthCheck check_;
    Protocol protocol_;
    std::string request_;
    Ended ended_;
    base::Fd descriptor_;
    net::WatchKey key_;
    net::ResponseParser parser_;
    std::unique_ptr<net::http2::ClientSession> session_;  ///< Where HTTP/2 is spoken.
    std::shared_ptr<net::http2::Call> call_;
    net::Timer timer_;
    bool connected_ = false;
    bool asked_ = false;
    bool over_ = false;
};

}  // namespace edge
