#include "base/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <limits>

namespace base {

std::string to_text(Permille share) {
    return share.value % 10 == 0 ? fmt::format("{}%", share.value / 10)
                                 : fmt::format("{}.{}%", share.value / 10, share.value % 10);
}

std::optional<Permille> permille_from(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i)
        if (text[i] != '.' && text[i] != '%' && (text[i] < '0' || text[i] > '9')) return {};
    unsigned whole_part = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), whole_part);
    if (read.ec != std::errc{} || whole_part > 100) return {};
    std::string_view rest(read.ptr, static_cast<std::size_t>(text.data() + text.size() - read.ptr));
    unsigned tenth = 0;
    if (rest.size() == 3 && rest[0] == '.') tenth = static_cast<unsigned>(rest[1] - '0');
    const Permille share{static_cast<std::uint16_t>(std::min(whole_part * 10 + tenth, 1001U))};
    if (share > kAll || to_text(share) != text) return {};
    return share;
}

namespace {

constexpr std::array<std::string_view, 5> kSizes{"B", "KiB", "MiB", "GiB", "TiB"};

}  // namespace

std::string to_text(Bytes bytes) {
    std::size_t size = 0;
    std::uint64_t count = bytes.count;
    while (count > 0 && count % 1024 == 0 && size + 1 < kSizes.size()) {
        count /= 1024;
        ++size;
    }
    return fmt::format("{}{}", count, kSizes[size]);
}

std::optional<Bytes> bytes_from(std::string_view text) {
    std::uint64_t count = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), count);
    if (read.ec != std::errc{}) return {};
    const std::string_view unit = text.substr(static_cast<std::size_t>(read.ptr - text.data()));
    std::uint64_t factor = 1;
    for (const std::string_view each : kSizes) {
        if (unit == each) {
            if (count > std::numeric_limits<std::uint64_t>::max() / factor) return {};
            const Bytes bytes{count * factor};
            return to_text(bytes) == text ? std::optional(bytes) : std::nullopt;
        }
        factor *= 1024;
    }
    return {};
}

}  // namespace base
