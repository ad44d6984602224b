#include "edge/http/forward.h"

#include "edge/rule/route.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <system_error>

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

void put_length(Text& out, std::uint64_t bytes) {
    out.put("Content-Length: ");
    out.put_number(bytes);
    out.put("\r\n");
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

/// Copies the lines of all fields but those `without`; neighbours go in one piece. Gives where the
/// User-Agent stands.
Place copy_fields(Text& out, const net::Fields& fields, std::uint64_t without) {
    const bool compare = names_fields(fields);
    const char* const bytes = fields.bytes();
    std::uint32_t from = 0;  // a run of lines that stand one behind the other
    std::uint32_t to = 0;
    Place user_agent;
    const auto end_run = [&] {
        out.put({bytes + from, to - from});
        from = to = 0;
    };
    for (const net::FieldSpan& span : fields.spans()) {
        const std::string_view name(bytes + span.name_at, span.name_bytes);
        if ((without & bit(span.id)) != 0) continue;
        if (compare && fields.lists(FieldId::connection, name)) continue;
        if (span.name_at != to || !span.clean) {
            if (to != from) end_run();
            from = to = span.name_at;
        }
        if (span.id == FieldId::user_agent && user_agent.bytes == 0) {
            const std::uint32_t name_bytes = span.name_bytes + std::uint32_t{2};
            user_agent = {out.here() + (span.name_at - from) + name_bytes, span.value_bytes};
        }
        if (span.clean) {
            to = span.value_at + span.value_bytes + std::uint32_t{2};
        } else {
            out.put_line(name, {bytes + span.value_at, span.value_bytes});
            from = to = 0;
        }
    }
    if (to != from) end_run();
    return user_agent;
}

/// Line by line, those that `keep` wants.
template <typename Keep>
Place choose_fields(Text& out, const net::Fields& fields, std::uint64_t without, Keep keep) {
    Place user_agent;
    for (const net::Field& field : fields) {
        if (field.id != FieldId::other && (without & bit(field.id)) != 0) continue;
        if (fields.lists(FieldId::connection, field.name) || !keep(field)) continue;
        const std::uint32_t from = out.here();
        out.put_line(field.name, field.value);
        if (field.id != FieldId::user_agent || user_agent.bytes != 0) continue;
        user_agent = {from + static_cast<std::uint32_t>(field.name.size()) + 2,
                      static_cast<std::uint32_t>(field.value.size())};
    }
    return user_agent;
}

/// All values of one field as a list, then one more.
void joined(Text& out, const net::Fields& fields, FieldId id, std::string_view last) {
    if (fields.has(id)) {
        for (const net::Field& field : fields) {
            if (field.id != id || field.value.empty()) continue;
            out.put(field.value);
            out.put(", ");
        }
    }
    out.put(last);
    out.put("\r\n");
}

constexpr std::size_t kTraceIdBytes = 35;  // 1-(8)-(24)

void put_trace_id(Pen& out, std::uint32_t epoch_seconds, base::Random& random) {
    out.put("1-");
    out.put_hex(epoch_seconds);
    out.put('-');
    out.put_hex(random.next());
    out.put_hex(static_cast<std::uint32_t>(random.next()));
}

[[gnu::flatten]] void put_trace_parent(Text& text, base::Random& random) {
    constexpr std::size_t kBytes = 70;  // traceparent: 00-(32)-(16)-01 and CRLF
    Pen out(text, kBytes);
    out.put("traceparent: 00-");
    // All zero would be invalid.
    out.put_hex(random.next() | 1U);
    out.put_hex(random.next() | 1U);
    out.put('-');
    out.put_hex(random.next() | 1U);
    // Sampled: else nobody behind us would keep a trace that we began.
    out.put("-01\r\n");
}

bool brings_trace(const net::Fields& fields) {
    if (!fields.has(FieldId::traceparent)) return false;
    std::size_t lines = 0;
    for (const net::FieldSpan& span : fields.spans()) lines += span.id == FieldId::traceparent;
    return lines == 1 && is_trace_parent(*fields.find(FieldId::traceparent));
}

/// Host; ALB's default where it is not preserved: the listener's port, but for the usual ones.
void put_host(Pen& out, std::string_view authority, const Hop& hop) {
    if (hop.attributes.preserve_host) return out.put(authority);
    out.put(host_of(authority));
    if (hop.listener_port == "80" || hop.listener_port == "443") return;
    out.put(':');
    out.put(hop.listener_port);
}

void put_forwarded_for(Text& out, const net::Fields& fields, const Hop& hop) {
    switch (hop.attributes.forwarded_for) {
        case ForwardedFor::append:
            out.put("X-Forwarded-For: ");
            return joined(out, fields, FieldId::x_forwarded_for, hop.client);
        case ForwardedFor::preserve:
            for (const net::Field& field : fields) {
                if (field.id == FieldId::x_forwarded_for) out.put_line(field.name, field.value);
            }
            return;
        case ForwardedFor::remove:
            return;
    }
}

/// One less than the client said (RFC 9110 §7.6.2); as it was where that is no number.
void put_hops_left(Text& out, const net::Fields& fields) {
    const std::string_view said = *fields.find(FieldId::max_forwards);
    std::uint32_t hops = 0;
    const char* const end = said.data() + said.size();
    const auto [at, error] = std::from_chars(said.data(), end, hops);
    if (error != std::errc() || at != end || hops == 0) {
        return out.put_line("Max-Forwards", said);
    }
    out.put("Max-Forwards: ");
    out.put_number(hops - 1);
    out.put("\r\n");
}

/// Trailers are passed on, other transfer codings are not (RFC 9110 §10.1.4).
bool takes_trailers(const net::Fields& fields) {
    for (const net::Field& field : fields) {
        if (field.id != FieldId::te) continue;
        if (field.value.find("trailers") != std::string_view::npos) return true;
    }
    return false;
}

/// In origin form.
void put_target(Pen& out, const net::RequestHead& head) {
    if (!head.target.empty() && (head.target[0] == '/' || head.target == "*")) {
        return out.put(head.target);
    }
    out.put(head.path.empty() ? std::string_view("/") : head.path);
    if (head.query.empty()) return;
    out.put('?');
    out.put(head.query);
}

/// All fields of a trace id but Self, each with a semicolon in front.
[[gnu::noinline]] void put_rest_of_trace(Text& out, std::string_view rest) {
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(';'), rest.size());
        const std::string_view part = rest.substr(0, end);
        if (!part.empty() && !part.starts_with("Self=")) {
            out.put(';');
            out.put(part);
        }
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
}

void put_own_trace(Text& text, std::string_view name, const Hop& hop) {
    constexpr std::size_t kNameBytes = 5;
    Pen out(text, kNameBytes + kTraceIdBytes);
    out.put(name);
    put_trace_id(out, hop.epoch_seconds, hop.random);
}

/// X-Amzn-Trace-Id for the target: a new Root where there was none, our Self in front of a given
/// one, all other fields kept; what is above 7 KB is replaced.
Place put_trace(Text& out, const net::Fields& fields, const Hop& hop) {
    const std::uint32_t from = out.here();
    const auto received = fields.find(FieldId::x_amzn_trace_id);
    if (!received || received->empty() || received->size() > kTraceMax) {
        put_own_trace(out, "Root=", hop);
        return out.since(from);
    }
    const bool has_root = received->find("Root=") != std::string_view::npos;
    put_own_trace(out, has_root ? "Self=" : "Root=", hop);
    put_rest_of_trace(out, *received);
    return out.since(from);
}

// Flattened: a piece whose size the compiler knows is a few moves, and a call is more.

/// The request line, in origin form, and Host.
[[gnu::flatten]] void put_first_lines(Text& text, const net::RequestHead& head, const Hop& hop,
                                      Words& words) {
    constexpr std::size_t kOwnBytes = 32;  // the spaces, version, `Host: `, a colon, line ends
    Pen out(text, head.method_text.size() + head.target.size() + head.path.size() +
                      head.query.size() + head.authority.size() + hop.listener_port.size() +
                      kOwnBytes);
    const std::uint32_t from = out.here();
    out.put(head.method_text);
    words.method = out.since(from);
    out.put(' ');
    const std::uint32_t target = out.here();
    put_target(out, head);
    words.url = out.since(target);
    out.put(" HTTP/1.1\r\nHost: ");
    const std::uint32_t host = out.here();
    put_host(out, head.authority, hop);
    words.host = out.since(host);
    out.put("\r\n");
}

[[gnu::flatten]] void put_forwarded_lines(Text& text, const Hop& hop) {
    constexpr std::string_view kProto = "X-Forwarded-Proto: ";
    constexpr std::string_view kPort = "\r\nX-Forwarded-Port: ";
    constexpr std::string_view kTrace = "\r\nX-Amzn-Trace-Id: ";
    Pen out(text, kProto.size() + 5 + kPort.size() + hop.listener_port.size() + kTrace.size());
    out.put(kProto);
    out.put(hop.secure ? std::string_view("https") : std::string_view("http"));
    out.put(kPort);
    out.put(hop.listener_port);
    out.put(kTrace);
}

}  // namespace

[[gnu::flatten]] Words put_request_head(Text& out, const net::RequestHead& head, const Hop& hop) {
    Words words;
    put_first_lines(out, head, hop, words);
    std::uint64_t without = kNotToTarget;
    const bool make_trace = hop.attributes.trace_context && !brings_trace(head.fields);
    const bool counts_hops =
        head.method == net::Method::options && head.fields.has(FieldId::max_forwards);
    if (hop.without_extensions) without |= bit(FieldId::sec_websocket_extensions);
    if (counts_hops) without |= bit(FieldId::max_forwards);
    if (make_trace) without |= bit(FieldId::traceparent) | bit(FieldId::tracestate);
    if (hop.attributes.drop_invalid_fields) {
        words.user_agent = choose_fields(out, head.fields, without, [](const net::Field& field) {
            return is_valid_name(field.name);
        });
    } else {
        words.user_agent = copy_fields(out, head.fields, without);
    }
    if (make_trace) put_trace_parent(out, hop.random);
    if (counts_hops) put_hops_left(out, head.fields);
    put_forwarded_for(out, head.fields, hop);
    put_forwarded_lines(out, hop);
    words.trace = put_trace(out, head.fields, hop);
    out.put("\r\nVia: ");
    joined(out, head.fields, FieldId::via, "1.1 crossfade");
    if (head.framing == net::Framing::chunked) {
        out.put("Transfer-Encoding: chunked\r\n");
    } else if (head.framing == net::Framing::length || head.fields.has(FieldId::content_length)) {
        put_length(out, head.content_length);
    }
    // No other protocol is let through: behind an unknown one (h2c) requests would pass unseen.
    if (head.wants_websocket()) {
        out.put("Connection: Upgrade\r\nUpgrade: websocket\r\n");
    } else if (head.fields.has(FieldId::te) && takes_trailers(head.fields)) {
        out.put("Connection: TE\r\nTE: trailers\r\n");
    }
    out.put("\r\n");
    return words;
}

Words note_request(Text& out, const net::RequestHead& head, const Hop& hop) {
    Words words;
    words.method = out.placed(head.method_text);
    words.url = out.placed(head.target);
    words.host = out.placed(head.authority);
    words.user_agent =
        out.placed(head.fields.find(FieldId::user_agent).value_or(std::string_view()));
    words.trace = put_trace(out, head.fields, hop);
    return words;
}

[[gnu::flatten]] void put_answer_head(Text& out, const net::ResponseHead& head,
                                      const AnswerForm& form) {
    const auto status = static_cast<unsigned>(head.status);
    out.put("HTTP/1.1 ");
    out.put(static_cast<char>('0' + status / 100));
    out.put(static_cast<char>('0' + status / 10 % 10));
    out.put(static_cast<char>('0' + status % 10));
    out.put(' ');
    out.put(head.reason);
    out.put("\r\n");
    const std::uint64_t without = form.extensions.empty()
                                      ? kNotToClient
                                      : kNotToClient | bit(FieldId::sec_websocket_extensions);
    if (form.set.empty()) {
        copy_fields(out, head.fields, without);
    } else {
        choose_fields(out, head.fields, without, [&](const net::Field& field) {
            return std::none_of(form.set.begin(), form.set.end(), [&](const auto& own) {
                return net::same_ignoring_case(own.first, field.name);
            });
        });
        for (const auto& [name, value] : form.set) {
            if (!value.empty()) out.put_line(name, value);
        }
    }
    out.put(form.extra);
    if (status == 101) {
        if (!form.extensions.empty()) {
            out.put_line("Sec-WebSocket-Extensions", form.extensions);
        }
        out.put("Connection: Upgrade\r\n");
        for (const net::Field& field : head.fields) {
            if (field.id == FieldId::upgrade) out.put_line("Upgrade", field.value);
        }
        return out.put("\r\n");
    }
    if (!head.interim) {
        if (form.chunked) {
            out.put("Transfer-Encoding: chunked\r\n");
        } else if (status != 204 && (head.framing == net::Framing::length ||
                                     (head.framing == net::Framing::none &&
                                      head.fields.has(FieldId::content_length)))) {
            put_length(out, head.content_length);
        }
        if (!head.fields.has(FieldId::date)) out.put_line("Date", form.date);
        if (!form.keep_alive) out.put("Connection: close\r\n");
    }
    out.put("\r\n");
}

bool is_valid_name(std::string_view name) {
    return std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               c == '-';
    });
}

bool has_invalid_names(const net::Fields& fields) {
    for (const net::Field& field : fields) {
        if (!is_valid_name(field.name)) return true;
    }
    return false;
}

bool is_trace_parent(std::string_view value) {
    constexpr std::size_t kBytes = 55;  // 00-(32)-(16)-(2)
    if (value.size() < kBytes || value[2] != '-' || value[35] != '-' || value[52] != '-') {
        return false;
    }
    const auto hex = [&](std::size_t at, std::size_t count) {
        const std::string_view part = value.substr(at, count);
        return part.find_first_not_of("0123456789abcdef") == std::string_view::npos;
    };
    const auto zero = [&](std::size_t at, std::size_t count) {
        return value.substr(at, count).find_first_not_of('0') == std::string_view::npos;
    };
    if (!hex(0, 2) || !hex(3, 32) || !hex(36, 16) || !hex(53, 2)) return false;
    if (zero(3, 32) || zero(36, 16) || value.starts_with("ff")) return false;
    // Later versions may say more behind another hyphen.
    return value.size() == kBytes || (!value.starts_with("00") && value[kBytes] == '-');
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

bool wants_json(std::optional<std::string_view> accept) {
    if (!accept) return false;
    const std::size_t json = accept->find("json");
    const std::size_t text = accept->find("text/");
    return json != std::string_view::npos && (text == std::string_view::npos || json < text);
}

}  // namespace edge
