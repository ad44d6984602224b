#pragma once
// Text laid out for people: what a character takes on a terminal, tables, paragraphs, and how long
// ago something was. All pure, so that golden files can hold it.

#include "base/clock.h"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

/// What a piece of text says, never alone: words carry it, colour only helps to find it.
enum class Tone { plain, good, bad, warn, dim, strong };

/// Wraps text in SGR sequences, or leaves it alone.
class Paint {
public:
    explicit Paint(bool colours) : colours_(colours) {}

    std::string operator()(Tone tone, std::string_view text) const;
    bool colours() const { return colours_; }

private:
    bool colours_;
};

/// Columns that UTF-8 text takes: SGR sequences and combining marks none, wide characters two.
std::size_t columns_of(std::string_view text);

/// Text without what would steer a terminal: control characters become spaces, bytes that are no
/// UTF-8 become U+FFFD. For every word that did not come from this program.
std::string harmless(std::string_view text);

/// At most `columns` wide; what is cut off leaves a `…`.
std::string cut(std::string_view text, std::size_t columns);
std::string pad_right(std::string_view text, std::size_t columns);
std::string pad_left(std::string_view text, std::size_t columns);

/// Breaks at spaces so that no line is wider than `columns` where that can be; each line begins
/// with `indent`.
std::string wrap(std::string_view text, std::size_t columns, std::string_view indent = "");

/// Columns as wide as their widest cell, two spaces apart; a column in which no row says anything
/// is left out.
class Table {
public:
    enum class Side { left, right };

    explicit Table(std::vector<std::string> titles);
    Table& right(std::size_t column);
    void row(std::vector<std::string> cells);
    bool empty() const { return rows_.empty(); }

    /// The last column is cut where the line would be wider than `columns_max` (0: never).
    std::string text(const Paint& paint, std::size_t columns_max = 0) const;

private:
    std::vector<std::string> titles_;
    std::vector<Side> sides_;
    std::vector<std::vector<std::string>> rows_;
};

/// Two units at most, for people: `0s`, `840ms` below a second, `42s`, `3m 10s`, `2h 5m`, `3d 4h`.
std::string span_text(std::chrono::microseconds span);
/// `12s ago`, or `in 12s` where `at` is still to come.
std::string relative_text(base::Instant at, base::Instant now);
/// `14:05:09` in UTC.
std::string clock_text(base::Instant at);
/// `2026-11-23 14:05:09` in UTC.
std::string date_text(base::Instant at);
/// `5 %`, `0.5 %`, `100 %` of thousandths.
std::string percent_text(std::uint32_t permille);
/// `1 request`, `2 requests`.
std::string counted(std::uint64_t count, std::string_view noun);

/// How many single-character edits (Damerau: insert, delete, change, swap neighbours) turn a to b.
std::size_t distance(std::string_view a, std::string_view b);
/// The candidate nearest to `word`, or empty where none is near enough to be meant.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace cli
