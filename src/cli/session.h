#pragma once
// What all commands share, and how each of them ends.

#include "base/clock.h"
#include "base/diagnostic.h"
#include "base/result.h"
#include "cli/exit_code.h"
#include "cli/terminal.h"

#include <tl/expected.hpp>

#include <filesystem>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

enum class Output { text, json };

/// Handed to every command; lives as long as the process.
struct Session {
    base::Clock& clock;
    Terminal& terminal;
    base::Instant begun;   ///< When the command was given: what a rollback's speed is counted from.
    std::stop_token stop;  ///< Requested by the first SIGINT or SIGTERM.
    Output output = Output::text;
    std::filesystem::path state;    ///< As given; empty: beside the spec.
    std::filesystem::path spec;     ///< As given; empty: found upward.
    std::filesystem::path token;    ///< A file with a console's token; empty: none.
    std::string actor;              ///< Who gave the command, as the journal is to have it.
    std::filesystem::path program;  ///< This binary, for the processes that `up` starts.

    bool json() const { return output == Output::json; }
};

/// A command that did not do what was asked: how it ends and what a person should read.
struct Refusal {
    ExitCode code = ExitCode::error;
    std::vector<base::Diagnostic> diagnostics;
};

using Ending = tl::expected<ExitCode, Refusal>;

inline tl::unexpected<Refusal> refuse(ExitCode code, base::Diagnostic diagnostic) {
    return tl::unexpected<Refusal>(Refusal{code, {std::move(diagnostic)}});
}
inline tl::unexpected<Refusal> refuse(const base::Error& error) {
    return refuse(exit_code_of(error), error.diagnostic);
}

/// As text for standard error, the findings apart by an empty line.
std::string refusal_text(const Refusal& refusal, const Paint& paint);
/// As one JSON document, schema `crossfade.error/1`.
std::string refusal_json(const Refusal& refusal);

}  // namespace cli
