#pragma once
// Looks at all that a release on this machine rests on; changes and makes nothing.

#include "base/clock.h"
#include "local/checkup.h"
#include "local/folder.h"
#include "release/spec.h"

namespace local {

/// Without a spec only what can be said of any machine.
MachineSight survey(const Folder& folder, const release::Spec* spec, base::Clock& clock,
                    base::Deadline deadline);

}  // namespace local
