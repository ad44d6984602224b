#pragma once
// How commands are spelt. CLI11 reads the words; what it knows of them is also a plain value, from
// which help, completion and the reference are made.

#include "cli/session.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace cli {

/// An option or, without names, a positional argument.
struct Spelling {
    std::vector<std::string> names = {};  ///< `-f`, `--follow`; empty for a positional argument.
    std::string value;                    ///< `FILE`, `text|json`; empty for a flag.
    std::string meaning;
    bool required = false;
    bool repeats = false;

    /// The words to choose from, where `value` lists them.
    std::vector<std::string> choices() const;
};

struct CommandText {
    std::vector<std::string> path;  ///< `audit`, `verify`; empty for crossfade itself.
    std::string summary;            ///< One sentence, the same in every list.
    std::string details;            ///< Paragraphs and examples.
    std::string group;              ///< The heading it is listed under; empty: hidden.
    std::vector<Spelling> options = {};
    std::vector<Spelling> positionals = {};
    std::vector<CommandText> children = {};
};

/// The whole command line as it can be spelt, hidden commands included.
CommandText command_line();

/// What was asked for, ready to be done.
struct Wanted {
    Output output = Output::text;
    bool plain = false;       ///< --no-color
    std::string diagnostics;  ///< Where to write what went wrong, too; empty: nowhere.
    std::string state;
    std::string spec;
    std::string token;
    std::function<Ending(Session&)> command;
};

/// Reads the words. A usage error names what was probably meant (CF0701 … CF0704).
tl::expected<Wanted, Refusal> read_words(const std::vector<std::string>& words);

}  // namespace cli
