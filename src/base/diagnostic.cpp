#include "base/diagnostic.h"

#include <fmt/format.h>

#include <algorithm>

namespace base {

std::string Diagnostic::line() const {
    std::string out;
    if (place) out = fmt::format("{}:{}:{}: ", place->file, place->line, place->column);
    out += fmt::format("[{}] {}", code, what);
    if (!why.empty()) out += ": " + why;
    return out;
}

std::string Diagnostic::text() const {
    std::string out = fmt::format("error[{}]: {}\n", code, what);
    if (place) {
        const std::string gutter(std::to_string(place->line).size(), ' ');
        out += fmt::format("{}--> {}:{}:{}\n", gutter, place->file, place->line, place->column);
        if (!place->line_text.empty()) {
            const std::size_t indent = place->column > 0 ? place->column - 1 : 0;
            out += fmt::format("{} |\n{} | {}\n{} | {}{}\n", gutter, place->line, place->line_text,
                               gutter, std::string(indent, ' '),
                               std::string(std::max<std::uint32_t>(place->length, 1), '^'));
        }
    }
    if (!why.empty()) out += fmt::format("  why: {}\n", why);
    if (!fix.empty()) out += fmt::format("  fix: {}\n", fix);
    return out;
}

std::string text_of(const std::vector<Diagnostic>& diagnostics) {
    std::string out;
    for (const Diagnostic& diagnostic : diagnostics) {
        if (!out.empty()) out += '\n';
        out += diagnostic.text();
    }
    return out;
}

}  // namespace base
