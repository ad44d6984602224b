#include "cli/codes.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

namespace cli {
namespace {

namespace fs = std::filesystem;

// Tests and the simulated world make up codes of their own; the catalogue itself is no use of one.
bool is_product(const fs::path& path) {
    const std::string text = path.string();
    if (path.extension() != ".cpp" && path.extension() != ".h") return false;
    for (const char* other : {"_test.", "_fuzz.", "_contract.", "/sim/", "/cli/codes"}) {
        if (text.find(other) != std::string::npos) return false;
    }
    return true;
}

std::set<std::string> codes_in_use() {
    std::set<std::string> codes;
    const std::regex code("\"(CF[0-9]{4})\"");
    for (const auto& entry :
         fs::recursive_directory_iterator(fs::path(CROSSFADE_SOURCE_DIR) / "src")) {
        if (!is_product(entry.path())) continue;
        std::ifstream file(entry.path());
        const std::string text{std::istreambuf_iterator<char>(file), {}};
        for (std::sregex_iterator at(text.begin(), text.end(), code), end; at != end; ++at)
            codes.insert((*at)[1]);
    }
    return codes;
}

TEST(CliCodes, every_code_in_the_sources_is_explained_and_no_other) {
    const std::set<std::string> used = codes_in_use();
    EXPECT_GT(used.size(), 50U);
    std::set<std::string> explained;
    for (const CodeGroup& group : code_groups()) {
        for (const CodeEntry& entry : group.codes) explained.insert(std::string(entry.code));
    }
    for (const std::string& code : used)
        EXPECT_TRUE(explained.contains(code)) << code << " has no entry in src/cli/codes_*.cpp";
    for (const std::string& code : explained)
        EXPECT_TRUE(used.contains(code)) << code << " is explained and never used";
}

TEST(CliCodes, entries_rise_and_say_something_in_each_part) {
    std::string before;
    for (const CodeGroup& group : code_groups()) {
        for (const CodeEntry& entry : group.codes) {
            EXPECT_LT(before, entry.code);
            before = entry.code;
            EXPECT_FALSE(entry.title.ends_with('.')) << entry.code;
            for (const std::string_view part : {entry.meaning, entry.remedy, entry.safety})
                EXPECT_TRUE(part.ends_with('.') || part.ends_with(':')) << entry.code << part;
        }
    }
}

TEST(CliCodes, a_code_that_does_not_exist_is_not_found) {
    EXPECT_EQ(find_code("CF9999"), nullptr);
    ASSERT_NE(find_code("CF0720"), nullptr);
    EXPECT_EQ(find_code("CF0720")->code, "CF0720");
}

}  // namespace
}  // namespace cli
