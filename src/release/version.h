#pragma once
// Semantic Versioning 2.0.0 (semver.org), strictly.

#include "base/result.h"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace release {

struct Version {
    std::uint32_t major = 0;
    std::uint32_t minor = 0;
    std::uint32_t patch = 0;
    std::string prerelease;  ///< Without the hyphen.
    std::string build;       ///< Without the plus; ignored when versions are ordered.

    /// SemVer precedence, rule 11; versions that differ in build only are equivalent.
    friend std::weak_ordering operator<=>(const Version& a, const Version& b);
    friend bool operator==(const Version&, const Version&) = default;
};

base::Result<Version> version_from(std::string_view text);
std::string to_text(const Version& version);

/// Versions that fulfil all of a few comparisons, written like `>=1.4.0 <2.0.0`.
class VersionRange {
public:
    bool contains(const Version& version) const;

    friend bool operator==(const VersionRange&, const VersionRange&) = default;
    friend base::Result<VersionRange> range_from(std::string_view text);
    friend std::string to_text(const VersionRange& range);

private:
    enum class Sign { below, at_most, equal, at_least, above };
    struct Comparison {
        Sign sign = Sign::equal;
        Version version;

        friend bool operator==(const Comparison&, const Comparison&) = default;
    };
    static std::string_view text_of(Sign sign);

    std::vector<Comparison> comparisons_;
};

/// One to eight of `<`, `<=`, `=`, `>=`, `>` with a version each, apart by single spaces.
base::Result<VersionRange> range_from(std::string_view text);
std::string to_text(const VersionRange& range);

}  // namespace release
