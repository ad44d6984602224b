#pragma once
// Texts compared with files that a person has read: `golden/NAME`. CROSSFADE_UPDATE_GOLDEN=1
// writes them instead.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace cli {

inline void expect_golden(const std::string& name, const std::string& text) {
    const std::filesystem::path path =
        std::filesystem::path(CROSSFADE_SOURCE_DIR) / "src/cli/golden" / name;
    if (std::getenv("CROSSFADE_UPDATE_GOLDEN") != nullptr) {
        std::ofstream(path) << text;
        return;
    }
    std::ifstream file(path);
    const std::string wanted{std::istreambuf_iterator<char>(file), {}};
    EXPECT_EQ(text, wanted) << path << "; CROSSFADE_UPDATE_GOLDEN=1 writes it anew";
}

}  // namespace cli
