#include "load/outcome.h"

#include <algorithm>

namespace load {
namespace {

/// `1.0.0.BUILD.HASH.false` gives `1.0.0` and `HASH`; other ids stand for themselves.
struct Parts {
    std::string_view version;
    std::string_view hash;
};

Parts parts_of(std::string_view id) {
    std::size_t end = 0;
    for (int dots = 0; end < id.size() && dots < 3; ++end)
        if (id[end] == '.') ++dots;
    if (end >= id.size()) return {.version = id, .hash = {}};
    const std::size_t last = id.rfind('.');
    const std::size_t before = id.rfind('.', last - 1);
    if (before == std::string_view::npos || before < end - 1) return {.version = id, .hash = {}};
    return {.version = id.substr(0, end - 1), .hash = id.substr(before + 1, last - before - 1)};
}

}  // namespace

bool is_of(std::string_view version_id, std::string_view version) {
    if (!version_id.starts_with(version)) return false;
    return version_id.size() == version.size() || version_id[version.size()] == '.';
}

std::string brief(std::string_view version_id, const std::vector<VersionOutcome>& all) {
    const Parts parts = parts_of(version_id);
    const auto same = std::count_if(all.begin(), all.end(), [&](const VersionOutcome& other) {
        return parts_of(other.version).version == parts.version;
    });
    std::string text(parts.version);
    if (same > 1 && !parts.hash.empty()) text += " " + std::string(parts.hash.substr(0, 4));
    return text;
}

std::optional<double> rollback_ms(const Outcome& outcome, std::string_view version,
                                  base::Instant commanded, base::Instant until) {
    const auto known =
        std::any_of(outcome.versions.begin(), outcome.versions.end(),
                    [&](const VersionOutcome& one) { return is_of(one.version, version); });
    if (!known) return std::nullopt;
    std::int64_t last = base::micros_of(commanded);
    for (const Second& second : outcome.seconds)
        for (const auto& [id, slice] : second.versions)
            if (is_of(id, version) && slice.last_micros <= base::micros_of(until))
                last = std::max(last, slice.last_micros);
    return static_cast<double>(last - base::micros_of(commanded)) / 1000.0;
}

}  // namespace load
