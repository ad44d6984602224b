#include "report/metrics.h"

#include "release/plan.h"
#include "report/spans.h"

#include <fmt/format.h>

#include <map>
#include <string_view>
#include <utility>

namespace report {
namespace {

using engine::RunState;

double seconds(std::chrono::microseconds span) {
    return std::chrono::duration<double>(span).count();
}

double ratio(base::Permille share) {
    return static_cast<double>(share.value) / 1000.0;
}

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\\' || c == '"') out += '\\';
        if (c == '\n') {
            out += "\\n";
        } else {
            out += c;
        }
    }
    return out;
}

using Labels = std::vector<std::pair<std::string_view, std::string_view>>;

// Families one after the other, each with its head.
class Page {
public:
    explicit Page(std::string_view application) : application_(application) {}

    Page& family(std::string_view name, std::string_view kind, std::string_view help) {
        name_ = fmt::format("crossfade_{}", name);
        text_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name_, help, name_, kind);
        return *this;
    }

    Page& sample(double value, const Labels& labels = {}, std::string_view suffix = "") {
        text_ += fmt::format("{}{}{{application=\"{}\"", name_, suffix, escaped(application_));
        for (const auto& [label, held] : labels)
            text_ += fmt::format(",{}=\"{}\"", label, escaped(held));
        text_ += fmt::format("}} {}\n", value);
        return *this;
    }

    std::string take() && { return std::move(text_); }

private:
    std::string_view application_;
    std::string name_;
    std::string text_;
};

void add_release(Page& page, const Gauged& gauged) {
    const engine::Status& status = gauged.status;
    page.family("serving_info", "gauge", "1, with the version that serves as a label.")
        .sample(1, {{"version", gauged.serving}});
    page.family("release_info", "gauge", "1, with what the last release is as labels.")
        .sample(1, {{"from", status.from}, {"to", status.to}, {"strategy", status.strategy}});
    page.family("release_state", "gauge", "1 for the state that the last release is in.");
    for (const RunState state :
         {RunState::none, RunState::running, RunState::waiting, RunState::consent, RunState::paused,
          RunState::going_back, RunState::interrupted, RunState::warm, RunState::ended})
        page.sample(state == status.state ? 1 : 0, {{"state", name_of(state)}});
    page.family("release_step", "gauge", "The step that the last release is at, from 1.")
        .sample(static_cast<double>(status.step));
    page.family("release_steps", "gauge", "How many steps it has.")
        .sample(static_cast<double>(status.steps.size()));
    page.family("release_harm_requests", "gauge", "Failed requests of the new release so far.")
        .sample(static_cast<double>(status.harm));
    page.family("release_harm_budget_requests", "gauge", "How many it may cost; 0: no budget.")
        .sample(static_cast<double>(status.harm_max));
    page.family("release_verdict", "gauge", "1 for what the judge said last.");
    for (const judge::Word word : {judge::Word::pass, judge::Word::fail, judge::Word::unknown})
        page.sample(status.verdict.word == word ? 1 : 0, {{"verdict", judge::name_of(word)}});
    page.family("way_back_feasible", "gauge", "1 while the old release could serve again at once.")
        .sample(status.way_back.feasible ? 1 : 0);
    page.family("lease_held", "gauge", "1 while somebody drives the application.")
        .sample(status.driver.empty() ? 0 : 1);
    page.family("unseen_facts", "gauge", "What could not be asked of the world just now.")
        .sample(static_cast<double>(status.unseen.size()));
}

void add_pools(Page& page, const engine::Status& status) {
    page.family("weight_ratio", "gauge", "Share of new requests of a pool, 0 to 1.");
    for (const engine::PoolStatus& pool : status.pools) {
        if (status.split)
            page.sample(ratio(pool.share_set),
                        {{"pool", release::name_of(pool.pool)}, {"kind", "set"}});
        if (pool.share_observed)
            page.sample(ratio(*pool.share_observed),
                        {{"pool", release::name_of(pool.pool)}, {"kind", "observed"}});
    }
    std::map<std::pair<std::string_view, std::string_view>, std::uint32_t> instances;
    for (const engine::Instance& each : status.instances)
        ++instances[{release::name_of(each.pool), name_of(each.state)}];
    page.family("instances", "gauge", "Instances of a pool by state.");
    for (const auto& [key, count] : instances)
        page.sample(count, {{"pool", key.first}, {"state", key.second}});
    page.family("sockets_open", "gauge", "Open WebSockets of a pool.");
    for (const engine::PoolStatus& pool : status.pools)
        page.sample(pool.sockets, {{"pool", release::name_of(pool.pool)}});
    page.family("requests_in_flight", "gauge", "Requests that a pool has not answered yet.");
    for (const engine::PoolStatus& pool : status.pools)
        page.sample(pool.in_flight, {{"pool", release::name_of(pool.pool)}});
}

void add_counts(Page& page, const std::optional<judge::PoolCounts>& counts) {
    // What could not be read is left out: Prometheus then says `absent`, and nothing says 0 (P8).
    if (!counts) return;
    const std::pair<std::string_view, const judge::Counts*> pools[]{{"blue", &counts->blue},
                                                                    {"green", &counts->green}};
    const auto add = [&](std::string_view name, std::string_view help,
                         std::uint64_t judge::Counts::* member) {
        page.family(name, "counter", help);
        for (const auto& [pool, held] : pools)
            page.sample(static_cast<double>(held->*member), {{"pool", pool}});
    };
    add("requests_total", "Requests that ended.", &judge::Counts::requests);
    add("request_errors_total", "Of these, those that failed.", &judge::Counts::errors);
    add("sockets_opened_total", "WebSockets that were opened.", &judge::Counts::sockets_opened);
    add("sockets_refused_total", "Upgrades that were refused.", &judge::Counts::sockets_refused);
    add("sockets_cut_total", "WebSockets that the instance cut.", &judge::Counts::sockets_cut);
}

struct Sum {
    std::uint32_t count = 0;
    double active = 0;
    double waited = 0;
};

void add_past(Page& page, const std::vector<RunSpan>& runs, base::Instant now) {
    std::map<std::pair<std::string_view, std::string_view>, Sum> sums;
    Sum way_back;
    for (const RunSpan& run : runs) {
        if (!run.ending) continue;
        Sum& sum = sums[{run.strategy, name_of(*run.ending)}];
        ++sum.count;
        sum.active += seconds(run.active(now));
        sum.waited += seconds(run.waited);
        if (run.way_back) {
            ++way_back.count;
            way_back.active += seconds(*run.way_back);
        }
    }
    page.family("releases_total", "counter", "Releases that ended.");
    for (const auto& [key, sum] : sums)
        page.sample(sum.count, {{"strategy", key.first}, {"ending", key.second}});
    const auto add = [&](std::string_view name, std::string_view help, double Sum::* member) {
        page.family(name, "summary", help);
        for (const auto& [key, sum] : sums) {
            const Labels labels{{"strategy", key.first}, {"ending", key.second}};
            page.sample(sum.*member, labels, "_sum").sample(sum.count, labels, "_count");
        }
    };
    add("release_active_duration_seconds", "Of releases that ended: the engine's and time's moves.",
        &Sum::active);
    add("release_waiting_duration_seconds",
        "Of releases that ended: gates, pauses, and while nobody drove them.", &Sum::waited);
    page.family("way_back_duration_seconds", "summary", "From the turn to the old release serving.")
        .sample(way_back.active, {}, "_sum")
        .sample(way_back.count, {}, "_count");
    const RunSpan* last = runs.empty() ? nullptr : &runs.back();
    page.family("release_active_seconds", "gauge", "Active time of the last release so far.")
        .sample(last == nullptr ? 0 : seconds(last->active(now)));
    page.family("release_waiting_seconds", "gauge", "Time that it waited for a person so far.")
        .sample(last == nullptr ? 0 : seconds(last->waited));
}

}  // namespace

base::Result<std::string> metrics_of(const Gauged& gauged) {
    const auto runs = spans_of(gauged.records, gauged.now);
    if (!runs) return base::fail(runs);
    Page page(gauged.status.application);
    add_release(page, gauged);
    add_pools(page, gauged.status);
    add_counts(page, gauged.counts);
    add_past(page, *runs, gauged.now);
    page.family("journal_records_total", "counter", "Records of the journal.")
        .sample(static_cast<double>(gauged.records.size()));
    return std::move(page).take();
}

}  // namespace report
