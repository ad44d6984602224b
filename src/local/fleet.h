#pragma once
// engine::Fleet over the agent: wishes go to agent.sock, health comes from the edge.

#include "engine/fleet.h"
#include "local/folder.h"
#include "release/spec.h"

#include <chrono>
#include <cstdint>

namespace local {

/// How instances come and go; sent along with every wish, so the agent needs no spec.
struct Manners {
    std::chrono::milliseconds boot_deadline{60'000};
    std::chrono::milliseconds stop_grace{10'000};
    std::chrono::milliseconds drain_deadline{300'000};
    std::uint32_t drain_sockets_a_second = 0;

    friend bool operator==(const Manners&, const Manners&) = default;
};

Manners manners_of(const release::Spec& spec);

class Fleet final : public engine::Fleet {
public:
    Fleet(Folder folder, Manners manners, base::Clock& clock);

    /// Unpacks in this process: the agent finds the folder by the artifact's digest.
    base::Result<void> prepare(const release::Release& release, const engine::Ticket& ticket,
                               base::Deadline deadline) override;
    base::Result<void> ensure(release::Pool pool, const engine::Capacity& capacity,
                              const engine::Ticket& ticket, base::Deadline deadline) override;
    base::Result<void> replace(release::Pool pool, const engine::Capacity& capacity,
                               std::uint32_t updated, const engine::Ticket& ticket,
                               base::Deadline deadline) override;
    base::Result<void> retire(release::Pool pool, const engine::Ticket& ticket,
                              base::Deadline deadline) override;
    base::Result<std::vector<engine::Instance>> list(base::Deadline deadline) override;

private:
    Folder folder_;
    Manners manners_;
    base::Clock& clock_;
};

}  // namespace local
