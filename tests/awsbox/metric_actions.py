"""GetMetricData and its kin over the edges' counts and over what PutMetricData brought."""
import datetime

from moto.cloudwatch.exceptions import InvalidParameterCombination, ValidationError
from moto.cloudwatch.models import MetricDatum
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult

from .expressions import Math, Wrong
from .metrics import Statistics, gather

NAMESPACE = "AWS/ApplicationELB"
QUERIES_MAX, POINTS_MAX = 500, 100_800
COMPARE = {"GreaterThanThreshold": lambda value, bound: value > bound,
           "GreaterThanOrEqualToThreshold": lambda value, bound: value >= bound,
           "LessThanThreshold": lambda value, bound: value < bound,
           "LessThanOrEqualToThreshold": lambda value, bound: value <= bound}


def seconds(value):
    if isinstance(value, str):
        value = datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
    if isinstance(value, (int, float)):
        return float(value)
    if value.tzinfo is None:
        value = value.replace(tzinfo=datetime.timezone.utc)
    return value.timestamp()


def instant(value):
    return datetime.datetime.fromtimestamp(value, datetime.timezone.utc)


class Asked:
    """The metrics as one backend of moto and the box know them."""

    def __init__(self, box, backend):
        self.box, self.backend = box, backend

    def periods(self, namespace, metric, dimensions, begin, end, period):
        if namespace == NAMESPACE:
            return self.box.metrics.periods(metric, dimensions, begin, end, period)
        kept = {}
        for datum in self.backend.metric_data:
            same = {each.name: each.value for each in datum.dimensions} == dimensions
            if datum.namespace != namespace or datum.name != metric or not same:
                continue
            stamp = kept.setdefault(seconds(datum.timestamp), Statistics())
            if isinstance(datum, MetricDatum):
                stamp.add(float(datum.value), keep=True)
            else:
                joined = Statistics()
                joined.sum, joined.count = datum.sum, datum.sample_count
                joined.least, joined.most = datum.min, datum.max
                stamp.join(joined)
        return gather(kept, begin, end, period)

    def series(self, stat, begin, end):
        metric = stat["Metric"]
        dimensions = {each["Name"]: each["Value"] for each in metric.get("Dimensions") or []}
        statistic = stat["Stat"]
        if metric["MetricName"] == "RequestCountPerTarget" and statistic != "Sum":
            raise ValidationError("The only valid statistic of RequestCountPerTarget is Sum")
        found = self.periods(metric["Namespace"], metric["MetricName"], dimensions, begin, end,
                             int(stat["Period"]))
        values = {start: kept.value(statistic) for start, kept in found.items()}
        if found and all(value is None for value in values.values()):
            raise ValidationError(f"The value {statistic} for parameter MetricDataQueries.member.1.MetricStat.Stat "
                                  "is not a valid statistic.")
        return {start: float(value) for start, value in values.items() if value is not None}


def evaluate(asked, queries, begin, end):
    """[(query, {instant: value})] of those whose data is returned, in the order of the queries."""
    series, periods = {}, [int(each["MetricStat"]["Period"]) for each in queries if "MetricStat" in each]
    for query in queries:
        if "MetricStat" in query:
            series[query["Id"]] = asked.series(query["MetricStat"], begin, end)
    period = max(periods, default=60)
    grid = [float(each) for each in range(int(begin // period * period), int(end) + 1, period)
            if begin <= each < end]
    waiting = [each for each in queries if "Expression" in each]
    while waiting:
        left = []
        for query in waiting:
            try:
                series[query["Id"]] = Math(series, grid).value(query["Expression"])
            except Wrong as wrong:
                left.append((query, wrong))
        if len(left) == len(waiting):
            raise ValidationError(str(left[0][1]))
        waiting = [query for query, _ in left]
    made = []
    for query in queries:
        if str(query.get("ReturnData", True)).lower() != "false":
            value = series[query["Id"]]
            made.append((query, value if isinstance(value, dict) else {each: float(value) for each in grid}))
    return made


def label_of(query):
    return query.get("Label") or query.get("MetricStat", {}).get("Metric", {}).get("MetricName") or query["Id"]


def extend(box):
    def get_metric_data(self):
        params = self._get_params()
        queries = params.get("MetricDataQueries", [])
        if len(queries) > QUERIES_MAX:
            raise ValidationError(f"The collection MetricDataQueries must not have a size greater than {QUERIES_MAX}.")
        for query in queries:
            if ("MetricStat" in query) == ("Expression" in query):
                raise ValidationError("The parameter MetricDataQueries.member.1.MetricStat is required.\n")
        begin, end = seconds(params["StartTime"]), seconds(params["EndTime"])
        if begin >= end:
            raise ValidationError("The parameter StartTime must be less than the parameter EndTime.")
        found = evaluate(Asked(box, self.cloudwatch_backend), queries, begin, end)
        newest_first = params.get("ScanBy", "TimestampDescending") == "TimestampDescending"
        points = [(query["Id"], at, value) for query, values in found
                  for at, value in sorted(values.items(), reverse=newest_first)]
        first = int(params.get("NextToken") or 0)
        last = first + int(params.get("MaxDatapoints") or POINTS_MAX)
        here, cut = points[first:last], {name for name, _, _ in points[last:]}
        results = [{"Id": query["Id"], "Label": label_of(query),
                    "Timestamps": [instant(at) for name, at, _ in here if name == query["Id"]],
                    "Values": [value for name, _, value in here if name == query["Id"]],
                    "StatusCode": "PartialData" if query["Id"] in cut else "Complete"} for query, _ in found]
        return ActionResult({"MetricDataResults": results, "NextToken": str(last) if cut else None, "Messages": []})

    def get_metric_statistics(self):
        params = self._get_params()
        plain, extended = params.get("Statistics", []), params.get("ExtendedStatistics", [])
        if not plain and not extended:
            raise InvalidParameterCombination("Must specify either Statistics or ExtendedStatistics")
        dimensions = {each["Name"]: each["Value"] for each in params.get("Dimensions", [])}
        found = Asked(box, self.cloudwatch_backend).periods(
            params["Namespace"], params["MetricName"], dimensions, seconds(params["StartTime"]),
            seconds(params["EndTime"]), int(params["Period"]))
        points = []
        for start, kept in sorted(found.items()):
            point = {"Timestamp": instant(start)} | {each: kept.value(each) for each in plain}
            if extended:
                point["ExtendedStatistics"] = {each: kept.value(each) for each in extended}
            points.append(point)
        return ActionResult({"Label": params["MetricName"], "Datapoints": points})

    listed = CloudWatchResponse.list_metrics

    def list_metrics(self):
        if self._get_param("Namespace") != NAMESPACE:
            return listed(self)
        wanted = self._get_param("MetricName")
        return ActionResult({"Metrics": [
            {"Namespace": NAMESPACE, "MetricName": metric,
             "Dimensions": [{"Name": name, "Value": value} for name, value in sorted(dimensions.items())]}
            for metric, dimensions in box.metrics.known() if wanted in (None, metric)]})

    described = CloudWatchResponse.describe_alarms

    def describe_alarms(self):
        result = described(self)
        for alarm in result.result["MetricAlarms"]:
            alarm.state_value = state_of(box, self.cloudwatch_backend, alarm)
        return result

    CloudWatchResponse.get_metric_data = get_metric_data
    CloudWatchResponse.get_metric_statistics = get_metric_statistics
    CloudWatchResponse.list_metrics = list_metrics
    CloudWatchResponse.describe_alarms = describe_alarms


def state_of(box, backend, alarm):
    """OK, ALARM or INSUFFICIENT_DATA of an alarm over one metric; M of N periods."""
    if not alarm.metric_name or alarm.comparison_operator not in COMPARE:
        return alarm.state_value
    period, count = int(alarm.period), int(alarm.evaluation_periods)
    needed = int(alarm.datapoints_to_alarm or count)
    end = box.now() // period * period
    dimensions = {each.name: each.value for each in alarm.dimensions or []}
    found = Asked(box, backend).periods(alarm.namespace, alarm.metric_name, dimensions,
                                        end - count * period, end, period)
    breaching = missing = 0
    for turn in range(count):
        kept = found.get(end - (turn + 1) * period)
        if kept is None:
            missing += 1
            continue
        value = kept.value(alarm.statistic or alarm.extended_statistic)
        breaching += value is not None and COMPARE[alarm.comparison_operator](value, float(alarm.threshold))
    treated = alarm.treat_missing_data or "missing"
    breaching += missing if treated == "breaching" else 0
    if missing == count and treated == "missing":
        return "INSUFFICIENT_DATA"
    if missing == count and treated == "ignore":
        return alarm.state_value
    return "ALARM" if breaching >= needed else "OK"
