#include "base/diagnostic.h"
#include "base/document.h"
#include "release/placeholder.h"
#include "release/plan.h"
#include "release/release.h"
#include "release/spec.h"
#include "release/spec_form.h"

#include "base/duration.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace release {

namespace {

using base::Findings;
using base::Node;

/// What is looked at, and where it stands.
template <typename T>
struct Look {
    const T& value;
    const Node& node;
    Findings& findings;

    void add(const Node& at, base::Diagnostic diagnostic) const {
        findings.add(at.spot, std::move(diagnostic));
    }
};

/// Placeholders of one text; says whether `${port}` is among them.
bool uses_port(const Look<Service>& look, const Node& node, const std::string& text) {
    auto names = placeholders_in(text);
    if (!names) {
        look.add(node, std::move(names.error().diagnostic));
        return true;  // One finding for a text is enough.
    }
    return std::find(names->begin(), names->end(), "port") != names->end();
}

void check_placeholders(const Look<Service>& look) {
    const Process& process = look.value.process;
    const Node& command = look.node.nearest("command");
    bool port = false;
    for (std::size_t i = 0; i < process.command.size(); ++i)
        port = uses_port(look, command.items[i], process.command[i]) || port;
    const Node& environment = look.node.nearest("environment");
    for (const auto& [name, value] : process.environment)
        port = uses_port(look, environment.nearest(name), value) || port;
    if (!port)
        look.add(command, {.code = "CF0120",
                           .what = "`service.command` does not use `${port}`",
                           .why = "several instances run at the same time, and each must listen on "
                                  "a port of its own",
                           .fix = "hand it on, like `\"--listen\", \"${address}:${port}\"`, or as "
                                  "`environment: {PORT: \"${port}\"}`"});
}

void check_health(const Look<Service>& look) {
    const HealthCheck& health = look.value.health;
    if (health.timeout > health.interval)
        look.add(
            look.node.nearest("health.timeout"),
            {.code = "CF0122",
             .what = fmt::format("a check's timeout of {} is longer than its interval of {}",
                                 base::to_text(health.timeout), base::to_text(health.interval)),
             .why = "the next check would begin before the last has ended",
             .fix = "make `timeout` the shorter one"});
    const milliseconds least = health.interval * health.healthy_after;
    if (look.value.boot_deadline < least)
        look.add(look.node.nearest("boot_deadline"),
                 {.code = "CF0122",
                  .what = fmt::format("no instance can be healthy within {}",
                                      base::to_text(look.value.boot_deadline)),
                  .why = fmt::format("{} checks, {} apart, take {}", health.healthy_after,
                                     base::to_text(health.interval), base::to_text(least)),
                  .fix = "raise `service.boot_deadline`, or check more often"});
}

std::string check_port(const Look<Spec>& look, const std::string& listen, const Node& node) {
    std::string port = listen.substr(listen.rfind(':') + 1);
    if (std::stoul(port) > 65535)
        look.add(node, {.code = "CF0121",
                        .what = fmt::format("there is no port {}", port),
                        .why = "the highest is 65535"});
    return port;
}

void check_tls(const Look<Spec>& look) {
    if (!look.value.tls) return;
    const Node& node = look.node.nearest("tls.listen");
    check_port(look, look.value.tls->listen, node);
    if (look.value.tls->listen == look.value.listen)
        look.add(node, {.code = "CF0121",
                        .what = fmt::format("`listen` has {} already", look.value.listen),
                        .why = "what is encrypted and what is not come in by different ports",
                        .fix = "give `tls.listen` another port"});
}

void check_listen(const Look<Spec>& look) {
    const std::string& listen = look.value.listen;
    const Node& node = look.node.nearest("listen");
    const std::string port = check_port(look, listen, node);
    const bool loopback = listen.starts_with("127.") || listen.starts_with("[::1]") ||
                          listen.starts_with("localhost:");
    if (look.value.provider == Provider::local && !loopback)
        look.add(node, {.code = "CF0121",
                        .what = "`listen` must be a loopback address with `provider: local`",
                        .why = "what is not encrypted stays on this machine",
                        .fix = fmt::format("write 127.0.0.1:{}, and let users in by `tls`", port)});
}

/// Whether every request that `later` matches is taken by `earlier` before.
bool hides(const Route& earlier, const Route& later) {
    if (earlier.header && earlier.header != later.header) return false;
    if (!earlier.path.ends_with('*')) return earlier.path == later.path;
    return later.path.starts_with(
        std::string_view(earlier.path).substr(0, earlier.path.size() - 1));
}

void check_order_of_routes(const Look<Spec>& look, const Node& node) {
    const auto& routes = look.value.routes;
    for (std::size_t i = 0; i < routes.size(); ++i)
        for (std::size_t j = 0; j < i; ++j) {
            if (!hides(routes[j], routes[i])) continue;
            look.add(node.items[i].nearest("path"),
                     {.code = "CF0124",
                      .what = fmt::format("route `{}` can never match", routes[i].path),
                      .why = fmt::format("`{}` stands before it and takes all that it would",
                                         routes[j].path),
                      .fix = "put the narrower one first, and `/*` last"});
            break;
        }
}

void check_routes(const Look<Spec>& look) {
    const Node* node = look.node.member("routes");
    if (node == nullptr) return;
    const auto& routes = look.value.routes;
    bool to_assets = false;
    bool to_service = false;
    for (std::size_t i = 0; i < routes.size(); ++i) {
        (routes[i].assets ? to_assets : to_service) = true;
        if (routes[i].assets && look.value.assets.empty())
            look.add(node->items[i].nearest("to"),
                     {.code = "CF0123",
                      .what = fmt::format("route `{}` leads to assets, and there are none",
                                          routes[i].path),
                      .fix = "name their folder, like `assets: web/dist`, or leave the route out"});
    }
    check_order_of_routes(look, *node);
    if (!look.value.assets.empty() && !to_assets)
        look.add(*node, {.code = "CF0123",
                         .what = "there are assets, but no route leads to them",
                         .fix = "add one, like `- {path: /static/*, to: assets}`"});
    if (!to_service)
        look.add(*node, {.code = "CF0123",
                         .what = "no route leads to the service",
                         .fix = "add one, like `- {path: /*}`"});
}

/// A step without progress to see must not outlast the deadline for progress.
void check_progress(const Look<Spec>& look, std::string_view other, milliseconds length,
                    std::string_view why) {
    const milliseconds deadline = look.value.strategy.progress_deadline;
    if (deadline >= length) return;
    look.add(look.node.nearest("strategy.progress_deadline"),
             {.code = "CF0126",
              .what = fmt::format("`strategy.progress_deadline` of {} is shorter than `{}` of {}",
                                  base::to_text(deadline), other, base::to_text(length)),
              .why = std::string(why),
              .fix = "make the progress deadline the longer one"});
}

void check_batch(const Look<Spec>& look) {
    const std::uint32_t batch = look.value.strategy.rolling_batch;
    const std::uint32_t instances = look.value.service.instances;
    if (batch > instances)
        look.add(
            look.node.nearest("strategy.rolling.batch"),
            {.code = "CF0125",
             .what = fmt::format("a batch of {} is more than all {} instances", batch, instances),
             .fix = "make the batch smaller"});
}

void check_guard(const Look<Spec>& look) {
    const milliseconds interval = look.value.guard.interval;
    const Strategy& strategy = look.value.strategy;
    std::vector<milliseconds> watches{strategy.bake, strategy.rolling_hold};
    for (const CanaryStep& step : strategy.steps) watches.push_back(step.hold);
    if (std::any_of(watches.begin(), watches.end(), [interval](milliseconds watch) {
            return watch > milliseconds{0} && watch < interval;
        }))
        look.add(look.node.nearest("guard.interval"),
                 {.code = "CF0127",
                  .what = fmt::format("counts are read every {}, which is longer than a watch",
                                      base::to_text(interval)),
                  .why = "`strategy.bake`, `strategy.rolling.hold` or a step's `hold` would end "
                         "before the first look",
                  .fix = "read more often, or watch longer"});
}

template <typename T>
void check_names(const Look<Spec>& look, const std::vector<T>& things, std::string_view list) {
    std::set<std::string> names;
    const Node& node = look.node.nearest(list);
    for (std::size_t i = 0; i < things.size(); ++i)
        if (!names.insert(things[i].name).second)
            look.add(
                node.items[i].nearest("name"),
                {.code = "CF0128",
                 .what = fmt::format("the name `{}` stands twice in `{}`", things[i].name, list),
                 .why = "journals and commands tell them apart by it",
                 .fix = "name them differently"});
}

void check_fan_out(const Look<Spec>& look) {
    const std::uint32_t instances = look.value.service.instances;
    if (look.value.compatibility.fan_out == FanOut::none && instances > 1)
        look.add(look.node.nearest("compatibility.fan_out"),
                 {.code = "CF0129",
                  .what = fmt::format("{} instances that do not share events cannot serve together",
                                      instances),
                  .why = "users of one would never see what those of another do",
                  .fix = "write `service.instances: 1`, or give them a bus and write `fan_out: "
                         "shared`"});
}

}  // namespace

void check_service(const Service& service, const Node& node, Findings& findings) {
    check_placeholders({service, node, findings});
    check_health({service, node, findings});
}

void check_hook(const Hook& hook, const Node& node, Findings& findings) {
    if (hook.timeout > hook.deadline)
        findings.add(node.nearest("timeout").spot,
                     {.code = "CF0126",
                      .what = fmt::format("one call of hook `{}` may take {}, all together only {}",
                                          hook.name, base::to_text(hook.timeout),
                                          base::to_text(hook.deadline)),
                      .fix = "make `deadline` at least as long as `timeout`"});
}

void check_gate(const Gate& gate, const Node& node, Findings& findings) {
    if (!gate.second_person || gate.at_deadline == GateDefault::abort) return;
    findings.add(
        node.nearest("at_deadline").spot,
        {.code = "CF0155",
         .what = fmt::format("gate `{}` asks a second person and goes on without", gate.name),
         .why = "whoever began the release would only have to wait",
         .fix = "leave out `at_deadline`: where nobody consents, the release goes back"});
}

/// Users are counted only where the share follows from evidence.
void check_harm(const Look<Spec>& look) {
    if (!look.value.guard.exposure_max || canary_stops(look.value).empty()) return;
    look.add(look.node.nearest("guard.harm"),
             {.code = "CF0134",
              .what = "a budget of users and fixed steps say two things",
              .why = look.value.guard.compare
                         ? "`strategy.steps` tells how many users meet the new release, and when"
                         : "`guard.compare: false` leaves a canary to fixed steps",
              .fix = "leave one of them out, or write `harm: at most 100 requests`"});
}

void check_overlap(const Look<Spec>& look) {
    const Strategy& strategy = look.value.strategy;
    const auto recreates = [](const std::optional<StrategyKind>& kind) {
        return kind == StrategyKind::recreate;
    };
    const bool by_hand = recreates(strategy.major) || recreates(strategy.minor) ||
                         recreates(strategy.patch) || recreates(strategy.config);
    const bool by_need = look.value.compatibility.overlap == Overlap::none;
    if (look.value.provider == Provider::local || (!by_hand && !by_need)) return;
    look.add(
        look.node.nearest(by_need ? "compatibility.overlap" : "strategy"),
        {.code = "CF0138",
         .what = "requests cannot be held with `provider: aws`",
         .why = "a load balancer there sends a request to a target or answers it with an error",
         .fix = "let the releases overlap, or use `provider: local`"});
}

/// They are judged as the other metrics are, under a name of their own.
void check_metrics(const Look<Spec>& look) {
    check_names(look, look.value.guard.metrics, "guard.metrics");
    if (look.value.guard.metrics.empty() || look.value.guard.compare) return;
    look.add(look.node.nearest("guard.metrics"),
             {.code = "CF0146",
              .what = "metrics of other systems are there to be compared",
              .why = "`guard.compare: false` compares nothing",
              .fix = "leave out the one or the other"});
}

void check_preview(const Look<Spec>& look) {
    if (!look.value.strategy.preview || look.value.provider == Provider::local) return;
    look.add(look.node.nearest("strategy.preview"),
             {.code = "CF0147",
              .what = "there is no preview with `provider: aws`",
              .why = "the one listener rule of a release divides all requests by weight",
              .fix = "leave it out, or make a listener rule for it by hand"});
}

void check_cohort(const Look<Spec>& look) {
    const auto& cohort = look.value.strategy.cohort;
    if (!cohort) return;
    const auto at = look.node.nearest("strategy.cohort");
    if (cohort->header.empty() == cohort->cookie.empty()) {
        look.add(at, {.code = "CF0148",
                      .what = "a cohort is told by one thing",
                      .why = cohort->header.empty() ? "neither a header nor a cookie is named"
                                                    : "a header and a cookie are named",
                      .fix = "write {cookie: crossfade-user} or {header: Authorization}"});
    }
    if (look.value.provider == Provider::local) return;
    look.add(at, {.code = "CF0149",
                  .what = "there are no cohorts with `provider: aws`",
                  .why = "a listener rule divides requests, and its stickiness moves users only up",
                  .fix = "leave it out"});
}

void check_across(const Spec& spec, const Node& node, Findings& findings) {
    const Look<Spec> look{spec, node, findings};
    check_listen(look);
    check_tls(look);
    check_routes(look);
    check_progress(look, "strategy.drain.deadline", spec.strategy.drain_deadline,
                   "a drain may wait for one last upload without any progress to see");
    check_progress(look, "service.boot_deadline", spec.service.boot_deadline,
                   "an instance that boots makes no progress to see");
    check_batch(look);
    check_guard(look);
    check_harm(look);
    check_names(look, spec.hooks, "hooks");
    check_names(look, spec.gates, "gates");
    check_metrics(look);
    check_preview(look);
    check_cohort(look);
    check_fan_out(look);
    check_aws(spec, node, findings);
    check_overlap(look);
}

}  // namespace release
