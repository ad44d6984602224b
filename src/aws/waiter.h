#pragma once
// What an operation's answer says of a change that takes a while, as botocore's waiters have it.

#include "aws/shape.h"
#include "aws/value.h"
#include "base/result.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace aws {

enum class Waited : std::uint8_t { done, failed, not_yet };

enum class Match : std::uint8_t {
    all,   ///< There is something at the path, and all of it is as expected.
    any,   ///< Something at the path is.
    code,  ///< The service refuses with this code.
};

struct Acceptor {
    Waited state = Waited::not_yet;
    Match match = Match::all;
    std::string_view path = {};  ///< Names between dots; of a list, each item.
    std::string_view expected = {};
};

/// The first acceptor that matches decides; none: not yet.
struct Waiter {
    const Operation* operation = nullptr;
    int seconds = 0;  ///< Between two looks.
    int attempts = 0;
    std::span<const Acceptor> acceptors = {};
};

/// Pure; whoever waits owns the time. A refusal that no acceptor names is the caller's.
base::Result<Waited> look(const Waiter& waiter, const base::Result<Value>& answer);

}  // namespace aws
