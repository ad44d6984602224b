#pragma once
// Plans of the application as it is at this moment, and plans that were kept.

#include "cli/drive.h"
#include "cli/session.h"
#include "release/plan.h"

#include <string>

namespace cli {

/// What a deploy of `spec` would do now. `strategy` empty: as the policy says.
tl::expected<release::Plan, Refusal> plan_now(Session& session, Opened& opened,
                                              const release::Spec& spec,
                                              const std::string& strategy);

base::Result<release::Plan> read_plan(const std::string& file);

}  // namespace cli
