// The step of a release that must not run beside the one before: users' requests wait while the old
// instances end and the new ones start.
//
//   hold -nothing in flight-> end the old -none is left-> start the new -all healthy-> split -> let
//   go
//
// The hold ends by itself: whatever dies here, users wait no longer than its span. For as long as
// someone drives, it is renewed.

#include "engine/work.h"

#include "base/duration.h"

#include <fmt/format.h>

#include <algorithm>

namespace engine {

using release::Pool;
using std::chrono::milliseconds;

namespace {

constexpr std::uint64_t kHeld = 1;   ///< Marks of the way: the requests wait,
constexpr std::uint64_t kEmpty = 2;  ///< the old instances have ended; from here one an instance.

/// Of a request's patience, the part in which those in flight may end; the rest is for instances
/// to end and to start.
milliseconds patience_for_flights(const Scene& scene) {
    return scene.plan().settings.recreate_hold / 3;
}

std::string hold_name(std::size_t number) {
    return fmt::format("hold-{}", number);
}

/// Requests wait, and will for a while yet.
std::optional<Move> held(const Scene& scene) {
    const std::optional<base::Result<milliseconds>>& seen = scene.sight.held;
    const bool begun = call_of(scene, hold_name(1)) != nullptr;
    const bool cannot = seen && !*seen && seen->error().failure == base::Failure::rejected;
    if (!begun && cannot) return failed(scene, Cause::failure, seen->error().diagnostic);
    if (auto move = unseen(scene, seen, "what is held")) return move;
    std::size_t number = 1;
    while (call_of(scene, hold_name(number + 1)) != nullptr) ++number;
    const milliseconds span = scene.plan().settings.recreate_hold;
    const CallState* last = call_of(scene, hold_name(number));
    if (last != nullptr && last->done) {
        if (**seen > span / 2) return std::nullopt;
        ++number;
    }
    return called(scene, hold_name(number), HoldRequests{span});
}

std::string flights(const PoolView& view) {
    return fmt::format("{} requests in flight, {} sockets left", view.requests_in_flight,
                       view.sockets_open);
}

/// Nobody is served by the instances that are to end (P3). A release turns back rather than cut
/// what is in flight; on the way back, users have waited long enough.
std::optional<Move> quiet(const Scene& scene, Pool from) {
    if (call_of(scene, "end") != nullptr) return std::nullopt;
    std::vector<std::string> ids;
    for (const Instance& each : **scene.sight.instances) {
        if (each.pool == from && each.state != InstanceState::stopping) ids.push_back(each.id);
    }
    std::sort(ids.begin(), ids.end());
    if (!ids.empty()) {
        if (auto move = called(scene, "sockets", MoveSockets{from, ids, 0})) return move;
    }
    const PoolView& view = (*scene.sight.traffic)->of(from);
    if (view.requests_in_flight == 0 && view.sockets_open == 0) return std::nullopt;
    if (!overdue(scene, patience_for_flights(scene))) {
        return waits(scene, fmt::format("requests wait; {} drains: {}", release::name_of(from),
                                        flights(view)));
    }
    if (scene.back()) return std::nullopt;
    return failed(scene, Cause::deadline,
                  {.code = "CF0345",
                   .what = fmt::format("{} could not be drained while requests wait: {}",
                                       release::name_of(from), flights(view)),
                   .why = "they did not end within a third of `strategy.recreate.hold`, and are "
                          "not cut",
                   .fix = "release when fewer long requests run, or let requests wait longer"});
}

/// No instance is left where all are to end.
std::optional<Move> ended_all(const Scene& scene, Pool from) {
    if (auto move = called(scene, "end", RetirePool{from})) return move;
    const std::vector<Instance>& instances = **scene.sight.instances;
    const auto left = std::count_if(instances.begin(), instances.end(),
                                    [&](const Instance& each) { return each.pool == from; });
    if (left == 0) {
        if (scene.state.mark >= kEmpty) return std::nullopt;
        return marks(kEmpty, fmt::format("{} is empty", release::name_of(from)));
    }
    const std::string says =
        fmt::format("requests wait; {} instances in {} still end", left, release::name_of(from));
    const release::Strategy& settings = scene.plan().settings;
    if (overdue(scene, settings.drain_deadline + settings.progress_deadline)) {
        return failed(scene, Cause::deadline, {.code = "CF0346", .what = says});
    }
    return waits(scene, says);
}

/// All requests are to go to `to`. A run that turned before it moved anything finds it so.
std::optional<Move> routed(const Scene& scene, Pool to) {
    if (auto move = unseen(scene, scene.sight.split, "the split")) return move;
    const bool untouched = call_of(scene, "split") == nullptr;
    if (untouched && **scene.sight.split == all_to(to)) return std::nullopt;
    return stored(scene, "split", to, base::kAll);
}

}  // namespace

Move recreate(const Scene& scene, const release::Recreate& step) {
    if (const CallState* gone = call_of(scene, "let-go"); gone != nullptr && gone->done) {
        return passed(scene);
    }
    const bool counts = !scene.back() && !scene.plan().is_rollback;
    if (counts && !scene.progress.tally.started) {
        if (auto move = unseen(scene, scene.sight.counts, "the counts")) return *move;
        return baseline(scene);
    }
    if (auto move = held(scene)) return *move;
    if (scene.state.mark < kHeld) return marks(kHeld, "new requests wait");
    if (auto move = unseen(scene, scene.sight.instances, "the fleet")) return *move;
    if (auto move = unseen(scene, scene.sight.traffic, "the data plane")) return *move;
    if (auto move = quiet(scene, step.from)) return *move;
    if (auto move = ended_all(scene, step.from)) return *move;
    if (auto move = grown(scene, "start", release::ScaleUp{step.to, step.instances}, kEmpty)) {
        return *move;
    }
    if (auto move = routed(scene, step.to)) return *move;
    if (auto move = called(scene, "let-go", LetRequestsGo{})) return *move;
    return passed(scene);
}

}  // namespace engine
