#include "base/digest.h"
#include "base/units.h"
#include "release/change.h"
#include "release/plan.h"

#include "base/duration.h"
#include "release/pool.h"
#include "release/spec.h"
#include "release/stage.h"
#include "release/version.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace release {

namespace {

std::string percent(base::Permille share) {
    return share.value % 10 == 0 ? fmt::format("{} %", share.value / 10)
                                 : fmt::format("{}.{} %", share.value / 10, share.value % 10);
}

std::string text_of(const CheckWorld&) {
    return "check that the world is as planned";
}
std::string text_of(const PublishAssets&) {
    return "publish and verify the assets";
}
std::string text_of(const Prepare&) {
    return "fetch and unpack the artifact";
}
std::string text_of(const ScaleUp& step) {
    return fmt::format("start {} in {}", step.instances, name_of(step.pool));
}
std::string text_of(const Test&) {
    return "hand the new instances to the tests";
}
std::string text_of(const Shift& step) {
    return fmt::format("{} of requests to {}", percent(step.share), name_of(step.to));
}
std::string text_of(const Ramp& step) {
    return fmt::format("raise the share of {} by evidence", name_of(step.to));
}
std::string text_of(const Watch&) {
    return "watch and judge";
}
std::string text_of(const Drain& step) {
    return fmt::format("drain {}", name_of(step.pool));
}
std::string text_of(const Retire& step) {
    return fmt::format("empty {}", name_of(step.pool));
}
std::string text_of(const Replace& step) {
    return fmt::format("replace up to {} of {} in {}", step.updated, step.instances,
                       name_of(step.pool));
}
std::string text_of(const Recreate& step) {
    return fmt::format("hold requests, end {}, start {} in {}", name_of(step.from), step.instances,
                       name_of(step.to));
}
std::string text_of(const CallHook& step) {
    return fmt::format("call hook {}", step.hook.name);
}
std::string text_of(const AwaitConsent& step) {
    return fmt::format("wait up to {} for {}consent: {}", base::to_text(step.gate.deadline),
                       step.gate.second_person ? "a second person's " : "", step.gate.name);
}

std::string title(const Plan& plan) {
    const std::string to = fmt::format("{} ({})", to_text(plan.to.version), plan.to.id);
    const std::string from =
        plan.from ? fmt::format("{} ({})", to_text(plan.from->version), plan.from->id) : "nothing";
    return fmt::format("{} {}: {} -> {}", plan.is_rollback ? "Rollback" : "Release",
                       plan.application, from, to);
}

std::string difference(std::string_view what, const base::Digest& from, const base::Digest& to) {
    if (from == to) return fmt::format("    {:<9} same\n", what);
    const auto brief = [](const base::Digest& digest) {
        return digest == base::Digest{} ? std::string("none") : digest.brief();
    };
    return fmt::format("    {:<9} {} -> {}\n", what, brief(from), brief(to));
}

std::string names_that_differ(const Plan& plan) {
    std::vector<std::string> names;
    if (plan.from->process.command != plan.to.process.command) names.emplace_back("command");
    const auto compare = [&names](const auto& from, const auto& to) {
        for (const auto& [name, value] : from)
            if (const auto at = to.find(name); at == to.end() || at->second != value)
                names.push_back(name);
        for (const auto& [name, value] : to)
            if (!from.contains(name)) names.push_back(name);
    };
    compare(plan.from->process.environment, plan.to.process.environment);
    compare(plan.from->process.secrets, plan.to.process.secrets);
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return fmt::format("{}", fmt::join(names, ", "));
}

std::string changes(const Plan& plan) {
    if (!plan.from) return "";
    std::string out = fmt::format("  What changes ({}):\n", name_of(plan.change.kind));
    out += difference("artifact", plan.from->artifact, plan.to.artifact);
    out += difference("config", plan.from->config, plan.to.config);
    if (plan.change.config) out += fmt::format("              {}\n", names_that_differ(plan));
    out += difference("assets", plan.from->assets, plan.to.assets);
    return out;
}

std::string line_of(const Step& step, bool begins_stage) {
    const std::string what =
        std::visit([](const auto& action) { return text_of(action); }, step.action);
    const std::string length =
        step.expected > milliseconds{0} ? base::to_text(step.expected) : std::string("-");
    return fmt::format("    {:<14}  {:<38}  {:>8}  {}\n                    {}\n",
                       begins_stage ? name_of(step.stage) : "", what, length, step.id, step.reason);
}

bool boots(const Plan& plan) {
    return std::any_of(plan.steps.begin(), plan.steps.end(), [](const Step& step) {
        return std::holds_alternative<ScaleUp>(step.action) ||
               std::holds_alternative<Replace>(step.action) ||
               std::holds_alternative<Recreate>(step.action);
    });
}

bool ramps(const Plan& plan) {
    return std::any_of(plan.steps.begin(), plan.steps.end(),
                       [](const Step& step) { return std::holds_alternative<Ramp>(step.action); });
}

/// How long until everything is on the new release: what comes after is the old one's end.
milliseconds until_everything_is_moved(const Plan& plan) {
    milliseconds sum{0};
    milliseconds moved{0};
    for (const Step& step : plan.steps) {
        sum += step.expected;
        const bool keeps_warm = std::holds_alternative<Retire>(step.action);
        if (!keeps_warm) moved = sum;
    }
    return moved;
}

}  // namespace

std::string plan_to_text(const Plan& plan) {
    std::string out = title(plan) + '\n';
    out += fmt::format("  Strategy: {} - {}\n", name_of(plan.strategy), plan.strategy_reason);
    for (const std::string& note : plan.notes) out += fmt::format("  Note: {}\n", note);
    out += changes(plan);
    out += "  Steps:\n";
    const Step* before = nullptr;
    for (const Step& step : plan.steps) {
        out += line_of(step, before == nullptr || before->stage != step.stage);
        before = &step;
    }
    out += fmt::format("  Way back: {}\n", plan.way_back);
    out += fmt::format("  Expected: {}{}{}", base::to_text(until_everything_is_moved(plan)),
                       boots(plan) ? " and the time instances take to boot" : "",
                       ramps(plan) ? " and evidence takes to come" : "");
    const milliseconds after = plan.expected() - until_everything_is_moved(plan);
    if (after > milliseconds{0})
        out += fmt::format("; the old ones stay warm for {} more", base::to_text(after));
    out += fmt::format("\n  Plan {} {}\n", plan.id, digest_of(plan).brief());
    return out;
}

}  // namespace release
