#include "edge/rule/route.h"

#include <algorithm>
#include <array>
#include <utility>

namespace edge {

namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

}  // namespace

bool fits(std::string_view pattern, std::string_view text, Case letter_case) {
    const auto same = [letter_case](char a, char b) {
        return letter_case == Case::matters ? a == b : lower(a) == lower(b);
    };
    std::size_t p = 0;
    std::size_t t = 0;
    std::size_t star = std::string_view::npos;
    std::size_t after_star = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            after_star = t;
        } else if (p < pattern.size() && (pattern[p] == '?' || same(pattern[p], text[t]))) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++after_star;
        } else {
            return false;
        }
        if (p == pattern.size() && star != std::string_view::npos && star + 1 == p) return true;
    }
    while (p < pattern.size() && pattern[p] == '*') ++p;
    return p == pattern.size();
}

std::string_view path_of(std::string_view target) {
    if (!target.empty() && target[0] != '/') {
        const std::size_t scheme = target.find("://");
        if (scheme != std::string_view::npos) {
            const std::size_t slash = target.find_first_of("/?", scheme + 3);
            if (slash == std::string_view::npos || target[slash] == '?') return "/";
            target = target.substr(slash);
        }
    }
    return target.substr(0, target.find('?'));
}

std::string_view query_of(std::string_view target) {
    const std::size_t mark = target.find('?');
    return mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
}

std::string_view host_of(std::string_view authority) {
    if (!authority.empty() && authority.front() == '[') {
        const std::size_t end = authority.find(']');
        return end == std::string_view::npos ? authority : authority.substr(0, end + 1);
    }
    return authority.substr(0, authority.find(':'));
}

namespace {

bool any_fits(const std::vector<std::string>& patterns, std::string_view text, Case letter_case) {
    return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
        return pattern == "*" || fits(pattern, text, letter_case);
    });
}

/// `a=1&b`: whether one of its parts fits. Undecoded, as ALB compares.
bool fits_query(const QueryCondition& wanted, std::string_view query) {
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        const std::string_view part = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        const std::size_t equals = part.find('=');
        const std::string_view key = part.substr(0, equals);
        const std::string_view value =
            equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1);
        if (wanted.key.empty()) {
            if (fits(wanted.value, value.empty() ? key : value, Case::ignored)) return true;
        } else if (fits(wanted.key, key, Case::ignored) &&
                   fits(wanted.value, value, Case::ignored)) {
            return true;
        }
    }
    return false;
}

bool fits_rest(const Condition& when, const Asked& asked) {
    if (!when.queries.empty() &&
        std::none_of(when.queries.begin(), when.queries.end(), [&](const QueryCondition& wanted) {
            return fits_query(wanted, asked.query);
        })) {
        return false;
    }
    return when.sources.empty() ||
           (asked.source != nullptr &&
            std::any_of(when.sources.begin(), when.sources.end(),
                        [&](const Network& network) { return network.has(*asked.source); }));
}

}  // namespace

bool fits_but_for_header(const Condition& when, const Asked& asked) {
    if (!when.listener.empty() && when.listener != asked.listener) return false;
    if (!when.methods.empty() &&
        std::find(when.methods.begin(), when.methods.end(), asked.method) == when.methods.end()) {
        return false;
    }
    if (!when.hosts.empty() && !any_fits(when.hosts, asked.host, Case::ignored)) return false;
    if (!when.paths.empty() && !any_fits(when.paths, asked.path, Case::matters)) return false;
    return fits_rest(when, asked);
}

bool holds(const FieldCondition& condition, const net::Fields& fields) {
    for (const net::Field& field : fields) {
        if (net::same_ignoring_case(field.name, condition.name) &&
            any_fits(condition.values, field.value, Case::ignored)) {
            return true;
        }
    }
    return false;
}

std::string location_of(const Redirect& redirect, const Asked& asked, std::string_view query,
                        std::string_view port) {
    const std::array<std::pair<std::string_view, std::string_view>, 5> parts{{
        {"#{protocol}", asked.protocol},
        {"#{host}", asked.host},
        {"#{port}", port},
        // ALB's #{path} comes without the leading slash, so that "/#{path}" reads well.
        {"#{path}", asked.path.empty() ? asked.path : asked.path.substr(1)},
        {"#{query}", query},
    }};
    std::string made;
    std::string_view rest = redirect.location;
    while (!rest.empty()) {
        const auto at = std::find_if(parts.begin(), parts.end(), [&](const auto& part) {
            return rest.starts_with(part.first);
        });
        const std::string_view text = at == parts.end() ? rest.substr(0, 1) : at->second;
        for (const char c : text) {
            if (c > ' ' && c != '\x7f') made += c;
        }
        rest.remove_prefix(at == parts.end() ? 1 : at->first.size());
    }
    return made;
}

}  // namespace edge
