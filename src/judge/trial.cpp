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
        records_.push_back({fresh, fresh, fresh, fresh, {}, {}});
    }
    verdict_ = weighed();
}

void Trial::see(const Reading& reading) {
    for (std::size_t i = 0; i < metrics_.size() && i < reading.ticks.size(); ++i) {
        add(metrics_[i], records_[i], reading.ticks[i], reading.stage);
    }
    listen(reading);
    if (verdict_.word != Word::fail) verdict_ = weighed();
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
    (stage == Stage::warming ? record.gross : record.fault).add(gains(metric, record, tick, stage));
    if (metric.limit) {
        record.over.add(absolute_gains(tick.canary, tick.canary_events, *metric.limit, metric));
        record.old_over.add(
            absolute_gains(tick.baseline, tick.baseline_events, *metric.limit, metric));
    }
    record.bounds.add(tick, metric.dispersion);
    record.total += tick;
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

std::optional<Verdict> Trial::fault() const {
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
    const Metric& metric = metrics_[worst];
    const Record& record = records_[worst];
    std::string reason = counts_text(metric, record.total);
    const double least = record.bounds.lower(rules_.abort_alpha);
    if (least > 0) reason += ": at least " + difference_text(metric, least) + " more";
    reason += ", " + odds_text((faulty ? record.fault : record.gross).log_evidence());
    return Verdict{.word = Word::fail, .metric = metric.name, .reason = std::move(reason)};
}

std::optional<Verdict> Trial::over_limit() const {
    double limits = 0;
    for (const Metric& metric : metrics_) limits += metric.limit ? 1 : 0;
    if (limits == 0) return std::nullopt;
    const double found = -std::log(rules_.limit_alpha / limits);
    for (std::size_t i = 0; i < metrics_.size(); ++i) {
        const Metric& metric = metrics_[i];
        const Record& record = records_[i];
        if (!metric.limit) continue;
        const bool old_too = record.old_over.log_evidence() >= found;
        if (!old_too && record.over.log_evidence() < found) continue;
        std::string reason = counts_text(metric, record.total) + ": above the limit of " +
                             difference_text(metric, *metric.limit);
        if (!old_too) return Verdict{Word::fail, metric.name, std::move(reason)};
        return Verdict{Word::unknown, "environment", reason + " in the old release, too"};
    }
    return std::nullopt;
}

std::optional<Verdict> Trial::silent() const {
    if (expected_in_silence_ >= rules_.silence_expected) {
        return Verdict{Word::fail, "traffic",
                       "no request reached the new release, where about " +
                           count_text(std::round(expected_in_silence_)) + " should have"};
    }
    if (silent_ticks_ >= rules_.silence_ticks) {
        return Verdict{Word::unknown, "telemetry",
                       "neither release has answered a request for " +
                           std::to_string(silent_ticks_) + " ticks"};
    }
    return std::nullopt;
}

Verdict Trial::cleared() const {
    const double shown = -std::log(rules_.pass_beta);
    for (std::size_t i = 0; i < metrics_.size(); ++i) {
        const Metric& metric = metrics_[i];
        const Record& record = records_[i];
        if (!metric.critical || record.bounds.log_evidence_below(metric.clear_points) >= shown) {
            continue;
        }
        return {.word = Word::unknown,
                .metric = metric.name,
                .reason = counts_text(metric, record.total) + ": up to " +
                          difference_text(metric, record.bounds.upper(rules_.pass_beta)) +
                          " more, and less than " + difference_text(metric, metric.clear_points) +
                          " is to be shown"};
    }
    const Metric& metric = metrics_.front();
    const Record& record = records_.front();
    return {.word = Word::pass,
            .metric = metric.name,
            .reason = counts_text(metric, record.total) + ": at most " +
                      difference_text(metric, record.bounds.upper(rules_.pass_beta)) + " more"};
}

Verdict Trial::weighed() const {
    if (metrics_.empty()) return {Word::unknown, "evidence", "nothing is measured"};
    if (auto bad = fault()) return *bad;
    if (auto bad = over_limit()) return *bad;
    if (auto bad = silent()) return *bad;
    return cleared();
}

}  // namespace judge
