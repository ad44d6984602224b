#include "cli/reference.h"

#include "cli/codes.h"
#include "cli/commands.h"
#include "cli/grammar.h"
#include "cli/help.h"
#include "cli/manual.h"

#include "base/file.h"
#include "release/spec.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>

namespace cli {
namespace {

constexpr std::string_view kOrigin =
    "<!-- Written by `crossfade reference docs/reference`; edit the sources instead. -->\n";

// A cell of a table: a bar would end it.
std::string cell(std::string_view text) {
    std::string out;
    for (const char c : text) out += c == '|' ? "\\|" : std::string(1, c);
    return out;
}

std::string trimmed(std::string text) {
    text.erase(0, text.find_first_not_of(' '));
    return text;
}

std::string option_table(std::string_view title, const std::vector<Spelling>& options) {
    std::string rows;
    for (const Spelling& option : options) {
        if (!option.names.empty() && option.names.back() == "--help") continue;
        rows += fmt::format("| `{}` | {} |\n", cell(trimmed(option_words(option))),
                            cell(option.meaning));
    }
    if (rows.empty()) return "";
    return fmt::format("\n| {} | |\n|---|---|\n{}", title, rows);
}

// Prose as it is; lines that begin with two spaces become a block of code.
std::string prose(std::string_view details) {
    std::string out;
    bool in_code = false;
    for (std::size_t at = 0; at < details.size();) {
        const std::size_t end = std::min(details.find('\n', at), details.size());
        const std::string_view line = details.substr(at, end - at);
        at = end + 1;
        const bool code = line.starts_with("  ");
        if (code != in_code) out += code ? "\n```sh\n" : "```\n";
        in_code = code;
        if (!line.empty() || !code) out += std::string(code ? line.substr(2) : line) + '\n';
    }
    if (in_code) out += "```\n";
    return out;
}

std::string command_section(const CommandText& command) {
    std::string out;
    if (!command.path.empty()) {
        out += fmt::format("\n{} crossfade {}\n\n{}.\n\n    {}\n",
                           command.path.size() == 1 ? "##" : "###", fmt::join(command.path, " "),
                           command.summary, usage_line(command));
        out += option_table("Argument", command.positionals);
        out += option_table("Option", command.options);
        if (!command.details.empty()) out += "\n" + prose(command.details);
    }
    for (const CommandText& child : command.children) {
        if (!child.group.empty()) out += command_section(child);
    }
    return out;
}

std::string cli_page() {
    const CommandText root = command_line();
    std::string list;
    for (const CommandText& child : root.children) {
        if (child.group.empty()) continue;
        list += fmt::format("| [`{0}`](#crossfade-{0}) | {1} |\n", child.path.back(),
                            cell(child.summary));
    }
    return fmt::format(
        "{}# The command line\n\n{}.\n\n{}\n\n"
        "Options may stand before or after the command. Results go to standard output, talk to "
        "standard error. With `--output json` a command prints one document (a stream of "
        "documents, "
        "one a line, where it follows something), whose `schema` names its form and version; "
        "members may be added without a new version. How commands end: "
        "[exit codes](exit-codes.md). What a code in brackets means: [diagnostics](diagnostics.md)."
        "\n\n| command | |\n|---|---|\n{}{}{}",
        kOrigin, root.summary, root.details, list,
        option_table("Option of all commands", root.options), command_section(root));
}

std::string exit_code_page() {
    std::string rows;
    for (const ExitCodeEntry& entry : exit_codes()) {
        rows += fmt::format("| {} | `{}` | {} | {} |\n", static_cast<int>(entry.code), entry.name,
                            cell(entry.meaning), cell(entry.next));
    }
    return fmt::format(
        "{}# Exit codes\n\nA number keeps its meaning.\n\n"
        "| code | name | what it means | what to do |\n|---|---|---|---|\n{}",
        kOrigin, rows);
}

std::string diagnostics_page() {
    std::string out = fmt::format(
        "{}# Diagnostics\n\nEvery message has a code. `crossfade explain CODE` prints what stands "
        "here.\n",
        kOrigin);
    for (const CodeGroup& group : code_groups()) {
        out += fmt::format("\n## {}\n", group.title);
        for (const CodeEntry& entry : group.codes) {
            out += fmt::format(
                "\n### {}: {}\n\n{}\n\n**What to do.** {}\n\n**What keeps users "
                "safe.** {}\n",
                entry.code, entry.title, entry.meaning, entry.remedy, entry.safety);
        }
    }
    return out;
}

}  // namespace

std::map<std::string, std::string> reference_pages() {
    return {{"cli.md", cli_page()},
            {"crossfade.1", manual_page()},
            {"exit-codes.md", exit_code_page()},
            {"diagnostics.md", diagnostics_page()},
            {"spec.md", release::spec_reference()}};
}

Ending reference(Session& session, const std::string& folder) {
    for (const auto& [name, content] : reference_pages()) {
        const auto written = base::write_file(std::filesystem::path(folder) / name, content, 0644);
        if (!written) return refuse(written.error());
        session.terminal.say(fmt::format("wrote {}/{}", folder, name));
    }
    return ExitCode::done;
}

}  // namespace cli
