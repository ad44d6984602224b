#pragma once
// What people are told of a release while it goes on: four moments, each in one message. Pure.

#include "base/clock.h"
#include "engine/status.h"
#include "release/policy.h"

#include <optional>
#include <string>
#include <string_view>

namespace report {

enum class Moment {
    started,
    needs_you,  ///< It waits for a person's consent, or cannot be taken back.
    aborted,    ///< It goes back; why is said.
    done,       ///< It has ended, well or taken back.
};

std::string_view name_of(Moment moment);

/// The moment that `after` is and `before` (none: nothing was seen yet) was not.
std::optional<Moment> moment_between(const engine::Status* before, const engine::Status& after);

/// The message's body for the other end, as JSON. Nothing in it calls people or is markup that came
/// from outside.
std::string body_for(release::Notice::Kind kind, Moment moment, const engine::Status& status);

/// A message of `webhook` with a name of its own, so that whoever gets it twice knows.
struct Signed {
    std::string id;
    std::string timestamp;  ///< Seconds since 1970.
    std::string signature;  ///< `v1,` and the HMAC-SHA256 of `id.timestamp.body`, as base64.
};

/// As https://www.standardwebhooks.com has it: headers webhook-id, -timestamp and -signature.
Signed sign(std::string_view key, std::string_view body, const std::string& id, base::Instant now);

}  // namespace report
