#pragma once
// What people did outside of a release, such as a lock: kept in the journal's chain, so that it can
// be proven. Pure but for `note`.

#include "base/clock.h"
#include "base/result.h"
#include "engine/store.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace engine {

inline constexpr std::string_view kLock = "lock";
inline constexpr std::string_view kUnlock = "unlock";

/// The deeds that a journal has, oldest first: those taken up by a run and those written beside any
/// (`noted`). What a run is asked for, such as `pause`, is among them.
std::vector<Request> deeds_in(const std::vector<Record>& records);

/// The lock that holds: by the journal, and by `wishes` that it does not have yet. A wish that was
/// changed or taken out of the store since is as the journal has it.
std::optional<Request> lock_in(const std::vector<Record>& records,
                               const std::vector<Request>& wishes);

/// Who writes, and how patient he is.
struct Scribe {
    std::string holder;  ///< As `Driver` has it.
    std::chrono::milliseconds lease{5'000};
};

/// Writes `deed` down beside any run, under a lease of its own, unless the journal has it already.
/// `conflict`: somebody drives a release, and will take it up.
base::Result<void> note(Store& store, const Request& deed, const Scribe& scribe, base::Instant now);

}  // namespace engine
