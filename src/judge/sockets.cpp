#include "judge/sockets.h"

namespace judge {

namespace {

constexpr double kHour = 3600;

}  // namespace

Metric errors_metric() {
    return {};
}

Metric drops_metric() {
    Metric metric;
    metric.name = "drops";
    metric.events = "WebSockets cut";
    metric.exposures = "connection-seconds";
    metric.shown_per = kHour;
    metric.shown_as = "per connection-hour";
    // One socket in twenty an hour is what a mobile network does anyway.
    metric.acceptable = {.factor = 1.1, .points = 0.05 / kHour};
    metric.clear_points = 0.5 / kHour;
    metric.critical = false;
    return metric;
}

Metric upgrades_metric() {
    Metric metric;
    metric.name = "upgrades";
    metric.events = "failed upgrades";
    metric.exposures = "upgrades";
    metric.critical = false;
    return metric;
}

Metric restarts_metric() {
    Metric metric;
    metric.name = "restarts";
    metric.events = "restarts";
    metric.exposures = "instance-seconds";
    metric.shown_per = kHour;
    metric.shown_as = "per instance-hour";
    metric.weight = 0;
    metric.critical = false;
    metric.limit = 1 / kHour;
    return metric;
}

}  // namespace judge
