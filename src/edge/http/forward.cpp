#include "edge/http/forward.h"

#include "net/http1_text.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>

namespace edge {

namespace {

using net::FieldId;

constexpr std::size_t kTraceMax = 7 * 1024;

constexpr std::uint64_t bit(FieldId id) {
    return std::uint64_t{1} << static_cast<unsigned>(id);
}

constexpr std::uint64_t kHopByHop = bit(FieldId::connection) | bit(FieldId::keep_alive) |
                                    bit(FieldId::proxy_connection) | bit(FieldId::te) |
                                    bit(FieldId::transfer_encoding) | bit(FieldId::upgrade);
// Written anew by the edge, or meant for it alone.
constexpr std::uint64_t kNotToTarget =
    kHopByHop | bit(FieldId::host) | bit(FieldId::content_length) | bit(FieldId::via) |
    bit(FieldId::x_amzn_trace_id) | bit(FieldId::x_forwarded_for) | bit(FieldId::x_forwarded_port) |
    bit(FieldId::x_forwarded_proto) | bit(FieldId::proxy_authorization);
constexpr std::uint64_t kNotToClient = kHopByHop | bit(FieldId::content_length);

/// Appends the pieces with one growth: heads are made of many.
template <typename... Pieces>
void join(std::string& out, const Pieces&... pieces) {
    const std::size_t before = out.size();
    out.resize(before + (std::string_view(pieces).size() + ...));
    char* at = out.data() + before;
    const auto put = [&at](std::string_view piece) {
        if (!piece.empty()) std::memcpy(at, piece.data(), piece.size());
        at += piece.size();
    };
    (put(pieces), ...);
}

void line(std::string& out, std::string_view name, std::string_view value) {
    join(out, name, ": ", value, "\r\n");
}

/// Whether Connection names fields beyond the usual options, so that each must be compared.
bool names_fields(const net::Fields& fields) {
    if (!fields.has(FieldId::connection)) return false;
    for (const net::Field& field : fields) {
        if (field.id != FieldId::connection) continue;
        const std::string_view value = field.value;
        if (!net::same_ignoring_case(value, "keep-alive") &&
            !net::same_ignoring_case(value, "close") &&
            !net::same_ignoring_case(value, "upgrade")) {
            return true;
        }
    }
    return false;
}

void copy_fields(std::string& out, const net::Fields& fields, std::uint64_t without) {
    const bool compare = names_fields(fields);
    for (const net::Field& field : fields) {
        if (field.id != FieldId::other && (without & bit(field.id)) != 0) continue;
        if (compare && fields.lists(FieldId::connection, field.name)) continue;
        line(out, field.name, field.value);
    }
}

/// All values of one field as a list, then one more.
void joined(std::string& out, const net::Fields& fields, FieldId id, std::string_view last) {
    out.append(net::name_of(id)).append(": ");
    if (fields.has(id)) {
        for (const net::Field& field : fields) {
            if (field.id == id && !field.value.empty()) out.append(field.value).append(", ");
        }
    }
    out.append(last).append("\r\n");
}

/// The digits of the lowest bytes of `value`, two by two.
char* put_hex(char* out, std::uint64_t value, int bytes) {
    static constexpr auto kPairs = [] {
        constexpr std::string_view kDigits = "0123456789abcdef";
        std::array<std::array<char, 2>, 256> made{};
        for (std::size_t i = 0; i < made.size(); ++i) made[i] = {kDigits[i >> 4], kDigits[i & 15]};
        return made;
    }();
    for (int i = bytes - 1; i >= 0; --i) {
        const auto& pair = kPairs[value >> (8 * i) & 255];
        *out++ = pair[0];
        *out++ = pair[1];
    }
    return out;
}

void append_trace_id(std::string& out, std::uint64_t epoch_seconds, base::Random& random) {
    std::array<char, 35> text;
    char* at = text.data();
    *at++ = '1';
    *at++ = '-';
    at = put_hex(at, epoch_seconds, 4);
    *at++ = '-';
    at = put_hex(at, random.next(), 8);
    put_hex(at, random.next(), 4);
    out.append(text.data(), text.size());
}

}  // namespace

void append_request_head(std::string& out, const net::RequestHead& head, const Hop& hop) {
    out.append(head.method_text).append(" ");
    if (!head.target.empty() && (head.target[0] == '/' || head.target == "*")) {
        out.append(head.target);
    } else {
        out.append(head.path.empty() ? std::string_view("/") : head.path);
        if (!head.query.empty()) out.append("?").append(head.query);
    }
    out += " HTTP/1.1\r\n";
    line(out, "Host", head.authority);
    copy_fields(out, head.fields, kNotToTarget);
    joined(out, head.fields, FieldId::x_forwarded_for, hop.client_ip);
    line(out, "X-Forwarded-Proto", "http");
    line(out, "X-Forwarded-Port", hop.listener_port);
    line(out, "X-Amzn-Trace-Id", hop.trace);
    joined(out, head.fields, FieldId::via, "1.1 crossfade");
    if (head.framing == net::Framing::chunked) {
        out += "Transfer-Encoding: chunked\r\n";
    } else if (head.framing == net::Framing::length || head.fields.has(FieldId::content_length)) {
        net::append_field(out, "Content-Length", head.content_length);
    }
    // No other protocol is let through: behind an unknown one (h2c) requests would pass unseen.
    if (head.wants_websocket()) out += "Connection: Upgrade\r\nUpgrade: websocket\r\n";
    net::append_head_end(out);
}

void append_answer_head(std::string& out, const net::ResponseHead& head, const AnswerForm& form) {
    out += "HTTP/1.1 ";
    const int status = head.status;
    out += static_cast<char>('0' + status / 100);
    out += static_cast<char>('0' + status / 10 % 10);
    out += static_cast<char>('0' + status % 10);
    out.append(" ").append(head.reason).append("\r\n");
    copy_fields(out, head.fields, kNotToClient);
    if (status == 101) {
        out += "Connection: Upgrade\r\n";
        for (const net::Field& field : head.fields) {
            if (field.id == FieldId::upgrade) line(out, "Upgrade", field.value);
        }
        return net::append_head_end(out);
    }
    if (!head.interim) {
        if (form.chunked) {
            out += "Transfer-Encoding: chunked\r\n";
        } else if (status != 204 && (head.framing == net::Framing::length ||
                                     (head.framing == net::Framing::none &&
                                      head.fields.has(FieldId::content_length)))) {
            net::append_field(out, "Content-Length", head.content_length);
        }
        if (!head.fields.has(FieldId::date)) line(out, "Date", form.date);
        if (!form.keep_alive) out += "Connection: close\r\n";
    }
    net::append_head_end(out);
}

std::size_t forwarded_addresses(const net::Fields& fields) {
    if (!fields.has(FieldId::x_forwarded_for)) return 0;
    std::size_t found = 0;
    for (const net::Field& field : fields) {
        if (field.id != FieldId::x_forwarded_for || field.value.empty()) continue;
        found +=
            1 + static_cast<std::size_t>(std::count(field.value.begin(), field.value.end(), ','));
    }
    return found;
}

void append_trace(std::string& out, std::optional<std::string_view> received,
                  std::uint64_t epoch_seconds, base::Random& random) {
    if (!received || received->empty() || received->size() > kTraceMax) {
        out += "Root=";
        return append_trace_id(out, epoch_seconds, random);
    }
    const bool has_root = received->find("Root=") != std::string_view::npos;
    out += has_root ? "Self=" : "Root=";
    append_trace_id(out, epoch_seconds, random);
    std::string_view rest = *received;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(';'), rest.size());
        const std::string_view part = rest.substr(0, end);
        if (!part.empty() && !part.starts_with("Self=")) out.append(";").append(part);
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
}

bool wants_json(std::optional<std::string_view> accept) {
    if (!accept) return false;
    const std::size_t json = accept->find("json");
    const std::size_t text = accept->find("text/");
    return json != std::string_view::npos && (text == std::string_view::npos || json < text);
}

}  // namespace edge
