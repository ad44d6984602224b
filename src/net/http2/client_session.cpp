#include "net/http2/client_session.h"

#include "base/check.h"
#include "net/http2/field_block.h"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace net::http2 {

namespace {

constexpr std::size_t kPendingAcksMax = 100;
constexpr std::size_t kContinuationsMax = 8;
constexpr std::uint32_t kAnswerHeadBytes = 32 * 1024;

}  // namespace

/// nghttp2's upcalls.
struct ClientSession::Calls {
    static ClientSession& of(void* user) { return *static_cast<ClientSession*>(user); }

    static int header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name,
                      std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
                      std::uint8_t, void* user) {
        Call* call = of(user).find(frame->hd.stream_id);
        if (call == nullptr) return 0;
        if (call->take_field(view(name, name_size), view(value, value_size))) return 0;
        call->sees_malformed = true;
        return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    }

    static int invalid_header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t*,
                              std::size_t, const std::uint8_t*, std::size_t, std::uint8_t,
                              void* user) {
        // nghttp2 would pass over a wrong field in silence: the answer is malformed (§8.1.1).
        if (Call* call = of(user).find(frame->hd.stream_id)) call->sees_malformed = true;
        return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    }

    static int invalid_frame(nghttp2_session*, const nghttp2_frame* frame, int, void* user) {
        if (Call* call = of(user).find(frame->hd.stream_id)) call->sees_malformed = true;
        return 0;
    }

    static int frame_received(nghttp2_session* session, const nghttp2_frame* frame, void* user) {
        ClientSession& self = of(user);
        const bool ends = (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
        if (frame->hd.type == NGHTTP2_SETTINGS && (frame->hd.flags & NGHTTP2_FLAG_ACK) == 0) {
            self.open();
            return 0;
        }
        Call* call = self.find(frame->hd.stream_id);
        if (call == nullptr) return 0;
        if (frame->hd.type == NGHTTP2_HEADERS && !call->finish_head(ends)) {
            call->sees_malformed = true;
            nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, call->id(),
                                      NGHTTP2_PROTOCOL_ERROR);
            return 0;
        }
        if ((frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA) && ends) {
            call->take_end();
        }
        return 0;
    }

    static int data_chunk(nghttp2_session* session, std::uint8_t, std::int32_t id,
                          const std::uint8_t* bytes, std::size_t size, void* user) {
        // The connection's window opens at once, the stream's when its reader has taken it.
        nghttp2_session_consume_connection(session, size);
        if (Call* call = of(user).find(id)) call->take_body(view(bytes, size));
        return 0;
    }

    static int stream_closed(nghttp2_session*, std::int32_t id, std::uint32_t error, void* user) {
        ClientSession& self = of(user);
        const auto at = self.calls_.find(id);
        if (at == self.calls_.end()) return 0;
        const std::shared_ptr<Call> gone = at->second;
        self.calls_.erase(at);
        gone->closed(error);
        if (self.calls() == 0) self.wants_to_send_();
        return 0;
    }

    static int frame_sent(nghttp2_session*, const nghttp2_frame* frame, void* user) {
        if (frame->hd.type != NGHTTP2_HEADERS) return 0;
        if (Call* call = of(user).find(frame->hd.stream_id)) call->on_wire = true;
        return 0;
    }

    static ssize_t read_body(nghttp2_session* session, std::int32_t id, std::uint8_t* into,
                             std::size_t room, std::uint32_t* flags, nghttp2_data_source*,
                             void* user) {
        Call* call = of(user).find(id);
        if (call == nullptr) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
        auto* const text = static_cast<char*>(static_cast<void*>(into));
        const std::size_t moved = call->take_out(text, room);
        if (call->out_over()) {
            *flags |= NGHTTP2_DATA_FLAG_EOF;
            if (!call->trailers().empty()) {
                *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
                FieldBlock fields;
                for (const auto& [name, value] : call->trailers()) fields.add(name, value);
                nghttp2_submit_trailer(session, id, fields.front(), fields.size());
            }
            return static_cast<ssize_t>(moved);
        }
        if (moved > 0) return static_cast<ssize_t>(moved);
        call->waits_for_body = true;
        return NGHTTP2_ERR_DEFERRED;
    }

    static nghttp2_session_callbacks* all() {
        static nghttp2_session_callbacks* const made = [] {
            nghttp2_session_callbacks* calls = nullptr;
            CHECK(nghttp2_session_callbacks_new(&calls) == 0);
            nghttp2_session_callbacks_set_on_header_callback(calls, &header);
            nghttp2_session_callbacks_set_on_invalid_header_callback(calls, &invalid_header);
            nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(calls, &invalid_frame);
            nghttp2_session_callbacks_set_on_frame_recv_callback(calls, &frame_received);
            nghttp2_session_callbacks_set_on_data_chunk_recv_callback(calls, &data_chunk);
            nghttp2_session_callbacks_set_on_stream_close_callback(calls, &stream_closed);
            nghttp2_session_callbacks_set_on_frame_send_callback(calls, &frame_sent);
            return calls;
        }();
        return made;
    }
};

ClientSession::ClientSession(std::function<void()> wants_to_send, const CallLimits& limits)
    : wants_to_send_(std::move(wants_to_send)), limits_(limits) {
    nghttp2_option* option = nullptr;
    CHECK(nghttp2_option_new(&option) == 0);
    nghttp2_option_set_no_auto_window_update(option, 1);
    nghttp2_option_set_max_outbound_ack(option, kPendingAcksMax);
    nghttp2_option_set_max_continuations(option, kContinuationsMax);
    nghttp2_option_set_no_closed_streams(option, 1);
    CHECK(nghttp2_session_client_new2(&session_, Calls::all(), this, option) == 0);
    nghttp2_option_del(option);
    const std::array<nghttp2_settings_entry, 3> settings{{
        {NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
        {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, limits.stream_window},
        {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, kAnswerHeadBytes},
    }};
    nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, settings.data(), settings.size());
    nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, 0,
                                          static_cast<std::int32_t>(limits.connection_window));
}

ClientSession::~ClientSession() {
    end();
    nghttp2_session_del(session_);
}

void ClientSession::end(int connect_error) {
    broken_ = true;
    std::vector<std::shared_ptr<Call>> waiting = std::exchange(waiting_, {});
    auto calls = std::exchange(calls_, {});
    for (const auto& call : waiting) {
        const bool never = !opened_ && connect_error != 0;
        call->lose(never ? Call::Loss::connection : Call::Loss::unprocessed, connect_error);
    }
    for (const auto& [id, call] : calls) {
        call->lose(call->on_wire ? Call::Loss::reset : Call::Loss::unprocessed);
    }
}

Call* ClientSession::find(std::int32_t id) const {
    const auto at = calls_.find(id);
    return at == calls_.end() ? nullptr : at->second.get();
}

std::size_t ClientSession::calls_max() const {
    if (!opened_) return limits_.calls;
    const std::uint32_t theirs =
        nghttp2_session_get_remote_settings(session_, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS);
    // One may always wait, for a target that takes none at the moment.
    return std::clamp<std::uint32_t>(theirs, 1, limits_.calls);
}

bool ClientSession::takes() const {
    return !broken_ && !retired_ && calls() < calls_max() &&
           nghttp2_session_check_request_allowed(session_) != 0;
}

std::shared_ptr<Call> ClientSession::begin() {
    waiting_.push_back(std::make_shared<Call>(*this));
    if (opened_) waiting_.back()->move_on(Call::State::open);
    return waiting_.back();
}

void ClientSession::open() {
    if (std::exchange(opened_, true)) return;
    while (waiting_.size() > calls_max()) {
        const std::shared_ptr<Call> last = std::move(waiting_.back());
        waiting_.pop_back();
        last->move_on(Call::State::displaced);
    }
    for (const auto& call : waiting_) call->move_on(Call::State::open);
}

bool ClientSession::feed(std::string_view bytes) {
    if (broken_) return false;
    const ssize_t taken = nghttp2_session_mem_recv(session_, bytes_of(bytes), bytes.size());
    if (taken >= 0) return true;
    nghttp2_session_terminate_session(session_, NGHTTP2_PROTOCOL_ERROR);
    broken_ = true;
    return false;
}

std::string_view ClientSession::send() {
    const std::uint8_t* bytes = nullptr;
    const ssize_t size = nghttp2_session_mem_send(session_, &bytes);
    return size <= 0 ? std::string_view() : view(bytes, static_cast<std::size_t>(size));
}

void ClientSession::ping() {
    nghttp2_submit_ping(session_, NGHTTP2_FLAG_NONE, nullptr);
    wants_to_send_();
}

void ClientSession::retire() {
    if (std::exchange(retired_, true)) return;
    wants_to_send_();
}

void ClientSession::say_goodbye() {
    nghttp2_session_terminate_session(session_, NGHTTP2_NO_ERROR);
}

bool ClientSession::over() const {
    if (calls() > 0) return false;
    return retired_ || broken_ || nghttp2_session_check_request_allowed(session_) == 0;
}

void ClientSession::consumed(const Call& call, std::size_t bytes) {
    if (bytes == 0 || call.id() == 0) return;
    nghttp2_session_consume_stream(session_, call.id(), bytes);
    wants_to_send_();
}

void ClientSession::request_grew(Call& call) {
    if (call.id() == 0) return;
    if (call.waits_for_body && (!call.out_empty() || call.out_over())) {
        call.waits_for_body = false;
        nghttp2_session_resume_data(session_, call.id());
    }
    wants_to_send_();
}

void ClientSession::abort(const Call& call) {
    nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, call.id(), NGHTTP2_CANCEL);
    const auto at = calls_.find(call.id());
    if (at == calls_.end()) return;
    const std::shared_ptr<Call> own = std::move(at->second);
    calls_.erase(at);
    own->lose(Call::Loss::reset);
    wants_to_send_();
}

void ClientSession::forget_waiting(const Call& call) {
    std::erase_if(waiting_, [&](const auto& other) { return other.get() == &call; });
    if (calls() == 0) wants_to_send_();
}

void ClientSession::submit(Call& call, const net::RequestHead& head, bool has_body) {
    const auto at = std::find_if(waiting_.begin(), waiting_.end(),
                                 [&](const auto& other) { return other.get() == &call; });
    if (at == waiting_.end()) return;
    std::vector<std::string> names;
    names.reserve(head.fields.size());
    FieldBlock fields;
    fields.add(":method", head.method_text);
    fields.add(":scheme", "http");
    fields.add(":authority", head.authority);
    fields.add(":path", head.target);
    for (const Field& field : head.fields) {
        const std::string& name = names.emplace_back(lower_case(field.name));
        if (name != "host" && !names_connection(name)) fields.add(name, field.value);
    }
    nghttp2_data_provider body{};
    body.read_callback = &Calls::read_body;
    const std::int32_t id = nghttp2_submit_request(session_, nullptr, fields.front(), fields.size(),
                                                   has_body ? &body : nullptr, nullptr);
    const std::shared_ptr<Call> own = *at;
    waiting_.erase(at);
    // No further stream may be opened on this connection.
    if (id < 0) return own->lose(Call::Loss::unprocessed);
    own->submitted(id);
    calls_[id] = own;
    wants_to_send_();
}

}  // namespace net::http2
