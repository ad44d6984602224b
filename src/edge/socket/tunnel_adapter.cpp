// Tunnel, where an adapter reads what is said: targets are heard message by message, two at a time
// while one takes the other's place.

#include "edge/socket/handoff.h"
#include "edge/socket/mattermost.h"
#include "edge/worker/worker.h"

#include <string>
#include <utility>

namespace edge {

namespace {

constexpr std::size_t kMessageMax = 16 * 1024 * 1024;

/// Listens to a client without changing what passes.
class Overhearing final : public net::MessageHandler {
public:
    explicit Overhearing(Mattermost& adapter) : adapter_(adapter) {}
    void on_text(std::string_view text) override { adapter_.says(text); }
    void on_binary(std::string_view) override {}
    void on_ping(std::string_view) override {}
    void on_pong(std::string_view) override {}
    void on_close(std::uint16_t, std::string_view) override {}

private:
    Mattermost& adapter_;
};

/// Frames for the client, of what a target says.
class Hearing final : public net::MessageHandler {
public:
    Hearing(Mattermost& adapter, Mattermost::Voice voice, base::Tick now)
        : adapter_(adapter), voice_(voice), now_(now) {}

    void on_text(std::string_view text) override {
        text_.assign(text);
        if (adapter_.hears(text_, voice_, now_)) net::append_frame(out, net::Opcode::text, text_);
    }
    void on_binary(std::string_view bytes) override {
        net::append_frame(out, net::Opcode::binary, bytes);
    }
    void on_ping(std::string_view payload) override {
        net::append_frame(out, net::Opcode::ping, payload);
    }
    void on_pong(std::string_view payload) override {
        net::append_frame(out, net::Opcode::pong, payload);
    }
    void on_close(std::uint16_t code, std::string_view reason) override {
        closed = true;
        goodbye =
            code == net::close_code::kNoStatus ? std::string() : net::close_payload(code, reason);
    }

    std::string out;
    std::string goodbye;
    bool closed = false;

private:
    Mattermost& adapter_;
    Mattermost::Voice voice_;
    base::Tick now_;
    std::string text_;
};

}  // namespace

net::MessageDecoder& Tunnel::decoder_of(End& from, net::Side receiver) {
    if (!from.decoder) from.decoder = std::make_unique<net::MessageDecoder>(receiver, kMessageMax);
    return *from.decoder;
}

void Tunnel::overhear(std::string_view bytes) {
    if (!client_.walks) return;
    Overhearing overhearing(*adapter_);
    decoder_of(client_, net::Side::server).feed(bytes, overhearing);
}

bool Tunnel::hear(End& from, std::string_view bytes) {
    if (told_) return true;
    for (std::size_t walked = 0; from.walks && walked < bytes.size();) {
        const net::FrameWalker::Step step = from.walker.walk(bytes.substr(walked));
        walked += step.walked;
        from.walks = step.stop != net::FrameWalker::Stop::close &&
                     step.stop != net::FrameWalker::Stop::wrong;
    }
    const bool is_old = &from != upstream_.get();
    const bool leaves = is_old || (handoff_ && !handoff_->old);
    Hearing hearing(*adapter_, leaves ? Mattermost::Voice::leaving : Mattermost::Voice::staying,
                    worker_.now());
    const bool fine = decoder_of(from, net::Side::client).feed(bytes, hearing);
    if (from.walker.at_boundary()) from.decoder.reset();
    if (hearing.closed && !is_old) {
        net::append_frame(hearing.out, net::Opcode::close, hearing.goodbye);
    }
    if (!hearing.out.empty() && !to_client({}, hearing.out)) return false;
    if (hearing.closed && is_old) {
        old_ended();
        return false;
    }
    if (fine || hearing.closed) return true;
    close();
    return false;
}

void Tunnel::tell_target(const std::vector<std::string>& texts) {
    std::string frames;
    for (const std::string& text : texts) {
        net::append_masked_frame(frames, net::Opcode::text, text,
                                 static_cast<std::uint32_t>(worker_.random().next()));
    }
    to_target(frames, frames.size());
}

void Tunnel::tell_presence() {
    // Not within a message of the client's.
    owes_presence_ = !client_.walker.at_boundary() || !upstream_;
    if (!owes_presence_) tell_target(adapter_->presence());
}

void Tunnel::adopt_target() {
    if (!adapter_) return;
    if (handoff_ && handoff_->held) {
        adapter_->restarted();
    } else {
        adapter_->swapped();
    }
    tell_target(adapter_->credentials());
}

}  // namespace edge
