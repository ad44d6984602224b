#include "edge/report/access_log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iterator>

namespace edge {

namespace {

void escaped(std::string& out, std::string_view text) {
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 32 || c == 127) {
            fmt::format_to(std::back_inserter(out), "\\x{:02X}", static_cast<unsigned char>(c));
        } else {
            out += c;
        }
    }
}

void quoted(std::string& out, std::string_view text) {
    out += " \"";
    if (text.empty()) {
        out += '-';
    } else {
        escaped(out, text);
    }
    out += '"';
}

void plain(std::string& out, std::string_view text) {
    out.append(" ").append(text.empty() ? std::string_view("-") : text);
}

void seconds(std::string& out, std::chrono::microseconds span) {
    if (span.count() < 0) {
        out += " -1";
        return;
    }
    fmt::format_to(std::back_inserter(out), " {}.{:03}", span.count() / 1'000'000,
                   span.count() / 1000 % 1000);
}

void status(std::string& out, int code) {
    if (code == 0) {
        out += " -";
    } else {
        fmt::format_to(std::back_inserter(out), " {}", code);
    }
}

}  // namespace

namespace {

void put_url(std::string& out, const Served& served) {
    out += served.cipher.empty() ? "http://" : "https://";
    escaped(out, served.host.empty() ? std::string_view("-") : served.host);
    const std::size_t bracket = served.host.rfind(']');
    const std::size_t colon =
        served.host.find(':', bracket == std::string_view::npos ? 0 : bracket);
    const bool has_port = colon != std::string_view::npos;
    if (!has_port && !served.listener_port.empty()) {
        out.append(":").append(served.listener_port);
    }
    escaped(out, served.url.empty() ? std::string_view("-") : served.url);
}

}  // namespace

void append_parties(std::string& out, const Served& served) {
    plain(out, served.listener);
    plain(out, served.client);
    plain(out, served.target);
    seconds(out, served.request_time);
    seconds(out, served.target_time);
    seconds(out, served.response_time);
    status(out, served.status == 0 ? 460 : served.status);
    status(out, served.target_status);
}

void append_request(std::string& out, const Served& served) {
    out += " \"";
    escaped(out, served.method.empty() ? std::string_view("-") : served.method);
    out += ' ';
    if (!served.url.empty() && served.url[0] != '/' && served.url != "*") {
        escaped(out, served.url);
    } else {
        put_url(out, served);
    }
    out += served.http_1_0 ? " HTTP/1.0\"" : served.http2 ? " HTTP/2.0\"" : " HTTP/1.1\"";
    quoted(out, served.user_agent);
    plain(out, served.cipher);
    plain(out, served.tls_version);
    plain(out, served.group);
    quoted(out, served.trace);
    quoted(out, served.cipher.empty() ? served.host : served.server_name);
    out += " \"-\"";
    fmt::format_to(std::back_inserter(out), " {} {}", served.rule_priority,
                   base::to_text(served.begun));
    quoted(out, served.action);
    quoted(out, served.redirect_url);
    quoted(out, served.error_reason);
    quoted(out, served.target);
    out += " \"";
    if (served.target_status == 0) {
        out += '-';
    } else {
        fmt::format_to(std::back_inserter(out), "{}", served.target_status);
    }
    out += '"';
    const bool regular = served.irregularity == Irregularity::none;
    quoted(out, regular ? std::string_view() : name_of(tier_of(served.irregularity)));
    quoted(out, name_of(served.irregularity));
    out += " - \"-\" \"-\" \"-\"";
    quoted(out, served.target_id);
    fmt::format_to(std::back_inserter(out), " {}", served.attempts);
    quoted(out, served.release);
}

void append_line(std::string& out, const Served& served) {
    out.append(served.type).append(" ").append(base::to_text(served.ended));
    append_parties(out, served);
    fmt::format_to(std::back_inserter(out), " {} {}", served.received_bytes, served.sent_bytes);
    append_request(out, served);
    out += " - \"-\"\n";
}

base::Result<LogSink> LogSink::open(const std::string& path) {
    LogSink made;
    if (path.empty()) return made;
    made.file_ = base::Fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640));
    if (!made.file_) return base::fail(base::system_error("cannot open", path, errno));
    return made;
}

void LogSink::write() {
    // One call: with O_APPEND, lines of several workers never mix within a batch.
    if (buffer_.empty()) return;
    const ssize_t put = ::write(file_.number(), buffer_.data(), buffer_.size());
    if (put != static_cast<ssize_t>(buffer_.size())) {
        lost_ += static_cast<std::uint64_t>(std::count(buffer_.begin(), buffer_.end(), '\n'));
    }
    buffer_.clear();
}

}  // namespace edge
