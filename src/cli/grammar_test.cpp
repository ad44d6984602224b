#include "cli/grammar.h"

#include "cli/commands.h"
#include "cli/golden_test.h"
#include "cli/help.h"

#include <gtest/gtest.h>

namespace cli {
namespace {

std::string code_of(const std::vector<std::string>& words) {
    const auto wanted = read_words(words);
    return wanted ? "" : wanted.error().diagnostics.front().code;
}

std::string fix_of(const std::vector<std::string>& words) {
    const auto wanted = read_words(words);
    return wanted ? "" : wanted.error().diagnostics.front().fix;
}

TEST(CliGrammar, options_of_all_commands_may_stand_before_or_after_the_command) {
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"--output", "json", "--state", "s", "status", "-w"},
          std::vector<std::string>{"status", "-w", "--state=s", "--output=json"},
          std::vector<std::string>{"-ojson", "status", "--state", "s", "--watch"}}) {
        const auto wanted = read_words(words);
        ASSERT_TRUE(wanted) << words.front();
        EXPECT_EQ(wanted->output, Output::json);
        EXPECT_EQ(wanted->state, "s");
    }
}

TEST(CliGrammar, commands_are_not_abbreviated) {
    EXPECT_EQ(code_of({"stat"}), "CF0701");
    EXPECT_EQ(code_of({"status", "--wat"}), "CF0702");
}

TEST(CliGrammar, a_slip_of_the_finger_is_told_what_was_probably_meant) {
    EXPECT_EQ(fix_of({"stauts"}), "did you mean `crossfade status`?");
    EXPECT_EQ(fix_of({"deploy", "--stratgy", "canary"}), "did you mean --strategy?");
    EXPECT_EQ(fix_of({"frobnicate"}), "`crossfade help` lists the commands");
}

TEST(CliGrammar, each_way_to_misspell_has_its_own_code) {
    EXPECT_EQ(code_of({"pause", "now"}), "CF0703");
    EXPECT_EQ(code_of({"deploy", "--strategy", "yolo"}), "CF0704");
    EXPECT_EQ(code_of({"deploy", "--plan"}), "CF0704");
    EXPECT_EQ(code_of({"deploy", "--plan", "p", "--strategy", "canary"}), "CF0704");
    EXPECT_EQ(code_of({"pause", "--timeout", "30"}), "CF0704");
    EXPECT_EQ(code_of({"audit"}), "CF0704");
}

TEST(CliGrammar, a_command_s_name_may_be_another_command_s_argument) {
    EXPECT_TRUE(read_words({"logs", "agent", "edge"}));
    EXPECT_TRUE(read_words({"help", "deploy"}));
}

TEST(CliGrammar, every_visible_command_says_what_it_does) {
    for (const CommandText& command : command_line().children) {
        EXPECT_FALSE(command.summary.empty()) << command.path.back();
        EXPECT_FALSE(command.summary.ends_with('.')) << command.path.back();
        for (const Spelling& option : command.options)
            EXPECT_FALSE(option.meaning.empty() && !command.group.empty())
                << command.path.back() << " " << option.names.back();
    }
}

TEST(CliHelp, reads_like_this) {
    const CommandText root = command_line();
    expect_golden("help.txt", help_text(root, root.options, Paint(false), 0));
    const CommandText* deploy = find_command(root, {"deploy"});
    ASSERT_NE(deploy, nullptr);
    expect_golden("help_deploy.txt", help_text(*deploy, root.options, Paint(false), 0));
    expect_golden("help_exit_codes.txt", exit_code_text(Paint(false), 0));
}

TEST(CliHelp, no_line_is_wider_than_a_small_terminal_where_words_allow) {
    const CommandText root = command_line();
    const std::string text = help_text(root, root.options, Paint(false), 60);
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text.find('\n', at);
        EXPECT_LE(columns_of(text.substr(at, end - at)), 60U) << text.substr(at, end - at);
        at = end + 1;
    }
}

}  // namespace
}  // namespace cli
