#include "cli/reference.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace cli {
namespace {

TEST(CliReference, the_committed_pages_are_what_the_program_knows) {
    for (const auto& [name, content] : reference_pages()) {
        std::ifstream file(std::filesystem::path(CROSSFADE_SOURCE_DIR) / "docs/reference" / name);
        const std::string kept{std::istreambuf_iterator<char>(file), {}};
        EXPECT_TRUE(kept == content) << "docs/reference/" << name << " is old: run ./x docs";
    }
}

}  // namespace
}  // namespace cli
