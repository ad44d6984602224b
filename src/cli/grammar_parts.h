#pragma once
// How one command is spelt, for the files that spell them: grammar.cpp and its kin.

#include "cli/grammar.h"
#include "cli/grammar_texts.h"

#include <CLI/App.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cli {

/// While words are read: what the globals were and which command was meant.
struct Reading {
    Wanted wanted;
    CLI::App app{std::string(kSummary), "crossfade"};
};

CLI::Validator one_of(std::vector<std::string> choices);
CLI::Validator duration();

/// Makes the command of this path, with its words.
CLI::App* command_of(CLI::App& parent, std::string_view path);

/// The common shape of a command: an options value, filled by CLI11, handed to a function.
template <typename Options>
void on_call(Reading& reading, CLI::App* command, const std::shared_ptr<Options>& options,
             Ending (*action)(Session&, const Options&)) {
    command->callback([&reading, options, action] {
        reading.wanted.command = [options, action](Session& session) {
            return action(session, *options);
        };
    });
}
void on_call(Reading& reading, CLI::App* command, Ending (*action)(Session&));

template <typename T>
CLI::Option* value_of(CLI::App* command, std::string name, T& place, std::string_view type,
                      std::string_view meaning) {
    return command->add_option(std::move(name), place, std::string(meaning))
        ->type_name(std::string(type));
}

// Commands by what they are for.
void add_looking_commands(Reading& reading);
void add_load_command(Reading& reading);
void add_simulate_command(Reading& reading);
void add_rehearse_command(Reading& reading);

}  // namespace cli
