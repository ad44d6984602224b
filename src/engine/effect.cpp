#include "engine/effect.h"

#include "base/duration.h"
#include "engine/run.h"
#include "release/version.h"

#include <fmt/format.h>

namespace engine {

namespace {

template <typename... F>
struct Cases : F... {
    using F::operator()...;
};
template <typename... F>
Cases(F...) -> Cases<F...>;

base::Result<HookOutcome> plain(const base::Result<void>& result) {
    if (!result) return base::fail(result);
    HookOutcome outcome;
    outcome.state = HookState::succeeded;
    return outcome;
}

std::string title(const release::Release& release) {
    return fmt::format("{} ({})", release::to_text(release.version), release.id);
}

}  // namespace

std::string_view name_of(const Effect& effect) {
    return std::visit(Cases{[](const PublishFiles&) { return std::string_view("publish_files"); },
                            [](const PrepareArtifact&) { return std::string_view("prepare"); },
                            [](const EnsurePool&) { return std::string_view("ensure_pool"); },
                            [](const ReplaceBatch&) { return std::string_view("replace_batch"); },
                            [](const SetSplit&) { return std::string_view("set_split"); },
                            [](const MoveSockets&) { return std::string_view("move_sockets"); },
                            [](const HoldRequests&) { return std::string_view("hold_requests"); },
                            [](const LetRequestsGo&) { return std::string_view("let_go"); },
                            [](const RetirePool&) { return std::string_view("retire_pool"); },
                            [](const RetainFiles&) { return std::string_view("retain_files"); },
                            [](const CallOut&) { return std::string_view("call_hook"); }},
                      effect);
}

std::string sentence_of(const Effect& effect) {
    return std::visit(
        Cases{[](const PublishFiles& e) {
                  return fmt::format("the assets of {} are published", title(e.release));
              },
              [](const PrepareArtifact& e) {
                  return fmt::format("the artifact of {} is made runnable", title(e.release));
              },
              [](const EnsurePool& e) {
                  return fmt::format("{} gets {} instances of {}", release::name_of(e.pool),
                                     e.capacity.instances, title(e.capacity.release));
              },
              [](const ReplaceBatch& e) {
                  return fmt::format("{} of {} instances in {} come to run {}", e.updated,
                                     e.capacity.instances, release::name_of(e.pool),
                                     title(e.capacity.release));
              },
              [](const SetSplit& e) {
                  return fmt::format("green gets {:g} % of new requests, blue the rest",
                                     e.wanted.green.value / 10.0);
              },
              [](const MoveSockets& e) {
                  return fmt::format("sockets on {} are asked to move", release::name_of(e.pool));
              },
              [](const HoldRequests& e) {
                  return fmt::format("new requests wait, for {} at most", base::to_text(e.span));
              },
              [](const LetRequestsGo&) { return std::string("the requests that wait go on"); },
              [](const RetirePool& e) {
                  return fmt::format("{} is emptied", release::name_of(e.pool));
              },
              [](const RetainFiles& e) {
                  return fmt::format("the files of {} releases are kept", e.releases.size());
              },
              [](const CallOut& e) { return fmt::format("hook {} is called", e.hook.name); }},
        effect);
}

base::Result<HookOutcome> carry_out(const Effect& effect, const World& world, const Ticket& ticket,
                                    base::Deadline deadline) {
    return std::visit(
        Cases{
            [&](const PublishFiles& e) {
                return plain(world.assets.publish(e.release, ticket, deadline));
            },
            [&](const PrepareArtifact& e) {
                return plain(world.fleet.prepare(e.release, ticket, deadline));
            },
            [&](const EnsurePool& e) {
                return plain(world.fleet.ensure(e.pool, e.capacity, ticket, deadline));
            },
            [&](const ReplaceBatch& e) {
                return plain(world.fleet.replace(e.pool, e.capacity, e.updated, ticket, deadline));
            },
            [&](const SetSplit& e) { return plain(world.traffic.set(e.wanted, ticket, deadline)); },
            [&](const MoveSockets& e) {
                return plain(
                    world.traffic.move_sockets(e.instances, e.sockets_a_second, ticket, deadline));
            },
            [&](const HoldRequests& e) {
                return plain(world.traffic.hold(e.span, ticket, deadline));
            },
            [&](const LetRequestsGo&) { return plain(world.traffic.let_go(ticket, deadline)); },
            [&](const RetirePool& e) {
                return plain(world.fleet.retire(e.pool, ticket, deadline));
            },
            [&](const RetainFiles& e) {
                return plain(world.assets.retain(e.releases, ticket, deadline));
            },
            [&](const CallOut& e) {
                return world.hooks.call(e.hook, e.context, ticket, deadline);
            }},
        effect);
}

}  // namespace engine
