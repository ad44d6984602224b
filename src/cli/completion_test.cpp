#include "cli/completion.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace cli {
namespace {

// What bash offers after these words; the last one is what is being typed.
std::string offered(const std::string& words) {
    const std::filesystem::path script = std::filesystem::temp_directory_path() /
                                         ("crossfade-completion-" + std::to_string(getpid()));
    std::ofstream(script) << bash_completion(command_line()) << "COMP_WORDS=(crossfade " << words
                          << ")\n"
                          << "COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n"
                          << "_crossfade\necho \"${COMPREPLY[@]}\"\n";
    const std::string command = "bash " + script.string() + " 2>&1";
    std::string out;
    // NOLINTNEXTLINE: the command is this test's own.
    std::FILE* pipe = popen(command.c_str(), "r");
    std::array<char, 4096> buffer{};
    while (std::fgets(buffer.data(), static_cast<int>(buffer.size()), pipe) != nullptr)
        out += buffer.data();
    pclose(pipe);
    std::filesystem::remove(script);
    return out.substr(0, out.find('\n'));
}

TEST(CliCompletion, bash_completes_commands_options_and_choices) {
    EXPECT_EQ(offered("sta"), "status");
    EXPECT_EQ(offered("audit v"), "verify");
    EXPECT_EQ(offered("deploy --st"), "--strategy --state");
    EXPECT_EQ(offered("deploy --strategy b"), "blue-green");
    EXPECT_EQ(offered("--output json dep"), "deploy");
    EXPECT_EQ(offered("status --output j"), "json");
    EXPECT_EQ(offered("completion z"), "zsh");
    EXPECT_EQ(offered("help exit"), "exit-codes");
}

TEST(CliCompletion, hidden_commands_are_offered_nowhere) {
    EXPECT_EQ(offered("age"), "");
    for (const std::string& script :
         {zsh_completion(command_line()), fish_completion(command_line())}) {
        EXPECT_EQ(script.find("ready-fd"), std::string::npos);
        EXPECT_NE(script.find("rollback"), std::string::npos);
        EXPECT_NE(script.find("complete releases"), std::string::npos);
    }
}

}  // namespace
}  // namespace cli
