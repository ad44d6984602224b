#pragma once
// Which rule a request meets.

#include "edge/config.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace edge {

/// What rules look at, but for header fields.
struct Asked {
    std::string_view listener;
    std::string_view method;
    std::string_view path;  ///< Without query.
    std::string_view host;  ///< Without port.
};

enum class Case { matters, ignored };

/// Whether `text` fits `pattern`: `*` any run of characters, `?` any one. Linear for one `*`, never
/// worse than their product.
bool fits(std::string_view pattern, std::string_view text, Case letter_case);

/// The path of a request target, without its query; an absolute-form target's path.
std::string_view path_of(std::string_view target);
std::string_view query_of(std::string_view target);
/// A Host field's or authority's host without its port.
std::string_view host_of(std::string_view authority);

/// The index of the first of `rules` whose condition holds. `header_of` is called with a name and
/// gives an optional text.
template <typename HeaderOf>
std::optional<std::size_t> match(const std::vector<Rule>& rules, const Asked& asked,
                                 HeaderOf header_of);

bool fits_but_for_header(const Condition& when, const Asked& asked);

template <typename HeaderOf>
std::optional<std::size_t> match(const std::vector<Rule>& rules, const Asked& asked,
                                 HeaderOf header_of) {
    for (std::size_t i = 0; i < rules.size(); ++i) {
        const Condition& when = rules[i].when;
        if (!fits_but_for_header(when, asked)) continue;
        if (!when.header_name.empty()) {
            const std::optional<std::string_view> value = header_of(when.header_name);
            if (!value || !fits(when.header_value, *value, Case::ignored)) continue;
        }
        return i;
    }
    return std::nullopt;
}

/// Where a redirect leads: its location with the request's parts in place of `#{…}`. What
/// would break a header line is left out.
std::string location_of(const Redirect& redirect, const Asked& asked, std::string_view query,
                        std::string_view port);

}  // namespace edge
