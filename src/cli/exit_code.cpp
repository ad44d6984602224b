#include "cli/exit_code.h"

#include <array>
#include <string>

namespace cli {
namespace {

constexpr std::array kEntries{
    ExitCodeEntry{ExitCode::done, "done", "What was asked for is done.", "Go on."},
    ExitCodeEntry{ExitCode::error, "error", "It failed, and users were not touched by the failure.",
                  "Read the diagnostic; `crossfade explain CODE` says more."},
    ExitCodeEntry{ExitCode::usage, "usage", "The command line, the spec or the plan is wrong.",
                  "Correct it; nothing was changed."},
    ExitCodeEntry{ExitCode::credentials, "credentials",
                  "The provider did not accept the credentials, or the state may not be read.",
                  "Give the process the right to do this; nothing was changed."},
    ExitCodeEntry{ExitCode::rolled_back, "rolled_back",
                  "The release was taken back; users are safe on the old one.",
                  "Find out why the release failed before the next one."},
    ExitCodeEntry{ExitCode::rollback_failed, "rollback_failed",
                  "The release failed and could not be taken back: a person is needed now.",
                  "Look at `crossfade status`, mend what it names, then `crossfade resume`."},
    ExitCodeEntry{ExitCode::lease_held, "lease_held",
                  "Someone else is changing this application; the message says who and since when.",
                  "Wait for them, or ask them to stop; nothing was changed."},
    ExitCodeEntry{ExitCode::refused, "refused", "A gate or a person refused the release.",
                  "Talk to the gate's owner; users are on the old release."},
    ExitCodeEntry{ExitCode::timed_out, "timed_out",
                  "It did not come about in the time given, or the other side did not answer.",
                  "Look at `crossfade status`: what was asked for may still happen."},
    ExitCodeEntry{ExitCode::interrupted, "interrupted",
                  "A signal ended the command; traffic stays at the last verified weight.",
                  "`crossfade resume` goes on, `crossfade abort` goes back."},
    ExitCodeEntry{ExitCode::run_void, "run_void",
                  "`load`: the machine was too busy for the figures to mean anything.",
                  "Play fewer users, or let nothing else run beside it."},
    ExitCodeEntry{ExitCode::unmet, "unmet", "`load`: a requirement was not met.",
                  "The report says which one, and by how much."},
    ExitCodeEntry{ExitCode::killed_by_int, "killed_by_int",
                  "A second SIGINT ended the command at once.",
                  "`crossfade resume` goes on: the journal knows how far it got."},
    ExitCodeEntry{ExitCode::killed_by_term, "killed_by_term",
                  "A second SIGTERM ended the command at once.",
                  "`crossfade resume` goes on: the journal knows how far it got."},
};

}  // namespace

std::span<const ExitCodeEntry> exit_codes() {
    return kEntries;
}

std::string_view name_of(ExitCode code) {
    for (const ExitCodeEntry& entry : kEntries) {
        if (entry.code == code) return entry.name;
    }
    return "error";
}

ExitCode exit_code_of(const base::Error& error) {
    for (const std::string_view code : {"CF0804", "CF0808", "CF0809"})
        if (error.diagnostic.code == code) return ExitCode::credentials;
    // Of a store or folder that may not be opened the kind alone says too little.
    if (error.diagnostic.why.find("Permission denied") != std::string::npos)
        return ExitCode::credentials;
    return ExitCode::error;
}

}  // namespace cli
