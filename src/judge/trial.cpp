#include "judge/trial.h"

#include "judge/logs.h"
#include "judge/words.h"

#include <algorithm>
#include <cmath>

namespace judge {

namespace {

/// The rate that the old release showed in this trial, on the careful side: two deviations up.
std::optional<double> shown_rate(const Tick& total) {
    if (total.baseline <= 0) return std::nullopt;
    return (total.baseline_events + 2 * std::sqrt(total.baseline_events + 1)) / total.baseline;
}

std::vector<double> absolute_gains(double exposures, double events, double limit,
                                   const Metric& metric) {
    std::vector<double> out;
    for (const double bet : metric.bets) {
        out.push_back(absolute_evidence(exposures, events, limit, bet) / metric.dispersion);
    }
    return out;
}

}  // namespace

double clear_points_for(double usual) {
    return std::max(0.0025, usual / 2);
}

Trial::Trial(std::vector<Metric> metrics, const Rules& rules)
    : metrics_(std::move(metrics)), rules_(rules) {
    for (const Metric& metric : metrics_) {
        const Mixture fresh(metric.bets.size());
        records_.push_back({fresh, fresh, fresh, fresh, fresh, {}, {}});
    }
    finding_ = weighed();
}

void Trial::see(const Reading& reading) {
    if (stage_ == Stage::alone && reading.stage == Stage::beside) put_beside();
    stage_ = reading.stage;
    for (std::size_t i = 0; i < metrics_.size() && i < reading.ticks.size(); ++i) {
        add(metrics_[i], records_[i], reading.ticks[i], reading.stage);
    }
    listen(reading);
    if (finding_.word == Word::fail) return;
    finding_ = weighed();
    if (finding_.word == Word::fail) failed_ = told(finding_);
}

std::vector<double> Trial::gains(const Metric& metric, const Record& record, const Tick& tick,
                                 Stage stage) const {
    if (stage == Stage::alone) {
        const std::optional<double> usual = metric.usual ? metric.usual : shown_rate(record.total);
        if (!usual) return std::vector<double>(metric.bets.size(), 0.0);
        return absolute_gains(tick.canary, tick.canary_events,
                              metric.acceptable.factor * *usual + metric.acceptable.points, metric);
    }
    std::vector<double> out;
    const double before = rate_before(record.total);
    const Margin margin = stage == Stage::warming
                              ? Margin{metric.acceptable.factor, rules_.warming_points}
                              : metric.acceptable;
    for (const double bet : metric.bets) {
        const bool exact = metric.frequency == Events::common && stage == Stage::beside;
        const double gain =
            exact ? common_evidence(tick, before, bet) : evidence(tick, bet, margin);
        out.push_back(gain / metric.dispersion);
    }
    return out;
}

void Trial::add(const Metric& metric, Record& record, const Tick& tick, Stage stage) const {
    if (stage == Stage::warming && !metric.judged_cold) return;
    const bool compares_again = stage == Stage::alone && rules_.compares_again;
    Mixture& mixture = stage == Stage::warming ? record.gross
                       : compares_again        ? record.changed
                                               : record.fault;
    mixture.add(gains(metric, record, tick, stage));
    if (metric.limit) {
        record.over.add(absolute_gains(tick.canary, tick.canary_events, *metric.limit, metric));
        record.old_over.add(
            absolute_gains(tick.baseline, tick.baseline_events, *metric.limit, metric));
    }
    record.bounds.add(tick, metric.dispersion);
    record.total += tick;
}

void Trial::put_beside() {
    for (std::size_t i = 0; i < metrics_.size(); ++i) {
        records_[i].bounds = {};
        records_[i].changed = Mixture(metrics_[i].bets.size());
    }
}

void Trial::listen(const Reading& reading) {
    if (reading.ticks.empty()) return;
    const Tick& requests = reading.ticks.front();
    silent_ticks_ = requests.canary + requests.baseline > 0 ? 0 : silent_ticks_ + 1;
    if (requests.canary > 0) {
        expected_in_silence_ = 0;
    } else if (reading.weight < 1) {
        expected_in_silence_ += reading.weight / (1 - reading.weight) * requests.baseline;
    }
}

double Trial::log_evidence() const {
    double all = 0;
    for (const Metric& metric : metrics_) all += metric.weight;
    double sum = kLogZero;
    for (std::size_t i = 0; i < metrics_.size(); ++i) {
        if (metrics_[i].weight <= 0) continue;
        sum = log_add(sum, std::log(metrics_[i].weight / all) + records_[i].fault.log_evidence());
    }
    return sum;
}

Standing Trial::standing(std::size_t metric) const {
    const Record& record = records_[metric];
    return {.total = record.total,
            .log_evidence = record.fault.log_evidence(),
            .p_value = std::exp(-record.fault.log_evidence_max()),
            .worse_at_least = record.bounds.lower(rules_.abort_alpha),
            .worse_at_most = record.bounds.upper(rules_.bound_beta)};
}

double Trial::worse_at_most(std::size_t metric) const {
    return records_[metric].bounds.upper(rules_.bound_beta);
}

bool Trial::is_about_the_world() const {
    return finding_.kind == Kind::environment || finding_.kind == Kind::telemetry;
}

std::optional<Trial::Finding> Trial::fault() const {
    const double found = -std::log(rules_.abort_alpha);
    const double cold = -std::log(rules_.limit_alpha / static_cast<double>(metrics_.size()));
    const bool faulty = log_evidence() >= found;
    std::size_t worst = 0;
    double most = kLogZero;
    for (std::size_t i = 0; i < metrics_.size(); ++i) {
        const double here = faulty ? std::log(metrics_[i].weight) + records_[i].fault.log_evidence()
                                   : records_[i].gross.log_evidence() - cold;
        if (here > most) {
            most = here;
            worst = i;
        }
    }
    if (!faulty && most < 0) return std::nullopt;
    return Finding{Word::fail, faulty ? Kind::fault : Kind::gross, worst};
}

std::optional<Trial::Finding> Trial::over_limit() const {
    double limits = 0;
    for (const Metric& metric : metrics_) limits += metric.limit ? 1 : 0;
    if (limits == 0) return std::nullopt;
    const double found = -std::log(rules_.limit_alpha / limits);
    for (std::size_t i = 0; i < metrics_.size(); ++i) {
        if (!metrics_[i].limit) continue;
        if (records_[i].old_over.log_evidence() >= found) {
            return Finding{Word::unknown, Kind::environment, i};
        }
        if (records_[i].over.log_evidence() >= found) return Finding{Word::fail, Kind::limit, i};
    }
    return std::nullopt;
}

std::optional<Trial::Finding> Trial::silent() const {
    if (expected_in_silence_ >= rules_.silence_expected) {
        return Finding{Word::fail, Kind::silence, 0};
    }
    if (silent_ticks_ >= rules_.silence_ticks) return Finding{Word::unknown, Kind::telemetry, 0};
    return std::nullopt;
}

Trial::Finding Trial::cleared() const {
    const double shown = -std::log(rules_.pass_beta);
    for (std::size_t i = 0; i < metrics_.size(); ++i) {
        if (!metrics_[i].critical) continue;
        if (records_[i].bounds.log_evidence_below(metrics_[i].clear_points) < shown) {
            return {Word::unknown, Kind::lacking, i};
        }
    }
    return {Word::pass, Kind::clear, 0};
}

/// The metric that changed most, where all together are plainly worse than usual.
std::optional<std::size_t> Trial::changed() const {
    double weights = 0;
    double sum = kLogZero;
    double most = kLogZero;
    std::size_t worst = 0;
    for (std::size_t i = 0; i < metrics_.size(); ++i) {
        if (metrics_[i].weight <= 0) continue;
        weights += metrics_[i].weight;
        const double here = std::log(metrics_[i].weight) + records_[i].changed.log_evidence();
        sum = log_add(sum, here);
        if (here > most) {
            most = here;
            worst = i;
        }
    }
    if (sum - std::log(weights) < -std::log(rules_.change_alpha)) return std::nullopt;
    return worst;
}

Trial::Finding Trial::weighed() const {
    if (metrics_.empty()) return {};
    if (auto found = fault()) return *found;
    if (auto worst = changed()) return {Word::unknown, Kind::changed, *worst};
    if (auto found = over_limit()) return *found;
    if (auto found = silent()) return *found;
    return cleared();
}

Verdict Trial::verdict() const {
    return finding_.word == Word::fail ? failed_ : told(finding_);
}

Verdict Trial::told(const Finding& finding) const {
    Verdict verdict{.word = finding.word, .metric = {}, .reason = reason_of(finding)};
    switch (finding.kind) {
        case Kind::none:
            verdict.metric = "evidence";
            break;
        case Kind::environment:
            verdict.metric = "environment";
            break;
        case Kind::telemetry:
            verdict.metric = "telemetry";
            break;
        case Kind::silence:
            verdict.metric = "traffic";
            break;
        case Kind::fault:
        case Kind::gross:
        case Kind::changed:
        case Kind::limit:
        case Kind::lacking:
        case Kind::clear:
            verdict.metric = metrics_[finding.metric].name;
            break;
    }
    return verdict;
}

std::string Trial::reason_of(const Finding& finding) const {
    if (metrics_.empty()) return "nothing is measured";
    const Metric& metric = metrics_[finding.metric];
    const Record& record = records_[finding.metric];
    const std::string counts = counts_text(metric, record.total);
    const auto more_at_most = [&] {
        return difference_text(metric, record.bounds.upper(rules_.pass_beta)) + " more";
    };
    switch (finding.kind) {
        case Kind::fault:
        case Kind::gross: {
            const Mixture& found = finding.kind == Kind::fault ? record.fault : record.gross;
            const double least = record.bounds.lower(rules_.abort_alpha);
            return counts +
                   (least > 0 ? ": at least " + difference_text(metric, least) + " more" : "") +
                   ", " + odds_text(found.log_evidence());
        }
        case Kind::changed:
            return counts + ": more than was usual before it, " +
                   odds_text(record.changed.log_evidence());
        case Kind::limit:
            return counts + ": above the limit of " + difference_text(metric, *metric.limit);
        case Kind::environment:
            return counts + ": above the limit of " + difference_text(metric, *metric.limit) +
                   " in the old release, too";
        case Kind::silence:
            return "no request reached the new release, where about " +
                   count_text(std::round(expected_in_silence_)) + " should have";
        case Kind::telemetry:
            return "neither release has answered a request for " + std::to_string(silent_ticks_) +
                   " ticks";
        case Kind::lacking:
            return counts + ": up to " + more_at_most() + ", and less than " +
                   difference_text(metric, metric.clear_points) + " is to be shown";
        case Kind::clear:
            return counts + ": at most " + more_at_most();
        case Kind::none:
            break;
    }
    return "nothing is measured";
}

}  // namespace judge
