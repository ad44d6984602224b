#pragma once
// engine::Metrics over the edge's own counts, and what the agent wrote down of them.

#include "engine/metrics.h"
#include "local/folder.h"

namespace local {

class Metrics final : public engine::Metrics {
public:
    Metrics(Folder folder, base::Clock& clock);

    base::Result<judge::PoolCounts> read(base::Deadline deadline) override;
    /// From the agent's traffic log; it keeps `TrafficLog::kKept`.
    base::Result<std::vector<engine::Past>> past(base::Instant since,
                                                 base::Deadline deadline) override;

private:
    Folder folder_;
    base::Clock& clock_;
};

}  // namespace local
