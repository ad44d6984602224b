#include "cli/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace cli {
namespace {

struct Range {
    char32_t first;
    char32_t last;
};

// The C library's wcwidth depends on the locale of the process; these ranges do not. They follow
// Unicode's EastAsianWidth (W and F) and the general categories Mn, Me and Cf, where they matter
// for names and log lines.
constexpr std::array kZeroWide{
    Range{0x0300, 0x036F}, Range{0x0483, 0x0489}, Range{0x0591, 0x05BD}, Range{0x0610, 0x061A},
    Range{0x064B, 0x065F}, Range{0x0900, 0x0902}, Range{0x1AB0, 0x1AFF}, Range{0x1DC0, 0x1DFF},
    Range{0x200B, 0x200F}, Range{0x202A, 0x202E}, Range{0x2060, 0x2064}, Range{0x20D0, 0x20FF},
    Range{0xFE00, 0xFE0F}, Range{0xFE20, 0xFE2F}, Range{0xFEFF, 0xFEFF}, Range{0xE0100, 0xE01EF},
};
constexpr std::array kTwoWide{
    Range{0x1100, 0x115F},   Range{0x231A, 0x231B},   Range{0x23E9, 0x23EC},
    Range{0x25FD, 0x25FE},   Range{0x2614, 0x2615},   Range{0x2648, 0x2653},
    Range{0x26A1, 0x26A1},   Range{0x26AA, 0x26AB},   Range{0x26BD, 0x26BE},
    Range{0x26C4, 0x26C5},   Range{0x26D4, 0x26D4},   Range{0x2705, 0x2705},
    Range{0x270A, 0x270B},   Range{0x2728, 0x2728},   Range{0x274C, 0x274C},
    Range{0x2753, 0x2755},   Range{0x2795, 0x2797},   Range{0x2E80, 0x303E},
    Range{0x3041, 0x33FF},   Range{0x3400, 0x4DBF},   Range{0x4E00, 0x9FFF},
    Range{0xA000, 0xA4CF},   Range{0xAC00, 0xD7A3},   Range{0xF900, 0xFAFF},
    Range{0xFE30, 0xFE6F},   Range{0xFF00, 0xFF60},   Range{0xFFE0, 0xFFE6},
    Range{0x1F300, 0x1F64F}, Range{0x1F680, 0x1F6FF}, Range{0x1F7E0, 0x1F7EB},
    Range{0x1F90C, 0x1F9FF}, Range{0x20000, 0x3FFFD},
};

template <std::size_t Count>
bool within(const std::array<Range, Count>& ranges, char32_t character) {
    const auto found =
        std::find_if(ranges.begin(), ranges.end(), [&](Range r) { return character <= r.last; });
    return found != ranges.end() && character >= found->first;
}

std::size_t width_of(char32_t character) {
    if (character < 0x20 || character == 0x7F) return 0;
    if (character < 0x300) return 1;
    if (within(kZeroWide, character)) return 0;
    return within(kTwoWide, character) ? 2 : 1;
}

struct Character {
    char32_t value = 0;
    std::size_t bytes = 1;
    bool valid = false;
};

// Strict UTF-8 (RFC 3629): no overlong forms, no surrogates.
Character character_at(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80) return {lead, 1, true};
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || at + length > text.size()) return {0xFFFD, 1, false};
    char32_t value = lead & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0U) != 0x80) return {0xFFFD, 1, false};
        value = (value << 6U) | (byte(i) & 0x3FU);
    }
    constexpr std::array<char32_t, 5> kSmallest{0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (value < kSmallest[length] || value > 0x10FFFF || surrogate) return {0xFFFD, 1, false};
    return {value, length, true};
}

// Bytes of the SGR sequence that begins at `at`, or 0.
std::size_t sequence_at(std::string_view text, std::size_t at) {
    if (text.substr(at, 2) != "\x1b[") return 0;
    const std::size_t end = text.find('m', at);
    return end == std::string_view::npos ? 0 : end + 1 - at;
}

std::string_view sgr_of(Tone tone) {
    switch (tone) {
        case Tone::plain:
            return "";
        case Tone::good:
            return "\x1b[32m";
        case Tone::bad:
            return "\x1b[1;31m";
        case Tone::warn:
            return "\x1b[33m";
        case Tone::dim:
            return "\x1b[2m";
        case Tone::strong:
            return "\x1b[1m";
    }
    return "";
}

}  // namespace

std::string Paint::operator()(Tone tone, std::string_view text) const {
    if (!colours_ || tone == Tone::plain || text.empty()) return std::string(text);
    return fmt::format("{}{}\x1b[0m", sgr_of(tone), text);
}

std::size_t columns_of(std::string_view text) {
    std::size_t columns = 0;
    for (std::size_t at = 0; at < text.size();) {
        if (const std::size_t skip = sequence_at(text, at); skip > 0) {
            at += skip;
            continue;
        }
        const Character character = character_at(text, at);
        columns += width_of(character.value);
        at += character.bytes;
    }
    return columns;
}

std::string harmless(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const Character character = character_at(text, at);
        const char32_t value = character.value;
        const bool steers = value < 0x20 || (value >= 0x7F && value < 0xA0) ||
                            (value >= 0x202A && value <= 0x202E) ||
                            (value >= 0x2066 && value <= 0x2069);
        if (!character.valid) {
            out += "\xEF\xBF\xBD";
        } else if (steers) {
            out += ' ';
        } else {
            out += text.substr(at, character.bytes);
        }
        at += character.bytes;
    }
    return out;
}

std::string cut(std::string_view text, std::size_t columns) {
    if (columns_of(text) <= columns) return std::string(text);
    if (columns == 0) return "";
    std::string out;
    std::size_t used = 0;
    bool painted = false;
    for (std::size_t at = 0; at < text.size();) {
        if (const std::size_t skip = sequence_at(text, at); skip > 0) {
            painted = true;
            out += text.substr(at, skip);
            at += skip;
            continue;
        }
        const Character character = character_at(text, at);
        if (used + width_of(character.value) > columns - 1) break;
        used += width_of(character.value);
        out += text.substr(at, character.bytes);
        at += character.bytes;
    }
    out += "…";
    if (painted) out += "\x1b[0m";
    return out;
}

std::string pad_right(std::string_view text, std::size_t columns) {
    const std::size_t used = columns_of(text);
    std::string out(text);
    if (used < columns) out.append(columns - used, ' ');
    return out;
}

std::string pad_left(std::string_view text, std::size_t columns) {
    const std::size_t used = columns_of(text);
    std::string out(used < columns ? columns - used : 0, ' ');
    out += text;
    return out;
}

std::string wrap(std::string_view text, std::size_t columns, std::string_view indent) {
    std::string out;
    std::string line(indent);
    bool begun = false;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        const std::string_view word = text.substr(at, end - at);
        at = end + 1;
        if (word.empty()) continue;
        if (begun && columns_of(line) + 1 + columns_of(word) > columns) {
            out += line + '\n';
            line = indent;
            begun = false;
        }
        if (begun) line += ' ';
        line += word;
        begun = true;
    }
    return out + line;
}

Table::Table(std::vector<std::string> titles)
    : titles_(std::move(titles)), sides_(titles_.size(), Side::left) {}

Table& Table::right(std::size_t column) {
    sides_.at(column) = Side::right;
    return *this;
}

void Table::row(std::vector<std::string> cells) {
    cells.resize(titles_.size());
    rows_.push_back(std::move(cells));
}

std::string Table::text(const Paint& paint, std::size_t columns_max) const {
    std::vector<std::size_t> widths(titles_.size(), 0);
    for (std::size_t column = 0; column < titles_.size(); ++column) {
        for (const auto& cells : rows_)
            widths[column] = std::max(widths[column], columns_of(cells[column]));
        if (widths[column] > 0)
            widths[column] = std::max(widths[column], columns_of(titles_[column]));
    }
    const auto line_of = [&](const std::vector<std::string>& cells, Tone tone) {
        std::string line;
        for (std::size_t column = 0; column < cells.size(); ++column) {
            if (widths[column] == 0) continue;
            if (!line.empty()) line += "  ";
            const std::string cell = sides_[column] == Side::left
                                         ? pad_right(cells[column], widths[column])
                                         : pad_left(cells[column], widths[column]);
            line += cell;
        }
        line.erase(line.find_last_not_of(' ') + 1);
        if (columns_max > 0) line = cut(line, columns_max);
        return paint(tone, line) + '\n';
    };
    std::string out = line_of(titles_, Tone::dim);
    for (const auto& cells : rows_) out += line_of(cells, Tone::plain);
    return out;
}

std::string span_text(std::chrono::microseconds span) {
    using std::chrono::duration_cast;
    const std::int64_t millis = duration_cast<std::chrono::milliseconds>(span).count();
    if (millis <= 0) return "0s";
    if (millis < 1000) return fmt::format("{}ms", millis);
    const std::int64_t seconds = millis / 1000;
    if (seconds < 60) return fmt::format("{}s", seconds);
    const auto two = [](std::int64_t big, char big_unit, std::int64_t small, char small_unit) {
        return small == 0 ? fmt::format("{}{}", big, big_unit)
                          : fmt::format("{}{} {}{}", big, big_unit, small, small_unit);
    };
    if (seconds < 3600) return two(seconds / 60, 'm', seconds % 60, 's');
    if (seconds < 86'400) return two(seconds / 3600, 'h', seconds % 3600 / 60, 'm');
    return two(seconds / 86'400, 'd', seconds % 86'400 / 3600, 'h');
}

std::string relative_text(base::Instant at, base::Instant now) {
    return at > now ? "in " + span_text(at - now) : span_text(now - at) + " ago";
}

std::string clock_text(base::Instant at) {
    return base::to_text(at).substr(11, 8);
}

std::string date_text(base::Instant at) {
    const std::string text = base::to_text(at);
    return text.substr(0, 10) + ' ' + text.substr(11, 8);
}

std::string percent_text(std::uint32_t permille) {
    return permille % 10 == 0 ? fmt::format("{} %", permille / 10)
                              : fmt::format("{}.{} %", permille / 10, permille % 10);
}

std::string counted(std::uint64_t count, std::string_view noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::size_t distance(std::string_view a, std::string_view b) {
    const std::size_t width = b.size() + 1;
    std::vector<std::size_t> cells((a.size() + 1) * width);
    const auto cell = [&](std::size_t i, std::size_t j) -> std::size_t& {
        return cells[i * width + j];
    };
    for (std::size_t i = 0; i <= a.size(); ++i) cell(i, 0) = i;
    for (std::size_t j = 0; j <= b.size(); ++j) cell(0, j) = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
            cell(i, j) =
                std::min({cell(i - 1, j) + 1, cell(i, j - 1) + 1, cell(i - 1, j - 1) + change});
            const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) cell(i, j) = std::min(cell(i, j), cell(i - 2, j - 2) + 1);
        }
    }
    return cell(a.size(), b.size());
}

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
    // A third of the letters may be wrong: `stauts` means `status`, `foo` means nothing.
    std::size_t best = std::max<std::size_t>(1, word.size() / 3) + 1;
    std::string found;
    for (const std::string& candidate : candidates) {
        const std::size_t edits = distance(word, candidate);
        if (edits < best) {
            best = edits;
            found = candidate;
        }
    }
    return found;
}

}  // namespace cli
