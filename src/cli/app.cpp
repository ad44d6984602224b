#include "cli/app.h"

#include "cli/commands.h"
#include "cli/findings.h"
#include "cli/grammar.h"
#include "cli/session.h"
#include "cli/who.h"

#include "base/file.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

namespace cli {
namespace {

// `--output json` holds for usage errors, too, before the grammar has been able to say so.
bool wants_json(const std::vector<std::string>& words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i] == "--output=json" || words[i] == "-ojson") return true;
        if ((words[i] == "--output" || words[i] == "-o") && i + 1 < words.size())
            return words[i + 1] == "json";
    }
    return false;
}

std::filesystem::path program_path(const std::string& program) {
    std::error_code error;
    const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
    return error ? std::filesystem::path(program) : self;
}

int end_with(const Ending& ending, Terminal& terminal, bool json) {
    if (ending) return static_cast<int>(*ending);
    const Refusal& refusal = ending.error();
    std::string text = json ? refusal_json(refusal) : refusal_text(refusal, terminal.err_paint());
    while (!text.empty() && text.back() == '\n') text.pop_back();
    if (!text.empty()) terminal.say(text);
    const char* const actions = std::getenv("GITHUB_ACTIONS");
    if (!json && actions != nullptr && std::string_view(actions) == "true") {
        std::string annotations = refusal_annotations(refusal);
        if (!annotations.empty()) annotations.pop_back();
        terminal.say(annotations);
    }
    return static_cast<int>(refusal.code);
}

}  // namespace

int run(const std::string& program, const std::vector<std::string>& words, base::Clock& clock) {
    Terminal terminal(Surroundings::of_process(), stdout, stderr);
    if (std::find(words.begin(), words.end(), "--no-color") != words.end())
        terminal.refuse_colours();
    const auto wanted = read_words(words);
    if (!wanted) return end_with(tl::unexpected(wanted.error()), terminal, wants_json(words));
    Session session{.clock = clock,
                    .terminal = terminal,
                    .begun = clock.now(),
                    .stop = {},
                    .output = wanted->output,
                    .state = wanted->state,
                    .spec = wanted->spec,
                    .token = wanted->token,
                    .actor = actor_of_process(),
                    .program = program_path(program)};
    if (!wanted->token.empty()) {
        auto holder = actor_by_token(session);
        if (!holder) {
            return end_with(refuse(ExitCode::usage, holder.error().diagnostic), terminal,
                            session.json());
        }
        session.actor = std::move(*holder);
    }
    // What an earlier command wrote there must not be taken for this one's.
    std::error_code gone;
    if (!wanted->diagnostics.empty()) std::filesystem::remove(wanted->diagnostics, gone);
    const Ending ending = wanted->command(session);
    if (!ending && !wanted->diagnostics.empty()) {
        const bool is_sarif = wanted->diagnostics.ends_with(".sarif");
        const std::string text =
            is_sarif ? refusal_sarif(ending.error()) : refusal_json(ending.error());
        const auto kept = base::write_file(wanted->diagnostics, text, 0644);
        if (!kept) terminal.say(kept.error().line());
    }
    return end_with(ending, terminal, session.json());
}

}  // namespace cli
