#include "cli/completion.h"

#include "cli/commands.h"
#include "cli/help.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <functional>

namespace cli {
namespace {

// What completes a value: words that are known, words that only a running Crossfade knows, files.
enum class Source { none, choices, releases, instances, codes, topics, files, folders };

Source source_of(const Spelling& spelling) {
    if (spelling.value.find('|') != std::string::npos) return Source::choices;
    if (spelling.value == "RELEASE") return Source::releases;
    if (spelling.value == "INSTANCE") return Source::instances;
    if (spelling.value == "CODE") return Source::codes;
    if (spelling.value == "TOPIC") return Source::topics;
    if (spelling.value == "FILE") return Source::files;
    if (spelling.value == "DIR") return Source::folders;
    return Source::none;
}

std::string_view noun_of(Source source) {
    switch (source) {
        case Source::releases:
            return "releases";
        case Source::instances:
            return "instances";
        case Source::codes:
            return "codes";
        case Source::none:
        case Source::choices:
        case Source::topics:
        case Source::files:
        case Source::folders:
            break;
    }
    return "";
}

void each_command(const CommandText& command,
                  const std::function<void(const CommandText&)>& visit) {
    visit(command);
    for (const CommandText& child : command.children) {
        if (!child.group.empty()) each_command(child, visit);
    }
}

std::vector<std::string> visible_children(const CommandText& command) {
    std::vector<std::string> names;
    for (const CommandText& child : command.children) {
        if (!child.group.empty()) names.push_back(child.path.back());
    }
    return names;
}

std::string topics_of(const CommandText& root) {
    return fmt::format("{} exit-codes", fmt::join(visible_children(root), " "));
}

std::string bash_words(const Spelling& spelling, const CommandText& root) {
    const Source source = source_of(spelling);
    const std::string_view match = R"(COMPREPLY=($(compgen -W "{}" -- "$cur")))";
    switch (source) {
        case Source::choices:
            return fmt::format(fmt::runtime(match), fmt::join(spelling.choices(), " "));
        case Source::topics:
            return fmt::format(fmt::runtime(match), topics_of(root));
        case Source::releases:
        case Source::instances:
        case Source::codes:
            return fmt::format(
                fmt::runtime(match),
                fmt::format("$(crossfade complete {} 2>/dev/null)", noun_of(source)));
        case Source::files:
            return R"(COMPREPLY=($(compgen -f -- "$cur")))";
        case Source::folders:
            return R"(COMPREPLY=($(compgen -d -- "$cur")))";
        case Source::none:
            break;
    }
    return "COMPREPLY=()";
}

std::string bash_case(const CommandText& command, const CommandText& root) {
    std::string out = fmt::format("        \"{}\")\n", fmt::join(command.path, " "));
    std::vector<std::string> options;
    std::string values;
    const auto add = [&](const Spelling& option) {
        options.insert(options.end(), option.names.begin(), option.names.end());
        if (!option.value.empty()) {
            values += fmt::format("            {}) {}; return ;;\n", fmt::join(option.names, "|"),
                                  bash_words(option, root));
        }
    };
    for (const Spelling& option : command.options) add(option);
    if (!command.path.empty()) {
        for (const Spelling& option : root.options) {
            if (option.names.back() != "--help" && option.names.back() != "--version") add(option);
        }
    }
    if (!values.empty()) out += "            case \"$prev\" in\n" + values + "            esac\n";
    out += fmt::format(
        "            if [[ $cur == -* ]]; then\n"
        "                COMPREPLY=($(compgen -W \"{}\" -- \"$cur\"))\n"
        "            else\n                ",
        fmt::join(options, " "));
    if (!command.children.empty()) {
        out += fmt::format("COMPREPLY=($(compgen -W \"{}\" -- \"$cur\"))",
                           fmt::join(visible_children(command), " "));
    } else if (!command.positionals.empty()) {
        out += bash_words(command.positionals.front(), root);
    } else {
        out += "COMPREPLY=()";
    }
    return out + "\n            fi ;;\n";
}

std::string quoted(std::string text) {
    std::string out;
    for (const char c : text) {
        if (c == '\'') {
            out += "'\\''";
        } else {
            out += c;
        }
    }
    return "'" + out + "'";
}

// zsh's _arguments takes `:` and brackets as its own.
std::string zsh_meaning(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == ':' || c == '[' || c == ']') out += '\\';
        out += c;
    }
    return out;
}

std::string zsh_action(const Spelling& spelling, const CommandText& root) {
    const Source source = source_of(spelling);
    switch (source) {
        case Source::choices:
            return fmt::format("({})", fmt::join(spelling.choices(), " "));
        case Source::topics:
            return fmt::format("({})", topics_of(root));
        case Source::releases:
        case Source::instances:
        case Source::codes:
            return fmt::format("{{compadd -- $(crossfade complete {} 2>/dev/null)}}",
                               noun_of(source));
        case Source::files:
            return "_files";
        case Source::folders:
            return "_files -/";
        case Source::none:
            break;
    }
    return " ";
}

std::string zsh_arguments(const CommandText& command, const CommandText& root) {
    std::vector<std::string> lines;
    const auto add = [&](const Spelling& option) {
        for (const std::string& name : option.names) {
            std::string line = fmt::format("{}[{}]", name, zsh_meaning(option.meaning));
            if (!option.value.empty())
                line += fmt::format(":{}:{}", zsh_meaning(option.value), zsh_action(option, root));
            lines.push_back((option.repeats ? "'*'" : "") + quoted(line));
        }
    };
    for (const Spelling& option : command.options) add(option);
    if (!command.path.empty()) {
        for (const Spelling& option : root.options) {
            if (option.names.back() != "--help" && option.names.back() != "--version") add(option);
        }
    }
    for (const Spelling& positional : command.positionals) {
        lines.push_back(
            quoted(fmt::format("{}:{}:{}", positional.repeats ? "*" : "",
                               zsh_meaning(positional.value), zsh_action(positional, root))));
    }
    return fmt::format("_arguments {}", fmt::join(lines, " \\\n                "));
}

std::string fish_condition(const CommandText& command) {
    if (command.path.empty()) return "__fish_use_subcommand";
    std::string out = fmt::format("__fish_seen_subcommand_from {}", command.path.front());
    if (command.path.size() > 1)
        out += fmt::format("; and __fish_seen_subcommand_from {}", command.path.back());
    return out;
}

std::string fish_words(const Spelling& spelling, const CommandText& root) {
    const Source source = source_of(spelling);
    switch (source) {
        case Source::choices:
            return fmt::format(" -x -a \"{}\"", fmt::join(spelling.choices(), " "));
        case Source::topics:
            return fmt::format(" -x -a \"{}\"", topics_of(root));
        case Source::releases:
        case Source::instances:
        case Source::codes:
            return fmt::format(" -x -a \"(crossfade complete {} 2>/dev/null)\"", noun_of(source));
        case Source::files:
            return " -r -F";
        case Source::folders:
            return " -x -a \"(__fish_complete_directories)\"";
        case Source::none:
            break;
    }
    return " -x";
}

std::string fish_option(const Spelling& option, const std::string& condition,
                        const CommandText& root) {
    std::string out = "complete -c crossfade";
    if (!condition.empty()) out += fmt::format(" -n '{}'", condition);
    for (const std::string& name : option.names) {
        out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    }
    if (!option.value.empty()) out += fish_words(option, root);
    return out + fmt::format(" -d {}\n", quoted(option.meaning));
}

}  // namespace

std::string bash_completion(const CommandText& root) {
    std::string cases;
    std::vector<std::string> nested;
    each_command(root, [&](const CommandText& command) {
        cases += bash_case(command, root);
        if (!command.path.empty() && !command.children.empty())
            nested.push_back(command.path.front());
    });
    std::vector<std::string> takers;
    each_command(root, [&](const CommandText& command) {
        for (const Spelling& option : command.options) {
            if (!option.value.empty())
                takers.insert(takers.end(), option.names.begin(), option.names.end());
        }
    });
    return fmt::format(
        "# bash completion of crossfade; made by `crossfade completion bash`.\n"
        "_crossfade() {{\n"
        "    local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD-1]}}\n"
        "    local path='' word skip='' i\n"
        "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
        "        word=${{COMP_WORDS[i]}}\n"
        "        if [[ $skip ]]; then skip=''; continue; fi\n"
        "        case \"$word\" in\n"
        "            {}) skip=1 ;;\n"
        "            -*) ;;\n"
        "            *) if [[ -z $path ]]; then path=$word; "
        "elif [[ $path == @({}) ]]; then path=\"$path $word\"; fi ;;\n"
        "        esac\n"
        "    done\n"
        "    case \"$path\" in\n{}"
        "    esac\n"
        "}}\n"
        "complete -F _crossfade crossfade\n",
        fmt::join(takers, "|"), fmt::join(nested, "|"), cases);
}

std::string zsh_completion(const CommandText& root) {
    std::string list;
    std::string cases;
    for (const CommandText& child : root.children) {
        if (child.group.empty()) continue;
        list += fmt::format("        {}\n",
                            quoted(child.path.back() + ":" + zsh_meaning(child.summary)));
        std::string body = zsh_arguments(child, root);
        if (!child.children.empty()) {
            std::string inner;
            for (const CommandText& grandchild : child.children) {
                inner += fmt::format(
                    " {}", quoted(grandchild.path.back() + ":" + zsh_meaning(grandchild.summary)));
            }
            body = fmt::format(
                "local -a inner=({} )\n"
                "            _describe 'command' inner",
                inner);
        }
        cases += fmt::format("        {})\n            {} ;;\n", child.path.back(), body);
    }
    std::string globals;
    for (const Spelling& option : root.options) {
        for (const std::string& name : option.names) {
            std::string line = fmt::format("{}[{}]", name, zsh_meaning(option.meaning));
            if (!option.value.empty())
                line += fmt::format(":{}:{}", zsh_meaning(option.value), zsh_action(option, root));
            globals += "        " + quoted(line) + " \\\n";
        }
    }
    return fmt::format(
        "#compdef crossfade\n"
        "# zsh completion of crossfade; made by `crossfade completion zsh`.\n"
        "_crossfade() {{\n"
        "    local context state line\n"
        "    typeset -A opt_args\n"
        "    local -a commands=(\n{}    )\n"
        "    _arguments -C \\\n{}"
        "        '1:command:->command' '*::argument:->argument'\n"
        "    case $state in\n"
        "    command) _describe 'command' commands ;;\n"
        "    argument)\n"
        "        case $words[1] in\n{}"
        "        esac ;;\n"
        "    esac\n"
        "}}\n"
        "compdef _crossfade crossfade\n",
        list, globals, cases);
}

std::string fish_completion(const CommandText& root) {
    std::string out =
        "# fish completion of crossfade; made by `crossfade completion fish`.\n"
        "complete -c crossfade -f\n";
    for (const Spelling& option : root.options) out += fish_option(option, "", root);
    each_command(root, [&](const CommandText& command) {
        std::string condition = fish_condition(command);
        for (const CommandText& child : command.children) {
            if (child.group.empty()) continue;
            const std::string none_yet =
                command.path.empty()
                    ? condition
                    : fmt::format("{}; and not __fish_seen_subcommand_from {}", condition,
                                  fmt::join(visible_children(command), " "));
            out += fmt::format("complete -c crossfade -n '{}' -a {} -d {}\n", none_yet,
                               child.path.back(), quoted(child.summary));
        }
        if (command.path.empty()) return;
        for (const Spelling& option : command.options) {
            if (option.names.back() != "--help") out += fish_option(option, condition, root);
        }
        for (const Spelling& positional : command.positionals) {
            if (source_of(positional) != Source::none) {
                out += fmt::format("complete -c crossfade -n '{}'{}\n", condition,
                                   fish_words(positional, root));
            }
        }
    });
    return out;
}

Ending completion(Session& session, const std::string& shell) {
    const CommandText root = command_line();
    session.terminal.print(shell == "bash"  ? bash_completion(root)
                           : shell == "zsh" ? zsh_completion(root)
                                            : fish_completion(root));
    return ExitCode::done;
}

}  // namespace cli
