#include "base/spelling.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace base {

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

constexpr std::array<std::string_view, 22> kTruthValues{
    "y",    "Y",    "yes",   "Yes",   "YES",   "n",  "N",  "no", "No",  "NO",  "true",
    "True", "TRUE", "false", "False", "FALSE", "on", "On", "ON", "off", "Off", "OFF"};
constexpr std::array<std::string_view, 5> kNulls{"", "~", "null", "Null", "NULL"};
constexpr std::array<std::string_view, 12> kNoNumbers{".inf",  ".Inf",  ".INF",  "+.inf",
                                                      "+.Inf", "+.INF", "-.inf", "-.Inf",
                                                      "-.INF", ".nan",  ".NaN",  ".NAN"};

template <std::size_t N>
bool is_one_of(std::string_view text, const std::array<std::string_view, N>& words) {
    return std::find(words.begin(), words.end(), text) != words.end();
}

/// Integers, fractions and sexagesimals of both YAML versions: a digit, and nothing but digits,
/// underscores, colons, one point and one exponent.
bool looks_like_number(std::string_view text) {
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    if (text.starts_with("0x") || text.starts_with("0o") || text.starts_with("0b")) {
        text.remove_prefix(2);
        return !text.empty() &&
               std::all_of(text.begin(), text.end(), [](char c) { return is_hex(c) || c == '_'; });
    }
    std::size_t i = 0;
    std::size_t digits = 0;
    bool point = false;
    for (; i < text.size(); ++i) {
        const char c = text[i];
        if (is_digit(c))
            ++digits;
        else if (c == '.' && !point)
            point = true;
        else if ((c != '_' && c != ':') || digits == 0)
            break;
    }
    if (digits == 0) return false;
    if (i == text.size()) return text.back() != ':';
    if (text[i] != 'e' && text[i] != 'E') return false;
    ++i;
    if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
    return i < text.size() &&
           std::all_of(text.begin() + static_cast<std::ptrdiff_t>(i), text.end(), is_digit);
}

/// `2026-11-23`, with or without a time of day.
bool looks_like_date(std::string_view text) {
    return text.size() >= 8 && std::all_of(text.begin(), text.begin() + 4, is_digit) &&
           text[4] == '-' && is_digit(text[5]) && text.find('-', 5) != std::string_view::npos &&
           std::all_of(text.begin() + 5, text.end(), [](char c) {
               return is_digit(c) || c == '-' || c == ':' || c == '.' || c == ' ' || c == 'T' ||
                      c == 't' || c == 'Z' || c == '+';
           });
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
    // Three rows of the table are enough: an exchange looks back two.
    std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            row[j] = std::min(
                {above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
        std::swap(before, above);
        std::swap(above, row);
    }
    return above[b.size()];
}

std::optional<std::string> nearest_name(std::string_view wanted,
                                        const std::vector<std::string>& names) {
    // Longer words are no typing errors; the table is not worth its cost.
    if (wanted.size() > 64) return {};
    for (const std::string& name : names)
        if (name.size() == wanted.size() &&
            std::equal(name.begin(), name.end(), wanted.begin(),
                       [](char a, char b) { return lower(a) == lower(b); }))
            return name;
    const std::string* best = nullptr;
    std::size_t best_distance = wanted.size() / 3 + 1;
    for (const std::string& name : names) {
        const std::size_t distance = edit_distance(wanted, name);
        if (distance < best_distance) {
            best = &name;
            best_distance = distance;
        }
    }
    if (best == nullptr) return {};
    return *best;
}

std::string_view other_reading(std::string_view text) {
    if (is_one_of(text, kTruthValues)) return "a truth value";
    if (is_one_of(text, kNulls)) return "nothing";
    if (is_one_of(text, kNoNumbers) || looks_like_number(text)) return "a number";
    if (looks_like_date(text)) return "a date";
    return {};
}

bool is_whole_number(std::string_view text) {
    if (text == "0") return true;
    if (text.starts_with('-')) text.remove_prefix(1);
    return !text.empty() && text.size() <= 20 && text.front() != '0' &&
           std::all_of(text.begin(), text.end(), is_digit);
}

}  // namespace base
