// Provider `local`: agent and edge of this machine, state in one folder.

#include "cli/ports.h"
#include "cli/provider.h"
#include "engine/run.h"
#include "local/checkup.h"
#include "local/machine.h"
#include "local/survey.h"

#include "base/log.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace cli {
namespace {

/// Agent and edge are asked over UNIX sockets: a look costs a millisecond.
constexpr engine::Pace kLocalPace{.poll = std::chrono::milliseconds{50}};

class LocalProvider final : public Provider {
public:
    LocalProvider(const Session& session, const Site& site, std::unique_ptr<engine::Store> store)
        : site_(site),
          clock_(session.clock),
          machine_(site.folder, session.program, session.clock),
          store_(std::move(store)) {}

    engine::Store& store() override { return *store_; }
    base::Result<std::unique_ptr<Ports>> ports(const release::Spec& spec, Use) override {
        return std::make_unique<LocalPorts>(site_, spec, *store_, clock_);
    }
    engine::Pace pace() const override { return kLocalPace; }
    base::Result<void> ensure_up() override {
        return machine_.ensure_up(clock_.deadline_in(kStartDeadline));
    }

    // A release needs the agent, which needs the edge: one that dies meanwhile is brought back,
    // rather than waited for until the release has run out of time.
    void look_after() override {
        if (clock_.tick() < next_look_) return;
        next_look_ = clock_.tick() + kLook;
        if (machine_.overview(clock_.deadline_in(kLook))) return;
        const auto up = ensure_up();
        if (!up) base::log::error("agent_missing", {{"why", up.error().line()}});
    }

    // If the edge refuses, nothing was begun and the lease is given back.
    base::Result<void> configure(const release::Spec& spec, const release::Plan& plan,
                                 const std::string& holder) override {
        const auto lease =
            store_->acquire(holder,
                            fmt::format("{} {} ({})", plan.is_rollback ? "rollback" : "deploy",
                                        plan.id, to_text(plan.to.version)),
                            clock_.now(), engine::Pace{}.lease);
        if (!lease) return base::fail(lease);
        const engine::Ticket ticket{
            lease->fence, engine::token_for(plan.id, "configure", engine::Direction::forward)};
        const bool swaps = plan.target != plan.active;
        auto configured = machine_.configure(
            spec, site_.home, ticket, clock_.deadline_in(kCallDeadline),
            {.previewed = swaps ? std::optional(plan.target) : std::nullopt, .salt = plan.id});
        if (configured) return {};
        if (const auto given = store_->release(*lease); !given) return base::fail(given);
        return configured;
    }

    // The agent empties the old pool when its time has come, as no command waits for that.
    base::Result<std::string> retire_at(std::optional<base::Instant> at) override {
        const auto told = machine_.tail_at(at, clock_.deadline_in(kCallDeadline));
        if (!told) return base::fail(told);
        return std::string{};
    }
    void add_to(release::Process&, const release::Spec&) const override {}
    std::vector<base::Finding> examine(const release::Spec& spec,
                                       const Standing& standing) override {
        return examine_machine(site_.folder, &spec, standing, clock_);
    }
    base::Result<std::vector<std::string>> give_back(const engine::Ticket&) override {
        return std::vector<std::string>{};
    }

    base::Result<void> keep_spec(const SpecText& spec, const base::Digest& plan) override {
        return cli::keep_spec(site_, spec, plan);
    }
    base::Result<SpecText> kept_spec(const base::Digest& plan) override {
        return cli::kept_spec(site_, plan);
    }
    void forget_specs_but(const base::Digest& plan) override { cli::forget_specs_but(site_, plan); }

private:
    static constexpr std::chrono::seconds kLook{1};

    Site site_;
    base::Clock& clock_;
    local::Machine machine_;
    std::unique_ptr<engine::Store> store_;
    base::Tick next_look_{};
};

}  // namespace

std::vector<base::Finding> examine_machine(const local::Folder& folder, const release::Spec* spec,
                                           const Standing& standing, base::Clock& clock) {
    local::MachineSight sight =
        local::survey(folder, spec, clock, clock.deadline_in(kCallDeadline));
    sight.last_record = standing.last_record;
    return local::checkup(spec, sight);
}

std::unique_ptr<Provider> local_provider(const Session& session, const Site& site,
                                         std::unique_ptr<engine::Store> store) {
    return std::make_unique<LocalProvider>(session, site, std::move(store));
}

}  // namespace cli
