#include "cli/commands.h"
#include "cli/site.h"
#include "cli/text.h"

#include "base/json.h"
#include "engine/evidence.h"
#include "judge/forecast.h"
#include "judge/usual.h"
#include "judge/words.h"
#include "local/metrics.h"
#include "release/plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace cli {
namespace {

constexpr std::chrono::seconds kPatience{5};
/// Ticks over which a rate of failures is taken, so that a cluster is no tide.
constexpr std::size_t kSmooth = 6;
/// Below it clusters are chance.
constexpr double kClustered = 1.05;

/// What releases are drawn against.
struct Climate {
    std::vector<judge::Wave> waves;
    judge::Usual usual;
    std::string told;  ///< For people.
};

struct Row {
    double points;  ///< The fault; 0: none.
    judge::Forecast forecast;
};

std::string length_text(double length) {
    return span_text(std::chrono::seconds{static_cast<std::int64_t>(length + 0.5)});
}

/// Requests are those of both pools; that they fail is usual as far as they do in the larger one.
std::vector<judge::Wave> waves_of(const std::vector<engine::Past>& history) {
    std::vector<judge::Wave> waves;
    for (std::size_t at = 0; at < history.size(); at += kSmooth) {
        const std::size_t end = std::min(history.size(), at + kSmooth);
        double served = 0;
        double failed = 0;
        for (std::size_t i = at; i < end; ++i) {
            const auto& [blue, green] = history[i].counts;
            const judge::Counts& larger = blue.requests < green.requests ? green : blue;
            served += static_cast<double>(larger.requests);
            failed += static_cast<double>(larger.errors);
        }
        for (std::size_t i = at; i < end; ++i) {
            const auto& [blue, green] = history[i].counts;
            waves.push_back({.seconds = std::chrono::duration<double>(history[i].length).count(),
                             .requests = static_cast<double>(blue.requests + green.requests),
                             .rate = served > 0 ? failed / served : 0});
        }
    }
    return waves;
}

/// The pool whose release served last.
release::Pool present_in(const std::vector<engine::Past>& history) {
    const auto last = std::find_if(history.rbegin(), history.rend(), [](const auto& each) {
        return each.counts.blue.requests != each.counts.green.requests;
    });
    const bool green =
        last != history.rend() && last->counts.green.requests > last->counts.blue.requests;
    return green ? release::Pool::green : release::Pool::blue;
}

std::string told(const std::vector<judge::Wave>& waves, const judge::Usual& usual) {
    double length = 0;
    double requests = 0;
    double failed = 0;
    double most = 0;
    for (const judge::Wave& wave : waves) {
        length += wave.seconds;
        requests += wave.requests;
        failed += wave.requests * wave.rate;
        most = std::max(most, wave.requests / wave.seconds);
    }
    std::string out = fmt::format("traffic of {}: {} requests/s, at most {}; {:.2g} % fail",
                                  length_text(length), judge::count_text(requests / length),
                                  judge::count_text(most), 100 * failed / requests);
    if (const double scatter = usual.dispersion.front(); scatter > kClustered) {
        out += fmt::format(", in clusters: {:.2g} count as one", scatter);
    }
    if (!usual.flagged.empty()) {
        out += fmt::format("; two halves of the old release differ in {}",
                           fmt::join(usual.flagged, ", "));
    }
    return out;
}

base::Result<Climate> measured(const Site& site, base::Clock& clock) {
    local::Metrics metrics(site.folder, clock);
    const auto history = metrics.past(clock.now() - engine::kHistory, clock.deadline_in(kPatience));
    if (!history) return base::fail(history);
    const auto stretches = engine::stretches_of(*history, present_in(*history));
    Climate climate{
        .waves = waves_of(*history), .usual = judge::usual_of(stretches, {}), .told = {}};
    const bool any = std::any_of(climate.waves.begin(), climate.waves.end(),
                                 [](const judge::Wave& wave) { return wave.requests > 0; });
    if (!any) {
        return base::fail(
            base::Failure::not_found,
            {.code = "CF0742",
             .what = "there is no traffic to draw releases from",
             .why = "the agent writes it down every ten seconds while it runs, and keeps a day",
             .fix = "come back when users have been served for a while, or say what is expected: "
                    "`--requests-per-second 100`"});
    }
    climate.told = told(climate.waves, climate.usual);
    return climate;
}

Climate supposed(const SimulateOptions& options) {
    const double rate = options.error_rate / 100;
    const double seconds = 10;
    return {
        .waves = {{.seconds = seconds,
                   .requests = seconds * options.requests_per_second,
                   .rate = rate}},
        .usual = {.edges = {},
                  .error_rate = rate,
                  .dispersion = {options.clustering},
                  .flagged = {}},
        .told = fmt::format("traffic as supposed: {} requests/s, {:.2g} % fail",
                            judge::count_text(options.requests_per_second), options.error_rate)};
}

judge::Way way_of(const release::Spec& spec, const judge::Usual& usual, std::uint64_t budget) {
    const auto in_seconds = [](std::chrono::milliseconds length) {
        return std::chrono::duration<double>(length).count();
    };
    judge::Way way;
    way.metrics = judge::release_metrics(usual, spec.guard.error_rate_max.value / 1000.0);
    way.budget = engine::budget_of(spec.guard);
    if (budget > 0) way.budget.harm_max = static_cast<double>(budget);
    way.tick_seconds = in_seconds(engine::Evidence::tick_of(spec.guard));
    way.look_seconds = in_seconds(spec.guard.interval);
    way.settle_seconds = in_seconds(spec.strategy.settle);
    way.warm_up_seconds = in_seconds(spec.guard.warm_up);
    way.bake_seconds = in_seconds(spec.strategy.bake);
    way.requests_min = static_cast<double>(spec.guard.requests_min);
    way.compares = spec.guard.compare;
    for (const release::CanaryStep& stop : release::canary_stops(spec)) {
        way.stops.push_back({stop.weight.value / 1000.0, in_seconds(stop.hold)});
    }
    return way;
}

/// How such a canary rises, and what it may cost.
std::string told(const judge::Way& way) {
    const std::string how = way.stops.empty()
                                ? std::string("its share follows from the evidence")
                                : fmt::format("its share rises by {} stops", way.stops.size());
    if (std::isinf(way.budget.harm_max)) {
        return fmt::format(
            "{}, and at most {:g} % of users meet it until it is known to be no worse", how,
            way.budget.weight_learning * 100);
    }
    return fmt::format("{}, and a bad one may harm {} requests", how,
                       judge::count_text(way.budget.harm_max));
}

Table table_of(const std::vector<Row>& rows) {
    Table table({"RELEASE", "RELEASED", "TAKEN BACK", "HELD", "AFTER", "MOSTLY WITHIN", "HARMED",
                 "MOSTLY UP TO"});
    for (std::size_t column = 1; column <= 7; ++column) table.right(column);
    for (const Row& row : rows) {
        const judge::Forecast& each = row.forecast;
        const bool any = row.points > 0 ? each.back > 0 : each.done > 0;
        table.row({row.points > 0 ? fmt::format("+{:g} points", row.points) : "good",
                   std::to_string(each.done), std::to_string(each.back),
                   std::to_string(each.runs - each.done - each.back),
                   any ? length_text(each.seconds_median) : "",
                   any ? length_text(each.seconds_most) : "",
                   judge::count_text(std::round(each.harmed_median)),
                   judge::count_text(std::round(each.harmed_most))});
    }
    return table;
}

base::Json json_of(const Climate& climate, const judge::Way& way, const std::vector<Row>& rows) {
    base::Json out = base::Json::array();
    for (const Row& row : rows) {
        const judge::Forecast& each = row.forecast;
        out.push_back({{"fault_points", row.points},
                       {"runs", each.runs},
                       {"released", each.done},
                       {"taken_back", each.back},
                       {"seconds_median", each.seconds_median},
                       {"seconds_p95", each.seconds_most},
                       {"harmed_median", each.harmed_median},
                       {"harmed_p95", each.harmed_most}});
    }
    return {{"schema", "crossfade.simulation/1"},
            {"traffic", climate.told},
            {"ramp", way.stops.empty() ? "evidence" : "stops"},
            {"harm_max",
             std::isinf(way.budget.harm_max) ? base::Json() : base::Json(way.budget.harm_max)},
            {"releases", out}};
}

std::vector<Row> drawn(const Climate& climate, const judge::Way& way,
                       const SimulateOptions& options) {
    std::vector<double> faults{0, 0.5, 2, 10, 99};
    if (!options.faults.empty()) {
        faults.resize(1);
        faults.insert(faults.end(), options.faults.begin(), options.faults.end());
    }
    base::Random random(options.seed);
    std::vector<Row> rows;
    for (const double points : faults) {
        rows.push_back(
            {points, judge::forecast(climate.waves, way, points / 100, options.runs, random)});
    }
    return rows;
}

}  // namespace

Ending simulate(Session& session, const SimulateOptions& options) {
    const auto site = find_site(session);
    if (!site) return refuse(ExitCode::usage, site.error().diagnostic);
    const auto spec = read_spec(*site);
    if (!spec) return tl::unexpected(spec.error());
    const auto climate = options.requests_per_second > 0 ? base::Result<Climate>(supposed(options))
                                                         : measured(*site, session.clock);
    if (!climate) return refuse(climate.error());
    const judge::Way way = way_of(spec->spec, climate->usual, options.budget);
    const std::vector<Row> rows = drawn(*climate, way, options);
    if (session.json()) {
        session.terminal.print(base::canonical(json_of(*climate, way, rows)) + '\n');
        return ExitCode::done;
    }
    const bool misses = std::any_of(rows.begin(), rows.end(), [](const Row& row) {
        return row.points > 0 && row.forecast.done > 0;
    });
    session.terminal.print(fmt::format(
        "{}\na canary: {}; {} of each kind\n\n{}{}", climate->told, told(way), options.runs,
        table_of(rows).text(session.terminal.out_paint(), session.terminal.columns()),
        misses ? "\na fault that was released harms on, uncounted here, until someone notices\n"
               : ""));
    return ExitCode::done;
}

}  // namespace cli
