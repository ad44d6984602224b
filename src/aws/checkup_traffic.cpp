// What divides requests: the rule, its groups, the load balancer.
#include "aws/checkup_parts.h"
#include "aws/key.h"
#include "aws/models/elbv2.h"
#include "aws/rule.h"
#include "aws/value.h"
#include "base/finding.h"
#include "base/result.h"
#include "release/spec.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace aws {
namespace {

using base::Weight;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// Twice the minute at which many clients ping.
constexpr std::int64_t kIdleMin = 120;
/// AWS's own, where an attribute is not told.
constexpr std::int64_t kIdleUsual = 60;
constexpr std::int64_t kDelayUsual = 300;

std::int64_t number_in(const std::map<std::string, std::string>& attributes,
                       const std::string& name, std::int64_t otherwise) {
    const auto found = attributes.find(name);
    if (found == attributes.end()) return otherwise;
    std::int64_t out = otherwise;
    std::from_chars(found->second.data(), found->second.data() + found->second.size(), out);
    return out;
}

std::string text_in(const std::map<std::string, std::string>& attributes, const std::string& name) {
    const auto found = attributes.find(name);
    return found != attributes.end() ? found->second : std::string{};
}

Groups groups_of(const Looked& looked) {
    return {.blue = looked.target_group(0), .green = looked.target_group(1)};
}

bool is_sticky(const Value& rule) {
    for (const Value& action : elbv2::Rule::actions.of(rule)) {
        const Value& forward = inside(action, elbv2::Action::forward_config);
        const auto* const enabled = elbv2::TargetGroupStickinessConfig::enabled.find(
            inside(forward, elbv2::ForwardActionConfig::target_group_stickiness_config));
        if (enabled != nullptr && *enabled) return true;
    }
    return false;
}

std::size_t healthy_in(const TargetGroupSight& group) {
    return static_cast<std::size_t>(
        std::count_if(group.targets.begin(), group.targets.end(),
                      [](const auto& each) { return each.second == "healthy"; }));
}

}  // namespace

void check_rule(const Looked& looked) {
    Part part(looked.into, "rule", "CF0813");
    const auto& rule = looked.sight.rule;
    if (!rule && rule.error().failure != base::Failure::not_found)
        return part.unseen(rule.error(), Weight::error);
    if (!rule)
        return part.error(fmt::format("there is no rule {}", looked.place.rule),
                          rule.error().diagnostic.line(), "correct `aws.rule`, or make it");
    const auto green = share_in(*rule, groups_of(looked));
    if (!green) return part.error(green.error().diagnostic);
    part.well(
        fmt::format("forwards to both groups and to no other, {} of 1000 to green", green->value));
}

void check_stickiness(const Looked& looked) {
    Part part(looked.into, "stickiness", "CF0863");
    if (looked.sight.rule && is_sticky(*looked.sight.rule))
        part.error("the rule keeps clients in the group that they met first",
                   "a group at weight 0 goes on serving whoever has its cookie: neither a release "
                   "nor the way back moves them",
                   "turn the rule's group stickiness off");
    for (std::size_t pool = 0; pool < 2; ++pool) {
        const auto& group = looked.sight.targets[pool];
        if (!group || text_in(group->attributes, "stickiness.enabled") != "true") continue;
        if (text_in(group->attributes, "stickiness.type") == "app_cookie")
            part.error(fmt::format("target group {} follows a cookie of the application",
                                   kPoolNames[pool]),
                       "that does not work where weights divide requests",
                       "turn `stickiness.enabled` off");
        else
            part.warning(
                fmt::format("target group {} keeps clients on their instance", kPoolNames[pool]),
                "AWS asks for stickiness of the rule then, and that holds clients in a "
                "group of weight 0",
                "turn `stickiness.enabled` off, or share sessions between instances");
    }
    part.well("none: weights move everyone");
}

void check_serving(const Looked& looked) {
    Part part(looked.into, "serving", "CF0872");
    if (!looked.sight.rule) return;
    const auto green = share_in(*looked.sight.rule, groups_of(looked));
    if (!green || !looked.sight.targets[0] || !looked.sight.targets[1]) return;
    const std::array<const TargetGroupSight*, 2> groups{&*looked.sight.targets[0],
                                                        &*looked.sight.targets[1]};
    if (groups[0]->targets.empty() && groups[1]->targets.empty())
        return part.well("nothing yet: the first release fills a pool");
    const std::array<int, 2> weights{1000 - green->value, green->value};
    for (std::size_t pool = 0; pool < 2; ++pool)
        if (weights[pool] > 0 && healthy_in(*groups[pool]) == 0)
            part.error(fmt::format("{} of 1000 requests go to {}, which has no healthy target",
                                   weights[pool], kPoolNames[pool]),
                       "a load balancer answers 503 for them; it does not ask the other group",
                       "see `crossfade instances`; roll back, or mend its instances");
    part.well(fmt::format("{} healthy in blue, {} in green", healthy_in(*groups[0]),
                          healthy_in(*groups[1])));
}

void check_balancer(const Looked& looked) {
    Part part(looked.into, "load balancer", "CF0867");
    const auto& balancer = looked.sight.balancer;
    if (!balancer) return part.unseen(balancer.error(), Weight::warning);
    if (balancer->state != "active")
        part.error(fmt::format("it is {}, not active", balancer->state), {},
                   "see its state in the console of EC2");
    const std::int64_t idle =
        number_in(balancer->attributes, "idle_timeout.timeout_seconds", kIdleUsual);
    if (idle < kIdleMin)
        part.warning(
            fmt::format("it closes what is silent for {} s", idle),
            fmt::format("WebSockets whose clients ping less often than every {} s are cut in the "
                        "midst, and connect anew all the time",
                        idle / 2),
            "set `idle_timeout.timeout_seconds` to twice the clients' ping interval, and keep the "
            "service's own keep-alive longer than that");
    part.well(
        fmt::format("active; silent connections stay {} s, so the service's keep-alive has "
                    "to be longer",
                    idle));
}

void check_target_groups(const Looked& looked) {
    Part part(looked.into, "target groups", "CF0864");
    const std::string balancer = load_balancer_of(looked.place.rule);
    for (std::size_t pool = 0; pool < 2; ++pool) {
        const auto& group = looked.sight.targets[pool];
        const char* const name = kPoolNames[pool];
        if (!group && group.error().failure == base::Failure::not_found) {
            part.error(fmt::format("there is no target group {}", looked.target_group(pool)), {},
                       "correct `aws.target_groups`, or make it");
            continue;
        }
        if (!group) {
            part.unseen(group.error(), Weight::warning);
            continue;
        }
        if (group->type != "instance")
            part.error(fmt::format("the targets of {} are of type {}", name, group->type),
                       "Auto Scaling registers instances", "make the group anew for instances");
        if (group->protocol != "HTTP" && group->protocol != "HTTPS")
            part.error(fmt::format("{} speaks {}", name, group->protocol), {},
                       "make the group anew with HTTP");
        if (group->port != looked.place.port)
            part.error(fmt::format("{} sends to port {}, and instances listen on {}", name,
                                   group->port, looked.place.port),
                       {}, "correct `aws.port`, or make the group anew with that port");
        for (const std::string& other : group->balancers)
            if (other != balancer)
                part.warning(fmt::format("{} takes requests of another load balancer, too", name),
                             other, "give that one a group of its own");
    }
    part.well(fmt::format("instances on port {}, of this load balancer alone", looked.place.port));
}

void check_health(const Looked& looked) {
    Part part(looked.into, "health checks", "CF0865");
    const milliseconds boot = looked.spec.service.boot_deadline;
    seconds slowest{0};
    for (std::size_t pool = 0; pool < 2; ++pool) {
        const auto& group = looked.sight.targets[pool];
        if (!group) return;
        const char* const name = kPoolNames[pool];
        if (!group->is_checked)
            part.error(fmt::format("{} checks no target's health", name),
                       "no instance would ever be seen to be healthy", "turn its health checks on");
        if (group->health_path != looked.spec.service.health.path)
            part.warning(fmt::format("{} asks for {}, and the spec names {}", name,
                                     group->health_path, looked.spec.service.health.path),
                         "the load balancer goes by its own", "let both be the same path");
        slowest = std::max(slowest, group->health_interval * group->healthy_after);
        if (group->health_interval * group->healthy_after >= boot)
            part.error(fmt::format("{} takes {} s to find an instance healthy, and "
                                   "`service.boot_deadline` ends after {} s",
                                   name, (group->health_interval * group->healthy_after).count(),
                                   std::chrono::duration_cast<seconds>(boot).count()),
                       fmt::format("{} checks, {} s apart; no instance can be in time",
                                   group->healthy_after, group->health_interval.count()),
                       "check every 5 or 10 s, twice; or wait longer");
    }
    const auto& targets = looked.sight.targets;
    if (targets[0]->health_path != targets[1]->health_path ||
        targets[0]->health_interval != targets[1]->health_interval ||
        targets[0]->healthy_after != targets[1]->healthy_after)
        part.warning("the two groups check differently",
                     "a release would be held to another measure than the one before",
                     "let both check alike");
    part.well(fmt::format("an instance that serves is healthy {} s later at most; it may take {} s",
                          slowest.count(), std::chrono::duration_cast<seconds>(boot).count()));
}

void check_draining(const Looked& looked) {
    Part part(looked.into, "draining", "CF0866");
    const auto drain = std::chrono::ceil<seconds>(looked.spec.strategy.drain_deadline);
    const auto progress =
        std::chrono::duration_cast<seconds>(looked.spec.strategy.progress_deadline);
    seconds longest{0};
    for (std::size_t pool = 0; pool < 2; ++pool) {
        const auto& group = looked.sight.targets[pool];
        if (!group) return;
        const char* const name = kPoolNames[pool];
        const seconds delay{
            number_in(group->attributes, "deregistration_delay.timeout_seconds", kDelayUsual)};
        longest = std::max(longest, delay);
        if (delay < drain)
            part.warning(fmt::format("{} cuts what is left after {} s, and the drain may take {} s",
                                     name, delay.count(), drain.count()),
                         "WebSockets and long requests end with the deregistration delay",
                         fmt::format("set `deregistration_delay.timeout_seconds` to {}, or "
                                     "`strategy.drain.deadline` to less",
                                     drain.count()));
        if (delay >= progress)
            part.error(fmt::format("{} lets an instance go only after {} s, and a release gives "
                                   "up after {} s without progress",
                                   name, delay.count(), progress.count()),
                       "AWS waits for the whole delay even where nothing is left to wait for",
                       "shorten the delay, or lengthen `strategy.progress_deadline`");
        if (number_in(group->attributes, "slow_start.duration_seconds", 0) > 0)
            part.warning(fmt::format("{} lets new instances start slowly", name),
                         "its own share hides what the weights say; a canary does the same and "
                         "is observed",
                         "set `slow_start.duration_seconds` to 0");
    }
    part.well(fmt::format("instances have {} s to finish, the drain {} s", longest.count(),
                          drain.count()));
}

void check_limits(const Looked& looked) {
    Part part(looked.into, "limits", "CF0873");
    const auto& limits = looked.sight.limits;
    if (!limits) return part.unseen(limits.error(), Weight::warning);
    const auto targets = limits->find("targets-per-application-load-balancer");
    if (targets == limits->end()) return;
    const std::int64_t needed = std::int64_t{2} * looked.spec.service.instances;
    if (needed > targets->second)
        part.error(fmt::format("two fleets are {} targets, and a load balancer may have {}", needed,
                               targets->second),
                   {}, "have the quota `Targets per Application Load Balancer` raised");
    part.well(fmt::format("two fleets are {} of {} targets", needed, targets->second));
}

}  // namespace aws
