#pragma once
// One new release on trial: all that its ticks have shown, and what follows from it.
//
// A trial sees counts, never a clock: it is a value whose whole state follows from what it saw,
// so that a controller which starts again replays the ticks and goes on with the same test.

#include "judge/bounds.h"
#include "judge/mixture.h"
#include "judge/tick.h"
#include "judge/verdict.h"

#include <optional>
#include <string>
#include <vector>

namespace judge {

/// How often the events of a metric come, which decides the formula.
enum class Events {
    rare,    ///< In up to a tenth of exposures, or per time: `evidence`.
    common,  ///< Such as slower than the median: `common_evidence`.
};

/// One metric: what is counted, and which difference is acceptable.
struct Metric {
    std::string name = "errors";             ///< Stable, for machines.
    std::string events = "failed requests";  ///< `61 failed requests in 1,000 requests`.
    std::string exposures = "requests";
    double shown_per = 100;           ///< Differences are told per so many exposures ...
    std::string shown_as = "points";  ///< ... and so called.
    Events frequency = Events::rare;
    std::vector<double> bets{kAbortBets.begin(), kAbortBets.end()};  ///< At most `kBetsMax`.
    Margin acceptable{.factor = 1.1, .points = 0.0005};  ///< Within it nothing is a fault.
    double clear_points = 0.005;       ///< What the difference must be shown to be below, to pass.
    double weight = 1;                 ///< Of this metric's evidence in the mean; at least 0.
    bool critical = true;              ///< A pass needs this metric to be clear.
    bool judged_cold = true;           ///< Whether cold instances must not be grossly bad at it.
    double dispersion = 1;             ///< `dispersion_used` of the old release's history.
    std::optional<double> usual = {};  ///< The old release's rate, from before the release.
    std::optional<double> limit = {};  ///< A rate that must not be exceeded, whatever was usual.
};

/// What a metric's `clear_points` should be when the old release's usual rate is known.
double clear_points_for(double usual);

/// Error probabilities, all per release and valid at every look.
struct Rules {
    double abort_alpha = 1e-3;    ///< Of aborting an acceptable release, over all metrics.
    double limit_alpha = 5e-4;    ///< Of finding a kept limit exceeded, over all metrics.
    double pass_beta = 1e-2;      ///< Of clearing a release beyond `clear_points`.
    double bound_beta = 5e-2;     ///< Of the upper bound that the ramp uses.
    double warming_points = 0.2;  ///< Margin while instances warm up.
    /// Requests that must be missing before silence is a fault. Ten would come by chance in one of
    /// sixty hours of looks at 1 request a second.
    double silence_expected = 20;
    /// What more faults than usual do to a release that is alone. Another cause is as likely, so
    /// the old release should first be put beside it again; where that cannot be done, it fails.
    bool compares_again = true;
    double change_alpha = 0.05;  ///< Of asking for such a comparison in vain.
    int silence_ticks = 3;       ///< Ticks without any request before the telemetry is doubted.
};

/// What the new release has beside it in a tick.
enum class Stage {
    warming,  ///< Its instances are new and cold: only gross faults count.
    beside,   ///< The old release serves as well.
    alone,    ///< All traffic is on the new release: compared with what was usual.
};

/// One tick. `ticks` are in the order of the trial's metrics; the first metric's exposures are
/// requests, from which silence is told.
struct Reading {
    Stage stage = Stage::beside;
    double weight = 0;  ///< The share (0..1) that the router gives the new release.
    std::vector<Tick> ticks;
};

/// Evidence and totals of one metric, for whoever explains or draws.
struct Standing {
    Tick total;             ///< All ticks.
    double log_evidence;    ///< Of a fault, in nats.
    double p_value;         ///< Valid at every look.
    double worse_at_least;  ///< Bounds of the difference of rates.
    double worse_at_most;
};

class Trial {
    /// What was found, and of which metric; its words are made when asked for.
    enum class Kind {
        fault,
        gross,
        changed,
        limit,
        environment,
        silence,
        telemetry,
        lacking,
        clear,
        none
    };
    struct Finding {
        Word word = Word::unknown;
        Kind kind = Kind::none;
        std::size_t metric = 0;
    };

public:
    explicit Trial(std::vector<Metric> metrics, const Rules& rules = {});

    /// One tick, once: the caller drops what is late or repeated.
    void see(const Reading& reading);

    /// Fail once a fault, an exceeded limit or silence is shown, and from then on; pass while
    /// every critical metric is clear; otherwise unknown, with what is lacking. Unknown, too, and
    /// named `environment`, while a limit is exceeded by the old release as well: then the weight
    /// should not rise, and going back would help nobody.
    Verdict verdict() const;
    /// The word of `verdict` alone, which costs nothing.
    Word word() const { return finding_.word; }
    /// Whether a release that is alone does worse than usual, and should have the old one beside
    /// it again. Being beside it starts the clearing of the release anew.
    bool wants_comparison() const { return finding_.kind == Kind::changed; }
    /// Whether what was seen says nothing of the release: environment or telemetry.
    bool is_about_the_world() const;

    /// ln of the evidence of a fault, over all metrics.
    double log_evidence() const;
    Standing standing(std::size_t metric) const;
    const Tick& total(std::size_t metric) const { return records_[metric].total; }
    /// The bound that the ramp uses, at `bound_beta`.
    double worse_at_most(std::size_t metric) const;
    const std::vector<Metric>& metrics() const { return metrics_; }
    const Rules& rules() const { return rules_; }

private:
    /// What is remembered of one metric.
    struct Record {
        Mixture fault;     ///< The new release is worse than acceptable.
        Mixture changed;   ///< Alone, it is worse than usual.
        Mixture gross;     ///< It is worse than even a cold start explains.
        Mixture over;      ///< The new release exceeds the limit.
        Mixture old_over;  ///< The old release does.
        Bounds bounds;
        Tick total;
    };

    void add(const Metric& metric, Record& record, const Tick& tick, Stage stage) const;
    std::vector<double> gains(const Metric& metric, const Record& record, const Tick& tick,
                              Stage stage) const;
    void listen(const Reading& reading);
    void put_beside();
    std::optional<std::size_t> changed() const;
    Finding weighed() const;
    std::optional<Finding> fault() const;
    std::optional<Finding> over_limit() const;
    std::optional<Finding> silent() const;
    Finding cleared() const;
    Verdict told(const Finding& finding) const;
    std::string reason_of(const Finding& finding) const;

    std::vector<Metric> metrics_;
    Rules rules_;
    std::vector<Record> records_;
    double expected_in_silence_ = 0;  ///< Requests that the router should have sent since the last.
    int silent_ticks_ = 0;
    Stage stage_ = Stage::warming;
    Finding finding_;
    Verdict failed_;  ///< The first fail, as it was told then.
};

}  // namespace judge
