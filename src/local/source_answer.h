#pragma once
// What a Prometheus server, or any address that answers with JSON, says of one release. Pure.

#include "base/result.h"
#include "engine/sources.h"

#include <optional>
#include <string_view>

namespace local {

/// What was asked for, and how it was answered.
struct SourceAnswer {
    long status = 0;
    std::string_view body;
};

/// The one number of an instant query (Prometheus HTTP API, `GET /api/v1/query`): a scalar, or a
/// vector of one sample. None: there is no series, or its value is NaN. Fails (CF0482) where the
/// server reports an error, and where the query gives several series, or no number.
base::Result<std::optional<double>> number_from_prometheus(const SourceAnswer& answer);

/// `{"failed": 3, "total": 1200}`, or `{"value": 0.2}` of a gauge; other members are the
/// application's own. None: status 204 or 404, which say that there are no numbers of this release.
/// Fails (CF0483) with anything else.
base::Result<std::optional<engine::SourceFigures>> figures_from_json(const SourceAnswer& answer,
                                                                     bool is_gauge);

/// A counter's value as a count; fails (CF0484) where it can be none.
base::Result<std::uint64_t> count_from(double value);

}  // namespace local
