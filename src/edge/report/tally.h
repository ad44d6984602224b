#pragma once
// What is counted: per worker, written by that worker alone, summed by whoever reads.

#include "base/clock.h"
#include "base/histogram.h"
#include "edge/target/drain.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace edge {

/// A number that one thread writes and any thread reads. No read-modify-write is needed, so none
/// is paid for.
template <typename T>
class Count {
public:
    void add(T by = 1) { value_.store(T(value_.load(std::memory_order_relaxed) + by), kRelease); }
    void subtract(T by = 1) {
        value_.store(T(value_.load(std::memory_order_relaxed) - by), kRelease);
    }
    void set(T value) { value_.store(value, kRelease); }
    T read() const { return value_.load(std::memory_order_acquire); }

private:
    static constexpr auto kRelease = std::memory_order_release;
    std::atomic<T> value_{0};
};

/// base::Histogram, filled by one thread while others read.
class LiveHistogram {
public:
    /// What took so long as base::Histogram::bucket_of says.
    void add_at(std::size_t bucket) { counts_[bucket].add(); }
    void add_to(base::Histogram& sum) const;
    void set(std::size_t bucket, std::uint64_t count) { counts_[bucket].set(count); }

private:
    std::array<Count<std::uint64_t>, base::Histogram::kBuckets> counts_;
};

/// How many requests began in each of the last 128 seconds' quarters.
class BegunRing {
public:
    static constexpr std::chrono::milliseconds kStep{250};
    static constexpr std::size_t kSteps = 512;

    static std::uint64_t step_of(base::Tick now);
    void add(base::Tick now);
    /// Begun in the steps first..last.
    std::uint64_t sum(std::uint64_t first, std::uint64_t last) const;

private:
    /// Step number in the upper 40 bits, count in the lower 24: read and written as one.
    std::array<std::atomic<std::uint64_t>, kSteps> slots_{};
};

/// Every worker's own counts of one thing.
template <typename Slot>
struct PerWorker {
    explicit PerWorker(std::size_t workers) : by_worker(workers) {}

    template <typename T>
    std::uint64_t sum(Count<T> Slot::* count) const {
        std::uint64_t all = (elsewhere.*count).read();
        for (const Slot& slot : by_worker) all += (slot.*count).read();
        return all;
    }

    std::vector<Slot> by_worker;
    Slot elsewhere;  ///< What edges before this one counted, and what of it they still have.
};

/// One worker's counts of one target.
struct alignas(64) TargetSlot {
    Count<std::uint32_t> in_flight;
    Count<std::uint32_t> sockets;
    Count<std::uint32_t> pooled;
    Count<std::uint64_t> requests;
    Count<std::uint64_t> errors;
    Count<std::uint64_t> connect_failures;
    Count<std::uint64_t> sockets_opened;
    Count<std::uint64_t> sockets_cut;
};

/// All workers' counts of one target, and the allowance of sockets that may be asked to leave.
class TargetTally : public PerWorker<TargetSlot> {
public:
    using PerWorker::PerWorker;

    Load load() const;

    /// Takes one permission to ask a socket to leave, if there is one.
    bool take_leave() {
        std::int64_t left = leaves.load(std::memory_order_relaxed);
        while (left > 0) {
            if (leaves.compare_exchange_weak(left, left - 1, std::memory_order_relaxed)) {
                return true;
            }
        }
        return false;
    }

    /// WebSockets that have come from the edge before and that no worker has counted yet.
    std::atomic<std::uint32_t> arriving{0};
    std::atomic<std::int64_t> leaves{0};
    std::atomic<bool> refused{false};  ///< A connection was refused since the keeper looked.
};

/// One worker's counts of one group.
struct alignas(64) GroupSlot {
    Count<std::uint64_t> requests;
    Count<std::uint64_t> errors;
    Count<std::uint64_t> sockets_opened;
    Count<std::uint64_t> sockets_refused;
    Count<std::uint64_t> sockets_cut;
    Count<std::uint64_t> answers_2xx;
    Count<std::uint64_t> answers_3xx;
    Count<std::uint64_t> answers_4xx;
    Count<std::uint64_t> answers_5xx;
    Count<std::uint64_t> edge_5xx;  ///< Answered by the edge because the target failed.
    Count<std::uint64_t> retries;
    Count<std::uint64_t> to_unhealthy;  ///< Given to a target that is not healthy.
    Count<std::uint64_t> not_sticky;    ///< Came without a cookie that held, where cookies count.
    LiveHistogram latency;
    BegunRing begun;
};

/// What happened to a group's requests, as judge::Counts has it.
struct GroupCounts {
    std::uint64_t requests = 0;
    std::uint64_t errors = 0;
    std::uint64_t sockets_opened = 0;
    std::uint64_t sockets_refused = 0;
    std::uint64_t sockets_cut = 0;
    base::Histogram latency;
};

/// Counts of a group for as long as the edge lives, whichever targets came and went.
class GroupTally : public PerWorker<GroupSlot> {
public:
    using PerWorker::PerWorker;

    GroupCounts counts() const;
    std::uint64_t begun(std::uint64_t first_step, std::uint64_t last_step) const;
};

/// One worker's counts of what flows through a rule, or to one release: rate, errors, duration.
struct alignas(64) FlowSlot {
    Count<std::uint64_t> requests;
    Count<std::uint64_t> errors;  ///< Answered 5xx, or not at all for the target's fault.
    LiveHistogram latency;        ///< Without upgrades.

    void add(bool error) {
        requests.add();
        if (error) errors.add();
    }
};

class FlowTally : public PerWorker<FlowSlot> {
public:
    using PerWorker::PerWorker;

    base::Histogram latency() const {
        base::Histogram made;
        for (const FlowSlot& slot : by_worker) slot.latency.add_to(made);
        return made;
    }
};

/// One worker's counts of everything.
struct alignas(64) WorkerSlot {
    Count<std::uint64_t> running{};  ///< The version of the snapshot that it runs.
    Count<std::uint64_t> heard;      ///< The last ping that it answered.
    Count<std::uint64_t> accepted;
    Count<std::uint64_t> turned_away;  ///< Connections above the limit.
    Count<std::uint32_t> connections;
    Count<std::uint64_t> requests;
    Count<std::uint64_t> bytes_in;
    Count<std::uint64_t> bytes_out;
    Count<std::uint64_t> malformed;
    Count<std::uint64_t> answers_3xx;  ///< Of the edge's own making, as are the next.
    Count<std::uint64_t> answers_4xx;
    Count<std::uint64_t> answers_5xx;
    Count<std::uint64_t> asset_answers;
    Count<std::uint64_t> log_lines_lost;
    Count<std::uint32_t> sockets_held;        ///< Without a target for the moment.
    Count<std::uint32_t> handoffs_under_way;  ///< Those held included.
    Count<std::uint64_t> handoffs_swapped;    ///< Planned: the old target served to the end.
    Count<std::uint64_t> handoffs_recovered;  ///< The old target was dead.
    Count<std::uint64_t> handoffs_refused;    ///< A candidate did not agree; another is asked.
    Count<std::uint64_t> handoffs_failed;     ///< Held in vain: ended with 1012.
    Count<std::uint32_t> event_streams;       ///< That may go on at another target.
    Count<std::uint64_t> streams_taken_up;    ///< By another target.
    Count<std::uint64_t> irregular;           ///< Not Compliant in ALB's words (http/desync.h).
    Count<std::uint64_t> fields_dropped;      ///< Requests that lost fields of invalid names.
    Count<std::uint64_t> fixed_answers;
    Count<std::uint64_t> redirects;
    Count<std::uint64_t> crowded;         ///< Connections above their address's limit.
    Count<std::uint64_t> tls_handshakes;  ///< Done; the resumed ones are among them.
    Count<std::uint64_t> tls_resumed;
    Count<std::uint64_t> tls_failures;
    Count<std::uint64_t> http2_connections;
    Count<std::uint64_t> http2_streams;
    Count<std::uint64_t> http2_refused;  ///< Connections that broke a rule or a bound.
    Count<std::uint64_t> replays;        ///< Requests sent again after bytes of them had been sent.
    Count<std::uint64_t> held;           ///< Requests that wait now.
    Count<std::uint64_t> held_ever;
    Count<std::uint64_t> held_in_vain;  ///< Answered 503 after, or instead of, waiting.
};

}  // namespace edge
