#pragma once
// For tests: conformance data that others collected, found by $CROSSFADE_TEST_DATA, else beside
// this repository.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

namespace aws {

inline std::optional<std::filesystem::path> collected(std::string_view folder) {
    const char* const said = std::getenv("CROSSFADE_TEST_DATA");
    const std::filesystem::path root =
        said != nullptr ? said : std::filesystem::path(CROSSFADE_SOURCE_DIR) / "../shared/data";
    std::error_code ignored;
    if (!std::filesystem::is_directory(root / folder, ignored)) return {};
    return root / folder;
}

/// Empty where there is no such file.
inline std::string text_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace aws
