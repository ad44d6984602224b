#pragma once
// What a command needs of a provider: the engine's ports, and what else has to run or be kept. The
// one place where `local` or `aws` is chosen; behind it are LocalProvider and AwsProvider.

#include "base/clock.h"
#include "base/digest.h"
#include "base/finding.h"
#include "base/result.h"
#include "cli/session.h"
#include "cli/site.h"
#include "engine/history.h"
#include "engine/run.h"
#include "engine/ticket.h"
#include "release/plan.h"
#include "release/spec.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cli {

inline constexpr std::chrono::seconds kCallDeadline{5};

/// The engine's ports. Outlives the run that uses it; its provider outlives this.
class Ports {
public:
    virtual ~Ports() = default;
    virtual engine::Fleet& fleet() = 0;
    virtual engine::Traffic& traffic() = 0;
    virtual engine::World world() = 0;
};

/// Whether a command carries a release on, or only shows what there is.
enum class Use { looks, drives };

/// What the state says of releases; nothing of `releases` where it could not be read.
struct Standing {
    std::optional<engine::Releases> releases = {};
    std::optional<engine::Lease> driver = {};
    std::optional<base::Instant> last_record = {};  ///< When the journal's last one was written.
};

class Provider {
public:
    virtual ~Provider() = default;

    virtual engine::Store& store() = 0;
    virtual base::Result<std::unique_ptr<Ports>> ports(const release::Spec& spec, Use use) = 0;
    /// How often the world is asked, and how long it may take to answer.
    virtual engine::Pace pace() const = 0;

    /// Starts what has to run beside the application, where it does not.
    virtual base::Result<void> ensure_up() = 0;
    /// The same while a release goes on: cheap, and as often as one likes.
    virtual void look_after() = 0;
    /// Tells the data plane what the spec says of it, before `plan` begins; under a lease of
    /// `holder`, which the run then takes anew.
    virtual base::Result<void> configure(const release::Spec& spec, const release::Plan& plan,
                                         const std::string& holder) = 0;
    /// Sees to it that the pool that stands warm is retired at `at`. What a person should know of
    /// that; empty: nothing.
    virtual base::Result<std::string> retire_at(std::optional<base::Instant> at) = 0;
    /// What the provider adds to how instances are started: part of a release's config.
    virtual void add_to(release::Process& process, const release::Spec& spec) const = 0;

    /// What a look around the place says of it. Changes nothing.
    virtual std::vector<base::Finding> examine(const release::Spec& spec,
                                               const Standing& standing) = 0;
    /// Gives back what a release took for its length and left so, by name; for the holder of the
    /// lease, where no release goes on and none stands warm.
    virtual base::Result<std::vector<std::string>> give_back(const engine::Ticket& ticket) = 0;

    /// The spec of a run, as it was when the run began: what a resumed run and a rollback go by,
    /// as the file may have been edited since. Kept by the plan's digest before the run begins.
    virtual base::Result<void> keep_spec(const SpecText& spec, const base::Digest& plan) = 0;
    virtual base::Result<SpecText> kept_spec(const base::Digest& plan) = 0;
    /// Forgets all kept specs but this plan's, where they cost something.
    virtual void forget_specs_but(const base::Digest& plan) = 0;
};

/// As the spec says; `local` where it cannot be read. Makes what is missing of its state.
base::Result<std::unique_ptr<Provider>> open_provider(const Session& session, const Site& site);
/// Likewise, where something was released; else `not_found` (CF0711).
base::Result<std::unique_ptr<Provider>> open_existing(const Session& session, const Site& site);

/// All records of the application's journal, oldest first.
base::Result<std::vector<engine::Record>> journal_of(const Session& session);

/// What a look around this machine says; without a spec only what can be said of any. Changes and
/// makes nothing.
std::vector<base::Finding> examine_machine(const local::Folder& folder, const release::Spec* spec,
                                           const Standing& standing, base::Clock& clock);

std::unique_ptr<Provider> local_provider(const Session& session, const Site& site,
                                         std::unique_ptr<engine::Store> store);
base::Result<std::unique_ptr<Provider>> aws_provider(const Session& session, const Site& site,
                                                     const release::Spec& spec);

}  // namespace cli
