// Start lines, and what a complete head means.

#include "net/fields.h"
#include "net/http1.h"
#include "net/http1_table.h"
#include "net/scan.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace net {

namespace {

bool all(std::string_view text, std::uint8_t what) {
    return std::ranges::all_of(text, [what](char byte) { return scan::is(byte, what); });
}

bool may_be_authority(std::string_view text) {
    return !text.empty() && all(text, scan::kHost);
}

// Where the authority of an absolute target begins; nothing where it is none.
std::optional<std::size_t> authority_at(std::string_view target) {
    for (const std::string_view scheme : {"http://", "https://", "ws://", "wss://"})
        if (same_ignoring_case(target.substr(0, scheme.size()), scheme)) return scheme.size();
    return {};
}

std::string_view authority_in(std::string_view target, std::size_t at) {
    const std::string_view rest = target.substr(at);
    return rest.substr(0, rest.find_first_of("/?"));
}

bool may_be_target(std::string_view method, std::string_view target) {
    if (method == "CONNECT") return may_be_authority(target);
    if (target.front() == '/') return true;
    if (target == "*") return method == "OPTIONS";
    const auto at = authority_at(target);
    return at && may_be_authority(authority_in(target, *at));
}

// CRLF at `at`. Sets `at` behind it; unmoved where bytes are missing.
Fault read_line_end(const char* bytes, std::uint32_t& at, std::uint32_t end, Fault otherwise) {
    if (at == end) return Fault::none;
    if (bytes[at] != '\r') return bytes[at] == '\n' ? Fault::bare_lf : otherwise;
    if (at + 1 == end) return Fault::none;
    if (bytes[at + 1] != '\n') return Fault::bare_cr;
    at += 2;
    return Fault::none;
}

std::uint32_t offset(const char* at, const char* bytes) {
    return static_cast<std::uint32_t>(at - bytes);
}

void split_target(RequestHead& head) {
    std::string_view rest = head.target;
    if (rest.front() != '/') {
        const auto at = authority_at(rest);
        if (!at || head.method == Method::connect) {
            if (head.method == Method::connect) head.authority = head.target;
            return;
        }
        head.authority = authority_in(rest, *at);
        rest.remove_prefix(*at + head.authority.size());
    }
    const std::size_t mark = rest.find('?');
    head.path = rest.empty() || mark == 0 ? std::string_view{"/"} : rest.substr(0, mark);
    if (mark != std::string_view::npos) head.query = rest.substr(mark + 1);
}

/// `bytes` are the head's, which has `host` in it.
Fault judge_host(const char* bytes, std::optional<std::string_view> host,
                 std::uint8_t minor_version) {
    if (!host) return minor_version == 1 ? Fault::missing_host : Fault::none;
    const char* const end = host->data() + host->size();
    const bool good = scan::skip_host(bytes, host->data(), end) == end;
    return good ? Fault::none : Fault::bad_host;
}

// A space and three digits at `at`, which is set behind them; `status` stays where bytes are
// missing.
Fault read_status(const char* bytes, std::uint32_t& at, std::uint32_t end, int& status) {
    constexpr std::uint32_t kBytes = 4;
    const std::uint32_t arrived = std::min(end - at, kBytes);
    const auto digit = [&](std::uint32_t nth) {
        return nth < arrived ? static_cast<unsigned>(bytes[at + nth] - '0') : 1U;
    };
    const bool right = (arrived == 0 || bytes[at] == ' ') && digit(1) - 1U < 9U && digit(2) < 10U &&
                       digit(3) < 10U;
    if (!right) return Fault::bad_status;
    if (arrived < kBytes) return Fault::none;
    status = static_cast<int>(digit(1) * 100 + digit(2) * 10 + digit(3));
    at += kBytes;
    return Fault::none;
}

Fault judge_trailers(const Fields& fields) {
    const bool bad = fields.has(FieldId::content_length) ||
                     fields.has(FieldId::transfer_encoding) || fields.has(FieldId::host);
    return bad ? Fault::framing_in_trailers : Fault::none;
}

}  // namespace

bool RequestHead::wants_websocket() const {
    return wants_upgrade && method == Method::get && fields.lists(FieldId::upgrade, "websocket");
}

template <typename Handler>
void MessageParser::trailers_over(const Table& table, const char* bytes, Handler& handler) {
    const Fields fields = table.fields(bytes);
    if (const Fault fault = judge_trailers(fields); fault != Fault::none) return fail(fault);
    stage_ = Stage::end;
    if (fields.size() > 0) handler.on_trailers(fields);
}

void MessageParser::begin_body(Framing framing, std::uint64_t length) {
    left_ = length;
    size_digits_ = 0;
    switch (framing) {
        case Framing::none:
            stage_ = Stage::end;
            break;
        case Framing::length:
            stage_ = length > 0 ? Stage::body : Stage::end;
            break;
        case Framing::chunked:
            left_ = 0;
            stage_ = Stage::chunk_size;
            break;
        case Framing::until_close:
            stage_ = Stage::until_close;
            break;
        case Framing::tunnel:
            stage_ = Stage::tunnel;
            break;
    }
}

Fault RequestParser::start_line(Table& table, const char* bytes, std::uint32_t end) {
    const char* const limit = bytes + end;
    const char* const line = bytes + table.line_at;
    if (line == limit) return Fault::none;
    // One empty line may precede: some clients send it after a body.
    if (*line == '\r' && table.head_at == 0) {
        const Fault fault = read_line_end(bytes, table.line_at, end, Fault::bad_method);
        table.head_at = table.line_at;
        return fault;
    }
    const char* const space = scan::skip_token(bytes, line, limit);
    if (space == limit) return Fault::none;
    if (*space != ' ' || space == line) return Fault::bad_method;
    const std::string_view method{line, static_cast<std::size_t>(space - line)};
    const char* const stop =
        scan::skip_target(bytes, std::max(space + 1, bytes + table.seen_to), limit);
    table.seen_to = offset(stop, bytes);
    if (stop == limit) return Fault::none;
    const bool cut_short = *stop == '\r' || *stop == '\n';
    if (*stop != ' ') return cut_short ? Fault::bad_version : Fault::bad_target;
    const std::string_view target{space + 1, static_cast<std::size_t>(stop - space - 1)};
    if (target.empty() || !may_be_target(method, target)) return Fault::bad_target;
    const std::uint32_t version_at = offset(stop + 1, bytes);
    std::uint32_t at = version_at;
    Fault fault = read_version(bytes, at, end, table.minor_version);
    if (fault != Fault::none || at == version_at) return fault;
    const std::uint32_t line_end = at;
    fault = read_line_end(bytes, at, end, Fault::bad_version);
    if (fault != Fault::none || at == line_end) return fault;
    table.first_bytes = static_cast<std::uint32_t>(method.size());
    table.second_at = offset(space + 1, bytes);
    table.second_bytes = static_cast<std::uint32_t>(target.size());
    table.line_at = at;
    table.lines = true;
    return Fault::none;
}

void RequestParser::head_over(const Table& table, const char* bytes, RequestHandler& handler) {
    if (stage_ == Stage::trailers) return trailers_over(table, bytes, handler);
    RequestHead head;
    head.fields = table.fields(bytes);
    head.minor_version = table.minor_version;
    if (table.has_several(FieldId::host)) return fail(Fault::several_hosts);
    const auto host = head.fields.find(FieldId::host);
    const Fault fault = judge_host(bytes, host, head.minor_version);
    if (fault != Fault::none) return fail(fault);
    const Framed framed = framing_of(head.fields, table.repeated, head.minor_version);
    if (framed.fault != Fault::none) return fail(framed.fault);
    head.bytes = {bytes + table.head_at, table.line_at - table.head_at};
    head.method_text = {bytes + table.head_at, table.first_bytes};
    head.method = method_from(head.method_text);
    head.target = {bytes + table.second_at, table.second_bytes};
    split_target(head);
    if (head.authority.empty() && host) head.authority = *host;
    head.framing = framed.framing;
    head.content_length = framed.content_length;
    head.keep_alive = keep_alive_of(head.fields, head.minor_version);
    const bool modern = head.minor_version == 1;
    head.expects_continue =
        modern && table.has(FieldId::expect) && head.fields.lists(FieldId::expect, "100-continue");
    head.wants_upgrade =
        modern && table.has(FieldId::upgrade) && head.fields.lists(FieldId::connection, "upgrade");
    begin_body(head.framing, head.content_length);
    handler.on_head(head);
}

Fault ResponseParser::start_line(Table& table, const char* bytes, std::uint32_t end) {
    std::uint32_t at = table.line_at;
    Fault fault = read_version(bytes, at, end, table.minor_version);
    if (fault != Fault::none || at == table.line_at) return fault;
    int status = 0;
    fault = read_status(bytes, at, end, status);
    if (fault != Fault::none || at == end || status == 0) return fault;
    // The space before the reason may not be left out; many leave it out where there is none.
    if (bytes[at] == ' ')
        ++at;
    else if (bytes[at] != '\r' && bytes[at] != '\n')
        return Fault::bad_status;
    const char* const limit = bytes + end;
    const char* stop = scan::skip_text(bytes, bytes + at, limit);
    while (stop != limit && *stop == '\t') stop = scan::skip_text(bytes, stop + 1, limit);
    const std::uint32_t reason_end = offset(stop, bytes);
    std::uint32_t line_end = reason_end;
    fault = read_line_end(bytes, line_end, end, Fault::bad_reason);
    if (fault != Fault::none || line_end == reason_end) return fault;
    table.status = status;
    table.second_at = at;
    table.second_bytes = reason_end - at;
    table.line_at = line_end;
    table.lines = true;
    return Fault::none;
}

void ResponseParser::head_over(const Table& table, const char* bytes, ResponseHandler& handler) {
    if (stage_ == Stage::trailers) return trailers_over(table, bytes, handler);
    ResponseHead head;
    head.fields = table.fields(bytes);
    head.status = table.status;
    head.minor_version = table.minor_version;
    head.bytes = {bytes, table.line_at};
    head.reason = {bytes + table.second_at, table.second_bytes};
    const Framed framed = framing_of(head.fields, table.repeated, head.minor_version);
    if (framed.fault != Fault::none) return fail(framed.fault);
    head.content_length = framed.content_length;
    head.keep_alive = keep_alive_of(head.fields, head.minor_version);
    head.interim = head.status < 200 && head.status != 101;
    const bool connected = request_ == Method::connect && head.status >= 200 && head.status < 300;
    if (head.status == 101 || connected)
        head.framing = Framing::tunnel;
    else if (head.interim || head.status == 204 || head.status == 304 || request_ == Method::head)
        head.framing = Framing::none;
    else if (framed.framing == Framing::none)
        head.framing = Framing::until_close;
    else
        head.framing = framed.framing;
    if (head.framing == Framing::until_close || head.framing == Framing::tunnel)
        head.keep_alive = false;
    begin_body(head.framing, head.content_length);
    if (head.interim) stage_ = Stage::start_line;
    handler.on_head(head);
}

}  // namespace net
