#pragma once
// Heads as they leave the edge: what a hop must drop, what it must add (RFC 9110 §7.6, RFC 9112).

#include "base/random.h"
#include "net/http1.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace edge {

/// What the edge adds to a request, from the connection that it came on.
struct Hop {
    std::string_view client_ip;
    std::string_view listener_port;
    std::string_view trace;  ///< The X-Amzn-Trace-Id to send.
};

/// Appends the head for the target: origin form, Host from an absolute target, hop-by-hop fields
/// dropped, X-Forwarded-*, Via and X-Amzn-Trace-Id written. A body's framing is the same as it
/// came.
void append_request_head(std::string& out, const net::RequestHead& head, const Hop& hop);

/// How an answer goes on to the client.
struct AnswerForm {
    bool keep_alive = true;  ///< Else `Connection: close` is said.
    bool chunked = false;    ///< Transfer-Encoding: chunked, whatever the target used.
    std::string_view date;   ///< Written where the target sent none.
};

/// Appends an answer's head for the client; for 101 with Connection and Upgrade kept.
void append_answer_head(std::string& out, const net::ResponseHead& head, const AnswerForm& form);

/// How many addresses X-Forwarded-For lists; ALB refuses more than 30 with 463.
std::size_t forwarded_addresses(const net::Fields& fields);

/// X-Amzn-Trace-Id for the target: a new Root where there was none, our Self in front of a
/// given one, all other fields kept; what is above 7 KB is replaced.
void append_trace(std::string& out, std::optional<std::string_view> received,
                  std::uint64_t epoch_seconds, base::Random& random);

/// Whether an error's body should be JSON: the client names it or a type that contains it before
/// any text type.
bool wants_json(std::optional<std::string_view> accept);

}  // namespace edge
