#pragma once
// The port to what outlives every process: the journal, the lease, release records, requests.
// Behind it: local::Store (one SQLite file), aws::Store (S3), sim::Store.

#include "base/clock.h"
#include "base/digest.h"
#include "base/result.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace engine {

/// One entry of an application's journal. `hash` covers all other members and the hash of the
/// entry before, so any edit, deletion or reordering is found (P7).
struct Record {
    std::uint64_t index = 0;  ///< 1, 2, 3 … without gaps.
    base::Instant at;
    std::string release;  ///< The release run it belongs to, or empty.
    std::string actor;    ///< Who caused it, like `user ada` or `jenkins job 17`.
    std::string kind;     ///< What happened, a stable word: see engine/journal.h.
    std::string body;     ///< Canonical JSON.
    base::Digest previous;
    base::Digest hash;
};

/// The right to drive one application, for a while.
struct Lease {
    std::uint64_t fence = 0;  ///< Grows with every holder.
    std::string holder;       ///< Who: user, host, process.
    std::string purpose;      ///< Like `deploy r42 (1.0.1)`.
    base::Instant since;
    base::Instant until;  ///< Renewed by the holder; after this another may take it.
};

/// A wish of a person for the run in progress: pause, resume, promote, abort.
struct Request {
    std::uint64_t id = 0;
    base::Instant at;
    std::string actor;
    std::string verb;
    std::string argument;
};

/// Durable before it returns: what succeeded is there after a power cut.
/// Several processes may use the same store; each object is used by one thread.
class Store {
public:
    virtual ~Store() = default;

    /// Adds `record`, whose index must be one above the last and whose `previous` the last hash.
    /// Fails with `conflict` if another was first or `fence` is not the present lease's
    /// (fence 0 marks records made outside a lease, such as requests), `unavailable` if the disk
    /// is full, `unknown` if it cannot be told whether it was added: read, then decide.
    virtual base::Result<void> append(const Record& record, std::uint64_t fence) = 0;

    /// Records from index `from` on, at most `limit`.
    virtual base::Result<std::vector<Record>> read(std::uint64_t from, std::size_t limit) = 0;

    /// The last record, or none in an empty journal.
    virtual base::Result<std::optional<Record>> last() = 0;

    /// Takes the lease when it is free, over, or held by the same holder; the fence grows by one
    /// in any case. Fails with `conflict`, naming who holds it, since when and for what.
    virtual base::Result<Lease> acquire(const std::string& holder, const std::string& purpose,
                                        base::Instant now, std::chrono::milliseconds length) = 0;
    /// Prolongs a lease that is still this one; `conflict` if it was replaced.
    virtual base::Result<Lease> renew(const Lease& lease, base::Instant now,
                                      std::chrono::milliseconds length) = 0;
    /// Gives the lease back; succeeds if it was already replaced.
    virtual base::Result<void> release(const Lease& lease) = 0;
    /// The present lease, if one is held (it may be over: compare `until`).
    virtual base::Result<std::optional<Lease>> lease() = 0;

    /// Leaves a wish for the run in progress.
    virtual base::Result<Request> ask(const std::string& verb, const std::string& argument,
                                      const std::string& actor, base::Instant now) = 0;
    /// Wishes with an id above `after`, oldest first.
    virtual base::Result<std::vector<Request>> requests(std::uint64_t after) = 0;
};

}  // namespace engine
