// clang-format off
// Made by tools/aws_model.py from autoscaling.json (botocore 1.43.11, autoscaling/2011-01-01): not to be edited.
#include "aws/models/autoscaling.h"

namespace aws::autoscaling {
namespace {

constexpr Shape kBoolean = {.type = Type::boolean};
constexpr Shape kInteger = {.type = Type::integer};
constexpr Shape kReal = {.type = Type::real};
constexpr Shape kString = {.type = Type::string};
constexpr Shape kTimestamp = {.type = Type::timestamp};

extern const Shape kShapeOfAcceleratorCountRequest, kShapeOfAcceleratorManufacturers,
kShapeOfAcceleratorNames, kShapeOfAcceleratorTotalMemoryMiBRequest, kShapeOfAcceleratorTypes,
kShapeOfActivities, kShapeOfActivitiesType, kShapeOfActivity, kShapeOfActivityIds,
kShapeOfActivityType, kShapeOfAllowedInstanceTypes, kShapeOfAutoScalingGroup,
kShapeOfAutoScalingGroupNames, kShapeOfAutoScalingGroupNamesType, kShapeOfAutoScalingGroups,
kShapeOfAutoScalingGroupsType, kShapeOfAvailabilityZoneDistribution, kShapeOfAvailabilityZoneIds,
kShapeOfAvailabilityZoneImpairmentPolicy, kShapeOfAvailabilityZones,
kShapeOfBaselineEbsBandwidthMbpsRequest, kShapeOfBaselinePerformanceFactorsRequest,
kShapeOfCapacityReservationIds, kShapeOfCapacityReservationResourceGroupArns,
kShapeOfCapacityReservationSpecification, kShapeOfCapacityReservationTarget,
kShapeOfCompleteLifecycleActionAnswer, kShapeOfCompleteLifecycleActionType,
kShapeOfCpuManufacturers, kShapeOfCpuPerformanceFactorRequest, kShapeOfCreateOrUpdateTagsType,
kShapeOfDescribeLifecycleHooksAnswer, kShapeOfDescribeLifecycleHooksType,
kShapeOfDescribeScalingActivitiesType, kShapeOfEnabledMetric, kShapeOfEnabledMetrics,
kShapeOfExcludedInstanceTypes, kShapeOfFilter, kShapeOfFilters, kShapeOfInstance,
kShapeOfInstanceGenerations, kShapeOfInstanceIds, kShapeOfInstanceLifecyclePolicy,
kShapeOfInstanceMaintenancePolicy, kShapeOfInstanceRequirements, kShapeOfInstanceReusePolicy,
kShapeOfInstances, kShapeOfInstancesDistribution, kShapeOfLaunchTemplate,
kShapeOfLaunchTemplateOverrides, kShapeOfLaunchTemplateSpecification, kShapeOfLifecycleHook,
kShapeOfLifecycleHookNames, kShapeOfLifecycleHooks, kShapeOfLoadBalancerNames,
kShapeOfLocalStorageTypes, kShapeOfMemoryGiBPerVCpuRequest, kShapeOfMemoryMiBRequest,
kShapeOfMixedInstancesPolicy, kShapeOfNetworkBandwidthGbpsRequest,
kShapeOfNetworkInterfaceCountRequest, kShapeOfOverrides, kShapeOfPerformanceFactorReferenceRequest,
kShapeOfPerformanceFactorReferenceSetRequest, kShapeOfProcessNames,
kShapeOfRecordLifecycleActionHeartbeatAnswer, kShapeOfRecordLifecycleActionHeartbeatType,
kShapeOfRetentionTriggers, kShapeOfScalingProcessQuery, kShapeOfSetDesiredCapacityType,
kShapeOfSetInstanceProtectionAnswer, kShapeOfSetInstanceProtectionQuery, kShapeOfSuspendedProcess,
kShapeOfSuspendedProcesses, kShapeOfTag, kShapeOfTagDescription, kShapeOfTagDescriptionList,
kShapeOfTags, kShapeOfTargetGroupARNs, kShapeOfTerminateInstanceInAutoScalingGroupType,
kShapeOfTerminationPolicies, kShapeOfTotalLocalStorageGBRequest, kShapeOfTrafficSourceIdentifier,
kShapeOfTrafficSources, kShapeOfUpdateAutoScalingGroupType, kShapeOfVCpuCountRequest,
kShapeOfValues, kShapeOfWarmPoolConfiguration;

constinit const Member kMembersOfAcceleratorCountRequest[] = {{.name = "Min", .shape = &kInteger}, {.name = "Max", .shape = &kInteger}};
constinit const Shape kShapeOfAcceleratorCountRequest = {.type = Type::structure, .members = kMembersOfAcceleratorCountRequest};
constinit const Member kMembersOfAcceleratorManufacturers[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfAcceleratorManufacturers = {.type = Type::list, .members = kMembersOfAcceleratorManufacturers};
constinit const Member kMembersOfAcceleratorNames[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfAcceleratorNames = {.type = Type::list, .members = kMembersOfAcceleratorNames};
constinit const Member kMembersOfAcceleratorTotalMemoryMiBRequest[] = {{.name = "Min", .shape = &kInteger}, {.name = "Max", .shape = &kInteger}};
constinit const Shape kShapeOfAcceleratorTotalMemoryMiBRequest = {.type = Type::structure, .members = kMembersOfAcceleratorTotalMemoryMiBRequest};
constinit const Member kMembersOfAcceleratorTypes[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfAcceleratorTypes = {.type = Type::list, .members = kMembersOfAcceleratorTypes};
constinit const Member kMembersOfActivities[] = {{.name = "member", .shape = &kShapeOfActivity}};
constinit const Shape kShapeOfActivities = {.type = Type::list, .members = kMembersOfActivities};
constinit const Member kMembersOfActivitiesType[] = {{.name = "Activities", .shape = &kShapeOfActivities}, {.name = "NextToken", .shape = &kString}};
constinit const Shape kShapeOfActivitiesType = {.type = Type::structure, .members = kMembersOfActivitiesType};
constinit const Member kMembersOfActivity[] = {{.name = "ActivityId", .shape = &kString}, {.name = "AutoScalingGroupName", .shape = &kString}, {.name = "Description", .shape = &kString}, {.name = "Cause", .shape = &kString}, {.name = "StartTime", .shape = &kTimestamp}, {.name = "EndTime", .shape = &kTimestamp}, {.name = "StatusCode", .shape = &kString}, {.name = "StatusMessage", .shape = &kString}, {.name = "Progress", .shape = &kInteger}, {.name = "Details", .shape = &kString}, {.name = "AutoScalingGroupState", .shape = &kString}, {.name = "AutoScalingGroupARN", .shape = &kString}};
constinit const Shape kShapeOfActivity = {.type = Type::structure, .members = kMembersOfActivity};
constinit const Member kMembersOfActivityIds[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfActivityIds = {.type = Type::list, .members = kMembersOfActivityIds};
constinit const Member kMembersOfActivityType[] = {{.name = "Activity", .shape = &kShapeOfActivity}};
constinit const Shape kShapeOfActivityType = {.type = Type::structure, .members = kMembersOfActivityType};
constinit const Member kMembersOfAllowedInstanceTypes[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfAllowedInstanceTypes = {.type = Type::list, .members = kMembersOfAllowedInstanceTypes};
constinit const Member kMembersOfAutoScalingGroup[] = {{.name = "AutoScalingGroupName", .shape = &kString}, {.name = "AutoScalingGroupARN", .shape = &kString}, {.name = "LaunchConfigurationName", .shape = &kString}, {.name = "LaunchTemplate", .shape = &kShapeOfLaunchTemplateSpecification}, {.name = "MixedInstancesPolicy", .shape = &kShapeOfMixedInstancesPolicy}, {.name = "MinSize", .shape = &kInteger}, {.name = "MaxSize", .shape = &kInteger}, {.name = "DesiredCapacity", .shape = &kInteger}, {.name = "PredictedCapacity", .shape = &kInteger}, {.name = "DefaultCooldown", .shape = &kInteger}, {.name = "AvailabilityZones", .shape = &kShapeOfAvailabilityZones}, {.name = "AvailabilityZoneIds", .shape = &kShapeOfAvailabilityZoneIds}, {.name = "LoadBalancerNames", .shape = &kShapeOfLoadBalancerNames}, {.name = "TargetGroupARNs", .shape = &kShapeOfTargetGroupARNs}, {.name = "HealthCheckType", .shape = &kString}, {.name = "HealthCheckGracePeriod", .shape = &kInteger}, {.name = "Instances", .shape = &kShapeOfInstances}, {.name = "CreatedTime", .shape = &kTimestamp}, {.name = "SuspendedProcesses", .shape = &kShapeOfSuspendedProcesses}, {.name = "PlacementGroup", .shape = &kString}, {.name = "VPCZoneIdentifier", .shape = &kString}, {.name = "EnabledMetrics", .shape = &kShapeOfEnabledMetrics}, {.name = "Status", .shape = &kString}, {.name = "Tags", .shape = &kShapeOfTagDescriptionList}, {.name = "TerminationPolicies", .shape = &kShapeOfTerminationPolicies}, {.name = "NewInstancesProtectedFromScaleIn", .shape = &kBoolean}, {.name = "ServiceLinkedRoleARN", .shape = &kString}, {.name = "MaxInstanceLifetime", .shape = &kInteger}, {.name = "CapacityRebalance", .shape = &kBoolean}, {.name = "WarmPoolConfiguration", .shape = &kShapeOfWarmPoolConfiguration}, {.name = "WarmPoolSize", .shape = &kInteger}, {.name = "Context", .shape = &kString}, {.name = "DesiredCapacityType", .shape = &kString}, {.name = "DefaultInstanceWarmup", .shape = &kInteger}, {.name = "TrafficSources", .shape = &kShapeOfTrafficSources}, {.name = "InstanceMaintenancePolicy", .shape = &kShapeOfInstanceMaintenancePolicy}, {.name = "DeletionProtection", .shape = &kString}, {.name = "AvailabilityZoneDistribution", .shape = &kShapeOfAvailabilityZoneDistribution}, {.name = "AvailabilityZoneImpairmentPolicy", .shape = &kShapeOfAvailabilityZoneImpairmentPolicy}, {.name = "CapacityReservationSpecification", .shape = &kShapeOfCapacityReservationSpecification}, {.name = "InstanceLifecyclePolicy", .shape = &kShapeOfInstanceLifecyclePolicy}};
constinit const Shape kShapeOfAutoScalingGroup = {.type = Type::structure, .members = kMembersOfAutoScalingGroup};
constinit const Member kMembersOfAutoScalingGroupNames[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfAutoScalingGroupNames = {.type = Type::list, .members = kMembersOfAutoScalingGroupNames};
constinit const Member kMembersOfAutoScalingGroupNamesType[] = {{.name = "AutoScalingGroupNames", .shape = &kShapeOfAutoScalingGroupNames}, {.name = "IncludeInstances", .shape = &kBoolean}, {.name = "NextToken", .shape = &kString}, {.name = "MaxRecords", .shape = &kInteger}, {.name = "Filters", .shape = &kShapeOfFilters}};
constinit const Shape kShapeOfAutoScalingGroupNamesType = {.type = Type::structure, .members = kMembersOfAutoScalingGroupNamesType};
constinit const Member kMembersOfAutoScalingGroups[] = {{.name = "member", .shape = &kShapeOfAutoScalingGroup}};
constinit const Shape kShapeOfAutoScalingGroups = {.type = Type::list, .members = kMembersOfAutoScalingGroups};
constinit const Member kMembersOfAutoScalingGroupsType[] = {{.name = "AutoScalingGroups", .shape = &kShapeOfAutoScalingGroups}, {.name = "NextToken", .shape = &kString}};
constinit const Shape kShapeOfAutoScalingGroupsType = {.type = Type::structure, .members = kMembersOfAutoScalingGroupsType};
constinit const Member kMembersOfAvailabilityZoneDistribution[] = {{.name = "CapacityDistributionStrategy", .shape = &kString}};
constinit const Shape kShapeOfAvailabilityZoneDistribution = {.type = Type::structure, .members = kMembersOfAvailabilityZoneDistribution};
constinit const Member kMembersOfAvailabilityZoneIds[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfAvailabilityZoneIds = {.type = Type::list, .members = kMembersOfAvailabilityZoneIds};
constinit const Member kMembersOfAvailabilityZoneImpairmentPolicy[] = {{.name = "ZonalShiftEnabled", .shape = &kBoolean}, {.name = "ImpairedZoneHealthCheckBehavior", .shape = &kString}};
constinit const Shape kShapeOfAvailabilityZoneImpairmentPolicy = {.type = Type::structure, .members = kMembersOfAvailabilityZoneImpairmentPolicy};
constinit const Member kMembersOfAvailabilityZones[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfAvailabilityZones = {.type = Type::list, .members = kMembersOfAvailabilityZones};
constinit const Member kMembersOfBaselineEbsBandwidthMbpsRequest[] = {{.name = "Min", .shape = &kInteger}, {.name = "Max", .shape = &kInteger}};
constinit const Shape kShapeOfBaselineEbsBandwidthMbpsRequest = {.type = Type::structure, .members = kMembersOfBaselineEbsBandwidthMbpsRequest};
constinit const Member kMembersOfBaselinePerformanceFactorsRequest[] = {{.name = "Cpu", .shape = &kShapeOfCpuPerformanceFactorRequest}};
constinit const Shape kShapeOfBaselinePerformanceFactorsRequest = {.type = Type::structure, .members = kMembersOfBaselinePerformanceFactorsRequest};
constinit const Member kMembersOfCapacityReservationIds[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfCapacityReservationIds = {.type = Type::list, .members = kMembersOfCapacityReservationIds};
constinit const Member kMembersOfCapacityReservationResourceGroupArns[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfCapacityReservationResourceGroupArns = {.type = Type::list, .members = kMembersOfCapacityReservationResourceGroupArns};
constinit const Member kMembersOfCapacityReservationSpecification[] = {{.name = "CapacityReservationPreference", .shape = &kString}, {.name = "CapacityReservationTarget", .shape = &kShapeOfCapacityReservationTarget}};
constinit const Shape kShapeOfCapacityReservationSpecification = {.type = Type::structure, .members = kMembersOfCapacityReservationSpecification};
constinit const Member kMembersOfCapacityReservationTarget[] = {{.name = "CapacityReservationIds", .shape = &kShapeOfCapacityReservationIds}, {.name = "CapacityReservationResourceGroupArns", .shape = &kShapeOfCapacityReservationResourceGroupArns}};
constinit const Shape kShapeOfCapacityReservationTarget = {.type = Type::structure, .members = kMembersOfCapacityReservationTarget};
constinit const Shape kShapeOfCompleteLifecycleActionAnswer = {.type = Type::structure};
constinit const Member kMembersOfCompleteLifecycleActionType[] = {{.name = "LifecycleHookName", .shape = &kString}, {.name = "AutoScalingGroupName", .shape = &kString}, {.name = "LifecycleActionToken", .shape = &kString}, {.name = "LifecycleActionResult", .shape = &kString}, {.name = "InstanceId", .shape = &kString}};
constinit const Shape kShapeOfCompleteLifecycleActionType = {.type = Type::structure, .members = kMembersOfCompleteLifecycleActionType};
constinit const Member kMembersOfCpuManufacturers[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfCpuManufacturers = {.type = Type::list, .members = kMembersOfCpuManufacturers};
constinit const Member kMembersOfCpuPerformanceFactorRequest[] = {{.name = "References", .shape = &kShapeOfPerformanceFactorReferenceSetRequest, .wire_name = "Reference"}};
constinit const Shape kShapeOfCpuPerformanceFactorRequest = {.type = Type::structure, .members = kMembersOfCpuPerformanceFactorRequest};
constinit const Member kMembersOfCreateOrUpdateTagsType[] = {{.name = "Tags", .shape = &kShapeOfTags}};
constinit const Shape kShapeOfCreateOrUpdateTagsType = {.type = Type::structure, .members = kMembersOfCreateOrUpdateTagsType};
constinit const Member kMembersOfDescribeLifecycleHooksAnswer[] = {{.name = "LifecycleHooks", .shape = &kShapeOfLifecycleHooks}};
constinit const Shape kShapeOfDescribeLifecycleHooksAnswer = {.type = Type::structure, .members = kMembersOfDescribeLifecycleHooksAnswer};
constinit const Member kMembersOfDescribeLifecycleHooksType[] = {{.name = "AutoScalingGroupName", .shape = &kString}, {.name = "LifecycleHookNames", .shape = &kShapeOfLifecycleHookNames}};
constinit const Shape kShapeOfDescribeLifecycleHooksType = {.type = Type::structure, .members = kMembersOfDescribeLifecycleHooksType};
constinit const Member kMembersOfDescribeScalingActivitiesType[] = {{.name = "ActivityIds", .shape = &kShapeOfActivityIds}, {.name = "AutoScalingGroupName", .shape = &kString}, {.name = "IncludeDeletedGroups", .shape = &kBoolean}, {.name = "MaxRecords", .shape = &kInteger}, {.name = "NextToken", .shape = &kString}, {.name = "Filters", .shape = &kShapeOfFilters}};
constinit const Shape kShapeOfDescribeScalingActivitiesType = {.type = Type::structure, .members = kMembersOfDescribeScalingActivitiesType};
constinit const Member kMembersOfEnabledMetric[] = {{.name = "Metric", .shape = &kString}, {.name = "Granularity", .shape = &kString}};
constinit const Shape kShapeOfEnabledMetric = {.type = Type::structure, .members = kMembersOfEnabledMetric};
constinit const Member kMembersOfEnabledMetrics[] = {{.name = "member", .shape = &kShapeOfEnabledMetric}};
constinit const Shape kShapeOfEnabledMetrics = {.type = Type::list, .members = kMembersOfEnabledMetrics};
constinit const Member kMembersOfExcludedInstanceTypes[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfExcludedInstanceTypes = {.type = Type::list, .members = kMembersOfExcludedInstanceTypes};
constinit const Member kMembersOfFilter[] = {{.name = "Name", .shape = &kString}, {.name = "Values", .shape = &kShapeOfValues}};
constinit const Shape kShapeOfFilter = {.type = Type::structure, .members = kMembersOfFilter};
constinit const Member kMembersOfFilters[] = {{.name = "member", .shape = &kShapeOfFilter}};
constinit const Shape kShapeOfFilters = {.type = Type::list, .members = kMembersOfFilters};
constinit const Member kMembersOfInstance[] = {{.name = "InstanceId", .shape = &kString}, {.name = "InstanceType", .shape = &kString}, {.name = "AvailabilityZone", .shape = &kString}, {.name = "AvailabilityZoneId", .shape = &kString}, {.name = "LifecycleState", .shape = &kString}, {.name = "HealthStatus", .shape = &kString}, {.name = "LaunchConfigurationName", .shape = &kString}, {.name = "LaunchTemplate", .shape = &kShapeOfLaunchTemplateSpecification}, {.name = "ImageId", .shape = &kString}, {.name = "ProtectedFromScaleIn", .shape = &kBoolean}, {.name = "WeightedCapacity", .shape = &kString}};
constinit const Shape kShapeOfInstance = {.type = Type::structure, .members = kMembersOfInstance};
constinit const Member kMembersOfInstanceGenerations[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfInstanceGenerations = {.type = Type::list, .members = kMembersOfInstanceGenerations};
constinit const Member kMembersOfInstanceIds[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfInstanceIds = {.type = Type::list, .members = kMembersOfInstanceIds};
constinit const Member kMembersOfInstanceLifecyclePolicy[] = {{.name = "RetentionTriggers", .shape = &kShapeOfRetentionTriggers}};
constinit const Shape kShapeOfInstanceLifecyclePolicy = {.type = Type::structure, .members = kMembersOfInstanceLifecyclePolicy};
constinit const Member kMembersOfInstanceMaintenancePolicy[] = {{.name = "MinHealthyPercentage", .shape = &kInteger}, {.name = "MaxHealthyPercentage", .shape = &kInteger}};
constinit const Shape kShapeOfInstanceMaintenancePolicy = {.type = Type::structure, .members = kMembersOfInstanceMaintenancePolicy};
constinit const Member kMembersOfInstanceRequirements[] = {{.name = "VCpuCount", .shape = &kShapeOfVCpuCountRequest}, {.name = "MemoryMiB", .shape = &kShapeOfMemoryMiBRequest}, {.name = "CpuManufacturers", .shape = &kShapeOfCpuManufacturers}, {.name = "MemoryGiBPerVCpu", .shape = &kShapeOfMemoryGiBPerVCpuRequest}, {.name = "ExcludedInstanceTypes", .shape = &kShapeOfExcludedInstanceTypes}, {.name = "InstanceGenerations", .shape = &kShapeOfInstanceGenerations}, {.name = "SpotMaxPricePercentageOverLowestPrice", .shape = &kInteger}, {.name = "MaxSpotPriceAsPercentageOfOptimalOnDemandPrice", .shape = &kInteger}, {.name = "OnDemandMaxPricePercentageOverLowestPrice", .shape = &kInteger}, {.name = "BareMetal", .shape = &kString}, {.name = "BurstablePerformance", .shape = &kString}, {.name = "RequireHibernateSupport", .shape = &kBoolean}, {.name = "NetworkInterfaceCount", .shape = &kShapeOfNetworkInterfaceCountRequest}, {.name = "LocalStorage", .shape = &kString}, {.name = "LocalStorageTypes", .shape = &kShapeOfLocalStorageTypes}, {.name = "TotalLocalStorageGB", .shape = &kShapeOfTotalLocalStorageGBRequest}, {.name = "BaselineEbsBandwidthMbps", .shape = &kShapeOfBaselineEbsBandwidthMbpsRequest}, {.name = "AcceleratorTypes", .shape = &kShapeOfAcceleratorTypes}, {.name = "AcceleratorCount", .shape = &kShapeOfAcceleratorCountRequest}, {.name = "AcceleratorManufacturers", .shape = &kShapeOfAcceleratorManufacturers}, {.name = "AcceleratorNames", .shape = &kShapeOfAcceleratorNames}, {.name = "AcceleratorTotalMemoryMiB", .shape = &kShapeOfAcceleratorTotalMemoryMiBRequest}, {.name = "NetworkBandwidthGbps", .shape = &kShapeOfNetworkBandwidthGbpsRequest}, {.name = "AllowedInstanceTypes", .shape = &kShapeOfAllowedInstanceTypes}, {.name = "BaselinePerformanceFactors", .shape = &kShapeOfBaselinePerformanceFactorsRequest}};
constinit const Shape kShapeOfInstanceRequirements = {.type = Type::structure, .members = kMembersOfInstanceRequirements};
constinit const Member kMembersOfInstanceReusePolicy[] = {{.name = "ReuseOnScaleIn", .shape = &kBoolean}};
constinit const Shape kShapeOfInstanceReusePolicy = {.type = Type::structure, .members = kMembersOfInstanceReusePolicy};
constinit const Member kMembersOfInstances[] = {{.name = "member", .shape = &kShapeOfInstance}};
constinit const Shape kShapeOfInstances = {.type = Type::list, .members = kMembersOfInstances};
constinit const Member kMembersOfInstancesDistribution[] = {{.name = "OnDemandAllocationStrategy", .shape = &kString}, {.name = "OnDemandBaseCapacity", .shape = &kInteger}, {.name = "OnDemandPercentageAboveBaseCapacity", .shape = &kInteger}, {.name = "SpotAllocationStrategy", .shape = &kString}, {.name = "SpotInstancePools", .shape = &kInteger}, {.name = "SpotMaxPrice", .shape = &kString}};
constinit const Shape kShapeOfInstancesDistribution = {.type = Type::structure, .members = kMembersOfInstancesDistribution};
constinit const Member kMembersOfLaunchTemplate[] = {{.name = "LaunchTemplateSpecification", .shape = &kShapeOfLaunchTemplateSpecification}, {.name = "Overrides", .shape = &kShapeOfOverrides}};
constinit const Shape kShapeOfLaunchTemplate = {.type = Type::structure, .members = kMembersOfLaunchTemplate};
constinit const Member kMembersOfLaunchTemplateOverrides[] = {{.name = "InstanceType", .shape = &kString}, {.name = "WeightedCapacity", .shape = &kString}, {.name = "LaunchTemplateSpecification", .shape = &kShapeOfLaunchTemplateSpecification}, {.name = "InstanceRequirements", .shape = &kShapeOfInstanceRequirements}, {.name = "ImageId", .shape = &kString}};
constinit const Shape kShapeOfLaunchTemplateOverrides = {.type = Type::structure, .members = kMembersOfLaunchTemplateOverrides};
constinit const Member kMembersOfLaunchTemplateSpecification[] = {{.name = "LaunchTemplateId", .shape = &kString}, {.name = "LaunchTemplateName", .shape = &kString}, {.name = "Version", .shape = &kString}};
constinit const Shape kShapeOfLaunchTemplateSpecification = {.type = Type::structure, .members = kMembersOfLaunchTemplateSpecification};
constinit const Member kMembersOfLifecycleHook[] = {{.name = "LifecycleHookName", .shape = &kString}, {.name = "AutoScalingGroupName", .shape = &kString}, {.name = "LifecycleTransition", .shape = &kString}, {.name = "NotificationTargetARN", .shape = &kString}, {.name = "RoleARN", .shape = &kString}, {.name = "NotificationMetadata", .shape = &kString}, {.name = "HeartbeatTimeout", .shape = &kInteger}, {.name = "GlobalTimeout", .shape = &kInteger}, {.name = "DefaultResult", .shape = &kString}};
constinit const Shape kShapeOfLifecycleHook = {.type = Type::structure, .members = kMembersOfLifecycleHook};
constinit const Member kMembersOfLifecycleHookNames[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfLifecycleHookNames = {.type = Type::list, .members = kMembersOfLifecycleHookNames};
constinit const Member kMembersOfLifecycleHooks[] = {{.name = "member", .shape = &kShapeOfLifecycleHook}};
constinit const Shape kShapeOfLifecycleHooks = {.type = Type::list, .members = kMembersOfLifecycleHooks};
constinit const Member kMembersOfLoadBalancerNames[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfLoadBalancerNames = {.type = Type::list, .members = kMembersOfLoadBalancerNames};
constinit const Member kMembersOfLocalStorageTypes[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfLocalStorageTypes = {.type = Type::list, .members = kMembersOfLocalStorageTypes};
constinit const Member kMembersOfMemoryGiBPerVCpuRequest[] = {{.name = "Min", .shape = &kReal}, {.name = "Max", .shape = &kReal}};
constinit const Shape kShapeOfMemoryGiBPerVCpuRequest = {.type = Type::structure, .members = kMembersOfMemoryGiBPerVCpuRequest};
constinit const Member kMembersOfMemoryMiBRequest[] = {{.name = "Min", .shape = &kInteger}, {.name = "Max", .shape = &kInteger}};
constinit const Shape kShapeOfMemoryMiBRequest = {.type = Type::structure, .members = kMembersOfMemoryMiBRequest};
constinit const Member kMembersOfMixedInstancesPolicy[] = {{.name = "LaunchTemplate", .shape = &kShapeOfLaunchTemplate}, {.name = "InstancesDistribution", .shape = &kShapeOfInstancesDistribution}};
constinit const Shape kShapeOfMixedInstancesPolicy = {.type = Type::structure, .members = kMembersOfMixedInstancesPolicy};
constinit const Member kMembersOfNetworkBandwidthGbpsRequest[] = {{.name = "Min", .shape = &kReal}, {.name = "Max", .shape = &kReal}};
constinit const Shape kShapeOfNetworkBandwidthGbpsRequest = {.type = Type::structure, .members = kMembersOfNetworkBandwidthGbpsRequest};
constinit const Member kMembersOfNetworkInterfaceCountRequest[] = {{.name = "Min", .shape = &kInteger}, {.name = "Max", .shape = &kInteger}};
constinit const Shape kShapeOfNetworkInterfaceCountRequest = {.type = Type::structure, .members = kMembersOfNetworkInterfaceCountRequest};
constinit const Member kMembersOfOverrides[] = {{.name = "member", .shape = &kShapeOfLaunchTemplateOverrides}};
constinit const Shape kShapeOfOverrides = {.type = Type::list, .members = kMembersOfOverrides};
constinit const Member kMembersOfPerformanceFactorReferenceRequest[] = {{.name = "InstanceFamily", .shape = &kString}};
constinit const Shape kShapeOfPerformanceFactorReferenceRequest = {.type = Type::structure, .members = kMembersOfPerformanceFactorReferenceRequest};
constinit const Member kMembersOfPerformanceFactorReferenceSetRequest[] = {{.name = "member", .shape = &kShapeOfPerformanceFactorReferenceRequest, .wire_name = "item"}};
constinit const Shape kShapeOfPerformanceFactorReferenceSetRequest = {.type = Type::list, .members = kMembersOfPerformanceFactorReferenceSetRequest};
constinit const Member kMembersOfProcessNames[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfProcessNames = {.type = Type::list, .members = kMembersOfProcessNames};
constinit const Shape kShapeOfRecordLifecycleActionHeartbeatAnswer = {.type = Type::structure};
constinit const Member kMembersOfRecordLifecycleActionHeartbeatType[] = {{.name = "LifecycleHookName", .shape = &kString}, {.name = "AutoScalingGroupName", .shape = &kString}, {.name = "LifecycleActionToken", .shape = &kString}, {.name = "InstanceId", .shape = &kString}};
constinit const Shape kShapeOfRecordLifecycleActionHeartbeatType = {.type = Type::structure, .members = kMembersOfRecordLifecycleActionHeartbeatType};
constinit const Member kMembersOfRetentionTriggers[] = {{.name = "TerminateHookAbandon", .shape = &kString}};
constinit const Shape kShapeOfRetentionTriggers = {.type = Type::structure, .members = kMembersOfRetentionTriggers};
constinit const Member kMembersOfScalingProcessQuery[] = {{.name = "AutoScalingGroupName", .shape = &kString}, {.name = "ScalingProcesses", .shape = &kShapeOfProcessNames}};
constinit const Shape kShapeOfScalingProcessQuery = {.type = Type::structure, .members = kMembersOfScalingProcessQuery};
constinit const Member kMembersOfSetDesiredCapacityType[] = {{.name = "AutoScalingGroupName", .shape = &kString}, {.name = "DesiredCapacity", .shape = &kInteger}, {.name = "HonorCooldown", .shape = &kBoolean}};
constinit const Shape kShapeOfSetDesiredCapacityType = {.type = Type::structure, .members = kMembersOfSetDesiredCapacityType};
constinit const Shape kShapeOfSetInstanceProtectionAnswer = {.type = Type::structure};
constinit const Member kMembersOfSetInstanceProtectionQuery[] = {{.name = "InstanceIds", .shape = &kShapeOfInstanceIds}, {.name = "AutoScalingGroupName", .shape = &kString}, {.name = "ProtectedFromScaleIn", .shape = &kBoolean}};
constinit const Shape kShapeOfSetInstanceProtectionQuery = {.type = Type::structure, .members = kMembersOfSetInstanceProtectionQuery};
constinit const Member kMembersOfSuspendedProcess[] = {{.name = "ProcessName", .shape = &kString}, {.name = "SuspensionReason", .shape = &kString}};
constinit const Shape kShapeOfSuspendedProcess = {.type = Type::structure, .members = kMembersOfSuspendedProcess};
constinit const Member kMembersOfSuspendedProcesses[] = {{.name = "member", .shape = &kShapeOfSuspendedProcess}};
constinit const Shape kShapeOfSuspendedProcesses = {.type = Type::list, .members = kMembersOfSuspendedProcesses};
constinit const Member kMembersOfTag[] = {{.name = "ResourceId", .shape = &kString}, {.name = "ResourceType", .shape = &kString}, {.name = "Key", .shape = &kString}, {.name = "Value", .shape = &kString}, {.name = "PropagateAtLaunch", .shape = &kBoolean}};
constinit const Shape kShapeOfTag = {.type = Type::structure, .members = kMembersOfTag};
constinit const Member kMembersOfTagDescription[] = {{.name = "ResourceId", .shape = &kString}, {.name = "ResourceType", .shape = &kString}, {.name = "Key", .shape = &kString}, {.name = "Value", .shape = &kString}, {.name = "PropagateAtLaunch", .shape = &kBoolean}};
constinit const Shape kShapeOfTagDescription = {.type = Type::structure, .members = kMembersOfTagDescription};
constinit const Member kMembersOfTagDescriptionList[] = {{.name = "member", .shape = &kShapeOfTagDescription}};
constinit const Shape kShapeOfTagDescriptionList = {.type = Type::list, .members = kMembersOfTagDescriptionList};
constinit const Member kMembersOfTags[] = {{.name = "member", .shape = &kShapeOfTag}};
constinit const Shape kShapeOfTags = {.type = Type::list, .members = kMembersOfTags};
constinit const Member kMembersOfTargetGroupARNs[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfTargetGroupARNs = {.type = Type::list, .members = kMembersOfTargetGroupARNs};
constinit const Member kMembersOfTerminateInstanceInAutoScalingGroupType[] = {{.name = "InstanceId", .shape = &kString}, {.name = "ShouldDecrementDesiredCapacity", .shape = &kBoolean}};
constinit const Shape kShapeOfTerminateInstanceInAutoScalingGroupType = {.type = Type::structure, .members = kMembersOfTerminateInstanceInAutoScalingGroupType};
constinit const Member kMembersOfTerminationPolicies[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfTerminationPolicies = {.type = Type::list, .members = kMembersOfTerminationPolicies};
constinit const Member kMembersOfTotalLocalStorageGBRequest[] = {{.name = "Min", .shape = &kReal}, {.name = "Max", .shape = &kReal}};
constinit const Shape kShapeOfTotalLocalStorageGBRequest = {.type = Type::structure, .members = kMembersOfTotalLocalStorageGBRequest};
constinit const Member kMembersOfTrafficSourceIdentifier[] = {{.name = "Identifier", .shape = &kString}, {.name = "Type", .shape = &kString}};
constinit const Shape kShapeOfTrafficSourceIdentifier = {.type = Type::structure, .members = kMembersOfTrafficSourceIdentifier};
constinit const Member kMembersOfTrafficSources[] = {{.name = "member", .shape = &kShapeOfTrafficSourceIdentifier}};
constinit const Shape kShapeOfTrafficSources = {.type = Type::list, .members = kMembersOfTrafficSources};
constinit const Member kMembersOfUpdateAutoScalingGroupType[] = {{.name = "AutoScalingGroupName", .shape = &kString}, {.name = "LaunchConfigurationName", .shape = &kString}, {.name = "LaunchTemplate", .shape = &kShapeOfLaunchTemplateSpecification}, {.name = "MixedInstancesPolicy", .shape = &kShapeOfMixedInstancesPolicy}, {.name = "MinSize", .shape = &kInteger}, {.name = "MaxSize", .shape = &kInteger}, {.name = "DesiredCapacity", .shape = &kInteger}, {.name = "DefaultCooldown", .shape = &kInteger}, {.name = "AvailabilityZones", .shape = &kShapeOfAvailabilityZones}, {.name = "AvailabilityZoneIds", .shape = &kShapeOfAvailabilityZoneIds}, {.name = "HealthCheckType", .shape = &kString}, {.name = "HealthCheckGracePeriod", .shape = &kInteger}, {.name = "PlacementGroup", .shape = &kString}, {.name = "VPCZoneIdentifier", .shape = &kString}, {.name = "TerminationPolicies", .shape = &kShapeOfTerminationPolicies}, {.name = "NewInstancesProtectedFromScaleIn", .shape = &kBoolean}, {.name = "ServiceLinkedRoleARN", .shape = &kString}, {.name = "MaxInstanceLifetime", .shape = &kInteger}, {.name = "CapacityRebalance", .shape = &kBoolean}, {.name = "Context", .shape = &kString}, {.name = "DesiredCapacityType", .shape = &kString}, {.name = "DefaultInstanceWarmup", .shape = &kInteger}, {.name = "InstanceMaintenancePolicy", .shape = &kShapeOfInstanceMaintenancePolicy}, {.name = "AvailabilityZoneDistribution", .shape = &kShapeOfAvailabilityZoneDistribution}, {.name = "AvailabilityZoneImpairmentPolicy", .shape = &kShapeOfAvailabilityZoneImpairmentPolicy}, {.name = "SkipZonalShiftValidation", .shape = &kBoolean}, {.name = "CapacityReservationSpecification", .shape = &kShapeOfCapacityReservationSpecification}, {.name = "InstanceLifecyclePolicy", .shape = &kShapeOfInstanceLifecyclePolicy}, {.name = "DeletionProtection", .shape = &kString}};
constinit const Shape kShapeOfUpdateAutoScalingGroupType = {.type = Type::structure, .members = kMembersOfUpdateAutoScalingGroupType};
constinit const Member kMembersOfVCpuCountRequest[] = {{.name = "Min", .shape = &kInteger}, {.name = "Max", .shape = &kInteger}};
constinit const Shape kShapeOfVCpuCountRequest = {.type = Type::structure, .members = kMembersOfVCpuCountRequest};
constinit const Member kMembersOfValues[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfValues = {.type = Type::list, .members = kMembersOfValues};
constinit const Member kMembersOfWarmPoolConfiguration[] = {{.name = "MaxGroupPreparedCapacity", .shape = &kInteger}, {.name = "MinSize", .shape = &kInteger}, {.name = "PoolState", .shape = &kString}, {.name = "Status", .shape = &kString}, {.name = "InstanceReusePolicy", .shape = &kShapeOfInstanceReusePolicy}};
constinit const Shape kShapeOfWarmPoolConfiguration = {.type = Type::structure, .members = kMembersOfWarmPoolConfiguration};

}  // namespace

constinit const Operation kDescribeAutoScalingGroups = {.name = "DescribeAutoScalingGroups", .protocol = Protocol::query, .effect = Effect::reads, .version = "2011-01-01", .input = {.name = "DescribeAutoScalingGroups", .shape = &kShapeOfAutoScalingGroupNamesType}, .output = {.name = "DescribeAutoScalingGroups", .shape = &kShapeOfAutoScalingGroupsType}, .paging = {.asks = "NextToken", .gives = "NextToken"}};
constinit const Operation kDescribeScalingActivities = {.name = "DescribeScalingActivities", .protocol = Protocol::query, .effect = Effect::reads, .version = "2011-01-01", .input = {.name = "DescribeScalingActivities", .shape = &kShapeOfDescribeScalingActivitiesType}, .output = {.name = "DescribeScalingActivities", .shape = &kShapeOfActivitiesType}, .paging = {.asks = "NextToken", .gives = "NextToken"}};
constinit const Operation kDescribeLifecycleHooks = {.name = "DescribeLifecycleHooks", .protocol = Protocol::query, .effect = Effect::reads, .version = "2011-01-01", .input = {.name = "DescribeLifecycleHooks", .shape = &kShapeOfDescribeLifecycleHooksType}, .output = {.name = "DescribeLifecycleHooks", .shape = &kShapeOfDescribeLifecycleHooksAnswer}};
constinit const Operation kUpdateAutoScalingGroup = {.name = "UpdateAutoScalingGroup", .protocol = Protocol::query, .effect = Effect::changes, .version = "2011-01-01", .input = {.name = "UpdateAutoScalingGroup", .shape = &kShapeOfUpdateAutoScalingGroupType}};
constinit const Operation kSetDesiredCapacity = {.name = "SetDesiredCapacity", .protocol = Protocol::query, .effect = Effect::changes, .version = "2011-01-01", .input = {.name = "SetDesiredCapacity", .shape = &kShapeOfSetDesiredCapacityType}};
constinit const Operation kSuspendProcesses = {.name = "SuspendProcesses", .protocol = Protocol::query, .effect = Effect::changes, .version = "2011-01-01", .input = {.name = "SuspendProcesses", .shape = &kShapeOfScalingProcessQuery}};
constinit const Operation kResumeProcesses = {.name = "ResumeProcesses", .protocol = Protocol::query, .effect = Effect::changes, .version = "2011-01-01", .input = {.name = "ResumeProcesses", .shape = &kShapeOfScalingProcessQuery}};
constinit const Operation kTerminateInstanceInAutoScalingGroup = {.name = "TerminateInstanceInAutoScalingGroup", .protocol = Protocol::query, .effect = Effect::changes, .version = "2011-01-01", .input = {.name = "TerminateInstanceInAutoScalingGroup", .shape = &kShapeOfTerminateInstanceInAutoScalingGroupType}, .output = {.name = "TerminateInstanceInAutoScalingGroup", .shape = &kShapeOfActivityType}};
constinit const Operation kSetInstanceProtection = {.name = "SetInstanceProtection", .protocol = Protocol::query, .effect = Effect::changes, .version = "2011-01-01", .input = {.name = "SetInstanceProtection", .shape = &kShapeOfSetInstanceProtectionQuery}, .output = {.name = "SetInstanceProtection", .shape = &kShapeOfSetInstanceProtectionAnswer}};
constinit const Operation kCompleteLifecycleAction = {.name = "CompleteLifecycleAction", .protocol = Protocol::query, .effect = Effect::changes, .version = "2011-01-01", .input = {.name = "CompleteLifecycleAction", .shape = &kShapeOfCompleteLifecycleActionType}, .output = {.name = "CompleteLifecycleAction", .shape = &kShapeOfCompleteLifecycleActionAnswer}};
constinit const Operation kRecordLifecycleActionHeartbeat = {.name = "RecordLifecycleActionHeartbeat", .protocol = Protocol::query, .effect = Effect::changes, .version = "2011-01-01", .input = {.name = "RecordLifecycleActionHeartbeat", .shape = &kShapeOfRecordLifecycleActionHeartbeatType}, .output = {.name = "RecordLifecycleActionHeartbeat", .shape = &kShapeOfRecordLifecycleActionHeartbeatAnswer}};
constinit const Operation kCreateOrUpdateTags = {.name = "CreateOrUpdateTags", .protocol = Protocol::query, .effect = Effect::changes, .version = "2011-01-01", .input = {.name = "CreateOrUpdateTags", .shape = &kShapeOfCreateOrUpdateTagsType}};

}  // namespace aws::autoscaling
