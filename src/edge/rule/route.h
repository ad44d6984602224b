#pragma once
// Which rule a request meets.

#include "edge/config.h"
#include "net/fields.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
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
    std::string_view query = {};
    const std::array<std::uint8_t, 16>* source = nullptr;  ///< As Network::bytes has it.
    std::string_view protocol = "http";
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

/// Whether all of `when` holds but for its headers.
bool fits_but_for_header(const Condition& when, const Asked& asked);

/// The index of the first of `rules` whose condition holds. `has_field` is called with a
/// FieldCondition and tells whether it holds.
template <typename HasField>
std::optional<std::size_t> match(const std::vector<Rule>& rules, const Asked& asked,
                                 HasField has_field) {
    for (std::size_t i = 0; i < rules.size(); ++i) {
        const Condition& when = rules[i].when;
        if (!fits_but_for_header(when, asked)) continue;
        if (std::all_of(when.headers.begin(), when.headers.end(), has_field)) return i;
    }
    return std::nullopt;
}

/// Whether a line of that name has one of the values.
bool holds(const FieldCondition& condition, const net::Fields& fields);

/// Where a redirect leads: its location with the request's parts in place of `#{…}`. What
/// would break a header line is left out.
std::string location_of(const Redirect& redirect, const Asked& asked, std::string_view query,
                        std::string_view port);

}  // namespace edge
