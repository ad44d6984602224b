#pragma once
// `${port}` and its like in a process's command and environment.

#include "base/result.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace release {

/// The names that may stand in `${…}`: port, address, instance, pool, artifact.
const std::vector<std::string>& placeholder_names();

/// The names in `${…}` that `text` uses; rejects one that is not `known` and one that is not
/// closed.
/// `$${` stands for the characters `${`; any other `$` for itself.
base::Result<std::vector<std::string>> placeholders_in(
    std::string_view text, const std::vector<std::string>& known = placeholder_names());

/// `text` with each `${name}` replaced by its value; a name without a value is rejected.
base::Result<std::string> expanded(std::string_view text,
                                   const std::map<std::string, std::string>& values);

}  // namespace release
