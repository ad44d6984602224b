#pragma once
// Stickiness on its way: wishes out of requests' cookies, cookies into answers.

#include "base/random.h"
#include "edge/http/text.h"
#include "edge/target/sticky.h"
#include "edge/worker/snapshot.h"
#include "net/http1.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace edge {

/// What a request says about where rule `rule` is to send it: in cookies, or in a cohort's header.
struct Brought {
    Wish wish;
    std::uint64_t user = 0;  ///< Not 0: is to be told that this is who she is.
    bool invalid = false;    ///< An AWSALBTG that we did not seal (ALB: AWSALBTGCookieInvalid).
};
Brought brought_by(const net::Fields& fields, const Snapshot& snapshot, std::size_t rule,
                   std::uint32_t epoch_seconds, base::Random& random);

/// Where a request ended up, for its answer.
struct Given {
    std::size_t rule = 0;
    std::string_view group;
    std::uint64_t target = 0;  ///< Its fingerprint.
    std::uint64_t user = 0;    ///< See `Brought::user`.
    std::uint32_t epoch_seconds = 0;
};

/// Puts the Set-Cookie lines that are due. ALB's have a fixed life of seven days and are refreshed
/// with every answer; the configured duration is inside the value.
void put_bonds(Text& out, const Snapshot& snapshot, const Given& given,
               const net::ResponseHead& head);

}  // namespace edge
