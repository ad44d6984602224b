#pragma once
// How things fail here: a value or an Error, never an exception across a room's border.

#include "base/diagnostic.h"

#include <tl/expected.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace base {

/// What a caller can do about a failure. A new kind needs a caller that acts on it.
enum class Failure {
    rejected,     ///< Wrong, and wrong again if repeated.
    not_found,    ///< What was asked for does not exist.
    conflict,     ///< Someone was first: observe, decide again.
    unavailable,  ///< Nothing happened; the same call may work later.
    unknown,      ///< Sent but unanswered: it may have happened; observe before repeating.
};

/// The kind's name as it stands in journals and JSON.
std::string_view name_of(Failure failure);

/// What a caller can do, and what a person should read.
struct Error {
    Failure failure = Failure::rejected;
    Diagnostic diagnostic;

    /// One line: `[code] what: why`.
    std::string line() const { return diagnostic.line(); }

    friend bool operator==(const Error&, const Error&) = default;
};

template <typename T>
using Result = tl::expected<T, Error>;

/// An error to return from a function that gives a Result.
inline tl::unexpected<Error> fail(Failure failure, Diagnostic diagnostic) {
    return tl::unexpected<Error>(Error{failure, std::move(diagnostic)});
}

/// Hands on the error of another result.
template <typename T>
tl::unexpected<Error> fail(const Result<T>& other) {
    return tl::unexpected<Error>(other.error());
}

}  // namespace base
