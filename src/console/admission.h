#pragma once
// Who may do what. Pure: a request and what is known go in, a role or a refusal comes out.
//
// Against pages of other sites that a user's browser also shows: no cookie exists that a browser
// would send by itself; a request that acts needs a header that such a page cannot send without
// asking first, and nobody answers that question; its Origin must be this console's. Against names
// that are made to point here (DNS rebinding): the Host must be one of ours.

#include "base/clock.h"
#include "base/result.h"
#include "console/token.h"
#include "net/fields.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace console {

/// Who may look without a token.
enum class View { anyone, token };

std::string_view name_of(View view);

struct Door {
    /// `host:port` and bare names under which this console is reached, in lower case.
    std::vector<std::string> hosts;
    View view = View::anyone;
};

/// The field that every request which acts must carry, with any value.
inline constexpr std::string_view kActField = "X-Crossfade";

/// Loopback in all its spellings, with the port, and what else was named.
Door door_of(std::uint16_t port, const std::vector<std::string>& hosts, View view);

/// Why a request is not let in, as its answer says.
struct Turned {
    int status = 403;
    std::string code;
    std::string why;
};

/// Who asks, as far as it is known. No token: nobody, with what is open to all.
struct Caller {
    std::optional<Token> token;

    bool may_operate() const { return token && token->role == Role::operate; }
};

/// The secret of `Authorization: Bearer …`; empty where there is none.
std::string_view bearer_of(const net::FieldList& fields);

/// Whether the Host is one of the door's.
std::optional<Turned> check_host(const Door& door, const net::FieldList& fields);
/// For a request that changes something, beyond its token: where it comes from.
std::optional<Turned> check_source(const Door& door, const net::FieldList& fields);
/// For a request that only looks. `bearer` was given but led to no caller: it is over or wrong.
std::optional<Turned> check_view(const Door& door, const Caller& caller, bool has_bearer);
std::optional<Turned> check_operate(const Caller& caller, bool has_bearer);

}  // namespace console
