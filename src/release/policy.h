#pragma once
// What is agreed on around releases: when none may begin, who is told, where the journal's end is
// noted.

#include "base/clock.h"
#include "release/release.h"

#include <optional>
#include <string>
#include <vector>

namespace release {

/// A time in which no release begins. Going back is never frozen.
struct Freeze {
    base::Instant from;
    base::Instant until;
    std::string why;

    friend bool operator==(const Freeze&, const Freeze&) = default;
};

/// Who is told of releases, and how.
struct Notice {
    enum class Kind {
        mattermost,
        slack,
        webhook,  ///< JSON of ours, signed with the key.
    };

    Kind kind = Kind::webhook;
    SecretSource url;  ///< Who knows it can write there, so it is a secret.
    std::optional<SecretSource> key;

    friend bool operator==(const Notice&, const Notice&) = default;
};

struct Policy {
    std::vector<Freeze> freezes;
    std::vector<Notice> notices;
    std::string anchor;  ///< A file to which the journal's head is added; empty: none.

    friend bool operator==(const Policy&, const Policy&) = default;
};

/// The freeze that holds at `now`, if one does.
const Freeze* freeze_at(const std::vector<Freeze>& freezes, base::Instant now);

}  // namespace release
