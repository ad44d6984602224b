#pragma once
// Orders: what someone wants released, under a name of their own such as a build's, so that an
// order given twice is carried out once, whichever process dies meanwhile.

#include "cli/drive.h"
#include "cli/session.h"

#include <string>

namespace cli {

/// Nothing wrong with it: up to 200 printable characters.
tl::expected<void, Refusal> require_order(const std::string& order);

/// The run that was begun for `order`, if one was.
const engine::PastRun* run_for(const engine::Releases& releases, const std::string& order);

/// Stays with a run until it has ended, whoever drives it, and ends as it did. Where nobody drives
/// it, this process does. Told to stop, it asks another driver to pause, so that traffic stays at
/// the last verified weight either way, and ends with 75.
Ending see_through(Session& session, Opened& opened, const std::string& run);

}  // namespace cli
