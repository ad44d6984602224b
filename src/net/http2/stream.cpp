#include "net/http2/stream.h"

#include "net/http1_text.h"
#include "net/http2/field_block.h"
#include "net/http2/server_session.h"

#include <algorithm>

namespace net::http2 {

namespace {

constexpr std::size_t kFieldsMax = 128;
constexpr std::size_t kHeadBytesMax = 60 * 1024;  // below what the HTTP/1.1 parser behind takes

// Less is not worth a read.
constexpr std::size_t kRoomLeast = 1024;

bool is_token(std::string_view text) {
    constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               kOthers.find(c) != std::string_view::npos;
    });
}

/// Neither a space nor a control character: nothing that ends a start line early.
bool is_one_word(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) > 32 && c != 127; });
}

}  // namespace

bool Stream::take_pseudo(std::string_view name, std::string_view value) {
    // Twice, unknown, or behind a usual field: nghttp2 has refused it already.
    if (name == ":method") method_ = value;
    if (name == ":path") path_ = value;
    if (name == ":authority") authority_ = value;
    if (name == ":protocol") protocol_ = value;
    return is_one_word(value);
}

void Stream::put_field(std::string_view name, std::string_view value) {
    fields_.append(name).append(": ").append(value).append("\r\n");
}

bool Stream::take_field(std::string_view name, std::string_view value) {
    if (++field_count_ > kFieldsMax ||
        fields_.size() + cookies_.size() + name.size() + value.size() + path_.size() >
            kHeadBytesMax) {
        return false;
    }
    const auto breaks = [](char c) { return c == '\r' || c == '\n' || c == '\0'; };
    if (std::any_of(value.begin(), value.end(), breaks)) return false;
    if (!name.empty() && name[0] == ':') return !began_ && take_pseudo(name, value);
    const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
    if (!is_token(name) || std::any_of(name.begin(), name.end(), upper)) return false;
    if (names_connection(name) || (name == "te" && value != "trailers")) return false;
    if (began_) {  // a trailer: what frames or routes a message has no place there (RFC 9110
                   // §6.5.1)
        if (name != "content-length" && name != "host" && name != "te") put_field(name, value);
        return true;
    }
    if (name == "host") {
        if (!host_.empty() && host_ != value) return false;
        host_ = value;
    } else if (name == "cookie") {  // RFC 9113 §8.2.3
        cookies_.append(cookies_.empty() ? "" : "; ").append(value);
    } else {
        has_length_ = has_length_ || name == "content-length";
        put_field(name, value);
    }
    return true;
}

Stream::Head Stream::finish_head(bool ended, std::string_view key) {
    if (!is_token(method_)) return Head::malformed;
    if (!authority_.empty() && !host_.empty() && authority_ != host_) return Head::malformed;
    const std::string& host = authority_.empty() ? host_ : authority_;
    if (host.find_first_of("@/\\?#") != std::string::npos || !is_one_word(host)) {
        return Head::malformed;
    }
    const bool connect = method_ == "CONNECT";
    if (connect && !protocol_.empty() && protocol_ != "websocket") return Head::unsupported;
    tunnel_ = connect && !protocol_.empty();
    if (!connect || tunnel_) {
        if (path_.empty() || (path_[0] != '/' && !(path_ == "*" && method_ == "OPTIONS"))) {
            return Head::malformed;
        }
    }
    const std::string& target = connect && !tunnel_ ? host : path_;
    std::string text;
    text.append(tunnel_ ? std::string_view("GET") : std::string_view(method_));
    text.append(" ").append(target).append(" HTTP/1.1\r\nHost: ").append(host).append("\r\n");
    text.append(fields_);
    if (!cookies_.empty()) text.append("cookie: ").append(cookies_).append("\r\n");
    if (tunnel_) {
        text += "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: ";
        text.append(key).append("\r\n");
    } else {
        // A stream carries one request: whoever reads this may end when it is answered.
        text += "Connection: close\r\n";
        const bool chunked = !ended && !has_length_ && !connect;
        in_.begin_body(chunked);
        if (chunked) text += "Transfer-Encoding: chunked\r\n";
        const bool has_body = method_ == "POST" || method_ == "PUT" || method_ == "PATCH";
        if (ended && !has_length_ && has_body) text += "Content-Length: 0\r\n";
    }
    append_head_end(text);
    in_.put_text(text);
    began_ = true;
    in_ended_ = ended;
    std::string().swap(fields_);
    std::string().swap(cookies_);
    parser_.expect(method_ == "HEAD" ? Method::head : Method::get);
    return Head::good;
}

void Stream::take_body(std::string_view bytes) {
    unconsumed_ += bytes.size();
    if (bytes.empty() || left_ || told_end_) {
        if (session_ != nullptr && (left_ || told_end_)) {
            session_->consumed(*this, std::exchange(unconsumed_, 0));
        }
        return;
    }
    in_.put_body(bytes);
    wake();
}

void Stream::take_end() {
    if (in_ended_) return;
    in_ended_ = true;
    in_.end(fields_);
    wake();
}

void Stream::reset() {
    reset_ = true;
    wake();
}

void Stream::wake() {
    if (loop_ != nullptr && !left_) loop_->nudge(key_);
}

Moved Stream::receive(std::span<char> into) {
    if (reset_ || session_ == nullptr) return {.io = Io::failed, .bytes = 0, .error = 0};
    if (in_.empty()) {
        const bool over = told_end_ || (tunnel_ && in_ended_);
        return {.io = over ? Io::ended : Io::would_block, .bytes = 0, .error = 0};
    }
    const std::size_t moved = in_.take(into);
    if (!in_.empty()) {
        wake();
    } else {
        session_->consumed(*this, std::exchange(unconsumed_, 0));
        if (tunnel_ && in_ended_) wake();
    }
    return {.io = Io::moved, .bytes = moved, .error = 0};
}

Moved Stream::send(std::span<const iovec> parts) {
    if (reset_ || session_ == nullptr || told_end_) {
        return {.io = Io::failed, .bytes = 0, .error = 0};
    }
    if (out_.size() >= kOutMax) {
        writer_waits_ = true;
        return {.io = Io::would_block, .bytes = 0, .error = 0};
    }
    std::size_t moved = 0;
    for (const iovec& part : parts) {
        const std::string_view bytes(static_cast<const char*>(part.iov_base), part.iov_len);
        if (relays_) {
            out_.append(bytes);
        } else if (!feed_answer(bytes)) {
            session_->abort(*this);
            return {.io = Io::failed, .bytes = 0, .error = 0};
        }
        moved += part.iov_len;
    }
    account();
    session_->answer_grew(*this);
    return {.io = moved == 0 ? Io::would_block : Io::moved, .bytes = moved, .error = 0};
}

std::size_t Stream::out_most() const {
    return session_->crowded() ? kOutLeast : kOutMax;
}

std::size_t Stream::room() {
    // Where nothing is taken any more, sending is what tells.
    if (reset_ || session_ == nullptr || told_end_) return Layer::kAnyRoom;
    const std::size_t most = out_most();
    if (out_.size() + kRoomLeast <= most) return most - out_.size();
    writer_waits_ = true;
    return 0;
}

void Stream::crowd_is_over() {
    if (std::exchange(writer_waits_, false)) wake();
}

void Stream::account() {
    const std::size_t before = std::exchange(held_, out_.size());
    if (session_ != nullptr) session_->holds(before, held_);
}

bool Stream::feed_answer(std::string_view bytes) {
    while (!bytes.empty() && !out_ended_) {
        const Fed fed = parser_.feed(bytes, *this);
        bytes.remove_prefix(fed.consumed);
        if (fed.progress == Progress::failed) return false;
        if (fed.progress == Progress::tunnel) {
            out_.append(bytes);
            return true;
        }
        if (fed.consumed == 0) break;
    }
    return true;
}

void Stream::on_head(const ResponseHead& head) {
    const bool switched = head.status == 101 && tunnel_;
    if (!head.interim) answered_ = true;
    relays_ = switched;
    // Without a body the head ends the stream, as a gRPC answer of trailers alone must.
    const bool empty = head.framing == Framing::none ||
                       (head.framing == Framing::length && head.content_length == 0);
    const bool has_body = switched || (!head.interim && !empty);
    session_->submit_head(*this, switched ? 200 : head.status, head, has_body);
    if (!head.interim && !has_body) out_ended_ = true;
}

void Stream::on_body(std::string_view bytes) {
    out_.append(bytes);
}

void Stream::on_trailers(const Fields& fields) {
    for (const Field& field : fields) {
        std::string name = lower_case(field.name);
        if (!names_connection(name)) trailers_.emplace_back(std::move(name), field.value);
    }
}

void Stream::on_end() {
    if (answered_ && !relays_) out_ended_ = true;
}

Ready Stream::seen(Ready ready) const {
    if (reset_ || session_ == nullptr) ready.hung_up = ready.ended = ready.readable = true;
    if (tunnel_ && in_ended_) ready.ended = true;
    return ready;
}

void Stream::watched(Loop& loop, WatchKey key) {
    loop_ = &loop;
    key_ = key;
    wake();
}

void Stream::end_sending() {
    if (told_end_ || session_ == nullptr) return;
    told_end_ = true;
    out_ended_ = out_ended_ || relays_;
    refuses_rest_ = !tunnel_;
    if (end_sent && refuses_rest()) return session_->refuse_rest(*this);
    session_->answer_grew(*this);
}

void Stream::leave() {
    if (std::exchange(left_, true)) return;
    loop_ = nullptr;
    if (session_ == nullptr || reset_) return;
    if (!out_ended_ && !relays_) return session_->abort(*this);
    out_ended_ = true;
    const bool told = std::exchange(refuses_rest_, true);
    if (unconsumed_ > 0) session_->consumed(*this, std::exchange(unconsumed_, 0));
    if (end_sent && !told && refuses_rest()) return session_->refuse_rest(*this);
    session_->answer_grew(*this);
}

std::size_t Stream::take_out(char* into, std::size_t room) {
    const std::size_t moved = out_.take(into, room);
    account();
    if (writer_waits_ && out_.size() < out_most() / 2) {
        writer_waits_ = false;
        wake();
    }
    return moved;
}

}  // namespace net::http2
