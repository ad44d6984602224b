#pragma once
// For tests: conformance data that others collected. Not part of this repository: found by
// $CROSSFADE_TEST_DATA, else beside it.

#include "base/file.h"

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace base {

/// None where the data are absent: the test says so, and skips.
inline std::optional<std::filesystem::path> collected(std::string_view folder) {
    const char* const said = std::getenv("CROSSFADE_TEST_DATA");
    const std::filesystem::path root =
        said != nullptr ? said : std::filesystem::path(CROSSFADE_SOURCE_DIR) / "../shared/data";
    std::error_code ignored;
    if (!std::filesystem::is_directory(root / folder, ignored)) return {};
    return root / folder;
}

/// Empty where there is no such file.
inline std::string collected_text(const std::filesystem::path& file) {
    return read_file(file, {.count = 16 << 20}).value_or("");
}

}  // namespace base
