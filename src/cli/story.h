#pragma once
// What the journal says of a stretch of time, as `load` shows it behind and beside its figures.

#include "engine/history.h"
#include "engine/store.h"
#include "load/outcome.h"
#include "load/report.h"

#include <vector>

namespace cli {

/// Bands and rows of the runs that `outcome` overlaps. A band is a stage of a run, `rollback` from
/// where it turned back; a row's rollback counts from the command to the last answer of the release
/// that was left.
void tell_releases(const std::vector<engine::Record>& records, const load::Outcome& outcome,
                   load::Story& story);

}  // namespace cli
