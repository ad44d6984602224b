#pragma once
// For tests: third-party data that is not in the repository.

#include "aws/model_test.h"
#include "base/file.h"
#include "base/units.h"

#include <cstdlib>
#include <optional>
#include <string>

namespace aws {

/// A file of botocore's tests from $CROSSFADE_TEST_DATA, else ../shared/data beside the repository.
inline std::optional<OrderedJson> botocore_json(const std::string& path) {
    const char* const given = std::getenv("CROSSFADE_TEST_DATA");
    const std::string folder =
        given != nullptr ? given : std::string(CROSSFADE_SOURCE_DIR) + "/../shared/data";
    const auto text = base::read_file(folder + "/botocore/tests/" + path, base::Bytes{32 << 20});
    if (!text) return {};
    return OrderedJson::parse(*text);
}

}  // namespace aws
