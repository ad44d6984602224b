#include "net/url.h"

#include "base/percent.h"

namespace net {

namespace {

std::string form_decoded(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        if (const auto byte = base::escape_at(text)) {
            out += *byte;
            text.remove_prefix(3);
        } else {
            out += text.front() == '+' ? ' ' : text.front();
            text.remove_prefix(1);
        }
    }
    return out;
}

/// Cuts what stands in front of the next `separator` off `rest`.
std::string_view next_piece(std::string_view& rest, char separator) {
    const std::size_t at = rest.find(separator);
    const std::string_view piece = rest.substr(0, at);
    rest = at == std::string_view::npos ? std::string_view{} : rest.substr(at + 1);
    return piece;
}

std::string_view trimmed(std::string_view text) {
    const std::size_t from = text.find_first_not_of(" \t");
    if (from == std::string_view::npos) return {};
    return text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

}  // namespace

std::vector<std::pair<std::string, std::string>> query_pairs(std::string_view query) {
    std::vector<std::pair<std::string, std::string>> pairs;
    while (!query.empty()) {
        const std::string_view pair = next_piece(query, '&');
        if (pair.empty()) continue;
        const std::size_t equals = pair.find('=');
        pairs.emplace_back(
            form_decoded(pair.substr(0, equals)),
            equals == std::string_view::npos ? "" : form_decoded(pair.substr(equals + 1)));
    }
    return pairs;
}

std::optional<std::string> query_value(std::string_view query, std::string_view name) {
    while (!query.empty()) {
        const std::string_view pair = next_piece(query, '&');
        const std::size_t equals = pair.find('=');
        if (form_decoded(pair.substr(0, equals)) != name) continue;
        return equals == std::string_view::npos ? "" : form_decoded(pair.substr(equals + 1));
    }
    return std::nullopt;
}

std::optional<std::string_view> cookie_value(std::string_view cookies, std::string_view name) {
    while (!cookies.empty()) {
        const std::string_view pair = trimmed(next_piece(cookies, ';'));
        const std::size_t equals = pair.find('=');
        if (equals == std::string_view::npos || trimmed(pair.substr(0, equals)) != name) continue;
        std::string_view value = trimmed(pair.substr(equals + 1));
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
            value = value.substr(1, value.size() - 2);
        }
        return value;
    }
    return std::nullopt;
}

std::optional<std::vector<std::string>> path_segments(std::string_view path) {
    std::vector<std::string> segments;
    while (!path.empty()) {
        const std::string_view piece = next_piece(path, '/');
        if (piece.empty()) continue;
        std::optional<std::string> segment = base::percent_decoded(piece);
        const bool climbs = segment && (*segment == "." || *segment == "..");
        if (!segment || climbs || segment->find('\0') != std::string::npos) return std::nullopt;
        segments.push_back(std::move(*segment));
    }
    return segments;
}

}  // namespace net
