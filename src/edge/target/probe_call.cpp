#include "edge/target/probe_call.h"

#include "net/socket.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstddef>
#include <utility>

namespace edge {

namespace {

std::string request_of(const Control::Probing& probing) {
    constexpr std::string_view kGrpc =
        "Content-Type: application/grpc\r\nConnection: TE\r\nTE: trailers\r\nContent-Length: "
        "5\r\n\r\n";
    constexpr std::string_view kEmptyMessage("\0\0\0\0\0", 5);
    const bool grpc = probing.protocol == Protocol::grpc;
    std::string made =
        fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: ELB-HealthChecker/2.0\r\n",
                    grpc ? "POST" : "GET", probing.check.path, probing.host);
    if (!grpc) return made.append("Connection: close\r\n\r\n");
    return made.append(kGrpc).append(kEmptyMessage);
}

}  // namespace

ProbeCall::ProbeCall(net::Loop& loop, const Control::Probing& probing, Ended ended)
    : uid(probing.uid),
      loop_(loop),
      check_(probing.check),
      protocol_(probing.protocol),
      request_(request_of(probing)),
      ended_(std::move(ended)),
      timer_(loop, [this] { end(descriptor_ ? Probe::timed_out : Probe::failed); }) {
    auto descriptor = net::connect_to(probing.address);
    if (!descriptor) {
        timer_.arm_at(loop_.now());
        return;
    }
    descriptor_ = std::move(*descriptor);
    key_ = loop_.watch(descriptor_.number(), *this);
    timer_.arm_in(check_.timeout);
}

ProbeCall::~ProbeCall() {
    loop_.forget(key_);
}

void ProbeCall::on_ready(net::Ready ready) {
    if (over_) return;
    if (ready.writable && !connected_ && !connect()) return end(Probe::failed);
    if (ready.readable && connected_) read();
}

bool ProbeCall::connect() {
    if (net::connect_error(descriptor_.number()) != 0) return false;
    connected_ = true;
    if (protocol_ == Protocol::http1) return send(request_);
    session_ = std::make_unique<net::http2::ClientSession>([] {}, net::http2::CallLimits{});
    call_ = session_->begin();
    if (protocol_ == Protocol::grpc) parser_.expect(net::Method::post);
    return send_frames();
}

bool ProbeCall::send(std::string_view bytes) {
    // All of a check fits into an empty socket.
    const net::Moved moved = net::send(descriptor_.number(), bytes);
    return moved.io == net::Io::moved && moved.bytes == bytes.size();
}

bool ProbeCall::send_frames() {
    for (std::string_view frames = session_->send(); !frames.empty(); frames = session_->send()) {
        if (!send(frames)) return false;
    }
    return true;
}

void ProbeCall::read() {
    std::array<char, 4096> bytes;
    while (!over_) {
        const net::Moved moved = net::receive(descriptor_.number(), bytes);
        if (moved.io == net::Io::would_block) return;
        if (moved.io != net::Io::moved) return end(Probe::failed);
        const std::string_view came(bytes.data(), moved.bytes);
        if (session_ ? !take_frames(came) : !take(came)) return end(Probe::failed);
    }
}

bool ProbeCall::take_frames(std::string_view bytes) {
    using State = net::http2::Call::State;
    if (!session_->feed(bytes)) return false;
    if (call_->state() == State::open && !std::exchange(asked_, true)) {
        const iovec part{request_.data(), request_.size()};
        call_->send({&part, 1});
    }
    std::array<char, 4096> text;
    while (!over_) {
        const net::Moved moved = call_->receive(text);
        if (moved.io == net::Io::failed) return false;
        if (moved.io != net::Io::moved) break;
        if (!take({text.data(), moved.bytes})) return false;
    }
    return over_ || send_frames();
}

bool ProbeCall::take(std::string_view bytes) {
    return parser_.feed(bytes, *this).progress != net::Progress::failed || over_;
}

void ProbeCall::on_head(const net::ResponseHead& head) {
    if (head.interim) return;
    if (protocol_ == Protocol::grpc && head.status == 200) return judge_grpc(head.fields);
    // The head decides; a body may be long, and is none of our business.
    const bool passes = protocol_ != Protocol::grpc && check_.passes(head.status);
    end(passes ? Probe::passed : Probe::wrong_status);
    parser_.pause();
}

void ProbeCall::judge_grpc(const net::Fields& fields) {
    const auto said = fields.find("grpc-status");
    if (!said) return;  // it comes behind the body
    std::uint16_t status = 0;
    const auto [at, error] = std::from_chars(said->data(), said->data() + said->size(), status);
    const bool number = error == std::errc() && at == said->data() + said->size();
    const StatusRange& range = check_.grpc_matcher;
    const bool passes = number && status >= range.least && status <= range.most;
    end(passes ? Probe::passed : Probe::wrong_status);
    parser_.pause();
}

void ProbeCall::on_end() {
    if (protocol_ == Protocol::grpc) end(Probe::wrong_status);
}

void ProbeCall::end(Probe outcome) {
    if (std::exchange(over_, true)) return;
    timer_.disarm();
    ended_(*this, outcome);
}

}  // namespace edge
