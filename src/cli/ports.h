#pragma once
// Provider `local` as the engine's six ports, for one command.

#include "cli/provider.h"
#include "cli/site.h"
#include "engine/run.h"
#include "local/assets.h"
#include "local/fleet.h"
#include "local/hooks.h"
#include "local/metrics.h"
#include "local/traffic.h"

#include <chrono>

namespace cli {

// Agent and edge start in tens of milliseconds; on a machine that swaps it may take this long.
inline constexpr std::chrono::seconds kStartDeadline{20};

/// Outlives the run that uses it; `store` and `clock` outlive this.
class LocalPorts final : public Ports {
public:
    LocalPorts(const Site& site, const release::Spec& spec, engine::Store& store,
               base::Clock& clock);

    engine::World world() override;
    local::Fleet& fleet() override { return fleet_; }
    local::Traffic& traffic() override { return traffic_; }

private:
    local::Fleet fleet_;
    local::Traffic traffic_;
    local::Assets assets_;
    local::Metrics metrics_;
    local::Hooks hooks_;
    engine::Store& store_;
    base::Clock& clock_;
};

}  // namespace cli
