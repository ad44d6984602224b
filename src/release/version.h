#pragma once
// Semantic Versioning 2.0.0 (semver.org), strictly.

#include "base/result.h"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

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

}  // namespace release
