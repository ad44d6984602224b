#include "cli/grammar_parts.h"

#include "base/duration.h"

#include <algorithm>

namespace cli {

CLI::Validator one_of(std::vector<std::string> choices) {
    return CLI::Validator(
        [choices](std::string& word) -> std::string {
            if (std::find(choices.begin(), choices.end(), word) != choices.end()) return {};
            std::string list;
            for (const std::string& choice : choices) list += (list.empty() ? "" : ", ") + choice;
            return "'" + word + "' is none of " + list;
        },
        "", "one_of");
}

CLI::Validator duration() {
    return CLI::Validator(
        [](std::string& word) -> std::string {
            const auto length = base::duration_from(word);
            if (length) return {};
            return "'" + word + "' is no length of time; write one like 90s or 10m";
        },
        "", "duration");
}

CLI::App* command_of(CLI::App& parent, std::string_view path) {
    const CommandWords& words = words_of(path);
    const std::string name(path.substr(path.rfind(' ') + 1));
    CLI::App* command = parent.add_subcommand(name, std::string(words.summary));
    command->footer(std::string(words.details));
    command->group(std::string(words.group));
    command->fallthrough();
    command->set_help_flag("-h,--help", "Shows how this command is used");
    return command;
}

void on_call(Reading& reading, CLI::App* command, Ending (*action)(Session&)) {
    command->callback([&reading, action] { reading.wanted.command = action; });
}

}  // namespace cli
