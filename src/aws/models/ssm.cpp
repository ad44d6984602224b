// clang-format off
// Made by tools/aws_model.py from ssm.json (botocore 1.43.11, ssm/2014-11-06): not to be edited.
#include "aws/models/ssm.h"

namespace aws::ssm {
namespace {

constexpr Shape kBoolean = {.type = Type::boolean};
constexpr Shape kInteger = {.type = Type::integer};
constexpr Shape kString = {.type = Type::string};
constexpr Shape kTimestamp = {.type = Type::timestamp};

extern const Shape kShapeOfAlarm, kShapeOfAlarmConfiguration, kShapeOfAlarmList,
kShapeOfAlarmStateInformation, kShapeOfAlarmStateInformationList, kShapeOfCloudWatchOutputConfig,
kShapeOfCommand, kShapeOfCommandFilter, kShapeOfCommandFilterList, kShapeOfCommandInvocation,
kShapeOfCommandInvocationList, kShapeOfCommandPlugin, kShapeOfCommandPluginList,
kShapeOfDescribeInstanceInformationRequest, kShapeOfDescribeInstanceInformationResult,
kShapeOfGetParameterRequest, kShapeOfGetParameterResult, kShapeOfGetParametersByPathRequest,
kShapeOfGetParametersByPathResult, kShapeOfInstanceAggregatedAssociationOverview,
kShapeOfInstanceAssociationStatusAggregatedCount, kShapeOfInstanceIdList,
kShapeOfInstanceInformation, kShapeOfInstanceInformationFilter,
kShapeOfInstanceInformationFilterList, kShapeOfInstanceInformationFilterValueSet,
kShapeOfInstanceInformationList, kShapeOfInstanceInformationStringFilter,
kShapeOfInstanceInformationStringFilterList, kShapeOfLabelParameterVersionRequest,
kShapeOfLabelParameterVersionResult, kShapeOfListCommandInvocationsRequest,
kShapeOfListCommandInvocationsResult, kShapeOfNotificationConfig, kShapeOfNotificationEventList,
kShapeOfParameter, kShapeOfParameterLabelList, kShapeOfParameterList, kShapeOfParameterStringFilter,
kShapeOfParameterStringFilterList, kShapeOfParameterStringFilterValueList,
kShapeOfParameterValueList, kShapeOfParameters, kShapeOfPutParameterRequest,
kShapeOfPutParameterResult, kShapeOfSendCommandRequest, kShapeOfSendCommandResult, kShapeOfTag,
kShapeOfTagList, kShapeOfTarget, kShapeOfTargetValues, kShapeOfTargets;

constinit const Member kMembersOfAlarm[] = {{.name = "Name", .shape = &kString}};
constinit const Shape kShapeOfAlarm = {.type = Type::structure, .members = kMembersOfAlarm};
constinit const Member kMembersOfAlarmConfiguration[] = {{.name = "IgnorePollAlarmFailure", .shape = &kBoolean}, {.name = "Alarms", .shape = &kShapeOfAlarmList}};
constinit const Shape kShapeOfAlarmConfiguration = {.type = Type::structure, .members = kMembersOfAlarmConfiguration};
constinit const Member kMembersOfAlarmList[] = {{.name = "member", .shape = &kShapeOfAlarm}};
constinit const Shape kShapeOfAlarmList = {.type = Type::list, .members = kMembersOfAlarmList};
constinit const Member kMembersOfAlarmStateInformation[] = {{.name = "Name", .shape = &kString}, {.name = "State", .shape = &kString}};
constinit const Shape kShapeOfAlarmStateInformation = {.type = Type::structure, .members = kMembersOfAlarmStateInformation};
constinit const Member kMembersOfAlarmStateInformationList[] = {{.name = "member", .shape = &kShapeOfAlarmStateInformation}};
constinit const Shape kShapeOfAlarmStateInformationList = {.type = Type::list, .members = kMembersOfAlarmStateInformationList};
constinit const Member kMembersOfCloudWatchOutputConfig[] = {{.name = "CloudWatchLogGroupName", .shape = &kString}, {.name = "CloudWatchOutputEnabled", .shape = &kBoolean}};
constinit const Shape kShapeOfCloudWatchOutputConfig = {.type = Type::structure, .members = kMembersOfCloudWatchOutputConfig};
constinit const Member kMembersOfCommand[] = {{.name = "CommandId", .shape = &kString}, {.name = "DocumentName", .shape = &kString}, {.name = "DocumentVersion", .shape = &kString}, {.name = "Comment", .shape = &kString}, {.name = "ExpiresAfter", .shape = &kTimestamp}, {.name = "Parameters", .shape = &kShapeOfParameters}, {.name = "InstanceIds", .shape = &kShapeOfInstanceIdList}, {.name = "Targets", .shape = &kShapeOfTargets}, {.name = "RequestedDateTime", .shape = &kTimestamp}, {.name = "Status", .shape = &kString}, {.name = "StatusDetails", .shape = &kString}, {.name = "OutputS3Region", .shape = &kString}, {.name = "OutputS3BucketName", .shape = &kString}, {.name = "OutputS3KeyPrefix", .shape = &kString}, {.name = "MaxConcurrency", .shape = &kString}, {.name = "MaxErrors", .shape = &kString}, {.name = "TargetCount", .shape = &kInteger}, {.name = "CompletedCount", .shape = &kInteger}, {.name = "ErrorCount", .shape = &kInteger}, {.name = "DeliveryTimedOutCount", .shape = &kInteger}, {.name = "ServiceRole", .shape = &kString}, {.name = "NotificationConfig", .shape = &kShapeOfNotificationConfig}, {.name = "CloudWatchOutputConfig", .shape = &kShapeOfCloudWatchOutputConfig}, {.name = "TimeoutSeconds", .shape = &kInteger}, {.name = "AlarmConfiguration", .shape = &kShapeOfAlarmConfiguration}, {.name = "TriggeredAlarms", .shape = &kShapeOfAlarmStateInformationList}};
constinit const Shape kShapeOfCommand = {.type = Type::structure, .members = kMembersOfCommand};
constinit const Member kMembersOfCommandFilter[] = {{.name = "key", .shape = &kString}, {.name = "value", .shape = &kString}};
constinit const Shape kShapeOfCommandFilter = {.type = Type::structure, .members = kMembersOfCommandFilter};
constinit const Member kMembersOfCommandFilterList[] = {{.name = "member", .shape = &kShapeOfCommandFilter}};
constinit const Shape kShapeOfCommandFilterList = {.type = Type::list, .members = kMembersOfCommandFilterList};
constinit const Member kMembersOfCommandInvocation[] = {{.name = "CommandId", .shape = &kString}, {.name = "InstanceId", .shape = &kString}, {.name = "InstanceName", .shape = &kString}, {.name = "Comment", .shape = &kString}, {.name = "DocumentName", .shape = &kString}, {.name = "DocumentVersion", .shape = &kString}, {.name = "RequestedDateTime", .shape = &kTimestamp}, {.name = "Status", .shape = &kString}, {.name = "StatusDetails", .shape = &kString}, {.name = "TraceOutput", .shape = &kString}, {.name = "StandardOutputUrl", .shape = &kString}, {.name = "StandardErrorUrl", .shape = &kString}, {.name = "CommandPlugins", .shape = &kShapeOfCommandPluginList}, {.name = "ServiceRole", .shape = &kString}, {.name = "NotificationConfig", .shape = &kShapeOfNotificationConfig}, {.name = "CloudWatchOutputConfig", .shape = &kShapeOfCloudWatchOutputConfig}};
constinit const Shape kShapeOfCommandInvocation = {.type = Type::structure, .members = kMembersOfCommandInvocation};
constinit const Member kMembersOfCommandInvocationList[] = {{.name = "member", .shape = &kShapeOfCommandInvocation}};
constinit const Shape kShapeOfCommandInvocationList = {.type = Type::list, .members = kMembersOfCommandInvocationList};
constinit const Member kMembersOfCommandPlugin[] = {{.name = "Name", .shape = &kString}, {.name = "Status", .shape = &kString}, {.name = "StatusDetails", .shape = &kString}, {.name = "ResponseCode", .shape = &kInteger}, {.name = "ResponseStartDateTime", .shape = &kTimestamp}, {.name = "ResponseFinishDateTime", .shape = &kTimestamp}, {.name = "Output", .shape = &kString}, {.name = "StandardOutputUrl", .shape = &kString}, {.name = "StandardErrorUrl", .shape = &kString}, {.name = "OutputS3Region", .shape = &kString}, {.name = "OutputS3BucketName", .shape = &kString}, {.name = "OutputS3KeyPrefix", .shape = &kString}};
constinit const Shape kShapeOfCommandPlugin = {.type = Type::structure, .members = kMembersOfCommandPlugin};
constinit const Member kMembersOfCommandPluginList[] = {{.name = "member", .shape = &kShapeOfCommandPlugin}};
constinit const Shape kShapeOfCommandPluginList = {.type = Type::list, .members = kMembersOfCommandPluginList};
constinit const Member kMembersOfDescribeInstanceInformationRequest[] = {{.name = "InstanceInformationFilterList", .shape = &kShapeOfInstanceInformationFilterList}, {.name = "Filters", .shape = &kShapeOfInstanceInformationStringFilterList}, {.name = "MaxResults", .shape = &kInteger}, {.name = "NextToken", .shape = &kString}};
constinit const Shape kShapeOfDescribeInstanceInformationRequest = {.type = Type::structure, .members = kMembersOfDescribeInstanceInformationRequest};
constinit const Member kMembersOfDescribeInstanceInformationResult[] = {{.name = "InstanceInformationList", .shape = &kShapeOfInstanceInformationList}, {.name = "NextToken", .shape = &kString}};
constinit const Shape kShapeOfDescribeInstanceInformationResult = {.type = Type::structure, .members = kMembersOfDescribeInstanceInformationResult};
constinit const Member kMembersOfGetParameterRequest[] = {{.name = "Name", .shape = &kString}, {.name = "WithDecryption", .shape = &kBoolean}};
constinit const Shape kShapeOfGetParameterRequest = {.type = Type::structure, .members = kMembersOfGetParameterRequest};
constinit const Member kMembersOfGetParameterResult[] = {{.name = "Parameter", .shape = &kShapeOfParameter}};
constinit const Shape kShapeOfGetParameterResult = {.type = Type::structure, .members = kMembersOfGetParameterResult};
constinit const Member kMembersOfGetParametersByPathRequest[] = {{.name = "Path", .shape = &kString}, {.name = "Recursive", .shape = &kBoolean}, {.name = "ParameterFilters", .shape = &kShapeOfParameterStringFilterList}, {.name = "WithDecryption", .shape = &kBoolean}, {.name = "MaxResults", .shape = &kInteger}, {.name = "NextToken", .shape = &kString}};
constinit const Shape kShapeOfGetParametersByPathRequest = {.type = Type::structure, .members = kMembersOfGetParametersByPathRequest};
constinit const Member kMembersOfGetParametersByPathResult[] = {{.name = "Parameters", .shape = &kShapeOfParameterList}, {.name = "NextToken", .shape = &kString}};
constinit const Shape kShapeOfGetParametersByPathResult = {.type = Type::structure, .members = kMembersOfGetParametersByPathResult};
constinit const Member kMembersOfInstanceAggregatedAssociationOverview[] = {{.name = "DetailedStatus", .shape = &kString}, {.name = "InstanceAssociationStatusAggregatedCount", .shape = &kShapeOfInstanceAssociationStatusAggregatedCount}};
constinit const Shape kShapeOfInstanceAggregatedAssociationOverview = {.type = Type::structure, .members = kMembersOfInstanceAggregatedAssociationOverview};
constinit const Member kMembersOfInstanceAssociationStatusAggregatedCount[] = {{.name = "key", .shape = &kString}, {.name = "value", .shape = &kInteger}};
constinit const Shape kShapeOfInstanceAssociationStatusAggregatedCount = {.type = Type::map, .members = kMembersOfInstanceAssociationStatusAggregatedCount};
constinit const Member kMembersOfInstanceIdList[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfInstanceIdList = {.type = Type::list, .members = kMembersOfInstanceIdList};
constinit const Member kMembersOfInstanceInformation[] = {{.name = "InstanceId", .shape = &kString}, {.name = "PingStatus", .shape = &kString}, {.name = "LastPingDateTime", .shape = &kTimestamp}, {.name = "AgentVersion", .shape = &kString}, {.name = "IsLatestVersion", .shape = &kBoolean}, {.name = "PlatformType", .shape = &kString}, {.name = "PlatformName", .shape = &kString}, {.name = "PlatformVersion", .shape = &kString}, {.name = "ActivationId", .shape = &kString}, {.name = "IamRole", .shape = &kString}, {.name = "RegistrationDate", .shape = &kTimestamp}, {.name = "ResourceType", .shape = &kString}, {.name = "Name", .shape = &kString}, {.name = "IPAddress", .shape = &kString}, {.name = "ComputerName", .shape = &kString}, {.name = "AssociationStatus", .shape = &kString}, {.name = "LastAssociationExecutionDate", .shape = &kTimestamp}, {.name = "LastSuccessfulAssociationExecutionDate", .shape = &kTimestamp}, {.name = "AssociationOverview", .shape = &kShapeOfInstanceAggregatedAssociationOverview}, {.name = "SourceId", .shape = &kString}, {.name = "SourceType", .shape = &kString}};
constinit const Shape kShapeOfInstanceInformation = {.type = Type::structure, .members = kMembersOfInstanceInformation};
constinit const Member kMembersOfInstanceInformationFilter[] = {{.name = "key", .shape = &kString}, {.name = "valueSet", .shape = &kShapeOfInstanceInformationFilterValueSet}};
constinit const Shape kShapeOfInstanceInformationFilter = {.type = Type::structure, .members = kMembersOfInstanceInformationFilter};
constinit const Member kMembersOfInstanceInformationFilterList[] = {{.name = "member", .shape = &kShapeOfInstanceInformationFilter}};
constinit const Shape kShapeOfInstanceInformationFilterList = {.type = Type::list, .members = kMembersOfInstanceInformationFilterList};
constinit const Member kMembersOfInstanceInformationFilterValueSet[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfInstanceInformationFilterValueSet = {.type = Type::list, .members = kMembersOfInstanceInformationFilterValueSet};
constinit const Member kMembersOfInstanceInformationList[] = {{.name = "member", .shape = &kShapeOfInstanceInformation}};
constinit const Shape kShapeOfInstanceInformationList = {.type = Type::list, .members = kMembersOfInstanceInformationList};
constinit const Member kMembersOfInstanceInformationStringFilter[] = {{.name = "Key", .shape = &kString}, {.name = "Values", .shape = &kShapeOfInstanceInformationFilterValueSet}};
constinit const Shape kShapeOfInstanceInformationStringFilter = {.type = Type::structure, .members = kMembersOfInstanceInformationStringFilter};
constinit const Member kMembersOfInstanceInformationStringFilterList[] = {{.name = "member", .shape = &kShapeOfInstanceInformationStringFilter}};
constinit const Shape kShapeOfInstanceInformationStringFilterList = {.type = Type::list, .members = kMembersOfInstanceInformationStringFilterList};
constinit const Member kMembersOfLabelParameterVersionRequest[] = {{.name = "Name", .shape = &kString}, {.name = "ParameterVersion", .shape = &kInteger}, {.name = "Labels", .shape = &kShapeOfParameterLabelList}};
constinit const Shape kShapeOfLabelParameterVersionRequest = {.type = Type::structure, .members = kMembersOfLabelParameterVersionRequest};
constinit const Member kMembersOfLabelParameterVersionResult[] = {{.name = "InvalidLabels", .shape = &kShapeOfParameterLabelList}, {.name = "ParameterVersion", .shape = &kInteger}};
constinit const Shape kShapeOfLabelParameterVersionResult = {.type = Type::structure, .members = kMembersOfLabelParameterVersionResult};
constinit const Member kMembersOfListCommandInvocationsRequest[] = {{.name = "CommandId", .shape = &kString}, {.name = "InstanceId", .shape = &kString}, {.name = "MaxResults", .shape = &kInteger}, {.name = "NextToken", .shape = &kString}, {.name = "Filters", .shape = &kShapeOfCommandFilterList}, {.name = "Details", .shape = &kBoolean}};
constinit const Shape kShapeOfListCommandInvocationsRequest = {.type = Type::structure, .members = kMembersOfListCommandInvocationsRequest};
constinit const Member kMembersOfListCommandInvocationsResult[] = {{.name = "CommandInvocations", .shape = &kShapeOfCommandInvocationList}, {.name = "NextToken", .shape = &kString}};
constinit const Shape kShapeOfListCommandInvocationsResult = {.type = Type::structure, .members = kMembersOfListCommandInvocationsResult};
constinit const Member kMembersOfNotificationConfig[] = {{.name = "NotificationArn", .shape = &kString}, {.name = "NotificationEvents", .shape = &kShapeOfNotificationEventList}, {.name = "NotificationType", .shape = &kString}};
constinit const Shape kShapeOfNotificationConfig = {.type = Type::structure, .members = kMembersOfNotificationConfig};
constinit const Member kMembersOfNotificationEventList[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfNotificationEventList = {.type = Type::list, .members = kMembersOfNotificationEventList};
constinit const Member kMembersOfParameter[] = {{.name = "Name", .shape = &kString}, {.name = "Type", .shape = &kString}, {.name = "Value", .shape = &kString}, {.name = "Version", .shape = &kInteger}, {.name = "Selector", .shape = &kString}, {.name = "SourceResult", .shape = &kString}, {.name = "LastModifiedDate", .shape = &kTimestamp}, {.name = "ARN", .shape = &kString}, {.name = "DataType", .shape = &kString}};
constinit const Shape kShapeOfParameter = {.type = Type::structure, .members = kMembersOfParameter};
constinit const Member kMembersOfParameterLabelList[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfParameterLabelList = {.type = Type::list, .members = kMembersOfParameterLabelList};
constinit const Member kMembersOfParameterList[] = {{.name = "member", .shape = &kShapeOfParameter}};
constinit const Shape kShapeOfParameterList = {.type = Type::list, .members = kMembersOfParameterList};
constinit const Member kMembersOfParameterStringFilter[] = {{.name = "Key", .shape = &kString}, {.name = "Option", .shape = &kString}, {.name = "Values", .shape = &kShapeOfParameterStringFilterValueList}};
constinit const Shape kShapeOfParameterStringFilter = {.type = Type::structure, .members = kMembersOfParameterStringFilter};
constinit const Member kMembersOfParameterStringFilterList[] = {{.name = "member", .shape = &kShapeOfParameterStringFilter}};
constinit const Shape kShapeOfParameterStringFilterList = {.type = Type::list, .members = kMembersOfParameterStringFilterList};
constinit const Member kMembersOfParameterStringFilterValueList[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfParameterStringFilterValueList = {.type = Type::list, .members = kMembersOfParameterStringFilterValueList};
constinit const Member kMembersOfParameterValueList[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfParameterValueList = {.type = Type::list, .members = kMembersOfParameterValueList};
constinit const Member kMembersOfParameters[] = {{.name = "key", .shape = &kString}, {.name = "value", .shape = &kShapeOfParameterValueList}};
constinit const Shape kShapeOfParameters = {.type = Type::map, .members = kMembersOfParameters};
constinit const Member kMembersOfPutParameterRequest[] = {{.name = "Name", .shape = &kString}, {.name = "Description", .shape = &kString}, {.name = "Value", .shape = &kString}, {.name = "Type", .shape = &kString}, {.name = "KeyId", .shape = &kString}, {.name = "Overwrite", .shape = &kBoolean}, {.name = "AllowedPattern", .shape = &kString}, {.name = "Tags", .shape = &kShapeOfTagList}, {.name = "Tier", .shape = &kString}, {.name = "Policies", .shape = &kString}, {.name = "DataType", .shape = &kString}};
constinit const Shape kShapeOfPutParameterRequest = {.type = Type::structure, .members = kMembersOfPutParameterRequest};
constinit const Member kMembersOfPutParameterResult[] = {{.name = "Version", .shape = &kInteger}, {.name = "Tier", .shape = &kString}};
constinit const Shape kShapeOfPutParameterResult = {.type = Type::structure, .members = kMembersOfPutParameterResult};
constinit const Member kMembersOfSendCommandRequest[] = {{.name = "InstanceIds", .shape = &kShapeOfInstanceIdList}, {.name = "Targets", .shape = &kShapeOfTargets}, {.name = "DocumentName", .shape = &kString}, {.name = "DocumentVersion", .shape = &kString}, {.name = "DocumentHash", .shape = &kString}, {.name = "DocumentHashType", .shape = &kString}, {.name = "TimeoutSeconds", .shape = &kInteger}, {.name = "Comment", .shape = &kString}, {.name = "Parameters", .shape = &kShapeOfParameters}, {.name = "OutputS3Region", .shape = &kString}, {.name = "OutputS3BucketName", .shape = &kString}, {.name = "OutputS3KeyPrefix", .shape = &kString}, {.name = "MaxConcurrency", .shape = &kString}, {.name = "MaxErrors", .shape = &kString}, {.name = "ServiceRoleArn", .shape = &kString}, {.name = "NotificationConfig", .shape = &kShapeOfNotificationConfig}, {.name = "CloudWatchOutputConfig", .shape = &kShapeOfCloudWatchOutputConfig}, {.name = "AlarmConfiguration", .shape = &kShapeOfAlarmConfiguration}};
constinit const Shape kShapeOfSendCommandRequest = {.type = Type::structure, .members = kMembersOfSendCommandRequest};
constinit const Member kMembersOfSendCommandResult[] = {{.name = "Command", .shape = &kShapeOfCommand}};
constinit const Shape kShapeOfSendCommandResult = {.type = Type::structure, .members = kMembersOfSendCommandResult};
constinit const Member kMembersOfTag[] = {{.name = "Key", .shape = &kString}, {.name = "Value", .shape = &kString}};
constinit const Shape kShapeOfTag = {.type = Type::structure, .members = kMembersOfTag};
constinit const Member kMembersOfTagList[] = {{.name = "member", .shape = &kShapeOfTag}};
constinit const Shape kShapeOfTagList = {.type = Type::list, .members = kMembersOfTagList};
constinit const Member kMembersOfTarget[] = {{.name = "Key", .shape = &kString}, {.name = "Values", .shape = &kShapeOfTargetValues}};
constinit const Shape kShapeOfTarget = {.type = Type::structure, .members = kMembersOfTarget};
constinit const Member kMembersOfTargetValues[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfTargetValues = {.type = Type::list, .members = kMembersOfTargetValues};
constinit const Member kMembersOfTargets[] = {{.name = "member", .shape = &kShapeOfTarget}};
constinit const Shape kShapeOfTargets = {.type = Type::list, .members = kMembersOfTargets};

}  // namespace

constinit const Operation kGetParameter = {.name = "GetParameter", .protocol = Protocol::json, .effect = Effect::reads, .target = "AmazonSSM", .json_version = "1.1", .input = {.name = "GetParameter", .shape = &kShapeOfGetParameterRequest}, .output = {.name = "GetParameter", .shape = &kShapeOfGetParameterResult}};
constinit const Operation kGetParametersByPath = {.name = "GetParametersByPath", .protocol = Protocol::json, .effect = Effect::reads, .target = "AmazonSSM", .json_version = "1.1", .input = {.name = "GetParametersByPath", .shape = &kShapeOfGetParametersByPathRequest}, .output = {.name = "GetParametersByPath", .shape = &kShapeOfGetParametersByPathResult}, .paging = {.asks = "NextToken", .gives = "NextToken"}};
constinit const Operation kListCommandInvocations = {.name = "ListCommandInvocations", .protocol = Protocol::json, .effect = Effect::reads, .target = "AmazonSSM", .json_version = "1.1", .input = {.name = "ListCommandInvocations", .shape = &kShapeOfListCommandInvocationsRequest}, .output = {.name = "ListCommandInvocations", .shape = &kShapeOfListCommandInvocationsResult}, .paging = {.asks = "NextToken", .gives = "NextToken"}};
constinit const Operation kDescribeInstanceInformation = {.name = "DescribeInstanceInformation", .protocol = Protocol::json, .effect = Effect::reads, .target = "AmazonSSM", .json_version = "1.1", .input = {.name = "DescribeInstanceInformation", .shape = &kShapeOfDescribeInstanceInformationRequest}, .output = {.name = "DescribeInstanceInformation", .shape = &kShapeOfDescribeInstanceInformationResult}, .paging = {.asks = "NextToken", .gives = "NextToken"}};
constinit const Operation kPutParameter = {.name = "PutParameter", .protocol = Protocol::json, .effect = Effect::changes, .target = "AmazonSSM", .json_version = "1.1", .input = {.name = "PutParameter", .shape = &kShapeOfPutParameterRequest}, .output = {.name = "PutParameter", .shape = &kShapeOfPutParameterResult}};
constinit const Operation kLabelParameterVersion = {.name = "LabelParameterVersion", .protocol = Protocol::json, .effect = Effect::changes, .target = "AmazonSSM", .json_version = "1.1", .input = {.name = "LabelParameterVersion", .shape = &kShapeOfLabelParameterVersionRequest}, .output = {.name = "LabelParameterVersion", .shape = &kShapeOfLabelParameterVersionResult}};
constinit const Operation kSendCommand = {.name = "SendCommand", .protocol = Protocol::json, .effect = Effect::changes, .target = "AmazonSSM", .json_version = "1.1", .input = {.name = "SendCommand", .shape = &kShapeOfSendCommandRequest}, .output = {.name = "SendCommand", .shape = &kShapeOfSendCommandResult}};

}  // namespace aws::ssm
