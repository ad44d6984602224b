#include "net/http2/call.h"

#include "net/http1_text.h"
#include "net/http2/client_session.h"
#include "net/http2/field_block.h"

#include <algorithm>
#include <charconv>

namespace net::http2 {

namespace {

constexpr std::size_t kAnswerFieldsMax = 128;
constexpr std::size_t kAnswerHeadBytesMax = 30 * 1024;  // below what the parser in front takes
// Above what a client may say: the edge has added its own fields.
constexpr HeadLimits kWrittenLimits{32 * 1024, 60 * 1024, 128 * 1024};

bool is_grpc(std::string_view content_type) {
    constexpr std::string_view kType = "application/grpc";
    return content_type.starts_with(kType) &&
           (content_type.size() == kType.size() || content_type[kType.size()] == '+' ||
            content_type[kType.size()] == ';');
}

}  // namespace

Call::Call(ClientSession& session) : session_(&session), parser_(kWrittenLimits) {}

void Call::wake() {
    if (loop_ != nullptr && !left_) loop_->nudge(key_);
}

void Call::move_on(State state) {
    state_ = state;
    if (state == State::displaced) session_ = nullptr;
    wake();
}

void Call::lose(Loss loss, int connect_error) {
    session_ = nullptr;
    if (state_ == State::over || state_ == State::lost) return;
    if (in_ended_) return move_on(State::over);
    state_ = State::lost;
    loss_ = loss == Loss::unprocessed && answered_ ? Loss::reset : loss;
    connect_error_ = connect_error;
    wake();
}

void Call::closed(std::uint32_t error) {
    if (sees_malformed) return lose(Loss::malformed);
    lose(error == NGHTTP2_REFUSED_STREAM ? Loss::unprocessed : Loss::reset);
}

bool Call::take_field(std::string_view name, std::string_view value) {
    if (++field_count_ > kAnswerFieldsMax ||
        fields_.size() + name.size() + value.size() > kAnswerHeadBytesMax) {
        return false;
    }
    const auto breaks = [](char c) { return c == '\r' || c == '\n' || c == '\0'; };
    if (std::any_of(value.begin(), value.end(), breaks)) return false;
    if (name == ":status") {
        std::from_chars(value.data(), value.data() + value.size(), status_);
        return true;
    }
    if (name.empty() || name[0] == ':' || names_connection(name)) return false;
    if (name == "content-length") {
        length_ = value;
        return true;
    }
    if (name == "content-type") grpc_ = is_grpc(value);
    fields_.append(name).append(": ").append(value).append("\r\n");
    return true;
}

bool Call::finish_head(bool ended) {
    if (answered_) return ended;  // trailers end a stream
    if (status_ < 100 || status_ > 999 || status_ == 101) return false;
    const bool interim = status_ < 200;
    if (interim && ended) return false;
    if (interim) length_.clear();
    put_head(ended);
    answered_ = !interim;
    status_ = 0;
    field_count_ = 0;
    fields_.clear();
    wake();
    return true;
}

void Call::put_head(bool ended) {
    const bool interim = status_ < 200;
    const bool bodiless = interim || status_ == 204 || status_ == 304 || head_only_;
    std::string text;
    append_status_line(text, status_);
    text.append(fields_);
    // A length would leave no place for trailers, which say how a gRPC call ended.
    const bool with_length = !length_.empty() && (!grpc_ || ended || bodiless);
    const bool chunked = !bodiless && !ended && !with_length;
    if (with_length) {
        append_field(text, "Content-Length", length_);
    } else if (chunked) {
        text += "Transfer-Encoding: chunked\r\n";
    } else if (!bodiless) {
        text += "Content-Length: 0\r\n";
    }
    append_head_end(text);
    in_.put_text(text);
    in_.begin_body(chunked);
}

void Call::take_body(std::string_view bytes) {
    unconsumed_ += bytes.size();
    if (left_) {
        if (session_ != nullptr) session_->consumed(*this, std::exchange(unconsumed_, 0));
        return;
    }
    if (bytes.empty()) return;
    in_.put_body(bytes);
    wake();
}

void Call::take_end() {
    if (std::exchange(in_ended_, true)) return;
    in_.end(fields_);
    wake();
}

Moved Call::receive(std::span<char> into) {
    if (in_.empty()) {
        if (state_ == State::lost) return {.io = Io::failed, .bytes = 0, .error = 0};
        return {.io = in_ended_ ? Io::ended : Io::would_block, .bytes = 0, .error = 0};
    }
    const std::size_t moved = in_.take(into);
    if (!in_.empty()) {
        wake();
    } else {
        if (session_ != nullptr) session_->consumed(*this, std::exchange(unconsumed_, 0));
        if (in_ended_ || state_ == State::lost) wake();
    }
    return {.io = Io::moved, .bytes = moved, .error = 0};
}

Moved Call::send(std::span<const iovec> parts) {
    if (session_ == nullptr || state_ != State::open) {
        return {.io = Io::failed, .bytes = 0, .error = 0};
    }
    if (out_.size() >= kOutMax) {
        writer_waits_ = true;
        return {.io = Io::would_block, .bytes = 0, .error = 0};
    }
    std::size_t moved = 0;
    for (const iovec& part : parts) {
        const std::string_view bytes(static_cast<const char*>(part.iov_base), part.iov_len);
        const Fed fed = parser_.feed(bytes, *this);
        if (session_ == nullptr) return {.io = Io::failed, .bytes = 0, .error = 0};
        if (fed.progress == Progress::failed) {
            // Not the target's doing, so it must not be taken for one that cannot be reached.
            ClientSession& session = *session_;
            lose(Loss::malformed);
            if (id_ != 0) {
                session.abort(*this);
            } else {
                session.forget_waiting(*this);
            }
        }
        moved += part.iov_len;
        if (state_ != State::open) break;
    }
    if (session_ != nullptr) session_->request_grew(*this);
    return {.io = Io::moved, .bytes = moved, .error = 0};
}

void Call::on_head(const RequestHead& head) {
    head_only_ = head.method == Method::head;
    const bool has_body = head.framing == Framing::chunked ||
                          (head.framing == Framing::length && head.content_length > 0);
    session_->submit(*this, head, has_body);
}

void Call::on_body(std::string_view bytes) {
    out_.append(bytes);
}

void Call::on_trailers(const Fields& fields) {
    for (const Field& field : fields) {
        std::string name = lower_case(field.name);
        if (!names_connection(name)) trailers_.emplace_back(std::move(name), field.value);
    }
}

void Call::on_end() {
    out_ended_ = true;
}

Ready Call::seen(Ready ready) const {
    if (in_ended_ || state_ == State::lost) ready.ended = ready.readable = true;
    return ready;
}

void Call::watched(Loop& loop, WatchKey key) {
    loop_ = &loop;
    key_ = key;
}

void Call::leave() {
    if (std::exchange(left_, true)) return;
    loop_ = nullptr;
    if (session_ == nullptr) return;
    if (id_ == 0) return session_->forget_waiting(*this);
    if (unconsumed_ > 0) session_->consumed(*this, std::exchange(unconsumed_, 0));
    if (!in_ended_ || !out_ended_) session_->abort(*this);
}

std::size_t Call::take_out(char* into, std::size_t room) {
    const std::size_t moved = out_.take(into, room);
    if (writer_waits_ && out_.size() < kOutMax / 2) {
        writer_waits_ = false;
        wake();
    }
    return moved;
}

}  // namespace net::http2
