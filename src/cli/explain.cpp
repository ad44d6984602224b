#include "cli/codes.h"
#include "cli/commands.h"
#include "cli/explain_release.h"
#include "cli/text.h"

#include "base/json.h"
#include "release/spec.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace cli {
namespace {

constexpr std::size_t kColumns = 84;

std::string paragraph(std::string_view title, std::string_view text, const Paint& paint) {
    return fmt::format("\n{}\n{}\n", paint(Tone::strong, title), wrap(text, kColumns, "  "));
}

std::string entry_text(const CodeEntry& entry, const Paint& paint) {
    return fmt::format("{}  {}\n", paint(Tone::strong, entry.code), entry.title) +
           paragraph("What it means", entry.meaning, paint) +
           paragraph("What to do", entry.remedy, paint) +
           paragraph("What keeps users safe", entry.safety, paint);
}

base::Json json_of(const CodeEntry& entry) {
    return {{"code", entry.code},
            {"title", entry.title},
            {"meaning", entry.meaning},
            {"remedy", entry.remedy},
            {"safety", entry.safety}};
}

Ending all_codes(Session& session) {
    const Paint paint = session.terminal.out_paint();
    base::Json codes = base::Json::array();
    std::string out;
    for (const CodeGroup& group : code_groups()) {
        out += fmt::format("{}{}\n", out.empty() ? "" : "\n", paint(Tone::strong, group.title));
        for (const CodeEntry& entry : group.codes) {
            out += fmt::format("  {}  {}\n", entry.code, entry.title);
            codes.push_back(json_of(entry));
        }
    }
    session.terminal.print(
        session.json() ? base::canonical({{"schema", "crossfade.codes/1"}, {"codes", codes}}) + '\n'
                       : out);
    return ExitCode::done;
}

}  // namespace

std::span<const CodeGroup> code_groups() {
    static const std::array kGroups{
        CodeGroup{"Documents and files", base_codes()},
        CodeGroup{"Spec, change and plan", release_codes()},
        CodeGroup{"Carrying a release out", engine_codes()},
        CodeGroup{"This machine: agent, store, instances", local_codes()},
        CodeGroup{"Edge", edge_codes()},
        CodeGroup{"Load", load_codes()},
        CodeGroup{"Command line", cli_codes()},
        CodeGroup{"Client of AWS", aws_codes()},
        CodeGroup{"Console", console_codes()},
    };
    return kGroups;
}

const CodeEntry* find_code(std::string_view code) {
    for (const CodeGroup& group : code_groups()) {
        for (const CodeEntry& entry : group.codes) {
            if (entry.code == code) return &entry;
        }
    }
    return nullptr;
}

Ending explain(Session& session, const std::string& code) {
    if (code.empty()) return all_codes(session);
    std::string wanted = code;
    std::transform(wanted.begin(), wanted.end(), wanted.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    // As it stands in a message, `[CF0302]`, and as people remember it, `302`.
    std::erase_if(wanted, [](char c) { return c == '[' || c == ']'; });
    const bool digits_only = std::all_of(wanted.begin(), wanted.end(),
                                         [](unsigned char c) { return std::isdigit(c) != 0; });
    if (digits_only && wanted.size() <= 4)
        wanted = "CF" + std::string(4 - wanted.size(), '0') + wanted;
    const CodeEntry* entry = find_code(wanted);
    if (const auto field = entry == nullptr ? release::explain_field(code) : std::nullopt) {
        session.terminal.print(session.json() ? base::canonical({{"schema", "crossfade.field/1"},
                                                                 {"field", code},
                                                                 {"text", *field}}) +
                                                    '\n'
                                              : *field + (field->ends_with('\n') ? "" : "\n"));
        return ExitCode::done;
    }
    if (entry == nullptr && is_release_name(code)) return explain_release(session, code);
    if (entry == nullptr) {
        return refuse(
            ExitCode::usage,
            {.code = "CF0706",
             .what = fmt::format("there is no code, field or release '{}'", harmless(code)),
             .fix = "`crossfade explain` lists all codes, `crossfade init` shows the fields, "
                    "`crossfade history` the releases"});
    }
    base::Json json = json_of(*entry);
    json["schema"] = "crossfade.code/1";
    session.terminal.print(session.json() ? base::canonical(json) + '\n'
                                          : entry_text(*entry, session.terminal.out_paint()));
    return ExitCode::done;
}

}  // namespace cli
