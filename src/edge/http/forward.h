#pragma once
// Heads as they leave the edge: what a hop must drop, what it must add (RFC 9110 §7.6, RFC 9112).

#include "base/random.h"
#include "edge/config.h"
#include "edge/http/text.h"
#include "net/http1.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace edge {

/// What the edge adds to a request, from the connection that it came on.
struct Hop {
    std::string_view client;  ///< As X-Forwarded-For names it.
    std::string_view listener_port;
    const Attributes& attributes;
    std::uint32_t epoch_seconds;  ///< For a new trace id, as is `random`.
    base::Random& random;
    bool without_extensions = false;  ///< No WebSocket extension is offered: who reads must see.
    bool secure = false;              ///< The client came by TLS.
};

/// Where a request's own words stand in a text, for as long as it does.
struct Words {
    Place method;
    Place url;
    Place host;
    Place user_agent;
    Place trace;  ///< The X-Amzn-Trace-Id that the target gets.
};

/// Puts the head for the target: origin form, Host from an absolute target, hop-by-hop fields
/// dropped, X-Forwarded-*, Via and X-Amzn-Trace-Id written. A body's framing is the same as it
/// came. A `traceparent` is passed on where it is valid, else made, without `tracestate` (W3C Trace
/// Context §2.2, 3.2). The trace id is a new Root where there was none, else our Self in front of
/// the given one with its other fields kept; above 7 KB it is replaced.
Words put_request_head(Text& out, const net::RequestHead& head, const Hop& hop);

/// Puts the words alone, one behind the other, of a request that goes to no target.
Words note_request(Text& out, const net::RequestHead& head, const Hop& hop);

/// How an answer goes on to the client.
struct AnswerForm {
    bool keep_alive = true;  ///< Else `Connection: close` is said.
    bool chunked = false;    ///< Transfer-Encoding: chunked, whatever the target used.
    std::string_view date;   ///< Written where the target sent none.
    /// Of a 101: in place of the target's Sec-WebSocket-Extensions; empty: those stay.
    std::string_view extensions = {};
    std::string_view extra;  ///< Whole lines, each ended by CRLF.
    /// Written in place of what the target said; without a value: left out.
    std::span<const std::pair<std::string, std::string>> set;
};

/// Puts an answer's head for the client; for 101 with Connection and Upgrade kept.
void put_answer_head(Text& out, const net::ResponseHead& head, const AnswerForm& form);

/// Whether a name consists of letters, digits and hyphens (ALB's drop_invalid_header_fields).
bool is_valid_name(std::string_view name);
bool has_invalid_names(const net::Fields& fields);
/// Whether a `traceparent` is one that may be passed on.
bool is_trace_parent(std::string_view value);

/// How many addresses X-Forwarded-For lists; ALB refuses more than 30 with 463.
std::size_t forwarded_addresses(const net::Fields& fields);

/// Whether an error's body should be JSON: the client names it or a type that contains it before
/// any text type.
bool wants_json(std::optional<std::string_view> accept);

}  // namespace edge
