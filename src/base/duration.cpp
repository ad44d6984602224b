#include "base/duration.h"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <cstdint>

namespace base {

namespace {

struct Unit {
    std::string_view name;
    std::int64_t milliseconds;
};
constexpr std::array<Unit, 5> kUnits{
    {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};
constexpr std::int64_t kLongest = 3650LL * 86'400'000;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

tl::unexpected<Error> no_duration(std::string_view text) {
    return fail(Failure::rejected,
                {.code = "CF0002",
                 .what = fmt::format("`{}` is no duration", text.substr(0, 64)),
                 .fix = "write a number and a unit: 250ms, 90s, 10m, 1h30m, 7d"});
}

}  // namespace

Result<std::chrono::milliseconds> duration_from(std::string_view text) {
    std::string_view rest = text;
    std::int64_t total = 0;
    std::size_t next_unit = 0;
    if (rest.empty()) return no_duration(text);
    while (!rest.empty()) {
        std::int64_t number = 0;
        std::size_t digits = 0;
        while (digits < rest.size() && is_digit(rest[digits])) {
            number = number * 10 + (rest[digits] - '0');
            if (++digits > 12) return no_duration(text);
        }
        if (digits == 0) return no_duration(text);
        rest.remove_prefix(digits);
        std::size_t letters = 0;
        while (letters < rest.size() && !is_digit(rest[letters])) ++letters;
        while (next_unit < kUnits.size() && kUnits[next_unit].name != rest.substr(0, letters))
            ++next_unit;
        if (next_unit == kUnits.size()) return no_duration(text);
        total += number * kUnits[next_unit++].milliseconds;
        if (total > kLongest) return no_duration(text);
        rest.remove_prefix(letters);
    }
    return std::chrono::milliseconds{total};
}

std::string to_text(std::chrono::milliseconds length) {
    std::int64_t rest = length.count();
    std::string out;
    for (const Unit& unit : kUnits) {
        if (rest >= unit.milliseconds) {
            out += fmt::format("{}{}", rest / unit.milliseconds, unit.name);
            rest %= unit.milliseconds;
        }
    }
    return out.empty() ? "0s" : out;
}

}  // namespace base
