#pragma once
// The output of a program that a profile names as its `credential_process`.

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"

#include <string>
#include <string_view>
#include <vector>

namespace aws {

/// Words as a shell splits them: spaces, quotes and backslashes; nothing is expanded.
std::vector<std::string> words_of(std::string_view command);

/// What the program writes, with its stderr left where ours goes. No shell is involved. Fails
/// (CF0809) where it cannot be started, ends with another status than 0, or is not done at
/// `deadline`; it is killed then. Neither its arguments nor its output stand in the error.
base::Result<base::Secret> output_of(const std::vector<std::string>& words, base::Clock& clock,
                                     base::Deadline deadline);

}  // namespace aws
