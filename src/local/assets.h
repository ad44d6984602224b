#pragma once
// engine::Assets as a folder that the edge serves: files are only added, never changed (P10).

#include "engine/assets.h"
#include "local/folder.h"

#include <string>

namespace local {

/// Where the published files are asked for when they are verified.
struct AssetsAddress {
    std::string listen;  ///< host:port of the edge.
    std::string prefix;  ///< The route's path without its `*`, like `/static/`.
};

class Assets final : public engine::Assets {
public:
    Assets(Folder folder, AssetsAddress address, base::Clock& clock);

    base::Result<void> publish(const release::Release& release, const engine::Ticket& ticket,
                               base::Deadline deadline) override;
    base::Result<void> verify(const release::Release& release, base::Deadline deadline) override;
    /// Also forgets the unpacked artifacts that no kept release and no instance refers to.
    base::Result<void> retain(const std::vector<release::Release>& releases,
                              const engine::Ticket& ticket, base::Deadline deadline) override;

private:
    Folder folder_;
    AssetsAddress address_;
    base::Clock& clock_;
};

}  // namespace local
