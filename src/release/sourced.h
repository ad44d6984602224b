#pragma once
// Metrics of the application's own, which another system counts or measures for each release.

#include "release/release.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace release {

/// Where numbers are fetched from. An address that nobody should read is referred to (P11).
struct SourceAddress {
    std::string url;  ///< Empty where `secret` is set.
    std::optional<SecretSource> secret;

    friend bool operator==(const SourceAddress&, const SourceAddress&) = default;
};

/// Instant queries of one Prometheus server. `${pool}`, `${release}` and `${version}` in them stand
/// for those of the release that is asked for.
struct PrometheusQueries {
    SourceAddress server;
    std::string failed;  ///< The number of bad ones since counting began: a counter.
    std::string total;   ///< The number of all.
    std::string gauge;   ///< In place of both.

    friend bool operator==(const PrometheusQueries&, const PrometheusQueries&) = default;
};

/// A limit in words: `at most 0.5`.
struct Bound {
    enum class Side { at_most, at_least };

    Side side = Side::at_most;
    std::uint64_t millionths = 0;

    friend bool operator==(const Bound&, const Bound&) = default;
};

/// `at most 0.5`, and back.
std::string to_text(const Bound& bound);
base::Result<Bound> bound_from(std::string_view text);

/// Either counted, and compared with the old release like failed requests; or a gauge, which must
/// keep its limit. Exactly one of `prometheus` and `http` is set.
struct SourcedMetric {
    std::string name;
    std::optional<PrometheusQueries> prometheus;
    std::optional<SourceAddress> http;  ///< Answers GET with `{"failed": …, "total": …}` or
                                        ///< `{"value": …}`; placeholders as in queries.
    std::map<std::string, SecretSource> headers;  ///< Of each request.
    std::optional<Bound> limit;                   ///< A gauge's.
    std::chrono::milliseconds timeout{2'000};     ///< For one answer.

    bool is_gauge() const { return limit.has_value(); }

    friend bool operator==(const SourcedMetric&, const SourcedMetric&) = default;
};

/// The names that may stand in `${…}` of a query or address: pool, release, version.
const std::vector<std::string>& source_placeholder_names();

}  // namespace release
