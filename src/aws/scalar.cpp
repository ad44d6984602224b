#include "aws/scalar.h"

#include "aws/shape.h"
#include "aws/value.h"
#include "base/base64.h"
#include "base/clock.h"
#include "base/result.h"

#include <fmt/core.h>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace aws {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::int64_t kMicros = 1'000'000;

struct Parts {
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    unsigned hour = 0;
    unsigned minute = 0;
    unsigned second = 0;
};

std::optional<base::Instant> instant_of(const Parts& parts) {
    const std::chrono::year_month_day date{std::chrono::year{parts.year},
                                           std::chrono::month{parts.month},
                                           std::chrono::day{parts.day}};
    if (!date.ok() || parts.hour > 23 || parts.minute > 59 || parts.second > 60) return {};
    return base::Instant{std::chrono::sys_days{date}.time_since_epoch() +
                         std::chrono::hours{parts.hour} + std::chrono::minutes{parts.minute} +
                         std::chrono::seconds{parts.second}};
}

// `.456` and what follows it; digits beyond microseconds are dropped.
std::chrono::microseconds take_fraction(std::string_view& rest) {
    std::int64_t micros = 0;
    if (!rest.starts_with('.')) return std::chrono::microseconds{0};
    rest.remove_prefix(1);
    for (std::int64_t unit = kMicros / 10; !rest.empty() && rest[0] >= '0' && rest[0] <= '9';
         unit /= 10) {
        micros += (rest[0] - '0') * unit;
        rest.remove_prefix(1);
    }
    return std::chrono::microseconds{micros};
}

// `Z`, `+01:00` or nothing: how far the clock on the wall is ahead.
std::optional<std::chrono::minutes> zone_of(const std::string& rest) {
    if (rest.empty() || rest == "Z" || rest == " GMT") return std::chrono::minutes{0};
    unsigned hours = 0;
    unsigned minutes = 0;
    if (std::sscanf(rest.c_str() + 1, "%2u:%2u", &hours, &minutes) != 2) return {};
    const auto ahead = std::chrono::minutes(hours * 60 + minutes);
    if (rest[0] == '+') return ahead;
    if (rest[0] == '-') return -ahead;
    return {};
}

std::optional<base::Instant> with_rest(const Parts& parts, std::string_view rest) {
    const auto whole = instant_of(parts);
    const auto fraction = take_fraction(rest);
    const auto ahead = zone_of(std::string(rest));
    if (!whole || !ahead) return {};
    return *whole + fraction - *ahead;
}

std::optional<base::Instant> time_from_number(std::string_view text) {
    double seconds = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    // Until the year 9999.
    if (problem != std::errc{} || end != text.data() + text.size() ||
        !(std::abs(seconds) < 253402300800.0))
        return {};
    return base::instant_of_micros(std::llround(seconds * static_cast<double>(kMicros)));
}

std::string fraction_text(std::int64_t micros) {
    if (micros == 0) return {};
    std::string digits = fmt::format(".{:06}", micros);
    while (digits.ends_with('0')) digits.pop_back();
    return digits;
}

std::optional<double> real_from(std::string_view text) {
    if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
    if (text == "Infinity") return std::numeric_limits<double>::infinity();
    if (text == "-Infinity") return -std::numeric_limits<double>::infinity();
    double number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc{} || end != text.data() + text.size()) return {};
    return number;
}

}  // namespace

tl::unexpected<base::Error> does_not_fit(std::string_view member, std::string_view why) {
    return base::fail(base::Failure::rejected,
                      {.code = "CF0801",
                       .what = fmt::format("`{}` does not fit the operation", member),
                       .why = std::string(why)});
}

tl::unexpected<base::Error> cannot_be_read(std::string_view what, std::string_view why) {
    return base::fail(base::Failure::rejected,
                      {.code = "CF0802",
                       .what = fmt::format("the answer to {} cannot be read", what),
                       .why = std::string(why)});
}

std::optional<std::string> bytes_of(std::string_view base64) {
    std::string text;
    for (const char letter : base64)
        if (letter != '\n' && letter != '\r' && letter != ' ' && letter != '\t') text += letter;
    return base::base64_decoded(text);
}

std::string time_text(base::Instant at, TimeFormat format) {
    const std::chrono::sys_time<std::chrono::microseconds> utc{at.time_since_epoch()};
    const auto midnight = std::chrono::floor<std::chrono::days>(utc);
    const std::chrono::year_month_day date{midnight};
    const std::chrono::hh_mm_ss time{utc - midnight};
    const auto year = static_cast<int>(date.year());
    const auto month = static_cast<unsigned>(date.month());
    const auto day = static_cast<unsigned>(date.day());
    const std::string clock = fmt::format("{:02}:{:02}:{:02}", time.hours().count(),
                                          time.minutes().count(), time.seconds().count());
    if (format == TimeFormat::http)
        return fmt::format("{}, {:02} {} {:04} {} GMT",
                           kDays[std::chrono::weekday{midnight}.c_encoding()], day,
                           kMonths[month - 1], year, clock);
    const std::string fraction = fraction_text(time.subseconds().count());
    if (format == TimeFormat::unix_seconds) {
        const std::int64_t micros = base::micros_of(at);
        const std::int64_t size = micros < 0 ? -micros : micros;
        return fmt::format("{}{}{}", micros < 0 ? "-" : "", size / kMicros,
                           fraction_text(size % kMicros));
    }
    return fmt::format("{:04}-{:02}-{:02}T{}{}Z", year, month, day, clock, fraction);
}

std::optional<base::Instant> time_from(std::string_view text) {
    const std::string copy(text);
    Parts parts;
    int used = 0;
    if (std::sscanf(copy.c_str(), "%4d-%2u-%2uT%2u:%2u:%2u%n", &parts.year, &parts.month,
                    &parts.day, &parts.hour, &parts.minute, &parts.second, &used) == 6)
        return with_rest(parts, text.substr(static_cast<std::size_t>(used)));
    std::array<char, 4> name{};
    if (std::sscanf(copy.c_str(), "%*3s, %2u %3s %4d %2u:%2u:%2u%n", &parts.day, name.data(),
                    &parts.year, &parts.hour, &parts.minute, &parts.second, &used) == 6) {
        for (unsigned i = 0; i < kMonths.size(); ++i)
            if (kMonths[i] == name.data()) parts.month = i + 1;
        return with_rest(parts, text.substr(static_cast<std::size_t>(used)));
    }
    return time_from_number(text);
}

std::string real_text(double number) {
    if (std::isnan(number)) return "NaN";
    if (std::isinf(number)) return number > 0 ? "Infinity" : "-Infinity";
    return fmt::format("{}", number);
}

base::Result<std::string> scalar_text(const Member& member, const Value& value, TimeFormat time) {
    const auto* const text = value.as<std::string>();
    const auto* const number = value.as<std::int64_t>();
    switch (member.shape->type) {
        case Type::string:
            if (text != nullptr) return *text;
            break;
        case Type::blob:
            if (text != nullptr) return base::base64(*text);
            break;
        case Type::boolean:
            if (const auto* const truth = value.as<bool>()) return *truth ? "true" : "false";
            break;
        case Type::integer:
            if (number != nullptr) return std::to_string(*number);
            break;
        case Type::real:
            if (number != nullptr) return std::to_string(*number);
            if (const auto* const real = value.as<double>()) return real_text(*real);
            break;
        case Type::timestamp:
            if (const auto* const at = value.as<base::Instant>())
                return time_text(*at, member.time == TimeFormat::by_place ? time : member.time);
            break;
        case Type::structure:
        case Type::list:
        case Type::map:
        case Type::document:
            break;
    }
    return does_not_fit(member.name, "the value is of another type");
}

base::Result<Value> scalar_from(const Member& member, std::string_view text) {
    switch (member.shape->type) {
        case Type::string:
            return Value(std::string(text));
        case Type::blob:
            if (auto bytes = bytes_of(text)) return Value(std::move(*bytes));
            break;
        case Type::boolean:
            if (text == "true" || text == "false") return Value(text == "true");
            break;
        case Type::integer: {
            std::int64_t number = 0;
            const auto [end, problem] =
                std::from_chars(text.data(), text.data() + text.size(), number);
            if (problem == std::errc{} && end == text.data() + text.size()) return Value(number);
            break;
        }
        case Type::real:
            if (const auto real = real_from(text)) return Value(*real);
            break;
        case Type::timestamp:
            if (const auto at = time_from(text)) return Value(*at);
            break;
        case Type::structure:
        case Type::list:
        case Type::map:
        case Type::document:
            break;
    }
    return cannot_be_read(member.name, "a value is of another type than the model says");
}

}  // namespace aws
