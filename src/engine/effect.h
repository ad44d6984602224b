#pragma once
// The changes of the outside world that a run can make, as values: decided first, journaled as an
// intent, then carried out through a port.

#include "engine/fleet.h"
#include "engine/hooks.h"
#include "engine/ticket.h"
#include "engine/traffic.h"
#include "release/plan.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace engine {

struct World;

struct PublishFiles {
    release::Release release;
};
struct PrepareArtifact {
    release::Release release;
};
struct EnsurePool {
    release::Pool pool;
    Capacity capacity;
};
struct ReplaceBatch {
    release::Pool pool;
    Capacity capacity;
    std::uint32_t updated;
};
struct SetSplit {
    Split wanted;
};
struct MoveSockets {
    release::Pool pool;
    std::vector<std::string> instances;
    std::uint32_t sockets_a_second;
};
struct HoldRequests {
    std::chrono::milliseconds span;
};
struct LetRequestsGo {};
struct RetirePool {
    release::Pool pool;
};
struct RetainFiles {
    std::vector<release::Release> releases;
};
struct CallOut {
    release::Hook hook;
    std::map<std::string, std::string> context;
};

using Effect =
    std::variant<PublishFiles, PrepareArtifact, EnsurePool, ReplaceBatch, SetSplit, MoveSockets,
                 HoldRequests, LetRequestsGo, RetirePool, RetainFiles, CallOut>;

/// The kind as it stands in the journal: `set_split`, `ensure_pool` …
std::string_view name_of(const Effect& effect);

/// One sentence for people and the journal: `green gets 5 % of new requests`.
std::string sentence_of(const Effect& effect);

/// Carries it out; only a hook's outcome says more than success.
base::Result<HookOutcome> carry_out(const Effect& effect, const World& world, const Ticket& ticket,
                                    base::Deadline deadline);

}  // namespace engine
