#pragma once
// Jobs on several connections at once, in bounded time and memory.

#include "aws/client.h"
#include "base/clock.h"
#include "base/result.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace aws {

/// A connection of its own and a client of the bucket on it. Used by one thread at a time.
struct Lane {
    std::shared_ptr<Transport> transport;
    std::unique_ptr<Client> client;
};

using LaneSource = std::function<base::Result<std::unique_ptr<Lane>>()>;

/// Used by one thread, which waits while the others work; lanes stay open between two runs.
class Crew {
public:
    /// With one lane all is done by the caller's thread.
    Crew(LaneSource source, std::size_t lanes_max, base::Clock& clock);

    /// Jobs are numbered: the heavy ones first. Few lanes take heavy ones, so that few long bodies
    /// are in memory at once.
    struct Jobs {
        std::size_t heavy = 0;
        std::size_t light = 0;
    };
    using Job = std::function<base::Result<void>(Lane& lane, std::size_t number)>;

    /// True once every job is done; false where the time was not enough. After a failure, and when
    /// most of the time is over, no further job is begun; the first failure is what is told. A run
    /// in which nothing succeeded is followed by ones on fewer lanes: the line may be a slow one.
    base::Result<bool> run(const Jobs& jobs, const Job& job, base::Deadline deadline);

    /// The first lane, for the caller's own use between runs.
    base::Result<Lane*> lane();

    static constexpr std::size_t kHeavyLanes = 6;

private:
    base::Result<void> open(std::size_t count);

    LaneSource source_;
    std::size_t lanes_max_;
    std::size_t lanes_now_;
    base::Clock* clock_;
    std::vector<std::unique_ptr<Lane>> lanes_;
};

}  // namespace aws
