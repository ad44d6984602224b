#include "local/metrics.h"

#include "base/json.h"
#include "local/call.h"
#include "local/traffic_log.h"

#include <fmt/format.h>

namespace local {

namespace {

tl::unexpected<base::Error> odd(const std::string& why) {
    return base::fail(base::Failure::unavailable,
                      {.code = "CF0435", .what = "the edge's counts are odd", .why = why});
}

base::Result<judge::Counts> counts_of(const base::Json& groups, std::string_view name) {
    judge::Counts counts;
    if (!groups.contains(name)) return counts;
    const base::Json& group = groups.at(std::string(name));
    for (const auto& [key, into] :
         {std::pair{"requests", &counts.requests}, std::pair{"errors", &counts.errors},
          std::pair{"sockets_open", &counts.sockets_open},
          std::pair{"sockets_opened", &counts.sockets_opened},
          std::pair{"sockets_refused", &counts.sockets_refused},
          std::pair{"sockets_cut", &counts.sockets_cut}}) {
        const auto number = base::member<std::uint64_t>(group, key);
        if (!number) return odd(number.error().line());
        *into = *number;
    }
    for (const base::Json& pair : group.value("latency", base::Json::array())) {
        const bool is_pair = pair.is_array() && pair.size() == 2 && pair[0].is_number_unsigned() &&
                             pair[1].is_number_unsigned();
        if (!is_pair || pair[0].get<std::uint64_t>() >= base::Histogram::kBuckets) {
            return odd(pair.dump());
        }
        counts.latency.counts[pair[0].get<std::size_t>()] = pair[1].get<std::uint64_t>();
    }
    return counts;
}

}  // namespace

Metrics::Metrics(Folder folder, base::Clock& clock) : folder_(std::move(folder)), clock_(clock) {}

base::Result<judge::PoolCounts> Metrics::read(base::Deadline deadline) {
    const auto json =
        call(folder_.edge_socket(), "the edge", {"GET", "/v1/counts", {}}, clock_, deadline);
    if (!json) return base::fail(json);
    if (!json->contains("groups")) return odd("no groups");
    const auto blue = counts_of(json->at("groups"), "blue");
    const auto green = counts_of(json->at("groups"), "green");
    if (!blue) return base::fail(blue);
    if (!green) return base::fail(green);
    return judge::PoolCounts{.blue = *blue, .green = *green};
}

base::Result<std::vector<engine::Past>> Metrics::past(base::Instant since, base::Deadline) {
    std::error_code error;
    if (!std::filesystem::exists(folder_.traffic(), error)) return std::vector<engine::Past>{};
    const auto log = TrafficLog::open(folder_.traffic());
    return log ? (*log)->past(since) : base::fail(log);
}

}  // namespace local
