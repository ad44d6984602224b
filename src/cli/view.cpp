#include "cli/view.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace cli {
namespace {

using engine::RunState;
using engine::StepStatus;

Tone tone_of(engine::InstanceState state) {
    switch (state) {
        case engine::InstanceState::healthy:
            return Tone::good;
        case engine::InstanceState::unhealthy:
        case engine::InstanceState::failed:
            return Tone::bad;
        case engine::InstanceState::starting:
            return Tone::warn;
        case engine::InstanceState::draining:
        case engine::InstanceState::stopping:
            return Tone::dim;
    }
    return Tone::plain;
}

std::string mark_of(engine::InstanceState state) {
    switch (state) {
        case engine::InstanceState::healthy:
            return "●";
        case engine::InstanceState::unhealthy:
        case engine::InstanceState::failed:
            return "✗";
        case engine::InstanceState::starting:
            return "◌";
        case engine::InstanceState::draining:
        case engine::InstanceState::stopping:
            return "○";
    }
    return "?";
}

std::string count_text(std::uint64_t count) {
    return count == 0 ? "" : std::to_string(count);
}

std::string title_text(const View& view, const Paint& paint) {
    const engine::Status& status = view.status;
    const std::string name = paint(Tone::strong, status.application);
    if (status.run.empty()) return name;
    const std::string versions =
        status.from.empty() ? status.to : fmt::format("{} → {}", status.from, status.to);
    std::string out = fmt::format("{}  {}  ({}, {})", name, paint(Tone::strong, versions),
                                  status.run, status.strategy);
    if (status.over) {
        out += fmt::format("  {} long, ended {}", span_text(*status.over - status.since),
                           relative_text(*status.over, view.now));
    } else {
        out += fmt::format("  begun {}", relative_text(status.since, view.now));
    }
    if (!status.actor.empty()) out += " by " + harmless(status.actor);
    return out;
}

std::string share_text(const engine::PoolStatus& pool) {
    return pool.share_observed ? percent_text(pool.share_observed->value) : "";
}

std::string release_text(const engine::PoolStatus& pool, const View& view) {
    if (pool.release.empty()) return "empty";
    return fmt::format("{} ({})", version_of(view, pool.release), pool.release);
}

void pool_row(Table& table, const engine::PoolStatus& pool, const View& view, const Paint& paint) {
    const bool used = pool.share_set.value > 0 || pool.instances > 0;
    const std::string health =
        pool.instances == 0 ? "" : fmt::format("{}/{} healthy", pool.healthy, pool.instances);
    const Tone tone = pool.instances == 0              ? Tone::dim
                      : pool.healthy == pool.instances ? Tone::good
                      : pool.healthy == 0              ? Tone::bad
                                                       : Tone::warn;
    table.row({paint(used ? Tone::strong : Tone::dim, release::name_of(pool.pool)),
               paint(used ? Tone::plain : Tone::dim, release_text(pool, view)), paint(tone, health),
               view.status.split ? percent_text(pool.share_set.value) : "?", share_text(pool),
               count_text(pool.in_flight), count_text(pool.sockets)});
}

void instance_row(Table& table, const engine::Instance& instance, bool last, const View& view,
                  const Paint& paint) {
    const std::string branch = last ? "└─ " : "├─ ";
    const std::string restarts =
        instance.restarts == 0 ? "" : ", " + counted(instance.restarts, "restart");
    table.row({paint(Tone::dim, branch) + harmless(instance.id), instance.release,
               paint(tone_of(instance.state),
                     fmt::format("{} {}", mark_of(instance.state), name_of(instance.state))),
               "", "", count_text(instance.requests_in_flight), count_text(instance.sockets_open),
               fmt::format("{}up {}{}, {}",
                           instance.reason.empty() ? "" : harmless(instance.reason) + ", ",
                           span_text(view.now - instance.since), restarts, instance.address)});
}

std::string pool_text(const View& view, const Layout& layout) {
    Table table({"POOL", "RELEASE", "STATE", "SET", "SEEN", "IN FLIGHT", "SOCKETS", ""});
    for (std::size_t column = 3; column < 7; ++column) table.right(column);
    for (const engine::PoolStatus& pool : view.status.pools) {
        pool_row(table, pool, view, layout.paint);
        std::vector<const engine::Instance*> members;
        for (const engine::Instance& instance : view.status.instances) {
            if (instance.pool == pool.pool) members.push_back(&instance);
        }
        for (const engine::Instance* member : members)
            instance_row(table, *member, member == members.back(), view, layout.paint);
    }
    return table.empty() ? "" : '\n' + table.text(layout.paint, layout.columns);
}

struct Mark {
    std::string_view sign;
    Tone tone;
};

Mark mark_of(StepStatus::Place place) {
    switch (place) {
        case StepStatus::Place::ahead:
            return {"·", Tone::dim};
        case StepStatus::Place::current:
            return {"▶", Tone::strong};
        case StepStatus::Place::passed:
            return {"✓", Tone::good};
        case StepStatus::Place::undone:
            return {"↩", Tone::warn};
    }
    return {"?", Tone::plain};
}

std::string took_text(const StepStatus& step, base::Instant now) {
    if (!step.entered) return "";
    if (step.passed) return span_text(*step.passed - *step.entered);
    return step.place == StepStatus::Place::current ? span_text(now - *step.entered) + " so far"
                                                    : "";
}

std::string step_table(const View& view, const Layout& layout, std::size_t first,
                       std::size_t last) {
    Table table({"", "STEP", "", "TOOK", "WHY"});
    const StepStatus* before = nullptr;
    for (std::size_t i = first; i < last; ++i) {
        const StepStatus& step = view.status.steps[i];
        const Mark mark = mark_of(step.place);
        const bool begins = before == nullptr || before->stage != step.stage;
        table.row({layout.paint(mark.tone, mark.sign),
                   layout.paint(mark.tone, begins ? std::string(name_of(step.stage)) : ""),
                   layout.paint(mark.tone, step.id), took_text(step, view.now),
                   layout.paint(mark.tone == Tone::dim ? Tone::dim : Tone::plain,
                                harmless(step.reason))});
        before = &step;
    }
    return table.empty() ? "" : '\n' + table.text(layout.paint, layout.columns);
}

// A stage is done when all of its steps are, present when one of them is.
std::string stage_rail(const engine::Status& status, const Layout& layout) {
    std::string out;
    for (std::size_t i = 0; i < status.steps.size();) {
        const release::Stage stage = status.steps[i].stage;
        StepStatus::Place place = status.steps[i].place;
        for (; i < status.steps.size() && status.steps[i].stage == stage; ++i) {
            const StepStatus::Place here = status.steps[i].place;
            if (here == StepStatus::Place::current) place = here;
            if (here == StepStatus::Place::ahead && place == StepStatus::Place::passed)
                place = StepStatus::Place::current;
        }
        const Mark mark = mark_of(place);
        out += (out.empty() ? "" : "  ") +
               layout.paint(mark.tone, fmt::format("{} {}", mark.sign, name_of(stage)));
    }
    if (layout.columns > 0) out = cut(out, layout.columns);
    return out.empty() ? "" : '\n' + out + '\n';
}

std::string steps_text(const View& view, const Layout& layout) {
    const auto& steps = view.status.steps;
    if (layout.every_step) return step_table(view, layout, 0, steps.size());
    if (view.status.over) return stage_rail(view.status, layout);
    // The one before, the present one, and the next two.
    const std::size_t present = view.status.step == 0 ? 0 : view.status.step - 1;
    const std::size_t first = present == 0 ? 0 : present - 1;
    return stage_rail(view.status, layout) +
           step_table(view, layout, first, std::min(present + 3, steps.size()));
}

std::string line_of(std::string_view name, const std::string& text, const Layout& layout) {
    if (text.empty()) return "";
    constexpr std::size_t kIndent = 10;
    const std::string body =
        layout.columns > 2 * kIndent
            ? wrap(text, layout.columns, std::string(kIndent, ' ')).substr(kIndent)
            : text;
    return fmt::format("{}  {}\n", layout.paint(Tone::dim, pad_right(name, kIndent - 2)), body);
}

std::string next_text(const View& view) {
    const engine::Status& status = view.status;
    if (status.next.empty()) return "";
    std::string out = harmless(status.next);
    while (out.ends_with('.')) out.pop_back();
    if (status.when && *status.when > view.now)
        out += fmt::format(", {}", relative_text(*status.when, view.now));
    return out;
}

std::string way_back_text(const View& view) {
    const engine::WayBack& back = view.status.way_back;
    std::string out = harmless(back.sentence);
    if (back.until) {
        out += fmt::format(" (until {} UTC, {})", clock_text(*back.until),
                           relative_text(*back.until, view.now));
    }
    return out;
}

std::string foot_text(const View& view, const Layout& layout) {
    const engine::Status& status = view.status;
    std::string out;
    if (!status.over && !status.verdict.reason.empty()) {
        out += line_of(
            "verdict",
            fmt::format("{}: {}", name_of(status.verdict.word), harmless(status.verdict.reason)),
            layout);
    }
    out += line_of("next", next_text(view), layout);
    out += line_of("way back", way_back_text(view), layout);
    if (status.harm > 0 || (!status.over && status.harm_max > 0)) {
        out += line_of(
            "harm",
            counted(status.harm, "failed request") + " so far" +
                (status.harm_max > 0 ? fmt::format(", at most {} are allowed", status.harm_max)
                                     : ""),
            layout);
    }
    if (!view.open.empty()) out += line_of("open", view.open, layout);
    for (const std::string& unseen : status.unseen)
        out += line_of("unseen", layout.paint(Tone::warn, harmless(unseen)), layout);
    return out.empty() ? "" : '\n' + out;
}

}  // namespace

const std::string& version_of(const View& view, const std::string& release) {
    const auto known = view.versions.find(release);
    return known == view.versions.end() ? release : known->second;
}

Headline headline_of(const engine::Status& status) {
    if (status.ending) {
        switch (*status.ending) {
            case engine::Ending::succeeded:
                return {"SERVING", Tone::good};
            case engine::Ending::rolled_back:
                return {"ROLLED BACK", Tone::warn};
            case engine::Ending::timed_out:
                return {"TIMED OUT, ROLLED BACK", Tone::warn};
            case engine::Ending::stuck:
                return {"NEEDS YOU", Tone::bad};
            case engine::Ending::refused:
                return {"REFUSED", Tone::warn};
            case engine::Ending::interrupted:
            case engine::Ending::displaced:
                break;
        }
    }
    switch (status.state) {
        case RunState::none:
            return {"NOTHING RELEASED", Tone::dim};
        case RunState::running:
            return {"RELEASING", Tone::strong};
        case RunState::waiting:
            return {"WATCHING", Tone::strong};
        case RunState::consent:
            return {"NEEDS YOU", Tone::warn};
        case RunState::paused:
            return {"PAUSED", Tone::warn};
        case RunState::going_back:
            return {"ROLLING BACK", Tone::bad};
        case RunState::interrupted:
            return {"INTERRUPTED", Tone::bad};
        case RunState::warm:
            return {"SERVING", Tone::good};
        case RunState::ended:
            return {"SERVING", Tone::good};
    }
    return {"UNKNOWN", Tone::warn};
}

std::string view_text(const View& view, const Layout& layout) {
    const engine::Status& status = view.status;
    const Paint& paint = layout.paint;
    std::string out = title_text(view, paint) + '\n';
    const Headline headline = headline_of(status);
    // The verdict is a sentence of its own, so it breaks where the terminal ends, not at a cut.
    const std::size_t columns = layout.columns == 0 ? 0 : layout.columns;
    const std::string sentence = harmless(status.sentence);
    const std::size_t indent = headline.word.size() + 2;
    const std::string wrapped =
        columns > indent + 20 ? wrap(sentence, columns, std::string(indent, ' ')) : sentence;
    out += paint(headline.tone, headline.word) + "  " +
           (columns > indent + 20 && wrapped.size() > indent ? wrapped.substr(indent) : wrapped) +
           '\n';
    if (!status.reason.empty() && status.sentence.find(status.reason) == std::string::npos)
        out += line_of("because", harmless(status.reason), layout);
    out += pool_text(view, layout);
    out += steps_text(view, layout);
    out += foot_text(view, layout);
    return out;
}

std::string instances_text(const std::vector<engine::Instance>& instances, base::Instant now,
                           const Layout& layout) {
    Table table({"INSTANCE", "POOL", "RELEASE", "STATE", "IN FLIGHT", "SOCKETS", "UP", "RESTARTS",
                 "ADDRESS", "REASON"});
    table.right(4).right(5).right(6).right(7);
    for (const engine::Instance& instance : instances) {
        table.row(
            {harmless(instance.id), std::string(release::name_of(instance.pool)), instance.release,
             layout.paint(tone_of(instance.state),
                          fmt::format("{} {}", mark_of(instance.state), name_of(instance.state))),
             std::to_string(instance.requests_in_flight), std::to_string(instance.sockets_open),
             span_text(now - instance.since), count_text(instance.restarts), instance.address,
             harmless(instance.reason)});
    }
    return table.empty() ? "" : table.text(layout.paint, layout.columns);
}

}  // namespace cli
