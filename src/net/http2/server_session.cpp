#include "net/http2/server_session.h"

#include "base/check.h"
#include "net/http2/field_block.h"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <array>
#include <utility>

namespace net::http2 {

namespace {

// Of the average increment: who opens the window by a few bytes at a time wants us to send frames
// that are more head than body (CVE-2019-9511, -9517).
constexpr std::uint64_t kWindowUpdatesUnjudged = 1000;
constexpr std::uint64_t kWindowBytesLeast = 64;
constexpr std::size_t kPendingAcksMax = 100;
constexpr std::size_t kContinuationsMax = 8;

bool stays_behind(const Field& field, const ResponseHead& head) {
    switch (field.id) {
        case FieldId::connection:
        case FieldId::keep_alive:
        case FieldId::proxy_connection:
        case FieldId::transfer_encoding:
        case FieldId::upgrade:
            return true;
        default:
            return head.status == 101 && same_ignoring_case(field.name, "sec-websocket-accept");
    }
}

}  // namespace

bool Bucket::take(base::Tick now) {
    if (filled_ == base::Tick{}) filled_ = now;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now - filled_);
    if (seconds.count() > 0) {
        filled_ += seconds;
        const auto more = static_cast<std::uint64_t>(seconds.count()) * rate_;
        left_ = std::min<std::uint64_t>(most_, left_ + more);
    }
    if (left_ == 0) return false;
    --left_;
    return true;
}

/// nghttp2's upcalls.
struct ServerSession::Calls {
    static ServerSession& of(void* user) { return *static_cast<ServerSession*>(user); }

    static int begin_headers(nghttp2_session*, const nghttp2_frame* frame, void* user) {
        if (frame->hd.type != NGHTTP2_HEADERS || frame->headers.cat != NGHTTP2_HCAT_REQUEST) {
            return 0;
        }
        of(user).begin_stream(frame->hd.stream_id);
        return 0;
    }

    static int begin_frame(nghttp2_session*, const nghttp2_frame_hd* head, void* user) {
        const bool judged = head->type == NGHTTP2_DATA || head->type == NGHTTP2_HEADERS;
        if (judged) of(user).judge_late_frame(head->stream_id);
        return 0;
    }

    static int header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name,
                      std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
                      std::uint8_t, void* user) {
        Stream* stream = of(user).find(frame->hd.stream_id);
        if (stream == nullptr) return 0;
        const bool good = stream->take_field(view(name, name_size), view(value, value_size));
        // Resets this stream alone; the compression state stays whole.
        return good ? 0 : NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    }

    static int invalid_header(nghttp2_session*, const nghttp2_frame*, const std::uint8_t*,
                              std::size_t, const std::uint8_t*, std::size_t, std::uint8_t, void*) {
        // nghttp2 would pass over a wrong field in silence: the request is malformed (§8.1.1).
        return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    }

    static int frame_received(nghttp2_session*, const nghttp2_frame* frame, void* user) {
        ServerSession& self = of(user);
        const std::int32_t id = frame->hd.stream_id;
        if (frame->hd.type == NGHTTP2_WINDOW_UPDATE) {
            ++self.window_updates_;
            self.window_bytes_ +=
                static_cast<std::uint64_t>(frame->window_update.window_size_increment);
        }
        self.frame_received(frame->hd.type, frame->hd.flags, id, frame->hd.length);
        return 0;
    }

    static int data_chunk(nghttp2_session*, std::uint8_t, std::int32_t id,
                          const std::uint8_t* bytes, std::size_t size, void* user) {
        of(user).body_came(id, view(bytes, size));
        return 0;
    }

    static int stream_closed(nghttp2_session*, std::int32_t id, std::uint32_t, void* user) {
        ServerSession& self = of(user);
        const auto at = self.streams_.find(id);
        if (at == self.streams_.end()) return 0;
        const std::shared_ptr<Stream> gone = at->second;
        self.streams_.erase(at);
        Past* past = self.recall(id);
        if (past != nullptr && gone->request_ended()) past->client_ended = true;
        self.body_read(gone->unread());
        self.holds(gone->held(), 0);
        gone->reset();
        gone->session_ended();
        return 0;
    }

    static ssize_t read_body(nghttp2_session* session, std::int32_t id, std::uint8_t* into,
                             std::size_t room, std::uint32_t* flags, nghttp2_data_source*,
                             void* user) {
        Stream* stream = of(user).find(id);
        if (stream == nullptr) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
        auto* const text = static_cast<char*>(static_cast<void*>(into));
        const std::size_t moved = stream->take_out(text, room);
        if (stream->out_over()) {
            *flags |= NGHTTP2_DATA_FLAG_EOF;
            stream->end_sent = true;
            if (!stream->trailers().empty()) {
                *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
                FieldBlock fields;
                for (const auto& [name, value] : stream->trailers()) fields.add(name, value);
                nghttp2_submit_trailer(session, id, fields.front(), fields.size());
            } else if (stream->refuses_rest()) {
                nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, id, NGHTTP2_NO_ERROR);
            }
            return static_cast<ssize_t>(moved);
        }
        if (moved > 0) return static_cast<ssize_t>(moved);
        stream->waits_for_body = true;
        return NGHTTP2_ERR_DEFERRED;
    }

    static nghttp2_session_callbacks* all() {
        static nghttp2_session_callbacks* const made = [] {
            nghttp2_session_callbacks* calls = nullptr;
            CHECK(nghttp2_session_callbacks_new(&calls) == 0);
            nghttp2_session_callbacks_set_on_begin_headers_callback(calls, &begin_headers);
            nghttp2_session_callbacks_set_on_begin_frame_callback(calls, &begin_frame);
            nghttp2_session_callbacks_set_on_header_callback(calls, &header);
            nghttp2_session_callbacks_set_on_invalid_header_callback(calls, &invalid_header);
            nghttp2_session_callbacks_set_on_frame_recv_callback(calls, &frame_received);
            nghttp2_session_callbacks_set_on_data_chunk_recv_callback(calls, &data_chunk);
            nghttp2_session_callbacks_set_on_stream_close_callback(calls, &stream_closed);
            return calls;
        }();
        return made;
    }
};

ServerSession::ServerSession(Owner owner, const Limits& limits)
    : owner_(std::move(owner)),
      limits_(limits),
      idle_frames_(limits.idle_frames, limits.idle_frames_a_second),
      resets_(limits.resets, limits.resets_a_second) {
    nghttp2_option* option = nullptr;
    CHECK(nghttp2_option_new(&option) == 0);
    nghttp2_option_set_no_auto_window_update(option, 1);
    nghttp2_option_set_max_outbound_ack(option, kPendingAcksMax);
    nghttp2_option_set_max_continuations(option, kContinuationsMax);
    nghttp2_option_set_stream_reset_rate_limit(option, limits.resets, limits.resets_a_second);
    // Frees what a closed stream would keep for priorities, which we do not serve.
    nghttp2_option_set_no_closed_streams(option, 1);
    CHECK(nghttp2_session_server_new2(&session_, Calls::all(), this, option) == 0);
    nghttp2_option_del(option);
    const std::array<nghttp2_settings_entry, 4> settings{{
        {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, limits.streams},
        {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, limits.stream_window},
        {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, 60 * 1024},
        {NGHTTP2_SETTINGS_ENABLE_CONNECT_PROTOCOL, 1},  // RFC 8441
    }};
    nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, settings.data(), settings.size());
    nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, 0,
                                          static_cast<std::int32_t>(limits.connection_window));
}

ServerSession::~ServerSession() {
    end();
    nghttp2_session_del(session_);
}

void ServerSession::end() {
    for (auto& [id, stream] : std::exchange(streams_, {})) {
        stream->reset();
        stream->session_ended();
    }
}

Stream* ServerSession::find(std::int32_t id) const {
    const auto at = streams_.find(id);
    return at == streams_.end() ? nullptr : at->second.get();
}

void ServerSession::begin_stream(std::int32_t id) {
    streams_[id] = std::make_shared<Stream>(*this, id);
    past_[requests_ % kPastKept] = {.id = id, .client_ended = false};
    last_begun_ = id;
    ++requests_;
}

ServerSession::Past* ServerSession::recall(std::int32_t id) {
    const auto at =
        std::find_if(past_.begin(), past_.end(), [id](const Past& past) { return past.id == id; });
    return at == past_.end() ? nullptr : &*at;
}

void ServerSession::judge_late_frame(std::int32_t id) {
    // What comes on a stream that we reset was sent before the client knew; nghttp2 passes over it,
    // and over all else that comes on a stream it no longer has (RFC 9113 §5.1, 5.1.1, 6.1).
    if (id > last_begun_ || id % 2 == 0 || calmed_ || find(id) != nullptr) return;
    const Past* past = recall(id);
    const bool forgotten = requests_ >= kPastKept && id < past_[requests_ % kPastKept].id;
    if (past == nullptr ? forgotten : !past->client_ended) return;
    calmed_ = true;
    nghttp2_session_terminate_session(
        session_, past == nullptr ? NGHTTP2_PROTOCOL_ERROR : NGHTTP2_STREAM_CLOSED);
}

void ServerSession::calm_down() {
    if (std::exchange(calmed_, true)) return;
    nghttp2_session_terminate_session(session_, NGHTTP2_ENHANCE_YOUR_CALM);
}

void ServerSession::frame_received(std::uint8_t type, std::uint8_t flags, std::int32_t id,
                                   std::size_t bytes) {
    Stream* stream = find(id);
    const bool ends = (flags & NGHTTP2_FLAG_END_STREAM) != 0;
    bool idle = false;
    switch (type) {
        case NGHTTP2_HEADERS:
            if (stream == nullptr) break;
            if (!stream->began()) {
                head_over(*stream, ends);
            } else if (ends) {
                stream->take_end();
            }
            break;
        case NGHTTP2_DATA:
            idle = bytes == 0 && !ends;
            if (stream != nullptr && ends) stream->take_end();
            break;
        case NGHTTP2_RST_STREAM:
            if (Past* past = recall(id)) past->client_ended = true;
            if (!resets_.take(now_)) calm_down();
            break;
        case NGHTTP2_PING:
            idle = (flags & NGHTTP2_FLAG_ACK) == 0;
            if (!idle) take_no_more();
            break;
        case NGHTTP2_SETTINGS:
        case NGHTTP2_PRIORITY:
        case NGHTTP2_GOAWAY:
            idle = (flags & NGHTTP2_FLAG_ACK) == 0;
            break;
        case NGHTTP2_WINDOW_UPDATE:
            if (window_updates_ > kWindowUpdatesUnjudged &&
                window_bytes_ / window_updates_ < kWindowBytesLeast) {
                calm_down();
            }
            break;
        default:
            idle = true;
            break;
    }
    if (idle && !idle_frames_.take(now_)) calm_down();
}

void ServerSession::head_over(Stream& stream, bool ended) {
    switch (stream.finish_head(ended, owner_.websocket_key())) {
        case Stream::Head::good:
            begun_.push_back(streams_.at(stream.id()));
            return;
        case Stream::Head::malformed:
            nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, stream.id(),
                                      NGHTTP2_PROTOCOL_ERROR);
            return;
        case Stream::Head::unsupported: {
            FieldBlock fields;  // RFC 9220 §3, for protocols that we do not speak
            fields.add(":status", "501");
            nghttp2_submit_response(session_, stream.id(), fields.front(), fields.size(), nullptr);
            return;
        }
    }
}

bool ServerSession::feed(std::string_view bytes, base::Tick now) {
    now_ = now;
    const ssize_t taken = nghttp2_session_mem_recv(session_, bytes_of(bytes), bytes.size());
    if (taken < 0 && !calmed_) {
        const bool flood = taken == NGHTTP2_ERR_FLOODED || taken == NGHTTP2_ERR_TOO_MANY_SETTINGS ||
                           taken == NGHTTP2_ERR_TOO_MANY_CONTINUATIONS;
        const std::uint32_t why = flood ? NGHTTP2_ENHANCE_YOUR_CALM : NGHTTP2_PROTOCOL_ERROR;
        nghttp2_session_terminate_session(session_, why);
        calmed_ = true;
    }
    // Handed over now that nghttp2 is not on the stack.
    for (const std::shared_ptr<Stream>& stream : std::exchange(begun_, {})) {
        if (!calmed_ && stream->alive()) owner_.begun(stream);
    }
    return taken >= 0 && !calmed_;
}

std::string_view ServerSession::send() {
    const std::uint8_t* bytes = nullptr;
    const ssize_t size = nghttp2_session_mem_send(session_, &bytes);
    return size <= 0 ? std::string_view() : view(bytes, static_cast<std::size_t>(size));
}

void ServerSession::retire() {
    if (std::exchange(retired_, true)) return;
    // Requests that are on their way are taken: the last GOAWAY waits until the client must have
    // read this one, which its answer to a PING behind it shows (RFC 9113 §6.8).
    nghttp2_submit_shutdown_notice(session_);
    nghttp2_submit_ping(session_, NGHTTP2_FLAG_NONE, nullptr);
    owner_.wants_to_send();
}

void ServerSession::take_no_more() {
    if (!retired_ || std::exchange(closed_, true)) return;
    const std::int32_t last = nghttp2_session_get_last_proc_stream_id(session_);
    nghttp2_submit_goaway(session_, NGHTTP2_FLAG_NONE, last, NGHTTP2_NO_ERROR, nullptr, 0);
    owner_.wants_to_send();
}

bool ServerSession::over() const {
    if (closed_ && streams_.empty() && nghttp2_session_want_write(session_) == 0) return true;
    return nghttp2_session_want_read(session_) == 0 && nghttp2_session_want_write(session_) == 0;
}

void ServerSession::body_came(std::int32_t id, std::string_view bytes) {
    // The connection's window opens at once while little is unread, the stream's when its reader
    // has taken it.
    Stream* stream = find(id);
    if (stream != nullptr) unread_ += bytes.size();
    if (stream == nullptr || unread_ <= limits_.buffered_bytes) {
        nghttp2_session_consume_connection(session_, bytes.size());
    } else {
        withheld_ += bytes.size();
    }
    if (stream != nullptr) stream->take_body(bytes);
}

void ServerSession::body_read(std::size_t bytes) {
    unread_ -= std::min(unread_, bytes);
    if (withheld_ == 0 || unread_ > limits_.buffered_bytes) return;
    nghttp2_session_consume_connection(session_, std::exchange(withheld_, 0));
}

void ServerSession::holds(std::size_t before, std::size_t now) {
    buffered_ += now;
    buffered_ -= before;
    was_crowded_ = was_crowded_ || crowded();
    // Not before much has gone: else each frame that leaves would wake every writer.
    if (!was_crowded_ || buffered_ > limits_.buffered_bytes / 2) return;
    was_crowded_ = false;
    for (const auto& [id, stream] : streams_) stream->crowd_is_over();
}

void ServerSession::consumed(Stream& stream, std::size_t bytes) {
    if (bytes == 0) return;
    body_read(bytes);
    nghttp2_session_consume_stream(session_, stream.id(), bytes);
    owner_.wants_to_send();
}

void ServerSession::answer_grew(Stream& stream) {
    if (stream.waits_for_body && (!stream.out_empty() || stream.out_over())) {
        stream.waits_for_body = false;
        nghttp2_session_resume_data(session_, stream.id());
    }
    owner_.wants_to_send();
}

void ServerSession::refuse_rest(Stream& stream) {
    // RFC 9113 §8.1: the answer is whole; what is left of the request is not wanted.
    nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, stream.id(), NGHTTP2_NO_ERROR);
    owner_.wants_to_send();
}

void ServerSession::abort(Stream& stream) {
    nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, stream.id(), NGHTTP2_INTERNAL_ERROR);
    owner_.wants_to_send();
}

void ServerSession::submit_head(Stream& stream, int status, const ResponseHead& head,
                                bool has_body) {
    if (!head.interim && !has_body) stream.end_sent = true;
    const std::string code = std::to_string(status);
    std::vector<std::string> names;
    names.reserve(head.fields.size());
    FieldBlock fields;
    fields.add(":status", code);
    for (const Field& field : head.fields) {
        if (stays_behind(field, head)) continue;
        fields.add(names.emplace_back(lower_case(field.name)), field.value);
    }
    if (head.interim) {
        nghttp2_submit_headers(session_, NGHTTP2_FLAG_NONE, stream.id(), nullptr, fields.front(),
                               fields.size(), nullptr);
        return;
    }
    nghttp2_data_provider body{};
    body.read_callback = &Calls::read_body;
    nghttp2_submit_response(session_, stream.id(), fields.front(), fields.size(),
                            has_body ? &body : nullptr);
    if (!has_body && stream.refuses_rest()) {
        nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, stream.id(), NGHTTP2_NO_ERROR);
    }
}

}  // namespace net::http2
