// clang-format off
// Made by tools/aws_model.py from cloudwatch.json (botocore 1.43.11, cloudwatch/2010-08-01): not to be edited.
#include "aws/models/cloudwatch.h"

namespace aws::cloudwatch {
namespace {

constexpr Shape kBoolean = {.type = Type::boolean};
constexpr Shape kInteger = {.type = Type::integer};
constexpr Shape kReal = {.type = Type::real};
constexpr Shape kString = {.type = Type::string};
constexpr Shape kTimestamp = {.type = Type::timestamp};

extern const Shape kShapeOfAlarmNames, kShapeOfAlarmPromQLCriteria, kShapeOfAlarmTypes,
kShapeOfCompositeAlarm, kShapeOfCompositeAlarms, kShapeOfDatapointValues,
kShapeOfDescribeAlarmsInput, kShapeOfDescribeAlarmsOutput, kShapeOfDimension, kShapeOfDimensions,
kShapeOfEvaluationCriteria, kShapeOfGetMetricDataInput, kShapeOfGetMetricDataOutput,
kShapeOfLabelOptions, kShapeOfMessageData, kShapeOfMetric, kShapeOfMetricAlarm,
kShapeOfMetricAlarms, kShapeOfMetricDataQueries, kShapeOfMetricDataQuery, kShapeOfMetricDataResult,
kShapeOfMetricDataResultMessages, kShapeOfMetricDataResults, kShapeOfMetricStat,
kShapeOfResourceList, kShapeOfTimestamps;

constinit const Member kMembersOfAlarmNames[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfAlarmNames = {.type = Type::list, .members = kMembersOfAlarmNames};
constinit const Member kMembersOfAlarmPromQLCriteria[] = {{.name = "Query", .shape = &kString}, {.name = "PendingPeriod", .shape = &kInteger}, {.name = "RecoveryPeriod", .shape = &kInteger}};
constinit const Shape kShapeOfAlarmPromQLCriteria = {.type = Type::structure, .members = kMembersOfAlarmPromQLCriteria};
constinit const Member kMembersOfAlarmTypes[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfAlarmTypes = {.type = Type::list, .members = kMembersOfAlarmTypes};
constinit const Member kMembersOfCompositeAlarm[] = {{.name = "ActionsEnabled", .shape = &kBoolean}, {.name = "AlarmActions", .shape = &kShapeOfResourceList}, {.name = "AlarmArn", .shape = &kString}, {.name = "AlarmConfigurationUpdatedTimestamp", .shape = &kTimestamp}, {.name = "AlarmDescription", .shape = &kString}, {.name = "AlarmName", .shape = &kString}, {.name = "AlarmRule", .shape = &kString}, {.name = "InsufficientDataActions", .shape = &kShapeOfResourceList}, {.name = "OKActions", .shape = &kShapeOfResourceList}, {.name = "StateReason", .shape = &kString}, {.name = "StateReasonData", .shape = &kString}, {.name = "StateUpdatedTimestamp", .shape = &kTimestamp}, {.name = "StateValue", .shape = &kString}, {.name = "StateTransitionedTimestamp", .shape = &kTimestamp}, {.name = "ActionsSuppressedBy", .shape = &kString}, {.name = "ActionsSuppressedReason", .shape = &kString}, {.name = "ActionsSuppressor", .shape = &kString}, {.name = "ActionsSuppressorWaitPeriod", .shape = &kInteger}, {.name = "ActionsSuppressorExtensionPeriod", .shape = &kInteger}};
constinit const Shape kShapeOfCompositeAlarm = {.type = Type::structure, .members = kMembersOfCompositeAlarm};
constinit const Member kMembersOfCompositeAlarms[] = {{.name = "member", .shape = &kShapeOfCompositeAlarm}};
constinit const Shape kShapeOfCompositeAlarms = {.type = Type::list, .members = kMembersOfCompositeAlarms};
constinit const Member kMembersOfDatapointValues[] = {{.name = "member", .shape = &kReal}};
constinit const Shape kShapeOfDatapointValues = {.type = Type::list, .members = kMembersOfDatapointValues};
constinit const Member kMembersOfDescribeAlarmsInput[] = {{.name = "AlarmNames", .shape = &kShapeOfAlarmNames}, {.name = "AlarmNamePrefix", .shape = &kString}, {.name = "AlarmTypes", .shape = &kShapeOfAlarmTypes}, {.name = "ChildrenOfAlarmName", .shape = &kString}, {.name = "ParentsOfAlarmName", .shape = &kString}, {.name = "StateValue", .shape = &kString}, {.name = "ActionPrefix", .shape = &kString}, {.name = "MaxRecords", .shape = &kInteger}, {.name = "NextToken", .shape = &kString}};
constinit const Shape kShapeOfDescribeAlarmsInput = {.type = Type::structure, .members = kMembersOfDescribeAlarmsInput};
constinit const Member kMembersOfDescribeAlarmsOutput[] = {{.name = "CompositeAlarms", .shape = &kShapeOfCompositeAlarms}, {.name = "MetricAlarms", .shape = &kShapeOfMetricAlarms}, {.name = "NextToken", .shape = &kString}};
constinit const Shape kShapeOfDescribeAlarmsOutput = {.type = Type::structure, .members = kMembersOfDescribeAlarmsOutput};
constinit const Member kMembersOfDimension[] = {{.name = "Name", .shape = &kString}, {.name = "Value", .shape = &kString}};
constinit const Shape kShapeOfDimension = {.type = Type::structure, .members = kMembersOfDimension};
constinit const Member kMembersOfDimensions[] = {{.name = "member", .shape = &kShapeOfDimension}};
constinit const Shape kShapeOfDimensions = {.type = Type::list, .members = kMembersOfDimensions};
constinit const Member kMembersOfEvaluationCriteria[] = {{.name = "PromQLCriteria", .shape = &kShapeOfAlarmPromQLCriteria}};
constinit const Shape kShapeOfEvaluationCriteria = {.type = Type::structure, .members = kMembersOfEvaluationCriteria};
constinit const Member kMembersOfGetMetricDataInput[] = {{.name = "MetricDataQueries", .shape = &kShapeOfMetricDataQueries}, {.name = "StartTime", .shape = &kTimestamp}, {.name = "EndTime", .shape = &kTimestamp}, {.name = "NextToken", .shape = &kString}, {.name = "ScanBy", .shape = &kString}, {.name = "MaxDatapoints", .shape = &kInteger}, {.name = "LabelOptions", .shape = &kShapeOfLabelOptions}};
constinit const Shape kShapeOfGetMetricDataInput = {.type = Type::structure, .members = kMembersOfGetMetricDataInput};
constinit const Member kMembersOfGetMetricDataOutput[] = {{.name = "MetricDataResults", .shape = &kShapeOfMetricDataResults}, {.name = "NextToken", .shape = &kString}, {.name = "Messages", .shape = &kShapeOfMetricDataResultMessages}};
constinit const Shape kShapeOfGetMetricDataOutput = {.type = Type::structure, .members = kMembersOfGetMetricDataOutput};
constinit const Member kMembersOfLabelOptions[] = {{.name = "Timezone", .shape = &kString}};
constinit const Shape kShapeOfLabelOptions = {.type = Type::structure, .members = kMembersOfLabelOptions};
constinit const Member kMembersOfMessageData[] = {{.name = "Code", .shape = &kString}, {.name = "Value", .shape = &kString}};
constinit const Shape kShapeOfMessageData = {.type = Type::structure, .members = kMembersOfMessageData};
constinit const Member kMembersOfMetric[] = {{.name = "Namespace", .shape = &kString}, {.name = "MetricName", .shape = &kString}, {.name = "Dimensions", .shape = &kShapeOfDimensions}};
constinit const Shape kShapeOfMetric = {.type = Type::structure, .members = kMembersOfMetric};
constinit const Member kMembersOfMetricAlarm[] = {{.name = "AlarmName", .shape = &kString}, {.name = "AlarmArn", .shape = &kString}, {.name = "AlarmDescription", .shape = &kString}, {.name = "AlarmConfigurationUpdatedTimestamp", .shape = &kTimestamp}, {.name = "ActionsEnabled", .shape = &kBoolean}, {.name = "OKActions", .shape = &kShapeOfResourceList}, {.name = "AlarmActions", .shape = &kShapeOfResourceList}, {.name = "InsufficientDataActions", .shape = &kShapeOfResourceList}, {.name = "StateValue", .shape = &kString}, {.name = "StateReason", .shape = &kString}, {.name = "StateReasonData", .shape = &kString}, {.name = "StateUpdatedTimestamp", .shape = &kTimestamp}, {.name = "MetricName", .shape = &kString}, {.name = "Namespace", .shape = &kString}, {.name = "Statistic", .shape = &kString}, {.name = "ExtendedStatistic", .shape = &kString}, {.name = "Dimensions", .shape = &kShapeOfDimensions}, {.name = "Period", .shape = &kInteger}, {.name = "Unit", .shape = &kString}, {.name = "EvaluationPeriods", .shape = &kInteger}, {.name = "DatapointsToAlarm", .shape = &kInteger}, {.name = "Threshold", .shape = &kReal}, {.name = "ComparisonOperator", .shape = &kString}, {.name = "TreatMissingData", .shape = &kString}, {.name = "EvaluateLowSampleCountPercentile", .shape = &kString}, {.name = "Metrics", .shape = &kShapeOfMetricDataQueries}, {.name = "ThresholdMetricId", .shape = &kString}, {.name = "EvaluationState", .shape = &kString}, {.name = "StateTransitionedTimestamp", .shape = &kTimestamp}, {.name = "EvaluationCriteria", .shape = &kShapeOfEvaluationCriteria}, {.name = "EvaluationInterval", .shape = &kInteger}};
constinit const Shape kShapeOfMetricAlarm = {.type = Type::structure, .members = kMembersOfMetricAlarm};
constinit const Member kMembersOfMetricAlarms[] = {{.name = "member", .shape = &kShapeOfMetricAlarm}};
constinit const Shape kShapeOfMetricAlarms = {.type = Type::list, .members = kMembersOfMetricAlarms};
constinit const Member kMembersOfMetricDataQueries[] = {{.name = "member", .shape = &kShapeOfMetricDataQuery}};
constinit const Shape kShapeOfMetricDataQueries = {.type = Type::list, .members = kMembersOfMetricDataQueries};
constinit const Member kMembersOfMetricDataQuery[] = {{.name = "Id", .shape = &kString}, {.name = "MetricStat", .shape = &kShapeOfMetricStat}, {.name = "Expression", .shape = &kString}, {.name = "Label", .shape = &kString}, {.name = "ReturnData", .shape = &kBoolean}, {.name = "Period", .shape = &kInteger}, {.name = "AccountId", .shape = &kString}};
constinit const Shape kShapeOfMetricDataQuery = {.type = Type::structure, .members = kMembersOfMetricDataQuery};
constinit const Member kMembersOfMetricDataResult[] = {{.name = "Id", .shape = &kString}, {.name = "Label", .shape = &kString}, {.name = "Timestamps", .shape = &kShapeOfTimestamps}, {.name = "Values", .shape = &kShapeOfDatapointValues}, {.name = "StatusCode", .shape = &kString}, {.name = "Messages", .shape = &kShapeOfMetricDataResultMessages}};
constinit const Shape kShapeOfMetricDataResult = {.type = Type::structure, .members = kMembersOfMetricDataResult};
constinit const Member kMembersOfMetricDataResultMessages[] = {{.name = "member", .shape = &kShapeOfMessageData}};
constinit const Shape kShapeOfMetricDataResultMessages = {.type = Type::list, .members = kMembersOfMetricDataResultMessages};
constinit const Member kMembersOfMetricDataResults[] = {{.name = "member", .shape = &kShapeOfMetricDataResult}};
constinit const Shape kShapeOfMetricDataResults = {.type = Type::list, .members = kMembersOfMetricDataResults};
constinit const Member kMembersOfMetricStat[] = {{.name = "Metric", .shape = &kShapeOfMetric}, {.name = "Period", .shape = &kInteger}, {.name = "Stat", .shape = &kString}, {.name = "Unit", .shape = &kString}};
constinit const Shape kShapeOfMetricStat = {.type = Type::structure, .members = kMembersOfMetricStat};
constinit const Member kMembersOfResourceList[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfResourceList = {.type = Type::list, .members = kMembersOfResourceList};
constinit const Member kMembersOfTimestamps[] = {{.name = "member", .shape = &kTimestamp}};
constinit const Shape kShapeOfTimestamps = {.type = Type::list, .members = kMembersOfTimestamps};

}  // namespace

constinit const Operation kGetMetricData = {.name = "GetMetricData", .protocol = Protocol::query, .effect = Effect::reads, .version = "2010-08-01", .input = {.name = "GetMetricData", .shape = &kShapeOfGetMetricDataInput}, .output = {.name = "GetMetricData", .shape = &kShapeOfGetMetricDataOutput}, .paging = {.asks = "NextToken", .gives = "NextToken"}};
constinit const Operation kDescribeAlarms = {.name = "DescribeAlarms", .protocol = Protocol::query, .effect = Effect::reads, .version = "2010-08-01", .input = {.name = "DescribeAlarms", .shape = &kShapeOfDescribeAlarmsInput}, .output = {.name = "DescribeAlarms", .shape = &kShapeOfDescribeAlarmsOutput}, .paging = {.asks = "NextToken", .gives = "NextToken"}};

}  // namespace aws::cloudwatch
