#pragma once
// engine::Store in a bucket of S3, by conditional writes alone.
//
//     PREFIX/lease              one JSON object; replaced by If-Match on the ETag that was read
//     PREFIX/journal/NUMBER     one record; made by If-None-Match: *, never changed
//     PREFIX/request/NUMBER     one wish; likewise
//
// NUMBER of a record counts down, so that the newest is the first of a listing; of a wish it
// counts up. S3 answers reads with what was last written (since 2020), which all of this rests on.

#include "aws/client.h"
#include "aws/value.h"
#include "base/clock.h"
#include "base/result.h"
#include "engine/store.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace aws {

/// Each record carries the fence of the lease it was written under. `append` succeeds only where
/// the lease was still this one *after* the record stood: a holder that was replaced in between
/// gets `conflict`, does nothing further, and leaves at most one record that the next one reads as
/// after any crash. An answer that was lost is looked up before it is called `unknown`.
///
/// A lease is over by the time that its holder wrote into it: machines whose clocks are further
/// apart than a lease is long take it too early, and are then kept apart by the fence alone.
class Store final : public engine::Store {
public:
    /// `bucket`: a client whose endpoint is the bucket; both outlive this. `prefix` has no slash
    /// at either end.
    Store(Client& bucket, std::string prefix, base::Clock& clock);

    base::Result<void> append(const engine::Record& record, std::uint64_t fence) override;
    base::Result<std::vector<engine::Record>> read(std::uint64_t from, std::size_t limit) override;
    base::Result<std::optional<engine::Record>> last() override;
    base::Result<engine::Lease> acquire(const std::string& holder, const std::string& purpose,
                                        base::Instant now,
                                        std::chrono::milliseconds length) override;
    base::Result<engine::Lease> renew(const engine::Lease& lease, base::Instant now,
                                      std::chrono::milliseconds length) override;
    base::Result<void> release(const engine::Lease& lease) override;
    base::Result<std::optional<engine::Lease>> lease() override;
    base::Result<engine::Request> ask(const std::string& verb, const std::string& argument,
                                      const std::string& actor, base::Instant now) override;
    base::Result<std::vector<engine::Request>> requests(std::uint64_t after) override;

private:
    struct Object;
    struct LeaseObject;
    /// What must hold of the object that is there, for a write to happen.
    struct Condition {
        std::string e_tag;  ///< Empty: there is none.
    };

    base::Result<std::optional<Object>> get(const std::string& key);
    base::Result<void> put(const std::string& key, std::string body, const Condition& condition);
    base::Result<std::vector<std::string>> keys_after(const std::string& folder,
                                                      const std::string& after, int limit);
    base::Result<std::optional<engine::Record>> record(std::uint64_t index);
    base::Result<void> check_fence(std::uint64_t fence);
    base::Result<void> check_place(const engine::Record& record);
    base::Result<LeaseObject> lease_object();
    base::Result<void> put_lease(const LeaseObject& there, const engine::Lease& lease, bool held);

    Client* bucket_;
    std::string prefix_;
    base::Clock* clock_;
    std::optional<engine::Record> newest_;  ///< As far as this object wrote or read.
    /// All that it wrote or read: a record never changes, and each costs a call.
    std::map<std::uint64_t, engine::Record> known_;
    std::uint64_t last_request_ = 0;
};

}  // namespace aws
