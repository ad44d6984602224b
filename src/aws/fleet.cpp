#include "aws/fleet.h"

#include "aws/boot.h"
#include "aws/client.h"
#include "aws/group.h"
#include "aws/key.h"
#include "aws/models/autoscaling.h"
#include "aws/models/elbv2.h"
#include "aws/rule.h"
#include "aws/value.h"
#include "aws/wish.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/result.h"
#include "engine/fleet.h"
#include "engine/ticket.h"
#include "release/pool.h"
#include "release/release.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace aws {
namespace {

// Stored: never rename one.
constexpr const char* kWishTag = "crossfade:wish";
constexpr const char* kKeptTag = "crossfade:kept";
/// What stands in kKeptTag while scaling is not taken over: Auto Scaling has no empty values.
constexpr const char* kNothingKept = "nothing";
constexpr std::size_t kTagBytesMax = 256;
/// Bounds, processes and the note of both.
constexpr int kMovesToFree = 4;

std::size_t at(release::Pool pool) {
    return pool == release::Pool::blue ? 0 : 1;
}

Terms terms_of(const engine::Ticket& ticket, base::Deadline deadline) {
    const bool back = ticket.step.text.ends_with("/undo");
    return {.deadline = deadline, .purpose = back ? Purpose::rollback : Purpose::forward};
}

std::uint32_t count_of(const Number& key, const Value& in) {
    const auto* const found = key.find(in);
    return found != nullptr && *found > 0 ? static_cast<std::uint32_t>(*found) : 0;
}

std::int64_t number_of(std::string_view text) {
    std::int64_t out = 0;
    std::from_chars(text.data(), text.data() + text.size(), out);
    return out;
}

/// `$Latest` is no number, and so no version that a release may rest on.
std::string version_in(const Value& group) {
    using namespace autoscaling::AutoScalingGroup;
    const std::string& plain =
        autoscaling::LaunchTemplateSpecification::version.of(inside(group, launch_template));
    if (!plain.empty()) return plain;
    const Value& mixed = inside(inside(group, mixed_instances_policy),
                                autoscaling::MixedInstancesPolicy::launch_template);
    return autoscaling::LaunchTemplateSpecification::version.of(
        inside(mixed, autoscaling::LaunchTemplate::launch_template_specification));
}

}  // namespace

Group group_from(const Value& value) {
    using namespace autoscaling::AutoScalingGroup;
    Group out{.name = auto_scaling_group_name.of(value),
              .template_version = version_in(value),
              .min = count_of(min_size, value),
              .max = count_of(max_size, value),
              .desired = count_of(desired_capacity, value),
              .suspended = {},
              .members = {},
              .wish = {},
              .kept = {}};
    for (const Value& each : suspended_processes.of(value))
        out.suspended.insert(autoscaling::SuspendedProcess::process_name.of(each));
    for (const Value& each : autoscaling::AutoScalingGroup::instances.of(value))
        out.members.push_back(
            {.id = autoscaling::Instance::instance_id.of(each),
             .lifecycle = autoscaling::Instance::lifecycle_state.of(each),
             .is_broken = autoscaling::Instance::health_status.of(each) == "Unhealthy",
             .is_serving = false,
             .version = number_of(autoscaling::LaunchTemplateSpecification::version.of(
                 inside(each, autoscaling::Instance::launch_template)))});
    for (const Value& each : tags.of(value)) {
        const std::string& text = autoscaling::TagDescription::value.of(each);
        if (autoscaling::TagDescription::key.of(each) == kWishTag) out.wish = wish_from(text);
        if (autoscaling::TagDescription::key.of(each) == kKeptTag) out.kept = kept_from(text);
    }
    return out;
}

namespace {

Value tag_of(const Group& group, const char* key, const std::string& text) {
    using namespace autoscaling::Tag;
    return Entries{resource_id(group.name), resource_type("auto-scaling-group"),
                   autoscaling::Tag::key(key), value(text), propagate_at_launch(false)};
}

/// How the group is kept once its scaling is taken over: as it was found first, and what is not
/// suspended by others.
Kept taken_over(const Group& group) {
    Kept out = group.kept.value_or(Kept{.min = group.min, .max = group.max, .suspended = {}});
    for (const char* const each : kScalingProcesses)
        if (!group.suspended.contains(each)) out.suspended.insert(each);
    return out;
}

bool has_instances(const Group& group) {
    return std::any_of(group.members.begin(), group.members.end(),
                       [](const GroupMember& each) { return !each.is_leaving(); });
}

/// While a pool gets a new release, the other one stays as large as it is. Whether that is news.
bool is_held(Group& other, const Wish& wish) {
    if (!has_instances(other) || (other.wish && other.wish->verb == Wish::Verb::retire))
        return false;
    if (other.kept) {
        if (!other.wish || !other.wish->then_free) return false;
        other.wish->then_free = false;
        return true;
    }
    other.kept = taken_over(other);
    other.wish = Wish{.verb = Wish::Verb::hold,
                      .fence = wish.fence,
                      .step = wish.step,
                      .version = 0,
                      .instances = other.desired,
                      .updated = 0};
    return true;
}

/// A release ends when one of its pools is retired: the other one scales again. Likewise.
bool is_let_go(Group& other) {
    if (!other.kept || !other.wish || other.wish->verb == Wish::Verb::retire) return false;
    const bool is_news = !other.wish->then_free;
    other.wish->then_free = true;
    return is_news;
}

/// Whether `seen` was read from a place that has not heard of our last write.
bool is_before(const std::optional<Wish>& seen, const Wish& written) {
    if (!seen) return true;
    const bool same = seen->step == written.step && seen->then_free == written.then_free;
    return !same && seen->fence <= written.fence;
}

base::Result<void> check_fence(const Group& group, const engine::Ticket& ticket) {
    if (!group.wish || group.wish->fence <= ticket.fence) return {};
    return base::fail(
        base::Failure::conflict,
        {.code = "CF0821",
         .what = fmt::format("another run drives the group {}", group.name),
         .why = fmt::format("its fence is {}, this one's {}", group.wish->fence, ticket.fence)});
}

tl::unexpected<base::Error> stale(const Group& group) {
    return base::fail(
        base::Failure::unavailable,
        {.code = "CF0828",
         .what =
             fmt::format("Auto Scaling tells of {} as it was before our last write", group.name)});
}

}  // namespace

Fleet::Fleet(Place place, Clients clients, base::Clock& clock, Hand hand)
    : place_(std::move(place)),
      clients_(clients),
      clock_(&clock),
      hand_(hand),
      shelf_(clients.bucket),
      versions_(clients.compute, place_.launch_template) {}

// --- what there is -----------------------------------------------------------------------------

base::Result<Fleet::Sight> Fleet::look(const Terms& terms) {
    using namespace autoscaling::AutoScalingGroupNamesType;
    const auto groups =
        clients_.scaling.all(autoscaling::kDescribeAutoScalingGroups,
                             Entries{auto_scaling_group_names(List{place_.blue, place_.green})},
                             autoscaling::AutoScalingGroupsType::auto_scaling_groups, terms);
    if (!groups) return base::fail(groups);
    Sight out;
    for (const Value& each : *groups) {
        Group group = group_from(each);
        if (group.name == place_.blue)
            out.groups[0] = std::move(group);
        else if (group.name == place_.green)
            out.groups[1] = std::move(group);
    }
    for (const release::Pool pool : {release::Pool::blue, release::Pool::green}) {
        const Group& group = out.groups[at(pool)];
        if (group.name.empty())
            return base::fail(
                base::Failure::rejected,
                {.code = "CF0829",
                 .what = fmt::format("there is no Auto Scaling group {}",
                                     pool == release::Pool::blue ? place_.blue : place_.green),
                 .fix = "correct `aws.scaling_groups`, or make it"});
        const auto ours = written_.find(group.name);
        if (ours != written_.end() && is_before(group.wish, ours->second)) return stale(group);
    }
    if (const auto seen = look_at_targets(out, terms); !seen) return base::fail(seen);
    return out;
}

base::Result<void> Fleet::look_at_targets(Sight& sight, const Terms& terms) {
    for (const release::Pool pool : {release::Pool::blue, release::Pool::green}) {
        Group& group = sight.groups[at(pool)];
        if (group.members.empty()) continue;
        const std::string& arn =
            pool == release::Pool::blue ? place_.targets.blue : place_.targets.green;
        const auto answer = clients_.balancing.call(
            elbv2::kDescribeTargetHealth,
            Entries{elbv2::DescribeTargetHealthInput::target_group_arn(arn)}, terms);
        if (!answer) return base::fail(answer);
        for (const Value& each :
             elbv2::DescribeTargetHealthOutput::target_health_descriptions.of(*answer)) {
            const Value& target = inside(each, elbv2::TargetHealthDescription::target);
            const auto* const port = elbv2::TargetDescription::port.find(target);
            if (port != nullptr && *port != place_.boot.port) continue;
            const Value& health = inside(each, elbv2::TargetHealthDescription::target_health);
            sight.targets[elbv2::TargetDescription::id.of(target)] = {
                .state = elbv2::TargetHealth::state.of(health),
                .reason = elbv2::TargetHealth::reason.of(health)};
        }
        for (GroupMember& each : group.members) {
            const auto found = sight.targets.find(each.id);
            each.is_serving = each.lifecycle == "InService" && found != sight.targets.end() &&
                              found->second.state == "healthy";
        }
    }
    return {};
}

// --- wishes ------------------------------------------------------------------------------------

base::Result<void> Fleet::prepare(const release::Release& release, const engine::Ticket& ticket,
                                  base::Deadline deadline) {
    const Terms terms = terms_of(ticket, deadline);
    const auto script = run_script(release, place_.boot);
    if (!script) return base::fail(script);
    const auto put = shelf_.put_file(artifact_key(place_.boot, release.artifact),
                                     release.artifact_source, release.artifact, terms);
    if (!put) return put;
    return shelf_.put_text(config_key(place_.boot, base::sha256(*script)), *script, terms);
}

base::Result<std::int64_t> Fleet::version_of(const release::Release& release, release::Pool pool,
                                             const Terms& terms) {
    const auto run = run_script(release, place_.boot);
    if (!run) return base::fail(run);
    const auto boot = boot_script(release, pool, base::sha256(*run), place_.boot);
    if (!boot) return base::fail(boot);
    const auto source = release.process.environment.find(kTemplateVariable);
    return versions_.ensure(
        release.id, *boot,
        source != release.process.environment.end() ? source->second : place_.template_version,
        terms);
}

base::Result<bool> Fleet::is_written(const Sight& sight, release::Pool pool,
                                     const engine::Ticket& ticket) const {
    for (const Group& group : sight.groups) {
        if (const auto free = check_fence(group, ticket); !free) return base::fail(free);
        for (const char* const each : kNeededProcesses)
            if (group.suspended.contains(each))
                return base::fail(
                    base::Failure::rejected,
                    {.code = "CF0822",
                     .what = fmt::format("{} is suspended in the group {}", each, group.name),
                     .why = "without it no instance comes, serves or goes; no release suspends it",
                     .fix = fmt::format("aws autoscaling resume-processes "
                                        "--auto-scaling-group-name {} --scaling-processes {}",
                                        group.name, each)});
    }
    const Group& group = sight.groups[at(pool)];
    return group.wish && group.wish->step == ticket.step.text;
}

base::Result<void> Fleet::ensure(release::Pool pool, const engine::Capacity& capacity,
                                 const engine::Ticket& ticket, base::Deadline deadline) {
    const Terms terms = terms_of(ticket, deadline);
    auto sight = look(terms);
    if (!sight) return base::fail(sight);
    const auto written = is_written(*sight, pool, ticket);
    if (!written) return base::fail(written);
    if (*written) return {};
    const auto version = version_of(capacity.release, pool, terms);
    if (!version) return base::fail(version);
    const Wish wish{.verb = Wish::Verb::ensure,
                    .fence = ticket.fence,
                    .step = ticket.step.text,
                    .version = *version,
                    .instances = capacity.instances,
                    .updated = capacity.instances,
                    .then_free = !has_instances(sight->groups[at(release::other(pool))])};
    return write(*sight, pool, wish, terms);
}

base::Result<void> Fleet::replace(release::Pool pool, const engine::Capacity& capacity,
                                  std::uint32_t updated, const engine::Ticket& ticket,
                                  base::Deadline deadline) {
    const Terms terms = terms_of(ticket, deadline);
    auto sight = look(terms);
    if (!sight) return base::fail(sight);
    const auto written = is_written(*sight, pool, ticket);
    if (!written) return base::fail(written);
    if (*written) return {};
    const auto version = version_of(capacity.release, pool, terms);
    if (!version) return base::fail(version);
    const Wish wish{.verb = Wish::Verb::replace,
                    .fence = ticket.fence,
                    .step = ticket.step.text,
                    .version = *version,
                    .instances = capacity.instances,
                    .updated = std::min(updated, capacity.instances),
                    .then_free = updated >= capacity.instances};
    return write(*sight, pool, wish, terms);
}

base::Result<void> Fleet::retire(release::Pool pool, const engine::Ticket& ticket,
                                 base::Deadline deadline) {
    const Terms terms = terms_of(ticket, deadline);
    auto sight = look(terms);
    if (!sight) return base::fail(sight);
    const auto written = is_written(*sight, pool, ticket);
    if (!written) return base::fail(written);
    if (*written) return {};
    return write(*sight, pool,
                 {.verb = Wish::Verb::retire,
                  .fence = ticket.fence,
                  .step = ticket.step.text,
                  .then_free = true},
                 terms);
}

// The other group's wish, where it changes too, is written in the same call.
base::Result<void> Fleet::write(Sight& sight, release::Pool pool, Wish wish, const Terms& terms) {
    Group& beside = sight.groups[at(release::other(pool))];
    const bool other_changed = wish.verb == Wish::Verb::retire   ? is_let_go(beside)
                               : wish.verb == Wish::Verb::ensure ? is_held(beside, wish)
                                                                 : false;
    if (to_text(wish).size() > kTagBytesMax)
        return base::fail(base::Failure::rejected,
                          {.code = "CF0830",
                           .what = fmt::format("the step {} has too long a name", wish.step),
                           .why = "a tag of Auto Scaling holds 256 characters",
                           .fix = "shorten the names of hooks and gates"});
    Group& group = sight.groups[at(pool)];
    group.kept = taken_over(group);
    group.wish = std::move(wish);
    std::vector<const Group*> groups{&group};
    if (other_changed) groups.push_back(&sight.groups[at(release::other(pool))]);
    return write_tags(groups, terms);
}

base::Result<void> Fleet::write_tags(const std::vector<const Group*>& groups, const Terms& terms) {
    List tags;
    for (const Group* const each : groups) {
        tags.push_back(tag_of(*each, kWishTag, to_text(*each->wish)));
        tags.push_back(tag_of(*each, kKeptTag, each->kept ? to_text(*each->kept) : kNothingKept));
    }
    const auto answer = clients_.scaling.call(
        autoscaling::kCreateOrUpdateTags,
        Entries{autoscaling::CreateOrUpdateTagsType::tags(std::move(tags))}, terms);
    // What was sent last is not known: whatever is read is as good.
    for (const Group* const each : groups) written_.erase(each->name);
    if (!answer) return base::fail(answer);
    for (const Group* const each : groups) written_[each->name] = *each->wish;
    return {};
}

// --- steps -------------------------------------------------------------------------------------

base::Result<void> Fleet::carry_on(Sight& sight, const Terms& terms) {
    for (Group& group : sight.groups) {
        const auto ours = written_.find(group.name);
        const bool others =
            ours != written_.end() && group.wish && group.wish->fence > ours->second.fence;
        if (others) continue;
        const bool last = is_to_be_freed(group);
        for (int turn = 0; turn < (last ? kMovesToFree : 1); ++turn) {
            const auto move = next_move(group);
            if (!move) break;
            const auto made = make(group, *move, terms);
            if (made) {
                apply(group, *move);
                continue;
            }
            // Another activity of the group, or an answer that was lost: the next look tells. Who
            // would end the release, though, has to know that all was given back.
            if (!last && made.error().failure != base::Failure::rejected) break;
            const base::Failure failure = made.error().failure == base::Failure::conflict
                                              ? base::Failure::unavailable
                                              : made.error().failure;
            return base::fail(failure, made.error().diagnostic);
        }
    }
    return {};
}

base::Result<std::vector<std::string>> Fleet::give_back(const engine::Ticket& ticket,
                                                        base::Deadline deadline) {
    const Terms terms = terms_of(ticket, deadline);
    auto sight = look(terms);
    if (!sight) return base::fail(sight);
    std::vector<std::string> out;
    for (Group& group : sight->groups) {
        if (const auto free = check_fence(group, ticket); !free) return base::fail(free);
        for (int turn = 0; turn < kMovesToFree; ++turn) {
            const auto move = next_to_free(group);
            if (!move) break;
            if (const auto made = make(group, *move, terms); !made) return base::fail(made);
            apply(group, *move);
            if (turn == 0) out.push_back(group.name);
        }
    }
    return out;
}

base::Result<void> Fleet::make(const Group& group, const Move& move, const Terms& terms) {
    using namespace autoscaling::UpdateAutoScalingGroupType;
    const auto list_of = [](const std::set<std::string>& names) {
        return List(names.begin(), names.end());
    };
    const auto processes = [&](const Operation& operation, const std::set<std::string>& names) {
        using namespace autoscaling::ScalingProcessQuery;
        return clients_.scaling.call(
            operation,
            Entries{autoscaling::ScalingProcessQuery::auto_scaling_group_name(group.name),
                    scaling_processes(list_of(names))},
            terms);
    };
    if (const auto* note = std::get_if<Note>(&move)) {
        Group noted = group;
        noted.wish = note->wish;
        noted.kept = note->kept;
        return write_tags({&noted}, terms);
    }
    base::Result<Value> answer;
    if (const auto* suspend = std::get_if<Suspend>(&move)) {
        answer = processes(autoscaling::kSuspendProcesses, suspend->processes);
    } else if (const auto* resume = std::get_if<Resume>(&move)) {
        answer = processes(autoscaling::kResumeProcesses, resume->processes);
    } else if (const auto* resize = std::get_if<Resize>(&move)) {
        Entries input{auto_scaling_group_name(group.name), min_size(resize->min),
                      max_size(resize->max), desired_capacity(resize->desired)};
        if (resize->version != 0) {
            using namespace autoscaling::LaunchTemplateSpecification;
            input.push_back(autoscaling::UpdateAutoScalingGroupType::launch_template(
                {launch_template_id(place_.launch_template),
                 version(std::to_string(resize->version))}));
        }
        answer = clients_.scaling.call(autoscaling::kUpdateAutoScalingGroup,
                                       Value(std::move(input)), terms);
    } else if (const auto* terminate = std::get_if<Terminate>(&move)) {
        using namespace autoscaling::TerminateInstanceInAutoScalingGroupType;
        answer =
            clients_.scaling.call(autoscaling::kTerminateInstanceInAutoScalingGroup,
                                  Entries{instance_id(terminate->id),
                                          should_decrement_desired_capacity(!terminate->in_place)},
                                  terms);
    }
    if (!answer) return base::fail(answer);
    return {};
}

}  // namespace aws
