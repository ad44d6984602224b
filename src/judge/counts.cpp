#include "judge/counts.h"

#include <algorithm>

namespace judge {

Counts difference(const Counts& before, const Counts& after) {
    const bool restarted = after.requests < before.requests || after.errors < before.errors ||
                           after.sockets_opened < before.sockets_opened;
    if (restarted) return after;
    Counts out = after;
    out.requests -= before.requests;
    out.errors -= before.errors;
    out.sockets_opened -= before.sockets_opened;
    out.sockets_refused -= std::min(before.sockets_refused, after.sockets_refused);
    out.sockets_cut -= std::min(before.sockets_cut, after.sockets_cut);
    for (std::size_t i = 0; i < base::Histogram::kBuckets; ++i) {
        out.latency.counts[i] -= std::min(before.latency.counts[i], after.latency.counts[i]);
    }
    return out;
}

std::uint64_t sockets_of(const Counts& counts) {
    return std::max(counts.sockets_opened + counts.sockets_refused,
                    counts.sockets_refused + counts.sockets_cut);
}

}  // namespace judge
