#pragma once
// What instances take of their machine: memory and CPU of both releases, and restarts.

#include "base/clock.h"
#include "base/json.h"
#include "engine/fleet.h"
#include "judge/gauge.h"
#include "release/plan.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace engine {

/// Of the instances of one release, in one look.
struct Vitals {
    std::uint64_t instances = 0;
    std::uint64_t restarts = 0;
    base::Bytes memory{};              ///< Of the largest; 0 where nobody can tell.
    std::chrono::microseconds cpu{0};  ///< Of all, since each was started.
};

struct BothVitals {
    Vitals fresh;  ///< Of the new release.
    Vitals old;
};

/// Of those of `instances` that run one of the plan's releases.
BothVitals vitals_of(const std::vector<Instance>& instances, const release::Plan& plan);

base::Json json_of(const BothVitals& vitals);
BothVitals vitals_from(const base::Json& json);

/// Restarts between two looks; 0 where instances went meanwhile.
std::uint64_t restarts_between(const Vitals& before, const Vitals& after);

/// Compares memory and CPU per request of the new release with those of the old one, in blocks of
/// a minute (`judge/gauge.h`). Noise without a formula: it holds a release, and takes it back only
/// where its memory comes near `memory_max`. And where its instances have all been started again
/// while none of the old one's was: they may be back before anybody sees them gone.
class VitalsWatch {
public:
    explicit VitalsWatch(const release::Guard& guard);

    struct Look {
        Vitals vitals;
        std::uint64_t requests = 0;  ///< Since counting began.
    };
    /// A tick that ended `at`.
    void see(const Look& fresh, const Look& old, base::Instant at);

    /// Fail, unknown (which holds), or pass.
    judge::Verdict verdict() const;

private:
    struct Block {
        base::Instant begun;
        Look fresh;
        Look old;
        base::Bytes fresh_least;
        base::Bytes old_least;
    };

    void close(const Block& block, const Look& fresh, const Look& old);
    judge::Verdict restarts() const;

    BothVitals last_;
    std::uint64_t fresh_restarts_ = 0;
    std::uint64_t old_restarts_ = 0;
    bool has_last_ = false;
    std::optional<judge::CeilingWatch> ceiling_;
    std::optional<judge::GrowthWatch> growth_;
    judge::LevelWatch cpu_;
    std::optional<Block> block_;
};

}  // namespace engine
