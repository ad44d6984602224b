#pragma once
// The sentences of the help: one summary a command, and what needs more words than that.

#include <string_view>

namespace cli {

struct CommandWords {
    std::string_view path;     ///< `audit verify`
    std::string_view group;    ///< Its heading in the list of commands; empty: hidden.
    std::string_view summary;  ///< One sentence without a full stop.
    std::string_view details;  ///< Paragraphs; lines that begin with two spaces are examples.
};

inline constexpr std::string_view kSummary =
    "Releases web applications without dropping a request, a socket or an upload";
extern const std::string_view kDetails;

/// Known paths only.
const CommandWords& words_of(std::string_view path);

}  // namespace cli
