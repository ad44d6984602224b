#pragma once
// Answers of the edge's own making: errors with ALB's status codes, fixed answers, redirects.

#include <cstdint>
#include <string>
#include <string_view>

namespace edge {

/// Why the edge answers by itself; each is one status and one sentence.
enum class Refusal : std::uint8_t {
    malformed,            ///< 400
    method_not_allowed,   ///< 405: TRACE, CONNECT
    header_timeout,       ///< 408
    body_timeout,         ///< 408
    body_too_large,       ///< 413
    target_too_long,      ///< 414
    head_too_large,       ///< 431
    not_implemented,      ///< 501: unknown transfer encoding
    version,              ///< 505
    no_rule,              ///< 404
    too_many_forwarders,  ///< 463
    target_refused,       ///< 502: no connection
    target_closed,        ///< 502: ended before its answer
    target_malformed,     ///< 502: no HTTP
    target_cut,           ///< 502: its drain's deadline was over
    no_target,            ///< 503
    held_too_long,        ///< 503: what it waited for did not come
    hold_full,            ///< 503: too many wait
    handed_back,          ///< 500: 379 for what cannot be sent again
    target_timeout,       ///< 504
    irregular,            ///< 400: what the desync mode does not let through
    protocol_mismatch,    ///< 464: the group's targets speak another protocol than the client
};

int status_of(Refusal refusal);
/// Stable, for machines: `edge.target.timeout`.
std::string_view id_of(Refusal refusal);
std::string_view message_of(Refusal refusal);
/// The refusal that is due for net's status of a malformed request.
Refusal refusal_for_status(int status);

/// How any answer of ours is framed.
struct OwnAnswer {
    int status = 200;
    std::string_view content_type;
    std::string_view body;
    std::string_view date;
    std::string_view extra;  ///< Whole header lines, each ended by CRLF.
    bool keep_alive = true;
    bool head_only = false;
};

void append_answer(std::string& out, const OwnAnswer& answer);

/// An error's body: Mattermost's form where JSON is wanted, a line of text elsewhere.
std::string refusal_body(Refusal refusal, bool json, std::string_view request_id);

}  // namespace edge
