#pragma once
// Heads of the journal that are noted outside of the state folder: who changes the journal cannot
// change what was noted, if the file is theirs to add to only.

#include "base/clock.h"
#include "base/result.h"
#include "cli/site.h"
#include "engine/journal.h"

#include <filesystem>
#include <string>
#include <vector>

namespace cli {

/// Where a spec's `audit_anchor` is; empty: none.
std::filesystem::path anchor_of(const Site& site, const release::Spec& spec);

/// Adds the journal's present end as a line `INDEX HASH INSTANT RELEASE`. Only adds: the file may
/// be one that cannot be written otherwise.
base::Result<void> note_head(const std::filesystem::path& file, const engine::Record& last,
                             base::Instant now);

/// `INDEX:HASH`, as reports print it.
base::Result<engine::Head> head_from(const std::string& text);

/// All heads in the file; none where there is no file. Rejects a line that is no head.
base::Result<std::vector<engine::Head>> noted_heads(const std::filesystem::path& file);

}  // namespace cli
