#include "aws/minutes.h"

#include "aws/client.h"
#include "aws/key.h"
#include "aws/models/cloudwatch.h"
#include "aws/value.h"
#include "base/clock.h"
#include "base/result.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace aws {
namespace {

constexpr std::size_t kSeriesMax = 500;

tl::unexpected<base::Error> not_whole(std::string why) {
    return base::fail(
        base::Failure::unavailable,
        {.code = "CF0815", .what = "CloudWatch has no whole answer", .why = std::move(why)});
}

Value query_of(const Series& series, std::size_t number, Period period) {
    List dimensions;
    for (const auto& [name, value] : series.dimensions)
        dimensions.emplace_back(
            Entries{cloudwatch::Dimension::name(name), cloudwatch::Dimension::value(value)});
    const Entries metric{cloudwatch::Metric::namespace_(series.space),
                         cloudwatch::Metric::metric_name(series.name),
                         cloudwatch::Metric::dimensions(std::move(dimensions))};
    return Entries{
        cloudwatch::MetricDataQuery::id(fmt::format("m{}", number)),
        cloudwatch::MetricDataQuery::metric_stat({cloudwatch::MetricStat::metric(metric),
                                                  cloudwatch::MetricStat::period(period.count()),
                                                  cloudwatch::MetricStat::stat(series.statistic)})};
}

// `m7` is the seventh series.
bool read_result(const Value& result, std::vector<Minutes>& out) {
    const std::string& id = cloudwatch::MetricDataResult::id.of(result);
    std::size_t number = 0;
    for (const char digit : id.substr(std::min<std::size_t>(1, id.size()))) {
        if (digit < '0' || digit > '9' || number > kSeriesMax) return false;
        number = number * 10 + static_cast<std::size_t>(digit - '0');
    }
    const List& at = cloudwatch::MetricDataResult::timestamps.of(result);
    const List& values = cloudwatch::MetricDataResult::values.of(result);
    if (number >= out.size() || at.size() != values.size()) return false;
    for (std::size_t i = 0; i < at.size(); ++i) {
        const auto* const moment = at[i].as<base::Instant>();
        const auto* const value = values[i].as<double>();
        if (moment == nullptr || value == nullptr) return false;
        out[number][*moment] = *value;
    }
    return true;
}

}  // namespace

base::Instant next_minute(base::Instant at, Period period) {
    const auto length = std::chrono::microseconds(period);
    const auto since = at.time_since_epoch();
    return base::Instant{(since + length - std::chrono::microseconds(1)) / length * length};
}

// Netflix's Atlas asks CloudWatch for what is two minutes old, counted from a minute's start.
base::Instant whole_until(base::Instant now, Period period) {
    const auto length = std::chrono::microseconds(period);
    return base::Instant{(now.time_since_epoch() - length) / length * length};
}

base::Result<std::vector<Minutes>> minutes(Client& monitoring, const std::vector<Series>& series,
                                           base::Instant from, base::Instant until,
                                           const Terms& terms, Period period) {
    using namespace cloudwatch::GetMetricDataInput;
    if (series.size() > kSeriesMax) return not_whole("too many series for one call");
    List queries;
    for (std::size_t i = 0; i < series.size(); ++i)
        queries.push_back(query_of(series[i], i, period));
    std::vector<Minutes> out(series.size());
    std::set<std::string> told;
    std::string wrong;
    const auto done = monitoring.pages(
        cloudwatch::kGetMetricData,
        Entries{metric_data_queries(std::move(queries)), start_time(from), end_time(until)}, terms,
        [&](Value& page) {
            for (const Value& each :
                 cloudwatch::GetMetricDataOutput::metric_data_results.of(page)) {
                const std::string& status = cloudwatch::MetricDataResult::status_code.of(each);
                if (status != "Complete" && status != "PartialData") wrong = status;
                if (!read_result(each, out)) wrong = "a result that belongs to no question";
                told.insert(cloudwatch::MetricDataResult::id.of(each));
            }
        });
    if (!done) return base::fail(done);
    if (!wrong.empty()) return not_whole("it says " + wrong);
    if (told.size() != series.size()) return not_whole("it leaves a series out");
    return out;
}

std::string dimension_of(const std::string& arn) {
    const auto colon = arn.rfind(':');
    std::string out = arn.substr(colon == std::string::npos ? 0 : colon + 1);
    // `loadbalancer/app/...`, but `targetgroup/...`
    if (out.starts_with("loadbalancer/")) out = out.substr(13);
    return out;
}

}  // namespace aws
