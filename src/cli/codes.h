#pragma once
// Every code that a diagnostic can carry, explained. A test reads the sources and fails when a
// code is used that is not here, or stands here and is not used.

#include <span>
#include <string_view>

namespace cli {

struct CodeEntry {
    std::string_view code;     ///< `CF0302`
    std::string_view title;    ///< What happened, in half a sentence.
    std::string_view meaning;  ///< What it means and why it comes about.
    std::string_view remedy;   ///< What to do.
    std::string_view safety;   ///< What keeps users safe meanwhile.
};

/// Of one room, in rising order.
std::span<const CodeEntry> base_codes();
std::span<const CodeEntry> release_codes();
std::span<const CodeEntry> engine_codes();
std::span<const CodeEntry> local_codes();
std::span<const CodeEntry> edge_codes();
std::span<const CodeEntry> load_codes();
std::span<const CodeEntry> cli_codes();
std::span<const CodeEntry> aws_codes();
std::span<const CodeEntry> console_codes();

struct CodeGroup {
    std::string_view title;
    std::span<const CodeEntry> codes;
};
/// All rooms, in rising order.
std::span<const CodeGroup> code_groups();

/// Nullptr where there is no such code.
const CodeEntry* find_code(std::string_view code);

}  // namespace cli
