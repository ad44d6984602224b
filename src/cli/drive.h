#pragma once
// What `deploy`, `rollback`, `resume`, `abort` and `up` have in common: opening the application,
// making a plan of its present state, and carrying a run to its end before someone's eyes.

#include "cli/interrupt.h"
#include "cli/provider.h"
#include "cli/session.h"
#include "cli/site.h"
#include "engine/history.h"
#include "release/plan.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cli {

/// An application with what its journal says, opened for a command that changes something.
struct Opened {
    Site site;
    std::unique_ptr<Provider> provider;
    std::vector<engine::Record> records;
    engine::Releases releases;

    engine::Store& store() const { return provider->store(); }
    /// The run that the journal ends with, if it is not over.
    const engine::PastRun* under_way() const {
        return releases.under_way() ? &releases.runs.back() : nullptr;
    }
};

/// Makes what is missing of its state.
base::Result<Opened> open_application(const Session& session, Site site);

/// Who drives the application at this moment; none when the lease is free, over, or held by a
/// process of this machine that is no more (whose lease is then given back).
base::Result<std::optional<engine::Lease>> present_driver(engine::Store& store, base::Instant now);

/// Refuses with exit 7 when someone drives the application (CF0720), or when its last run has not
/// ended (CF0721). Waits a while for one that only ends the old instances of a release that is
/// over; `opened` is then read anew.
tl::expected<void, Refusal> require_idle(Session& session, Opened& opened);

/// The release that the spec stands for: its files' digests are computed here.
base::Result<release::Release> candidate(const Opened& opened, const release::Spec& spec,
                                         std::string id);

/// What stands in the pools. Needs the agent, except before the first release.
base::Result<release::Present> present_of(Opened& opened, Ports& ports, base::Clock& clock);

/// What is to be carried out, and for whom.
struct Errand {
    const SpecText& spec;
    const release::Plan& plan;
    std::string order = {};    ///< As `engine::Driver` has it.
    std::string despite = {};  ///< Why a lock or a freeze did not count; goes into the journal.
};

/// Begins a plan and carries it through. The spec is kept for `resume` first.
Ending carry_out(Session& session, Opened& opened, const Errand& errand);

/// Carries on with the journal's last run; `done` when nothing of it is left to do.
Ending carry_on(Session& session, Opened& opened);

ExitCode exit_code_of(engine::Ending ending, engine::Cause cause);

}  // namespace cli
