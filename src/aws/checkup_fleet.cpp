// What runs instances: the Auto Scaling groups and what they launch.
#include "aws/checkup.h"
#include "aws/checkup_parts.h"
#include "aws/group.h"
#include "base/finding.h"
#include "base/result.h"
#include "release/spec.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace aws {
namespace {

using base::Weight;
using std::chrono::seconds;

bool is_number(const std::string& text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char letter) {
        return std::isdigit(static_cast<unsigned char>(letter)) != 0;
    });
}

std::string joined(const std::set<std::string>& words) {
    return fmt::format("{}", fmt::join(words, ", "));
}

void check_binding(const Looked& looked, Part& part, std::size_t pool) {
    const ScalingSight& scaling = *looked.sight.scaling[pool];
    const std::string& name = scaling.group.name;
    const std::set<std::string> wanted{looked.target_group(pool)};
    if (scaling.target_groups != wanted)
        part.error(
            fmt::format("{} is not bound to the target group of {} alone", name, kPoolNames[pool]),
            scaling.target_groups.empty() ? "it is bound to none: its instances get no request"
                                          : "it is bound to " + joined(scaling.target_groups),
            "attach that one and detach others; a group stays with its colour for good");
    if (!looked.sight.balancer) return;
    for (const std::string& zone : scaling.zones)
        if (!looked.sight.balancer->zones.contains(zone))
            part.warning(
                fmt::format("{} launches in {}, where the load balancer is not", name, zone),
                "what runs there is Target.NotInUse and never healthy",
                "give the load balancer a subnet there, or take the zone from the group");
}

void check_behaviour(const Looked& looked, Part& part, const ScalingSight& scaling) {
    const std::string& name = scaling.group.name;
    for (const char* const each : kNeededProcesses)
        if (scaling.group.suspended.contains(each))
            part.error({.code = "CF0822",
                        .what = fmt::format("{} is suspended in the group {}", each, name),
                        .why = "without it no instance comes, serves or goes; no release suspends "
                               "it",
                        .fix = fmt::format("aws autoscaling resume-processes "
                                           "--auto-scaling-group-name {} --scaling-processes {}",
                                           name, each)});
    if (scaling.protects_instances)
        part.error(fmt::format("{} protects its new instances from scale-in", name),
                   "a pool that is retired would never be empty",
                   "turn `NewInstancesProtectedFromScaleIn` off");
    const auto boot = std::chrono::duration_cast<seconds>(looked.spec.service.boot_deadline);
    if (scaling.asks_targets && scaling.grace < boot)
        part.warning(fmt::format("{} may replace an instance {} s after its start, and it may "
                                 "boot for {} s",
                                 name, scaling.grace.count(), boot.count()),
                     "outside of releases it ends instances that are not up yet",
                     fmt::format("set its HealthCheckGracePeriod to {}", boot.count()));
}

/// What its instances run, where it has some.
std::int64_t number_for(const Group& group, const release::LaunchTemplate& wanted) {
    for (const GroupMember& each : group.members)
        if (each.version > 0) return each.version;
    return wanted.version;
}

}  // namespace

void check_scaling_groups(const Looked& looked) {
    Part part(looked.into, "scaling groups", "CF0868");
    for (std::size_t pool = 0; pool < 2; ++pool) {
        const auto& scaling = looked.sight.scaling[pool];
        if (!scaling && scaling.error().failure == base::Failure::rejected &&
            scaling.error().diagnostic.code == "CF0829") {
            part.error(scaling.error().diagnostic);
            continue;
        }
        if (!scaling) {
            part.unseen(scaling.error(), Weight::error);
            continue;
        }
        check_binding(looked, part, pool);
        check_behaviour(looked, part, *scaling);
    }
    part.well("each is bound to the target group of its colour");
}

void check_launch(const Looked& looked) {
    Part part(looked.into, "launch template", "CF0869");
    const release::LaunchTemplate& wanted = looked.place.launch_template;
    for (const auto& scaling : looked.sight.scaling) {
        if (!scaling) continue;
        const std::string& name = scaling->group.name;
        if (scaling->launch_template != wanted.id)
            part.error(fmt::format("{} launches from {}, not from {}", name,
                                   scaling->launch_template.empty() ? "no template"
                                                                    : scaling->launch_template,
                                   wanted.id),
                       {}, "correct `aws.launch_template`, or the group");
        else if (!is_number(scaling->group.template_version))
            part.error(fmt::format("{} launches {} of its template", name,
                                   scaling->group.template_version),
                       "whatever is new there starts by itself with the next scale-out, and no way "
                       "back finds what ran before",
                       fmt::format("set a number: {}", number_for(scaling->group, wanted)));
    }
    const auto& made = looked.sight.launch_template;
    if (!made && made.error().failure == base::Failure::not_found)
        part.error(fmt::format("{} has no version {}", wanted.id, wanted.version), {},
                   "correct `aws.launch_template`");
    else if (!made)
        part.unseen(made.error(), Weight::error);
    else if (!made->needs_token)
        part.warning(
            fmt::format("version {} lets instances ask for keys without a token", wanted.version),
            "whoever makes the service fetch a URL gets the instance's role",
            "set `HttpTokens` to required in a new version, and name that one");
    part.well(fmt::format("both launch {} by number", wanted.id));
}

bool is_left_behind(const Group& group, const Standing& standing) {
    return standing.kind == Standing::Kind::idle && next_to_free(group).has_value();
}

void check_held(const Looked& looked) {
    Part part(looked.into, "scaling", "CF0870");
    using Kind = Standing::Kind;
    for (const auto& scaling : looked.sight.scaling) {
        if (!scaling) continue;
        const Group& group = scaling->group;
        std::set<std::string> others;
        for (const std::string& each : group.suspended)
            if (!group.kept || !group.kept->suspended.contains(each)) others.insert(each);
        for (const char* const each : kNeededProcesses) others.erase(each);
        if (!others.empty())
            part.warning(fmt::format("{} has {} suspended, and not by a release", group.name,
                                     joined(others)),
                         "a release leaves it so",
                         fmt::format("if that is not meant: aws autoscaling resume-processes "
                                     "--auto-scaling-group-name {} --scaling-processes {}",
                                     group.name, fmt::join(others, " ")));
        if (is_left_behind(group, looked.standing))
            part.error(fmt::format("{} is still held at {} to {} instances by a release that is "
                                   "over",
                                   group.name, group.min, group.max),
                       group.kept->suspended.empty()
                           ? "its bounds were not given back"
                           : "suspended for it: " + joined(group.kept->suspended),
                       "crossfade doctor --repair");
    }
    switch (looked.standing.kind) {
        case Kind::driven:
            return part.well("held for a release: " + looked.standing.who);
        case Kind::unfinished:
            return part.warning(
                fmt::format("it is held for {}, which nobody drives", looked.standing.who), {},
                "`crossfade resume` goes on, `crossfade abort` goes back");
        case Kind::warm:
            return part.well(
                "held while the release before stands warm; `crossfade resume "
                "--tail` retires it when its time has come");
        case Kind::unknown:
            return part.warning("whether a release holds it is not known",
                                "the journal could not be read");
        case Kind::idle:
            return part.well("free, as it was found before the last release");
    }
}

}  // namespace aws
