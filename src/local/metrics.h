#pragma once
// engine::Metrics over the edge's own counts.

#include "engine/metrics.h"
#include "local/folder.h"

namespace local {

class Metrics final : public engine::Metrics {
public:
    Metrics(Folder folder, base::Clock& clock);

    base::Result<judge::PoolCounts> read(base::Deadline deadline) override;

private:
    Folder folder_;
    base::Clock& clock_;
};

}  // namespace local
