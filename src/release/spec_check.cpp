#include "release/placeholder.h"
#include "release/spec_form.h"

#include "base/duration.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace release {

namespace {

using base::Findings;
using base::Node;

/// The document, with the finding of the moment.
struct Look {
    const Spec& spec;
    const Node& root;
    Findings& findings;

    void add(const Node& node, base::Diagnostic diagnostic) const {
        findings.add(node.spot, std::move(diagnostic));
    }
};

/// Placeholders of one text; says whether `${port}` is among them.
bool uses_port(const Look& look, const Node& node, const std::string& text) {
    auto names = placeholders_in(text);
    if (!names) {
        look.add(node, std::move(names.error().diagnostic));
        return true;  // One finding for a text is enough.
    }
    return std::find(names->begin(), names->end(), "port") != names->end();
}

void check_placeholders(const Look& look) {
    const Process& process = look.spec.service.process;
    const Node& command = look.root.nearest("service.command");
    bool port = false;
    for (std::size_t i = 0; i < process.command.size(); ++i)
        port = uses_port(look, command.items[i], process.command[i]) || port;
    const Node& environment = look.root.nearest("service.environment");
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

void check_listen(const Look& look) {
    const std::string& listen = look.spec.listen;
    const Node* node = look.root.member("listen");
    if (node == nullptr) return;
    const std::string port = listen.substr(listen.rfind(':') + 1);
    if (std::stoul(port) > 65535)
        look.add(*node, {.code = "CF0121",
                         .what = fmt::format("there is no port {}", port),
                         .why = "the highest is 65535"});
    const bool loopback = listen.starts_with("127.") || listen.starts_with("[::1]") ||
                          listen.starts_with("localhost:");
    if (look.spec.provider == Provider::local && !loopback)
        look.add(*node,
                 {.code = "CF0121",
                  .what = "`listen` must be a loopback address with `provider: local`",
                  .why = "the edge speaks plain HTTP, and what is not encrypted stays on this "
                         "machine",
                  .fix = fmt::format("write 127.0.0.1:{}, and let what ends TLS on this machine "
                                     "connect to it",
                                     port)});
}

void check_health(const Look& look) {
    const Service& service = look.spec.service;
    const Node& node = look.root.nearest("service.health");
    if (service.health.timeout > service.health.interval)
        look.add(node.nearest("timeout"),
                 {.code = "CF0122",
                  .what = fmt::format("a check's timeout of {} is longer than its interval of {}",
                                      base::to_text(service.health.timeout),
                                      base::to_text(service.health.interval)),
                  .why = "the next check would begin before the last has ended"});
    const milliseconds least = service.health.interval * service.health.healthy_after;
    if (service.boot_deadline < least)
        look.add(look.root.nearest("service.boot_deadline"),
                 {.code = "CF0122",
                  .what = fmt::format("no instance can be healthy within {}",
                                      base::to_text(service.boot_deadline)),
                  .why = fmt::format("{} checks, {} apart, take {}", service.health.healthy_after,
                                     base::to_text(service.health.interval), base::to_text(least)),
                  .fix = "raise `service.boot_deadline`, or check more often"});
}

bool is_catch_all(const Route& route) {
    return (route.path == "/*" || route.path == "*") && !route.header;
}

/// Whether every request that `later` matches is taken by `earlier` before.
bool hides(const Route& earlier, const Route& later) {
    if (earlier.header && earlier.header != later.header) return false;
    if (!earlier.path.ends_with('*')) return earlier.path == later.path;
    return later.path.starts_with(
        std::string_view(earlier.path).substr(0, earlier.path.size() - 1));
}

void check_routes(const Look& look) {
    const auto& routes = look.spec.routes;
    const Node* node = look.root.member("routes");
    if (node == nullptr) return;
    bool to_assets = false;
    bool to_service = false;
    for (std::size_t i = 0; i < routes.size(); ++i) {
        (routes[i].assets ? to_assets : to_service) = true;
        if (routes[i].assets && look.spec.assets.empty())
            look.add(node->items[i].nearest("to"),
                     {.code = "CF0123",
                      .what = fmt::format("route `{}` leads to assets, and there are none",
                                          routes[i].path),
                      .fix = "name their folder, like `assets: web/dist`, or leave the route out"});
        for (std::size_t j = 0; j < i; ++j) {
            if (!hides(routes[j], routes[i])) continue;
            look.add(
                node->items[i].nearest("path"),
                {.code = "CF0124",
                 .what = fmt::format("route `{}` can never match", routes[i].path),
                 .why = fmt::format("`{}` stands before it and takes all that it would",
                                    routes[j].path),
                 .fix = is_catch_all(routes[j]) ? "put `/*` last" : "put the narrower one first"});
            break;
        }
    }
    if (!look.spec.assets.empty() && !to_assets)
        look.add(*node, {.code = "CF0123",
                         .what = "there are assets, but no route leads to them",
                         .fix = "add one, like `- {path: /static/*, to: assets}`"});
    if (!to_service)
        look.add(*node, {.code = "CF0123",
                         .what = "no route leads to the service",
                         .fix = "add one, like `- {path: /*}`"});
}

void check_strategy(const Look& look) {
    const Strategy& strategy = look.spec.strategy;
    const Node& node = look.root.nearest("strategy");
    const Node& canary = node.nearest("canary");
    for (std::size_t i = 1; i < strategy.canary.size(); ++i)
        if (strategy.canary[i].weight <= strategy.canary[i - 1].weight)
            look.add(canary.items[i], {.code = "CF0125",
                                       .what = "the weights of a canary must rise",
                                       .why = "this one is not above the one before",
                                       .fix = "leave it out, or watch longer with `hold`"});
    if (strategy.rolling_batch > look.spec.service.instances)
        look.add(node.nearest("rolling.batch"),
                 {.code = "CF0125",
                  .what = fmt::format("a batch of {} is more than all {} instances",
                                      strategy.rolling_batch, look.spec.service.instances)});
    if (strategy.progress_deadline < strategy.drain_deadline)
        look.add(node.nearest("progress_deadline"),
                 {.code = "CF0126",
                  .what = fmt::format("`strategy.progress_deadline` of {} is shorter than "
                                      "`strategy.drain.deadline` of {}",
                                      base::to_text(strategy.progress_deadline),
                                      base::to_text(strategy.drain_deadline)),
                  .why = "a drain may wait for one last upload without any progress to see",
                  .fix = "make the progress deadline the longer one"});
    if (strategy.progress_deadline < look.spec.service.boot_deadline)
        look.add(node.nearest("progress_deadline"),
                 {.code = "CF0126",
                  .what = fmt::format("`strategy.progress_deadline` of {} is shorter than "
                                      "`service.boot_deadline` of {}",
                                      base::to_text(strategy.progress_deadline),
                                      base::to_text(look.spec.service.boot_deadline)),
                  .why = "an instance that boots makes no progress to see",
                  .fix = "make the progress deadline the longer one"});
}

void check_guard(const Look& look) {
    const auto too_short = [&look](milliseconds watch) {
        return watch > milliseconds{0} && watch < look.spec.guard.interval;
    };
    const Strategy& strategy = look.spec.strategy;
    bool found = too_short(strategy.bake) || too_short(strategy.rolling_hold);
    for (const CanaryStep& step : strategy.canary) found = found || too_short(step.hold);
    if (found)
        look.add(look.root.nearest("guard.interval"),
                 {.code = "CF0127",
                  .what = fmt::format("counts are read every {}, which is longer than a watch",
                                      base::to_text(look.spec.guard.interval)),
                  .why = "`strategy.bake`, `strategy.rolling.hold` or a canary's `hold` would end "
                         "before the first look",
                  .fix = "read more often, or watch longer"});
}

template <typename T>
void check_names(const Look& look, const std::vector<T>& things, std::string_view list) {
    std::set<std::string> names;
    const Node& node = look.root.nearest(list);
    for (std::size_t i = 0; i < things.size(); ++i)
        if (!names.insert(things[i].name).second)
            look.add(
                node.items[i].nearest("name"),
                {.code = "CF0128",
                 .what = fmt::format("the name `{}` stands twice in `{}`", things[i].name, list),
                 .why = "journals and commands tell them apart by it",
                 .fix = "name them differently"});
}

void check_hooks(const Look& look) {
    const Node& node = look.root.nearest("hooks");
    for (std::size_t i = 0; i < look.spec.hooks.size(); ++i) {
        const Hook& hook = look.spec.hooks[i];
        if (hook.timeout > hook.deadline)
            look.add(node.items[i].nearest("timeout"),
                     {.code = "CF0126",
                      .what = fmt::format("one call of hook `{}` may take {}, all together only {}",
                                          hook.name, base::to_text(hook.timeout),
                                          base::to_text(hook.deadline)),
                      .fix = "make `deadline` at least as long as `timeout`"});
    }
}

void check_compatibility(const Look& look) {
    if (look.spec.compatibility.fan_out == FanOut::none && look.spec.service.instances > 1)
        look.add(look.root.nearest("compatibility.fan_out"),
                 {.code = "CF0129",
                  .what = fmt::format("{} instances that do not share events cannot serve together",
                                      look.spec.service.instances),
                  .why = "users of one would never see what those of another do",
                  .fix = "write `service.instances: 1`, or give them a bus and write `fan_out: "
                         "shared`"});
}

}  // namespace

void check_across(const Spec& spec, const Node& root, Findings& findings) {
    const Look look{spec, root, findings};
    check_placeholders(look);
    check_listen(look);
    check_health(look);
    check_routes(look);
    check_strategy(look);
    check_guard(look);
    check_names(look, spec.hooks, "hooks");
    check_names(look, spec.gates, "gates");
    check_hooks(look);
    check_compatibility(look);
}

}  // namespace release
