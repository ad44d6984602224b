#include "release/change.h"
#include <optional>
#include <string_view>

#include "base/digest.h"
#include "release/names.h"
#include "release/release.h"
#include "release/version.h"

namespace release {

std::string_view name_of(ChangeKind kind) {
    return name_in_table(kind);
}

namespace {

/// What the version numbers say; nothing where they are equivalent.
ChangeKind kind_of_versions(const Version& from, const Version& to) {
    if (from.major != to.major) return ChangeKind::major;
    if (from.minor != to.minor) return ChangeKind::minor;
    if ((from <=> to) != 0) return ChangeKind::patch;
    return ChangeKind::nothing;
}

}  // namespace

Change change_between(const std::optional<Release>& from, const Release& to) {
    if (!from)
        return {.kind = ChangeKind::first,
                .artifact = true,
                .config = true,
                .assets = to.assets != base::Digest{}};
    if (same(*from, to)) return {};
    Change change{.artifact = from->artifact != to.artifact,
                  .config = from->config != to.config,
                  .assets = from->assets != to.assets,
                  .downgrade = (to.version <=> from->version) < 0};
    change.kind = kind_of_versions(from->version, to.version);
    if (change.kind != ChangeKind::nothing) return change;
    if (change.artifact)
        change.kind = ChangeKind::rebuild;
    else if (change.config)
        change.kind = ChangeKind::config;
    else if (change.assets)
        change.kind = ChangeKind::assets;
    return change;
}

}  // namespace release
