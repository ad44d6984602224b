#pragma once
// One machine as a place for releases: its agent and its edge, brought up, asked and taken down.

#include "base/clock.h"
#include "base/result.h"
#include "engine/ticket.h"
#include "local/folder.h"
#include "release/pool.h"
#include "release/spec.h"

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace local {

/// A process of ours and what it costs.
struct Running {
    pid_t pid = 0;
    base::Instant since;
    std::uint64_t resident_bytes = 0;
    std::uint32_t restarts = 0;
};

struct Overview {
    Running agent;
    std::optional<Running> edge;  ///< None in the moments between its death and its restart.
    std::uint32_t instances = 0;
    std::optional<base::Instant> tail_at;  ///< When `crossfade resume --tail` is due.
};

/// What a release adds to its spec.
struct Placing {
    std::optional<release::Pool> previewed;  ///< Where requests with the spec's preview go.
    std::string salt;                        ///< See `Places::salt`.
};

enum class Leaving {
    drained,  ///< Instances are drained first, as long as the wish's drain deadline allows.
    now,      ///< SIGTERM at once, SIGKILL after the grace.
};

/// Starts, asks and stops agent and edge of one state folder.
///
/// Agent and edge are separate processes that outlive whoever called `up`. Calls block until
/// `deadline` at the latest; used by one thread.
class Machine {
public:
    /// `program` is what runs as `program agent --state DIR` and `program edge --state DIR`:
    /// the crossfade binary itself.
    Machine(Folder folder, std::filesystem::path program, base::Clock& clock);

    const Folder& folder() const { return folder_; }

    /// Starts what does not run: the agent, which starts the edge and brings back the instances
    /// that were wished when it went down. Returns when both answer. Idempotent.
    /// Fails with `unavailable` and the last lines of the log if one ends instead.
    base::Result<void> ensure_up(base::Deadline deadline);

    /// Once up: makes agent and edge be of this very build. An agent of another one is ended, which
    /// touches nothing that it keeps, and started anew; it has the edge taken over by one of its
    /// build, and requests and plaintext WebSockets do not notice. Does nothing where both are.
    /// Fails with `unavailable` where the new edge did not come that far: the old one goes on.
    base::Result<void> renew(base::Deadline deadline);

    /// Gives the edge the spec's listeners, routes, health checks and limits; targets and weights
    /// stay. The spec's relative paths begin at `home`. Returns when each worker runs it. Fails
    /// with `rejected` where the preview's value cannot be had, with `unavailable`, naming who has
    /// it, when the listen address is in use, `conflict` under a lease that has been replaced. The
    /// ticket is always of a lease: the edge refuses fence 0 here.
    base::Result<void> configure(const release::Spec& spec, const std::filesystem::path& home,
                                 const engine::Ticket& ticket, base::Deadline deadline,
                                 const Placing& placing = {});

    /// Drains and stops all instances, then the edge, then the agent. What was wished is kept for
    /// the next `ensure_up`. Succeeds when nothing runs. `progress` is called with one line for
    /// people whenever something has changed.
    base::Result<void> down(Leaving leaving, base::Deadline deadline,
                            const std::function<void(const std::string&)>& progress);

    /// What runs; `not_found` when the agent does not.
    base::Result<Overview> overview(base::Deadline deadline);

    /// Has the agent run `program resume --tail --state DIR` at `at`, also after it was killed
    /// and started again; none forgets it. One at a time: the last call counts.
    base::Result<void> tail_at(std::optional<base::Instant> at, base::Deadline deadline);

private:
    base::Result<void> start_agent(base::Deadline deadline);
    base::Result<void> await_renewal(base::Deadline deadline);

    Folder folder_;
    std::filesystem::path program_;
    base::Clock& clock_;
};

}  // namespace local
