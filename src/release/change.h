#pragma once
// What differs between the release that runs and the one that is wanted.

#include "release/release.h"
#include "release/version.h"

#include <optional>
#include <string>

namespace release {

enum class ChangeKind { first, major, minor, patch, rebuild, config, assets, nothing };

std::string_view name_of(ChangeKind kind);

/// The largest difference decides `kind`; the flags tell all of them.
struct Change {
    ChangeKind kind = ChangeKind::nothing;
    bool artifact = false;
    bool config = false;
    bool assets = false;
    bool downgrade = false;  ///< The wanted version precedes the present one.

    friend bool operator==(const Change&, const Change&) = default;
};

/// `rebuild` is another artifact under the same version: treated like a patch and said so.
Change change_between(const std::optional<Release>& from, const Release& to);

}  // namespace release
