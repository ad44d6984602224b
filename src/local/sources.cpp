#include "local/sources.h"

#include "engine/evidence.h"
#include "local/fetch.h"
#include "local/seat.h"
#include "local/source_answer.h"
#include "release/placeholder.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace local {

namespace {

using engine::SourceFigures;
using release::SourcedMetric;
using std::chrono::milliseconds;

/// Questions in one tick: a few that fail do not make it blind.
constexpr int kAsksInTick = 5;
constexpr milliseconds kPauseMin{200};
constexpr milliseconds kPauseMax{10'000};

using Values = std::map<std::string, std::string>;
using Figures = std::optional<SourceFigures>;

Values values_of(const release::Release& release, release::Pool pool) {
    return {{"pool", std::string(release::name_of(pool))},
            {"release", release.id},
            {"version", release::to_text(release.version)}};
}

base::Result<base::Secret> address_of(const SourcedMetric& metric,
                                      const release::SourceAddress& address,
                                      const std::filesystem::path& home) {
    if (!address.secret) return base::Secret(address.url);
    return secret_from("of the address of " + metric.name, *address.secret, home);
}

/// What is asked of one release; all texts are secrets until they are sent.
class Question {
public:
    Question(const SourcedMetric& metric, const std::filesystem::path& home, Values values)
        : metric_(metric), home_(home), values_(std::move(values)) {}

    base::Result<Figures> ask(base::Clock& clock, const std::stop_token& stop) const {
        auto figures = metric_.http ? ask_http(clock, stop) : ask_prometheus(clock, stop);
        if (figures) return figures;
        base::Diagnostic& diagnostic = figures.error().diagnostic;
        std::vector<base::Secret> secrets;
        for (const auto& [name, source] : metric_.headers) {
            if (auto secret = secret_from(name, source, home_))
                secrets.push_back(std::move(*secret));
        }
        diagnostic.what = scrubbed(std::move(diagnostic.what), secrets);
        diagnostic.why = scrubbed(std::move(diagnostic.why), secrets);
        return figures;
    }

private:
    base::Result<Figures> ask_http(base::Clock& clock, const std::stop_token& stop) const {
        const auto url = address_of(metric_, *metric_.http, home_);
        if (!url) return base::fail(url);
        Values escapes;
        for (const auto& [name, value] : values_) escapes[name] = escaped(value);
        const auto names =
            release::placeholders_in(url->reveal(), release::source_placeholder_names());
        if (!names || names->empty()) {
            return base::fail(base::Failure::rejected,
                              {.code = "CF0485",
                               .what = "its address does not tell the releases apart",
                               .why = "it is a secret, and has no `${version}`, `${release}` or "
                                      "`${pool}`"});
        }
        const auto filled = release::expanded(url->reveal(), escapes);
        if (!filled) return base::fail(filled);
        const auto answer = fetched(*filled, clock, stop);
        if (!answer) return base::fail(answer);
        return figures_from_json({answer->status, answer->body}, metric_.is_gauge());
    }

    base::Result<Figures> ask_prometheus(base::Clock& clock, const std::stop_token& stop) const {
        const release::PrometheusQueries& queries = *metric_.prometheus;
        SourceFigures figures;
        if (metric_.is_gauge()) {
            const auto level = number_of(queries.gauge, clock, stop);
            if (!level) return base::fail(level);
            if (!*level) return Figures{};
            figures.level = **level;
            return Figures{figures};
        }
        // Failures first: what comes in between counts as well.
        const auto failed = number_of(queries.failed, clock, stop);
        if (!failed) return base::fail(failed);
        const auto total = number_of(queries.total, clock, stop);
        if (!total) return base::fail(total);
        if (!*total) return Figures{};
        if (!*failed) {
            return base::fail(base::Failure::unavailable,
                              {.code = "CF0486",
                               .what = "there is a `total` of it and no `failed`",
                               .why = "a wrong name would look the same as no failure",
                               .fix = "where there is no series before the first failure, add `or "
                                      "vector(0)`"});
        }
        for (const auto& [value, into] :
             {std::pair{**failed, &figures.failed}, std::pair{**total, &figures.total}}) {
            const auto count = count_from(value);
            if (!count) return base::fail(count);
            *into = *count;
        }
        return Figures{figures};
    }

    base::Result<std::optional<double>> number_of(const std::string& query, base::Clock& clock,
                                                  const std::stop_token& stop) const {
        const auto server = address_of(metric_, metric_.prometheus->server, home_);
        if (!server) return base::fail(server);
        const auto filled = release::expanded(query, values_);
        if (!filled) return base::fail(filled);
        std::string base = server->reveal();
        while (base.ends_with('/')) base.pop_back();
        const auto answer =
            fetched(fmt::format("{}/api/v1/query?query={}", base, escaped(*filled)), clock, stop);
        if (!answer) return base::fail(answer);
        return number_from_prometheus({answer->status, answer->body});
    }

    base::Result<Fetched> fetched(const std::string& url, base::Clock& clock,
                                  const std::stop_token& stop) const {
        Get get{.url = url};
        for (const auto& [name, source] : metric_.headers) {
            const auto value = secret_from(name, source, home_);
            if (!value) return base::fail(value);
            get.headers.push_back(fmt::format("{}: {}", name, value->reveal()));
        }
        return fetch_text(get, clock, clock.deadline_in(metric_.timeout), stop);
    }

    const SourcedMetric& metric_;
    const std::filesystem::path& home_;
    Values values_;
};

}  // namespace

class Sources::Asker {
public:
    Asker(const SourcedMetric& metric, const release::Plan& plan, std::filesystem::path home,
          base::Clock& clock)
        : metric_(metric),
          home_(std::move(home)),
          fresh_(values_of(plan.to, plan.target)),
          clock_(clock),
          tick_(engine::Evidence::tick_of(plan.guard)) {
        if (plan.from) old_ = values_of(*plan.from, release::other(plan.target));
        thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
    }

    /// Gives up what is under way; whoever destroys this waits for that.
    void leave() { thread_.request_stop(); }

    engine::SourceReading latest() {
        const std::lock_guard lock(mutex_);
        const bool is_new = good_at_ && clock_.tick() <= *good_at_ + tick_ + metric_.timeout;
        if (is_new) return good_;
        return {.metric = metric_.name, .blind = trouble_, .fresh = {}, .old = {}};
    }

private:
    void work(const std::stop_token& stop) {
        const milliseconds pause = std::clamp(tick_ / kAsksInTick, kPauseMin, kPauseMax);
        std::unique_lock lock(mutex_, std::defer_lock);
        while (!stop.stop_requested()) {
            auto answer = ask(stop);
            lock.lock();
            if (answer) {
                good_ = std::move(*answer);
                good_at_ = clock_.tick();
            } else {
                const std::string& fix = answer.error().diagnostic.fix;
                trouble_ = answer.error().line() + (fix.empty() ? "" : "; " + fix);
            }
            changed_.wait_for(lock, stop, pause, [] { return false; });
            lock.unlock();
        }
    }

    base::Result<engine::SourceReading> ask(const std::stop_token& stop) const {
        engine::SourceReading reading{.metric = metric_.name, .blind = {}, .fresh = {}, .old = {}};
        auto fresh = Question(metric_, home_, fresh_).ask(clock_, stop);
        if (!fresh) return base::fail(fresh);
        reading.fresh = *fresh;
        if (old_.empty()) return reading;
        auto old = Question(metric_, home_, old_).ask(clock_, stop);
        if (!old) return base::fail(old);
        reading.old = *old;
        return reading;
    }

    const SourcedMetric metric_;
    const std::filesystem::path home_;
    const Values fresh_;
    Values old_;
    base::Clock& clock_;
    const milliseconds tick_;
    std::mutex mutex_;  ///< Guards what follows.
    std::condition_variable_any changed_;
    engine::SourceReading good_;  ///< The last answer that was one.
    std::optional<base::Tick> good_at_;
    std::string trouble_ = "it has not answered yet";
    std::jthread thread_;
};

Sources::Sources(std::filesystem::path home, base::Clock& clock)
    : home_(std::move(home)), clock_(clock) {}

Sources::~Sources() {
    for (const auto& asker : askers_) asker->leave();
}

engine::SourceReadings Sources::latest(const release::Plan& plan) {
    if (run_ != plan.id) {
        askers_.clear();
        for (const SourcedMetric& metric : plan.guard.metrics) {
            askers_.push_back(std::make_unique<Asker>(metric, plan, home_, clock_));
        }
        run_ = plan.id;
    }
    engine::SourceReadings readings;
    for (const auto& asker : askers_) readings.push_back(asker->latest());
    return readings;
}

}  // namespace local
