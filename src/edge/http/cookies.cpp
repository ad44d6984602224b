#include "edge/http/cookies.h"

#include <algorithm>

namespace edge {

std::optional<std::string_view> cookie_in(std::string_view line, std::string_view name) {
    while (!line.empty()) {
        const std::size_t end = std::min(line.find(';'), line.size());
        const std::string_view pair = net::trimmed(line.substr(0, end));
        line.remove_prefix(std::min(end + 1, line.size()));
        const std::size_t equals = pair.find('=');
        if (equals == std::string_view::npos) continue;
        if (net::trimmed(pair.substr(0, equals)) == name) {
            return net::trimmed(pair.substr(equals + 1));
        }
    }
    return std::nullopt;
}

std::optional<std::string_view> cookie_of(const net::Fields& fields, std::string_view name) {
    if (!fields.has(net::FieldId::cookie)) return std::nullopt;
    for (const net::Field& field : fields) {
        if (field.id != net::FieldId::cookie) continue;
        if (const auto value = cookie_in(field.value, name)) return value;
    }
    return std::nullopt;
}

}  // namespace edge
