#include "cli/session.h"

#include "base/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace cli {
namespace {

base::Json json_of(const base::Diagnostic& diagnostic) {
    base::Json out{{"code", diagnostic.code}, {"what", diagnostic.what}};
    if (!diagnostic.why.empty()) out["why"] = diagnostic.why;
    if (!diagnostic.fix.empty()) out["fix"] = diagnostic.fix;
    if (diagnostic.place) {
        out["place"] = {{"file", diagnostic.place->file},
                        {"line", diagnostic.place->line},
                        {"column", diagnostic.place->column},
                        {"length", diagnostic.place->length}};
    }
    return out;
}

std::string place_text(const base::Place& place, const Paint& paint) {
    const std::string gutter(std::to_string(place.line).size(), ' ');
    std::string out = fmt::format("{}{} {}:{}:{}\n", gutter, paint(Tone::dim, "-->"), place.file,
                                  place.line, place.column);
    if (place.line_text.empty()) return out;
    const std::string bar = paint(Tone::dim, "|");
    const std::size_t before =
        std::min<std::size_t>(place.column > 0 ? place.column - 1 : 0, place.line_text.size());
    // Columns count bytes; the underline goes where the terminal draws them.
    const std::size_t indent = columns_of(std::string_view(place.line_text).substr(0, before));
    const std::string marks(std::max<std::uint32_t>(place.length, 1), '^');
    out += fmt::format("{} {}\n{} {} {}\n{} {} {}{}\n", gutter, bar, place.line, bar,
                       harmless(place.line_text), gutter, bar, std::string(indent, ' '),
                       paint(Tone::bad, marks));
    return out;
}

}  // namespace

std::string refusal_text(const Refusal& refusal, const Paint& paint) {
    std::string out;
    for (const base::Diagnostic& diagnostic : refusal.diagnostics) {
        if (!out.empty()) out += '\n';
        out += fmt::format("{}: {}\n", paint(Tone::bad, fmt::format("error[{}]", diagnostic.code)),
                           paint(Tone::strong, harmless(diagnostic.what)));
        if (diagnostic.place) out += place_text(*diagnostic.place, paint);
        if (!diagnostic.why.empty()) out += fmt::format("  why: {}\n", harmless(diagnostic.why));
        if (!diagnostic.fix.empty()) out += fmt::format("  fix: {}\n", harmless(diagnostic.fix));
    }
    return out;
}

std::string refusal_json(const Refusal& refusal) {
    base::Json errors = base::Json::array();
    for (const base::Diagnostic& diagnostic : refusal.diagnostics)
        errors.push_back(json_of(diagnostic));
    return base::canonical(base::Json{{"schema", "crossfade.error/1"},
                                      {"exit", static_cast<int>(refusal.code)},
                                      {"ending", name_of(refusal.code)},
                                      {"errors", std::move(errors)}}) +
           '\n';
}

}  // namespace cli
