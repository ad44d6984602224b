#pragma once
// What a person reads when something is wrong: a stable code, where, what, why, how to fix it.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace base {

/// A place in a file that a person can open. Lines and columns count from 1.
struct Place {
    std::string file;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    std::string line_text;     ///< The whole line, shown under the message.
    std::uint32_t length = 1;  ///< How much of the line is underlined.

    friend bool operator==(const Place&, const Place&) = default;
};

/// One finding. Codes are `CF` and four digits: 01 spec, 02 release and plan, 03 engine,
/// 04 local, 05 edge, 06 load, 07 command line, 08 AWS; `crossfade explain CODE` says more of each.
/// Texts carry no secret (P11).
struct Diagnostic {
    std::string code;
    std::string what;      ///< What is wrong, in one sentence without a full stop.
    std::string why = {};  ///< The cause, where it is known.
    std::string fix = {};  ///< What to do next.
    std::optional<Place> place = {};

    /// One line, for logs and journals: `[CF0101] what: why`.
    std::string line() const;

    /// Several lines, for a terminal: the message, the place with its line underlined, the fix.
    std::string text() const;

    friend bool operator==(const Diagnostic&, const Diagnostic&) = default;
};

/// Several findings, each as `text()`, apart by an empty line.
std::string text_of(const std::vector<Diagnostic>& diagnostics);

}  // namespace base
