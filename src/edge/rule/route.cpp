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

bool fits_but_for_header(const Condition& when, const Asked& asked) {
    if (!when.listener.empty() && when.listener != asked.listener) return false;
    if (!when.methods.empty() &&
        std::find(when.methods.begin(), when.methods.end(), asked.method) == when.methods.end()) {
        return false;
    }
    if (!when.host.empty() && !fits(when.host, asked.host, Case::ignored)) return false;
    return when.path == "*" || when.path == "/*" || fits(when.path, asked.path, Case::matters);
}

std::string location_of(const Redirect& redirect, const Asked& asked, std::string_view query,
                        std::string_view port) {
    const std::array<std::pair<std::string_view, std::string_view>, 5> parts{{
        {"#{protocol}", "http"},
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
