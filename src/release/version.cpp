#include "release/version.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include "base/result.h"

namespace release {

namespace {

// More than any real version has; it bounds what a comparison and a message can cost.
constexpr std::size_t kTextMax = 256;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_word(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}
bool all_digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

tl::unexpected<base::Error> no_version(std::string_view text, std::string why) {
    return base::fail(base::Failure::rejected,
                      {.code = "CF0201",
                       .what = fmt::format("`{}` is no version", text.substr(0, 64)),
                       .why = std::move(why),
                       .fix = "write MAJOR.MINOR.PATCH as semver.org defines it, like 1.4.2, "
                              "1.4.2-rc.1 or 1.4.2+build.7"});
}

/// Takes the identifier up to the next dot off the front of `rest`.
std::string_view identifier_of(std::string_view& rest) {
    const std::size_t dot = rest.find('.');
    const std::string_view first = rest.substr(0, dot);
    rest = dot == std::string_view::npos ? std::string_view{} : rest.substr(dot + 1);
    return first;
}

/// Why `text` is no list of identifiers (rules 9 and 10), or nothing.
std::string fault_in(std::string_view text, bool numbers_are_plain) {
    if (text.empty() || text.back() == '.') return "an identifier is empty";
    for (std::string_view rest = text; !rest.empty();) {
        const std::string_view word = identifier_of(rest);
        if (word.empty()) return "an identifier is empty";
        if (!std::all_of(word.begin(), word.end(), is_word))
            return fmt::format("`{}` has a character other than a letter, a digit or `-`", word);
        if (numbers_are_plain && word.size() > 1 && word.front() == '0' && all_digits(word))
            return fmt::format("the number `{}` begins with a zero", word);
    }
    return {};
}

/// Rule 11.4.
std::weak_ordering order_of_identifiers(std::string_view a, std::string_view b) {
    const bool number_a = all_digits(a);
    const bool number_b = all_digits(b);
    if (number_a != number_b)
        return number_a ? std::weak_ordering::less : std::weak_ordering::greater;
    if (number_a && a.size() != b.size()) return a.size() <=> b.size();
    return a.compare(b) <=> 0;
}

std::weak_ordering order_of_prereleases(std::string_view a, std::string_view b) {
    if (a.empty() || b.empty())
        return b.size() == a.size() ? std::weak_ordering::equivalent
               : a.empty()          ? std::weak_ordering::greater
                                    : std::weak_ordering::less;
    while (!a.empty() && !b.empty()) {
        const auto order = order_of_identifiers(identifier_of(a), identifier_of(b));
        if (order != 0) return order;
    }
    return !a.empty() <=> !b.empty();
}

}  // namespace

std::weak_ordering operator<=>(const Version& a, const Version& b) {
    if (const auto order = a.major <=> b.major; order != 0) return order;
    if (const auto order = a.minor <=> b.minor; order != 0) return order;
    if (const auto order = a.patch <=> b.patch; order != 0) return order;
    return order_of_prereleases(a.prerelease, b.prerelease);
}

base::Result<Version> version_from(std::string_view text) {
    if (text.size() > kTextMax)
        return no_version(text, fmt::format("it is longer than {} characters", kTextMax));
    Version version;
    std::string_view rest = text;
    if (const std::size_t plus = rest.find('+'); plus != std::string_view::npos) {
        version.build = rest.substr(plus + 1);
        if (auto fault = fault_in(version.build, false); !fault.empty())
            return no_version(text, std::move(fault));
        rest = rest.substr(0, plus);
    }
    if (const std::size_t hyphen = rest.find('-'); hyphen != std::string_view::npos) {
        version.prerelease = rest.substr(hyphen + 1);
        if (auto fault = fault_in(version.prerelease, true); !fault.empty())
            return no_version(text, std::move(fault));
        rest = rest.substr(0, hyphen);
    }
    if (rest.starts_with('v') || rest.starts_with('V'))
        return no_version(text, "the `v` is a tag's, not the version's");
    if (std::count(rest.begin(), rest.end(), '.') != 2 || rest.back() == '.')
        return no_version(text, "it needs three numbers, apart by dots");
    for (std::uint32_t* part : {&version.major, &version.minor, &version.patch}) {
        const std::string_view number = identifier_of(rest);
        if (!all_digits(number))
            return no_version(text, fmt::format("`{}` is no whole number", number));
        if (number.size() > 1 && number.front() == '0')
            return no_version(text, fmt::format("the number `{}` begins with a zero", number));
        const auto read = std::from_chars(number.data(), number.data() + number.size(), *part);
        if (read.ec != std::errc{})
            return no_version(text, fmt::format("the number `{}` is larger than {}", number,
                                                std::numeric_limits<std::uint32_t>::max()));
    }
    return version;
}

std::string to_text(const Version& version) {
    std::string out = fmt::format("{}.{}.{}", version.major, version.minor, version.patch);
    if (!version.prerelease.empty()) out += '-' + version.prerelease;
    if (!version.build.empty()) out += '+' + version.build;
    return out;
}

bool VersionRange::contains(const Version& version) const {
    for (const Comparison& comparison : comparisons_) {
        const auto order = version <=> comparison.version;
        bool holds = false;
        switch (comparison.sign) {
            case Sign::below:
                holds = order < 0;
                break;
            case Sign::at_most:
                holds = order <= 0;
                break;
            case Sign::equal:
                holds = order == 0;
                break;
            case Sign::at_least:
                holds = order >= 0;
                break;
            case Sign::above:
                holds = order > 0;
                break;
        }
        if (!holds) return false;
    }
    return true;
}

std::string_view VersionRange::text_of(Sign sign) {
    switch (sign) {
        case Sign::below:
            return "<";
        case Sign::at_most:
            return "<=";
        case Sign::equal:
            return "=";
        case Sign::at_least:
            return ">=";
        case Sign::above:
            return ">";
    }
    return "";
}

base::Result<VersionRange> range_from(std::string_view text) {
    using Sign = VersionRange::Sign;
    const auto no_range = [text](std::string why) {
        return base::fail(base::Failure::rejected,
                          {.code = "CF0203",
                           .what = fmt::format("`{}` is no range of versions", text.substr(0, 64)),
                           .why = std::move(why),
                           .fix = "write comparisons apart by spaces, like `>=1.4.0 <2.0.0`"});
    };
    VersionRange range;
    std::string_view rest = text;
    do {
        const std::size_t space = rest.find(' ');
        std::string_view word = rest.substr(0, space);
        rest = space == std::string_view::npos ? std::string_view{} : rest.substr(space + 1);
        VersionRange::Comparison comparison;
        bool signed_ = false;
        for (const Sign sign :
             {Sign::at_most, Sign::at_least, Sign::below, Sign::above, Sign::equal}) {
            if (signed_ || !word.starts_with(VersionRange::text_of(sign))) continue;
            comparison.sign = sign;
            word.remove_prefix(VersionRange::text_of(sign).size());
            signed_ = true;
        }
        if (!signed_) return no_range("each comparison begins with <, <=, =, >= or >");
        const auto version = version_from(word);
        if (!version) return no_range(version.error().diagnostic.what);
        comparison.version = *version;
        range.comparisons_.push_back(std::move(comparison));
        if (range.comparisons_.size() > 8) return no_range("it has more than 8 comparisons");
        if (space != std::string_view::npos && rest.empty()) return no_range("it ends in a space");
    } while (!rest.empty());
    return range;
}

std::string to_text(const VersionRange& range) {
    std::string out;
    for (const auto& comparison : range.comparisons_) {
        if (!out.empty()) out += ' ';
        out += VersionRange::text_of(comparison.sign);
        out += to_text(comparison.version);
    }
    return out;
}

}  // namespace release
