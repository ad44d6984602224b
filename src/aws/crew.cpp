#include "aws/crew.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/result.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace aws {
namespace {

// A job that is begun has at least this part of the time for itself.
constexpr int kLastPart = 6;

/// One run: which job is next, and what came of those before.
class Run {
public:
    Run(const Crew::Jobs& jobs, const Crew::Job& job, base::Clock& clock, base::Deadline deadline)
        : jobs_(jobs),
          job_(job),
          clock_(clock),
          last_(deadline.at - (deadline.at - clock.tick()) / kLastPart) {}

    void work(Lane& lane, bool takes_heavy) {
        while (!stopped_ && clock_.tick() < last_) {
            const auto number = next(takes_heavy);
            if (!number) return;
            auto outcome = job_(lane, *number);
            if (outcome) {
                ++done_;
                continue;
            }
            stopped_ = true;
            const std::lock_guard lock(mutex_);
            if (!failure_) failure_ = std::move(outcome.error());
        }
    }

    std::size_t done() const { return done_; }
    base::Result<bool> outcome() {
        if (failure_) return base::fail(*failure_);
        return done_ == jobs_.heavy + jobs_.light;
    }

private:
    std::optional<std::size_t> next(bool takes_heavy) {
        if (takes_heavy)
            if (const std::size_t heavy = heavy_++; heavy < jobs_.heavy) return heavy;
        if (const std::size_t light = light_++; light < jobs_.light) return jobs_.heavy + light;
        return {};
    }

    const Crew::Jobs& jobs_;
    const Crew::Job& job_;
    base::Clock& clock_;
    base::Tick last_;
    std::atomic<std::size_t> heavy_{0};
    std::atomic<std::size_t> light_{0};
    std::atomic<std::size_t> done_{0};
    std::atomic<bool> stopped_{false};
    std::mutex mutex_;
    std::optional<base::Error> failure_;
};

}  // namespace

Crew::Crew(LaneSource source, std::size_t lanes_max, base::Clock& clock)
    : source_(std::move(source)),
      lanes_max_(std::max<std::size_t>(lanes_max, 1)),
      lanes_now_(lanes_max_),
      clock_(&clock) {}

base::Result<void> Crew::open(std::size_t count) {
    while (lanes_.size() < count) {
        auto lane = source_();
        if (!lane) return base::fail(lane);
        lanes_.push_back(std::move(*lane));
    }
    return {};
}

base::Result<Lane*> Crew::lane() {
    if (auto opened = open(1); !opened) return base::fail(opened);
    return lanes_.front().get();
}

base::Result<bool> Crew::run(const Jobs& jobs, const Job& job, base::Deadline deadline) {
    const std::size_t count = std::min(lanes_now_, jobs.heavy + jobs.light);
    if (count == 0) return true;
    if (auto opened = open(count); !opened) return base::fail(opened);
    Run run(jobs, job, *clock_, deadline);
    if (count == 1) {
        run.work(*lanes_.front(), true);
    } else {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < count; ++i)
            threads.emplace_back([&, i] { run.work(*lanes_[i], i < kHeavyLanes); });
    }
    lanes_now_ = run.done() > 0 ? std::min(lanes_now_ * 2, lanes_max_)
                                : std::max<std::size_t>(lanes_now_ / 2, 1);
    return run.outcome();
}

}  // namespace aws
