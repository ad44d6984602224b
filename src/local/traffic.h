#pragma once
// engine::Traffic over the edge's admin API.

#include "engine/traffic.h"
#include "local/folder.h"

namespace local {

class Traffic final : public engine::Traffic {
public:
    Traffic(Folder folder, base::Clock& clock);

    base::Result<engine::Split> read(base::Deadline deadline) override;
    base::Result<void> set(engine::Split wanted, const engine::Ticket& ticket,
                           base::Deadline deadline) override;
    base::Result<engine::TrafficView> observe(std::chrono::seconds window,
                                              base::Deadline deadline) override;
    base::Result<void> move_sockets(const std::vector<std::string>& instances,
                                    std::uint32_t sockets_a_second, const engine::Ticket& ticket,
                                    base::Deadline deadline) override;
    base::Result<void> hold(std::chrono::milliseconds span, const engine::Ticket& ticket,
                            base::Deadline deadline) override;
    base::Result<void> let_go(const engine::Ticket& ticket, base::Deadline deadline) override;
    base::Result<std::chrono::milliseconds> held(base::Deadline deadline) override;

private:
    Folder folder_;
    base::Clock& clock_;
};

}  // namespace local
