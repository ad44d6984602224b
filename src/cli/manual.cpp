#include "cli/manual.h"

#include "cli/exit_code.h"
#include "cli/grammar.h"
#include "cli/help.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace cli {
namespace {

// The one character of our texts that roff's own encoding lacks.
constexpr std::string_view kEllipsis = "…";

// What roff would take for markup, and hyphens that a person may want to copy.
std::string escaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (text.substr(i).starts_with(kEllipsis)) {
            out += "...";
            i += kEllipsis.size() - 1;
        } else if (c == '\\') {
            out += "\\e";
        } else if (c == '-') {
            out += "\\-";
        } else {
            out += c;
        }
    }
    return out.starts_with('.') || out.starts_with('\'') ? "\\&" + out : out;
}

// Prose as paragraphs; lines that begin with two spaces stand as they are.
std::string prose(std::string_view details) {
    std::string out;
    bool in_code = false;
    while (!details.empty()) {
        const std::size_t end = std::min(details.find('\n'), details.size());
        const std::string_view line = details.substr(0, end);
        details.remove_prefix(std::min(end + 1, details.size()));
        const bool code = line.starts_with("  ");
        if (code && !in_code) out += ".PP\n.RS 4\n.nf\n";
        if (!code && in_code) out += ".fi\n.RE\n";
        in_code = code;
        if (line.empty()) {
            out += ".PP\n";
        } else {
            out += escaped(code ? line.substr(2) : line) + '\n';
        }
    }
    if (in_code) out += ".fi\n.RE\n";
    return out;
}

std::string items(const std::vector<Spelling>& spellings) {
    std::string out;
    for (const Spelling& each : spellings) {
        if (!each.names.empty() && each.names.back() == "--help") continue;
        std::string words = option_words(each);
        words.erase(0, words.find_first_not_of(' '));
        out += fmt::format(".TP\n.B {}\n{}.\n", escaped(words), escaped(each.meaning));
    }
    return out;
}

std::string section(const CommandText& command) {
    std::string out;
    if (!command.path.empty()) {
        out += fmt::format(".SS {}\n{}.\n", escaped(usage_line(command)), escaped(command.summary));
        if (!command.details.empty()) out += ".PP\n" + prose(command.details);
        out += items(command.positionals) + items(command.options);
    }
    for (const CommandText& child : command.children) {
        if (!child.group.empty()) out += section(child);
    }
    return out;
}

// A blank line would be one on paper, and two paragraph breaks are one too many.
std::string without_gaps(std::string page) {
    constexpr std::string_view kTwice = ".PP\n.PP\n";
    for (auto at = page.find(kTwice); at != std::string::npos; at = page.find(kTwice, at))
        page.replace(at, kTwice.size(), ".PP\n");
    for (const std::string_view next : {".TP\n", ".SS ", ".SH "}) {
        const std::string gap = ".PP\n" + std::string(next);
        for (auto at = page.find(gap); at != std::string::npos; at = page.find(gap, at))
            page.replace(at, gap.size(), next);
    }
    return page;
}

}  // namespace

std::string manual_page() {
    const CommandText root = command_line();
    std::string page = fmt::format(
        ".TH CROSSFADE 1 \"\" \"crossfade\" \"User Commands\"\n"
        ".SH NAME\ncrossfade \\- {}\n.SH SYNOPSIS\n.B crossfade\n[options] command [arguments]\n"
        ".SH DESCRIPTION\n{}.SH OPTIONS\n{}.SH COMMANDS\n{}.SH EXIT STATUS\n",
        escaped(root.summary), prose(root.details), items(root.options), section(root));
    for (const ExitCodeEntry& entry : exit_codes()) {
        page +=
            fmt::format(".TP\n.B {}\n{}\n", static_cast<int>(entry.code), escaped(entry.meaning));
    }
    return without_gaps(std::move(page));
}

}  // namespace cli
