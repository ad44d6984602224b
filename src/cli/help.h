#pragma once
// Help as text, from the grammar as a value.

#include "cli/grammar.h"
#include "cli/text.h"

#include <cstddef>
#include <string>
#include <vector>

namespace cli {

/// `crossfade deploy [--plan FILE] …`
std::string usage_line(const CommandText& command);
/// `-o, --output text|json`
std::string option_words(const Spelling& option);
std::string help_text(const CommandText& command, const std::vector<Spelling>& globals,
                      const Paint& paint, std::size_t columns);
std::string exit_code_text(const Paint& paint, std::size_t columns);

/// The command below `root` at `path`, or nullptr.
const CommandText* find_command(const CommandText& root, const std::vector<std::string>& path);

}  // namespace cli
