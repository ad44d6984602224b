#include "edge/http/answer.h"

#include "net/http1_text.h"

#include <fmt/format.h>

#include <iterator>

namespace edge {

namespace {

struct Row {
    Refusal refusal;
    int status;
    std::string_view id;
    std::string_view message;
};

constexpr Row kRows[] = {
    {Refusal::malformed, 400, "edge.request.malformed", "The request is not valid HTTP."},
    {Refusal::method_not_allowed, 405, "edge.request.method", "This method is not allowed."},
    {Refusal::header_timeout, 408, "edge.request.timeout", "The request did not come in time."},
    {Refusal::body_timeout, 408, "edge.request.body_timeout", "The body did not come in time."},
    {Refusal::body_too_large, 413, "edge.request.body_too_large", "The body is too large."},
    {Refusal::target_too_long, 414, "edge.request.target_too_long", "The address is too long."},
    {Refusal::head_too_large, 431, "edge.request.head_too_large", "The header is too large."},
    {Refusal::not_implemented, 501, "edge.request.encoding", "This transfer encoding is unknown."},
    {Refusal::version, 505, "edge.request.version", "This HTTP version is not spoken here."},
    {Refusal::no_rule, 404, "edge.rule.none", "Nothing is published at this address."},
    {Refusal::too_many_forwarders, 463, "edge.request.forwarders",
     "X-Forwarded-For lists more than 30 addresses."},
    {Refusal::target_refused, 502, "edge.target.refused", "The server could not be reached."},
    {Refusal::target_closed, 502, "edge.target.closed",
     "The server ended the connection without an answer."},
    {Refusal::target_malformed, 502, "edge.target.malformed",
     "The server's answer is not valid HTTP."},
    {Refusal::target_cut, 502, "edge.target.cut",
     "The server was taken out of service before it answered."},
    {Refusal::no_target, 503, "edge.target.none", "No server is available."},
    {Refusal::held_too_long, 503, "edge.hold.expired",
     "The service is paused for longer than a request may wait."},
    {Refusal::hold_full, 503, "edge.hold.full",
     "The service is paused, and too many requests wait already."},
    {Refusal::handed_back, 500, "edge.target.handed_back",
     "The server went away before it had the whole request."},
    {Refusal::target_timeout, 504, "edge.target.timeout", "The server did not answer in time."},
    {Refusal::irregular, 400, "edge.request.irregular", "The request can be read in two ways."},
    {Refusal::protocol_mismatch, 464, "edge.request.protocol",
     "The servers of this address speak another protocol."},
};

const Row& row_of(Refusal refusal) {
    return kRows[static_cast<std::size_t>(refusal)];
}

constexpr bool in_order() {
    for (std::size_t i = 0; i < std::size(kRows); ++i) {
        if (static_cast<std::size_t>(kRows[i].refusal) != i) return false;
    }
    return true;
}
static_assert(in_order());

}  // namespace

int status_of(Refusal refusal) {
    return row_of(refusal).status;
}
std::string_view id_of(Refusal refusal) {
    return row_of(refusal).id;
}
std::string_view message_of(Refusal refusal) {
    return row_of(refusal).message;
}

Refusal refusal_for_status(int status) {
    for (const Row& row : kRows) {
        if (row.status == status && status != 408 && status < 502) return row.refusal;
    }
    return status == 505 ? Refusal::version : Refusal::malformed;
}

void append_answer(std::string& out, const OwnAnswer& answer) {
    const std::string_view reason = net::reason_of(answer.status);
    fmt::format_to(std::back_inserter(out), "HTTP/1.1 {} {}\r\nDate: {}\r\n", answer.status,
                   reason.empty() ? std::string_view("Refused") : reason, answer.date);
    if (!answer.content_type.empty()) net::append_field(out, "Content-Type", answer.content_type);
    if (answer.status != 204 && answer.status != 304) {
        net::append_field(out, "Content-Length", answer.body.size());
    }
    out.append(answer.extra);
    if (!answer.keep_alive) out += "Connection: close\r\n";
    net::append_head_end(out);
    if (!answer.head_only && answer.status != 204 && answer.status != 304) {
        out.append(answer.body);
    }
}

std::string refusal_body(Refusal refusal, bool json, std::string_view request_id) {
    const Row& row = row_of(refusal);
    if (!json) return fmt::format("{} {}\n", row.status, row.message);
    std::string safe_id;
    for (const char c : request_id) {
        if (c > ' ' && c < 127 && c != '"' && c != '\\') safe_id += c;
    }
    return fmt::format(
        R"({{"id":"{}","message":"{}","detailed_error":"","request_id":"{}","status_code":{}}})",
        row.id, row.message, safe_id, row.status);
}

}  // namespace edge
