#include "cli/help.h"

#include "cli/commands.h"

#include <fmt/format.h>

#include <algorithm>

namespace cli {
namespace {

// Columns beyond which lines of prose get hard to read.
constexpr std::size_t kProseColumns = 88;

std::string prose(std::string_view details, std::size_t columns) {
    std::string out;
    for (std::size_t at = 0; at < details.size();) {
        const std::size_t end = std::min(details.find('\n', at), details.size());
        const std::string_view line = details.substr(at, end - at);
        out += line.starts_with("  ") ? std::string(line) : wrap(line, columns);
        out += '\n';
        at = end + 1;
    }
    return out;
}

// Two columns: a term, and beside it what it means, wrapped.
std::string terms(const std::vector<std::pair<std::string, std::string>>& rows,
                  std::size_t columns) {
    // A term that is too long for the column has its meaning on the next line.
    constexpr std::size_t kTermColumns = 30;
    std::size_t width = 0;
    for (const auto& [term, meaning] : rows) {
        if (columns_of(term) <= kTermColumns) width = std::max(width, columns_of(term));
    }
    std::string out;
    for (const auto& [term, meaning] : rows) {
        if (columns_of(term) > width) {
            out += "  " + term + '\n' + wrap(meaning, columns, std::string(width + 4, ' ')) + '\n';
            continue;
        }
        const std::string indent(width + 4, ' ');
        const std::string block = wrap(meaning, columns, indent);
        out += "  " + pad_right(term, width) + "  " +
               (block.size() > indent.size() ? block.substr(indent.size()) : "") + '\n';
    }
    return out;
}

std::string option_section(std::string_view title, const std::vector<Spelling>& options,
                           const Paint& paint, std::size_t columns) {
    if (options.empty()) return "";
    std::vector<std::pair<std::string, std::string>> rows;
    for (const Spelling& option : options) rows.emplace_back(option_words(option), option.meaning);
    return fmt::format("\n{}\n{}", paint(Tone::strong, title), terms(rows, columns));
}

std::string command_section(const CommandText& command, const Paint& paint, std::size_t columns) {
    std::vector<std::string> groups;
    for (const CommandText& child : command.children) {
        if (!child.group.empty() &&
            std::find(groups.begin(), groups.end(), child.group) == groups.end())
            groups.push_back(child.group);
    }
    std::string out;
    for (const std::string& group : groups) {
        std::vector<std::pair<std::string, std::string>> rows;
        for (const CommandText& child : command.children) {
            if (child.group == group) rows.emplace_back(child.path.back(), child.summary);
        }
        out +=
            fmt::format("\n{}\n{}", paint(Tone::strong, command.path.empty() ? group : "Commands"),
                        terms(rows, columns));
    }
    return out;
}

}  // namespace

std::string option_words(const Spelling& option) {
    std::string out;
    for (const std::string& name : option.names) out += (out.empty() ? "" : ", ") + name;
    // Long names line up although most options have no short one.
    if (option.names.size() == 1 && option.names[0].starts_with("--")) out = "    " + out;
    if (option.names.empty()) out = option.value;
    if (!option.names.empty() && !option.value.empty()) out += " " + option.value;
    return out;
}

std::string usage_line(const CommandText& command) {
    std::string out = "crossfade";
    for (const std::string& word : command.path) out += " " + word;
    if (!command.children.empty()) out += " COMMAND";
    for (const Spelling& option : command.options) {
        if (option.names.back() == "--help") continue;
        const std::string words =
            option.names.back() + (option.value.empty() ? "" : " " + option.value);
        out += option.required ? " " + words : " [" + words + "]";
        if (command.path.empty()) {
            out = "crossfade COMMAND [OPTIONS]";
            break;
        }
    }
    for (const Spelling& positional : command.positionals) {
        const std::string dots = positional.repeats ? "…" : "";
        out += positional.required ? " " + positional.value + dots
                                   : " [" + positional.value + dots + "]";
    }
    return out;
}

std::string help_text(const CommandText& command, const std::vector<Spelling>& globals,
                      const Paint& paint, std::size_t columns) {
    const std::size_t width = columns == 0 ? kProseColumns : std::min(columns, kProseColumns);
    std::string out = wrap(command.summary + ".", width) + "\n\n";
    out += wrap(usage_line(command), width, "  ") + '\n';
    out += command_section(command, paint, width);
    std::vector<Spelling> own = command.options;
    std::erase_if(own, [](const Spelling& option) { return option.names.back() == "--help"; });
    if (!command.path.empty()) {
        out += option_section("Arguments", command.positionals, paint, width);
        out += option_section("Options", own, paint, width);
    }
    if (!command.path.empty() && !command.details.empty())
        out += '\n' + prose(command.details, width);
    out += option_section(command.path.empty() ? "Options" : "Options of all commands", globals,
                          paint, width);
    if (command.path.empty()) out += '\n' + prose(command.details, width);
    return out;
}

std::string exit_code_text(const Paint& paint, std::size_t columns) {
    const std::size_t width = columns == 0 ? kProseColumns : std::min(columns, kProseColumns);
    std::string out = "How commands end, as a number that scripts can act on.\n\n";
    std::vector<std::pair<std::string, std::string>> rows;
    for (const ExitCodeEntry& entry : exit_codes()) {
        rows.emplace_back(fmt::format("{:>3}  {}", static_cast<int>(entry.code),
                                      paint(Tone::strong, pad_right(entry.name, 17))),
                          fmt::format("{} {}", entry.meaning, entry.next));
    }
    return out + terms(rows, width);
}

const CommandText* find_command(const CommandText& root, const std::vector<std::string>& path) {
    const CommandText* at = &root;
    for (const std::string& word : path) {
        const auto child =
            std::find_if(at->children.begin(), at->children.end(),
                         [&](const CommandText& c) { return c.path.back() == word; });
        if (child == at->children.end()) return nullptr;
        at = &*child;
    }
    return at;
}

Ending help(Session& session, const std::vector<std::string>& topic) {
    Terminal& terminal = session.terminal;
    const Paint paint = terminal.out_paint();
    if (topic == std::vector<std::string>{"exit-codes"}) {
        terminal.print(exit_code_text(paint, terminal.columns()));
        return ExitCode::done;
    }
    const CommandText root = command_line();
    const CommandText* command = find_command(root, topic);
    if (command == nullptr) {
        std::vector<std::string> known{"exit-codes"};
        for (const CommandText& child : root.children) known.push_back(child.path.back());
        const std::string meant = nearest(topic.front(), known);
        return refuse(ExitCode::usage,
                      {.code = "CF0705",
                       .what = fmt::format("there is no help on '{}'", fmt::join(topic, " ")),
                       .fix = meant.empty() ? "`crossfade help` lists the commands"
                                            : "did you mean `crossfade help " + meant + "`?"});
    }
    terminal.print(help_text(*command, root.options, paint, terminal.columns()));
    return ExitCode::done;
}

}  // namespace cli
