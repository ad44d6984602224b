#pragma once
// How a WebSocket began: what its client asked, what it was given. Kept so that the same can be
// asked of another target. Holds cookies and tokens: never logged, wiped when it goes.

#include "edge/config.h"
#include "net/http1.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace edge {

/// What a target chose of what was offered.
struct Terms {
    std::string protocol;    ///< Sec-WebSocket-Protocol; empty: none.
    std::string extensions;  ///< Sec-WebSocket-Extensions, as one list; empty: none.
};
Terms terms_of(const net::ResponseHead& answer);

/// One allocation, as small as its texts: there may be many thousands.
class Handshake {
public:
    /// `request` is the head as the first target was given it.
    Handshake(std::string_view listener, std::string_view request, const Terms& terms);
    ~Handshake();
    Handshake(const Handshake&) = delete;
    Handshake& operator=(const Handshake&) = delete;

    /// What it was made of, but for the key; valid as long as this is.
    struct Parts {
        std::string_view listener;
        std::string_view request;
        std::string_view protocol;
        std::string_view extensions;
    };
    Parts parts() const { return {part(listener), part(head), part(protocol), part(extensions)}; }

    /// The head for another target. To be wiped by who asked.
    std::string request_with(std::string_view key) const;
    /// Whether a target with `terms` can take the place of the first one: the client need not
    /// learn of it.
    bool fits(const Terms& terms) const;
    /// The rule that the request meets by `rules`; the rules may be others than when it came.
    std::optional<std::size_t> rule_among(const std::vector<Rule>& rules) const;

private:
    enum Part : std::uint8_t { listener, protocol, extensions, head, count };
    std::string_view part(Part which) const;

    std::unique_ptr<char[]> bytes_;
    std::uint32_t ends_[count]{};
};

/// Overwrites a text that may hold secrets.
void wipe(std::span<char> text);

/// Whether compression may go on with another target's: none, or permessage-deflate (RFC 7692). Of
/// unknown extensions nothing is known of what they carry from message to message.
bool may_be_handed_on(std::string_view extensions);
/// What the client is told in place of `extensions`: with client_no_context_takeover, which a
/// server may add unasked (RFC 7692 §7.1.1.2), no message of the client refers to an earlier one
/// that the next target has never seen.
std::string extensions_for_client(std::string_view extensions);
/// Equal but for client_no_context_takeover, order and case.
bool same_extensions(std::string_view one, std::string_view other);

}  // namespace edge
