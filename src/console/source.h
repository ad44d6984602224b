#pragma once
// The port through which a console sees one application, and acts on it.
// Behind it: cli's Onlooker (any provider that the command line knows); a twin in tests.

#include "base/result.h"
#include "engine/history.h"
#include "engine/status.h"
#include "engine/store.h"
#include "judge/counts.h"

#include <cstddef>
#include <string>
#include <vector>

namespace console {

/// How things stand, for the console to think about and for pages to show.
struct Standing {
    engine::Status status;
    std::string json;  ///< Schema `crossfade.status/1`, as `crossfade status --output json`.
};

/// Each call blocks for a few seconds at the most; used by one thread.
class Source {
public:
    virtual ~Source() = default;

    /// Reads what the journal has got since.
    virtual base::Result<void> read() = 0;
    /// As of the last `read`, oldest first.
    virtual const std::vector<engine::Record>& records() const = 0;
    virtual const engine::Releases& releases() const = 0;
    /// Asks lease and ports once.
    virtual base::Result<Standing> look() = 0;
    /// Cumulative counts of both pools (P8: all of the data plane or an error).
    virtual base::Result<judge::PoolCounts> counts() = 0;
    /// In the text format of Prometheus.
    virtual base::Result<std::string> metrics() = 0;
    /// The last lines that an instance wrote. `not_found` where it has no log.
    virtual base::Result<std::vector<std::string>> log_tail(const std::string& instance,
                                                            std::size_t lines) = 0;
};

}  // namespace console
