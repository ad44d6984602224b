#pragma once
// Numbers, times and bytes as the protocols spell them.

#include "aws/shape.h"
#include "aws/value.h"
#include "base/clock.h"
#include "base/result.h"

#include <optional>
#include <string>
#include <string_view>

namespace aws {

/// Nothing where the text is no base64; white space is no part of it.
std::optional<std::string> bytes_of(std::string_view base64);

/// Fractions of a second are written where there are any; `http` has none.
std::string time_text(base::Instant at, TimeFormat format);
/// Any of the formats: services do not always keep to their model.
std::optional<base::Instant> time_from(std::string_view text);

/// `NaN`, `Infinity`, `-Infinity`, or the shortest digits that give the number again.
std::string real_text(double number);

/// A scalar as text; `time` is used where the member leaves it open. Blobs become base64.
/// Fails (CF0801) where the value is not of the member's type.
base::Result<std::string> scalar_text(const Member& member, const Value& value, TimeFormat time);

/// The same backwards (CF0802).
base::Result<Value> scalar_from(const Member& member, std::string_view text);

/// CF0801 and CF0802.
tl::unexpected<base::Error> does_not_fit(std::string_view member, std::string_view why);
tl::unexpected<base::Error> cannot_be_read(std::string_view what, std::string_view why);

/// Deeper than any model of AWS goes on purpose.
inline constexpr int kDepthMax = 64;

}  // namespace aws
