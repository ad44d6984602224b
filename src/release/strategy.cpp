#include "release/strategy.h"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include "base/result.h"
#include "release/change.h"
#include "release/release.h"
#include "release/spec.h"
#include "release/version.h"

namespace release {

namespace {

using base::Failure;

/// What the spec's table, or else the house's, says for a kind of change.
Choice usual(const Strategy& settings, const Change& change) {
    const auto pick = [](std::optional<StrategyKind> own, StrategyKind otherwise,
                         std::string_view kind, std::string_view why) {
        return own ? Choice{*own,
                            fmt::format("the spec says `strategy.{}: {}`", kind, name_of(*own)),
                            {}}
                   : Choice{otherwise, std::string(why), {}};
    };
    switch (change.kind) {
        case ChangeKind::first:
            return {StrategyKind::blue_green,
                    "the first release: there is nothing to shift away from",
                    {}};
        case ChangeKind::major:
            return pick(settings.major, StrategyKind::blue_green, "major",
                        "a major version is tested whole beside the old one, then flipped at once");
        case ChangeKind::minor:
            return pick(settings.minor, StrategyKind::canary, "minor",
                        "a minor version goes to a few users first, then to more");
        case ChangeKind::patch:
            return pick(settings.patch, StrategyKind::canary, "patch",
                        "a patch goes to a few users first: the smallest exposure that still "
                        "gives evidence");
        case ChangeKind::rebuild:
            return pick(settings.patch, StrategyKind::canary, "patch",
                        "another artifact under the same version is treated like a patch");
        case ChangeKind::config:
            return pick(settings.config, StrategyKind::rolling, "config",
                        "only the configuration differs: instance by instance, with surge");
        case ChangeKind::assets:
        case ChangeKind::nothing:
            break;
    }
    return {StrategyKind::publish, "only assets differ: nothing has to be restarted", {}};
}

bool splits(StrategyKind kind) {
    return kind == StrategyKind::canary || kind == StrategyKind::rolling;
}

/// Why its releases must not even run at the same time, if so.
std::optional<std::string> no_overlap(const Compatibility& compatibility) {
    if (compatibility.overlap == Overlap::allowed) return {};
    return "two of its releases must not run at the same time (`compatibility.overlap: none`)";
}

/// Why the application cannot have old and new instances take users at the same time, if so.
std::optional<std::string> no_split(const Compatibility& compatibility) {
    if (compatibility.fan_out == FanOut::none)
        return "its instances do not share events (`compatibility.fan_out: none`): users on the "
               "two sides would miss each other's messages";
    if (compatibility.schema == SchemaChange::contract)
        return "it contracts the schema (`compatibility.schema: contract`): the two versions "
               "cannot work on one database";
    return {};
}

base::Result<void> jump_allowed(const Compatibility& compatibility, const Version& from,
                                const Version& to) {
    if (!compatibility.minor_jump_max || from.major != to.major || to.minor <= from.minor ||
        to.minor - from.minor <= *compatibility.minor_jump_max)
        return {};
    return base::fail(
        Failure::rejected,
        {.code = "CF0212",
         .what =
             fmt::format("from {} to {} is too far for one release", to_text(from), to_text(to)),
         .why = fmt::format("it skips {} minor versions; `compatibility.minor_jump_max` is {}",
                            to.minor - from.minor - 1, *compatibility.minor_jump_max),
         .fix = fmt::format("release {}.{}.x first", from.major,
                            from.minor + *compatibility.minor_jump_max)});
}

/// Applies `--strategy`, which may choose anything that the application can bear.
base::Result<Choice> overridden(Choice chosen, StrategyKind forced, const Spec& spec,
                                const Change& change) {
    const auto refuse = [forced](std::string why, std::string fix) {
        return base::fail(Failure::rejected,
                          {.code = "CF0213",
                           .what = fmt::format("this release cannot be `{}`", name_of(forced)),
                           .why = std::move(why),
                           .fix = std::move(fix)});
    };
    if (change.kind == ChangeKind::first)
        return refuse("it is the application's first: there is nothing to shift away from",
                      "leave --strategy out");
    if (forced == StrategyKind::publish && change.kind != ChangeKind::assets)
        return refuse("more than assets differs, and instances would never see it",
                      "leave --strategy out");
    if (const auto why = no_split(spec.compatibility); why && splits(forced))
        return refuse("the application cannot be split: " + *why,
                      "use --strategy blue-green, or change `compatibility` if it no longer holds");
    if (const auto why = no_overlap(spec.compatibility);
        why && forced != StrategyKind::recreate && forced != StrategyKind::publish)
        return refuse("old and new would overlap: " + *why,
                      "use --strategy recreate, or change `compatibility` if it no longer holds");
    if (forced == chosen.kind) return chosen;
    chosen.notes.push_back(fmt::format("Without --strategy this would be {}: {}.",
                                       name_of(chosen.kind), chosen.reason));
    chosen.kind = forced;
    chosen.reason = fmt::format("--strategy {} was given", name_of(forced));
    return chosen;
}

void add_notes(Choice& choice, const Compatibility& compatibility, const Change& change) {
    const bool restarts =
        choice.kind != StrategyKind::publish && choice.kind != StrategyKind::recreate;
    if (compatibility.fan_out == FanOut::none && restarts && change.kind != ChangeKind::first)
        choice.notes.push_back(
            "Sockets on the old side are asked to move at once after the flip, all together, "
            "because instances do not share events.");
    if (compatibility.schema == SchemaChange::expand)
        choice.notes.push_back(
            "The schema is expanded: the old release works on it, so the way back stays open.");
    if (change.downgrade)
        choice.notes.push_back(
            "This is a lower version than the one that runs. If that is meant to undo a release, "
            "`crossfade rollback` is quicker.");
    if (change.kind == ChangeKind::rebuild)
        choice.notes.push_back(
            "The artifact differs although the version does not: a version that changes its "
            "content cannot be told apart later. Give each build its own, like 1.4.2+build.7.");
}

}  // namespace

base::Result<void> allowed(const Compatibility& compatibility, const Version& from,
                           const Version& to) {
    if ((from <=> to) == 0) return {};
    for (const Edge& edge : compatibility.forbidden) {
        if (!edge.from.contains(from) || !edge.to.contains(to)) continue;
        return base::fail(
            Failure::rejected,
            {.code = "CF0211",
             .what = fmt::format("the way from {} to {} is forbidden", to_text(from), to_text(to)),
             .why = fmt::format("`compatibility.forbidden` has from `{}` to `{}`: {}",
                                to_text(edge.from), to_text(edge.to), edge.why),
             .fix = "go by way of a version that the edge does not cover"});
    }
    return {};
}

base::Result<Choice> choose_strategy(const Spec& spec, const std::optional<Release>& from,
                                     const Release& to, const Change& change,
                                     std::optional<StrategyKind> forced) {
    if (change.kind == ChangeKind::nothing)
        return base::fail(
            Failure::rejected,
            {.code = "CF0210",
             .what = fmt::format("nothing to release: {} runs already",
                                 to_text(from ? from->version : to.version)),
             .why = "artifact, config and assets are the same, digest by digest",
             .fix = "change what is released; for the same bits under a new version nothing has "
                    "to be done"});
    if (from) {
        if (auto free = allowed(spec.compatibility, from->version, to.version); !free)
            return base::fail(free);
        if (auto free = jump_allowed(spec.compatibility, from->version, to.version); !free)
            return base::fail(free);
    }
    Choice choice = usual(spec.strategy, change);
    if (change.downgrade && choice.kind == StrategyKind::canary) {
        choice.kind = StrategyKind::blue_green;
        choice.reason = "a lower version is tested whole beside the present one, then flipped";
    }
    if (const auto why = no_split(spec.compatibility); why && splits(choice.kind)) {
        choice.reason = fmt::format(
            "flipped instead of {}, because {}",
            choice.kind == StrategyKind::canary ? "a canary" : "instance by instance", *why);
        choice.kind = StrategyKind::blue_green;
    }
    const bool starts = choice.kind != StrategyKind::publish && change.kind != ChangeKind::first;
    if (const auto why = no_overlap(spec.compatibility);
        why && starts && choice.kind != StrategyKind::recreate) {
        choice.reason =
            fmt::format("the old release ends before the new one starts, because {}", *why);
        choice.kind = StrategyKind::recreate;
    }
    if (forced) {
        auto changed = overridden(std::move(choice), *forced, spec, change);
        if (!changed) return changed;
        choice = std::move(*changed);
    }
    add_notes(choice, spec.compatibility, change);
    return choice;
}

}  // namespace release
