// clang-format off
// Made by tools/aws_model.py from rds.json (botocore 1.43.11, rds/2014-10-31): not to be edited.
#include "aws/models/rds.h"

namespace aws::rds {
namespace {

constexpr Shape kBoolean = {.type = Type::boolean};
constexpr Shape kInteger = {.type = Type::integer};
constexpr Shape kString = {.type = Type::string};
constexpr Shape kTimestamp = {.type = Type::timestamp};

extern const Shape kShapeOfAdditionalStorageVolume, kShapeOfAdditionalStorageVolumeOutput,
kShapeOfAdditionalStorageVolumesList, kShapeOfAdditionalStorageVolumesOutputList,
kShapeOfAvailabilityZone, kShapeOfCertificateDetails, kShapeOfCreateDBSnapshotMessage,
kShapeOfCreateDBSnapshotResult, kShapeOfDBInstance, kShapeOfDBInstanceAutomatedBackupsReplication,
kShapeOfDBInstanceAutomatedBackupsReplicationList, kShapeOfDBInstanceList,
kShapeOfDBInstanceMessage, kShapeOfDBInstanceRole, kShapeOfDBInstanceRoles,
kShapeOfDBInstanceStatusInfo, kShapeOfDBInstanceStatusInfoList, kShapeOfDBParameterGroupStatus,
kShapeOfDBParameterGroupStatusList, kShapeOfDBSecurityGroupMembership,
kShapeOfDBSecurityGroupMembershipList, kShapeOfDBSnapshot, kShapeOfDBSnapshotList,
kShapeOfDBSnapshotMessage, kShapeOfDBSubnetGroup, kShapeOfDescribeDBInstancesMessage,
kShapeOfDescribeDBSnapshotsMessage, kShapeOfDomainMembership, kShapeOfDomainMembershipList,
kShapeOfEndpoint, kShapeOfFilter, kShapeOfFilterList, kShapeOfFilterValueList, kShapeOfLogTypeList,
kShapeOfMasterUserSecret, kShapeOfOptionGroupMembership, kShapeOfOptionGroupMembershipList,
kShapeOfOutpost, kShapeOfPendingCloudwatchLogsExports, kShapeOfPendingModifiedValues,
kShapeOfProcessorFeature, kShapeOfProcessorFeatureList, kShapeOfReadReplicaDBClusterIdentifierList,
kShapeOfReadReplicaDBInstanceIdentifierList, kShapeOfStringList, kShapeOfSubnet, kShapeOfSubnetList,
kShapeOfTag, kShapeOfTagList, kShapeOfVpcSecurityGroupMembership,
kShapeOfVpcSecurityGroupMembershipList;

constinit const Member kMembersOfAdditionalStorageVolume[] = {{.name = "VolumeName", .shape = &kString}, {.name = "AllocatedStorage", .shape = &kInteger}, {.name = "IOPS", .shape = &kInteger}, {.name = "MaxAllocatedStorage", .shape = &kInteger}, {.name = "StorageThroughput", .shape = &kInteger}, {.name = "StorageType", .shape = &kString}};
constinit const Shape kShapeOfAdditionalStorageVolume = {.type = Type::structure, .members = kMembersOfAdditionalStorageVolume};
constinit const Member kMembersOfAdditionalStorageVolumeOutput[] = {{.name = "VolumeName", .shape = &kString}, {.name = "StorageVolumeStatus", .shape = &kString}, {.name = "AllocatedStorage", .shape = &kInteger}, {.name = "IOPS", .shape = &kInteger}, {.name = "MaxAllocatedStorage", .shape = &kInteger}, {.name = "StorageThroughput", .shape = &kInteger}, {.name = "StorageType", .shape = &kString}};
constinit const Shape kShapeOfAdditionalStorageVolumeOutput = {.type = Type::structure, .members = kMembersOfAdditionalStorageVolumeOutput};
constinit const Member kMembersOfAdditionalStorageVolumesList[] = {{.name = "member", .shape = &kShapeOfAdditionalStorageVolume}};
constinit const Shape kShapeOfAdditionalStorageVolumesList = {.type = Type::list, .members = kMembersOfAdditionalStorageVolumesList};
constinit const Member kMembersOfAdditionalStorageVolumesOutputList[] = {{.name = "member", .shape = &kShapeOfAdditionalStorageVolumeOutput}};
constinit const Shape kShapeOfAdditionalStorageVolumesOutputList = {.type = Type::list, .members = kMembersOfAdditionalStorageVolumesOutputList};
constinit const Member kMembersOfAvailabilityZone[] = {{.name = "Name", .shape = &kString}};
constinit const Shape kShapeOfAvailabilityZone = {.type = Type::structure, .members = kMembersOfAvailabilityZone};
constinit const Member kMembersOfCertificateDetails[] = {{.name = "CAIdentifier", .shape = &kString}, {.name = "ValidTill", .shape = &kTimestamp}};
constinit const Shape kShapeOfCertificateDetails = {.type = Type::structure, .members = kMembersOfCertificateDetails};
constinit const Member kMembersOfCreateDBSnapshotMessage[] = {{.name = "DBSnapshotIdentifier", .shape = &kString}, {.name = "DBInstanceIdentifier", .shape = &kString}, {.name = "Tags", .shape = &kShapeOfTagList}};
constinit const Shape kShapeOfCreateDBSnapshotMessage = {.type = Type::structure, .members = kMembersOfCreateDBSnapshotMessage};
constinit const Member kMembersOfCreateDBSnapshotResult[] = {{.name = "DBSnapshot", .shape = &kShapeOfDBSnapshot}};
constinit const Shape kShapeOfCreateDBSnapshotResult = {.type = Type::structure, .members = kMembersOfCreateDBSnapshotResult};
constinit const Member kMembersOfDBInstance[] = {{.name = "DBInstanceIdentifier", .shape = &kString}, {.name = "DBInstanceClass", .shape = &kString}, {.name = "Engine", .shape = &kString}, {.name = "DBInstanceStatus", .shape = &kString}, {.name = "MasterUsername", .shape = &kString}, {.name = "DBName", .shape = &kString}, {.name = "Endpoint", .shape = &kShapeOfEndpoint}, {.name = "AllocatedStorage", .shape = &kInteger}, {.name = "InstanceCreateTime", .shape = &kTimestamp}, {.name = "PreferredBackupWindow", .shape = &kString}, {.name = "BackupRetentionPeriod", .shape = &kInteger}, {.name = "DBSecurityGroups", .shape = &kShapeOfDBSecurityGroupMembershipList}, {.name = "VpcSecurityGroups", .shape = &kShapeOfVpcSecurityGroupMembershipList}, {.name = "DBParameterGroups", .shape = &kShapeOfDBParameterGroupStatusList}, {.name = "AvailabilityZone", .shape = &kString}, {.name = "DBSubnetGroup", .shape = &kShapeOfDBSubnetGroup}, {.name = "PreferredMaintenanceWindow", .shape = &kString}, {.name = "UpgradeRolloutOrder", .shape = &kString}, {.name = "PendingModifiedValues", .shape = &kShapeOfPendingModifiedValues}, {.name = "LatestRestorableTime", .shape = &kTimestamp}, {.name = "MultiAZ", .shape = &kBoolean}, {.name = "EngineVersion", .shape = &kString}, {.name = "AutoMinorVersionUpgrade", .shape = &kBoolean}, {.name = "ReadReplicaSourceDBInstanceIdentifier", .shape = &kString}, {.name = "ReadReplicaDBInstanceIdentifiers", .shape = &kShapeOfReadReplicaDBInstanceIdentifierList}, {.name = "ReadReplicaDBClusterIdentifiers", .shape = &kShapeOfReadReplicaDBClusterIdentifierList}, {.name = "ReplicaMode", .shape = &kString}, {.name = "LicenseModel", .shape = &kString}, {.name = "Iops", .shape = &kInteger}, {.name = "StorageThroughput", .shape = &kInteger}, {.name = "OptionGroupMemberships", .shape = &kShapeOfOptionGroupMembershipList}, {.name = "CharacterSetName", .shape = &kString}, {.name = "NcharCharacterSetName", .shape = &kString}, {.name = "SecondaryAvailabilityZone", .shape = &kString}, {.name = "PubliclyAccessible", .shape = &kBoolean}, {.name = "StatusInfos", .shape = &kShapeOfDBInstanceStatusInfoList}, {.name = "StorageType", .shape = &kString}, {.name = "StorageEncryptionType", .shape = &kString}, {.name = "TdeCredentialArn", .shape = &kString}, {.name = "DbInstancePort", .shape = &kInteger}, {.name = "DBClusterIdentifier", .shape = &kString}, {.name = "StorageEncrypted", .shape = &kBoolean}, {.name = "KmsKeyId", .shape = &kString}, {.name = "DbiResourceId", .shape = &kString}, {.name = "CACertificateIdentifier", .shape = &kString}, {.name = "DomainMemberships", .shape = &kShapeOfDomainMembershipList}, {.name = "CopyTagsToSnapshot", .shape = &kBoolean}, {.name = "MonitoringInterval", .shape = &kInteger}, {.name = "EnhancedMonitoringResourceArn", .shape = &kString}, {.name = "MonitoringRoleArn", .shape = &kString}, {.name = "PromotionTier", .shape = &kInteger}, {.name = "DBInstanceArn", .shape = &kString}, {.name = "Timezone", .shape = &kString}, {.name = "IAMDatabaseAuthenticationEnabled", .shape = &kBoolean}, {.name = "DatabaseInsightsMode", .shape = &kString}, {.name = "PerformanceInsightsEnabled", .shape = &kBoolean}, {.name = "PerformanceInsightsKMSKeyId", .shape = &kString}, {.name = "PerformanceInsightsRetentionPeriod", .shape = &kInteger}, {.name = "EnabledCloudwatchLogsExports", .shape = &kShapeOfLogTypeList}, {.name = "ProcessorFeatures", .shape = &kShapeOfProcessorFeatureList}, {.name = "DeletionProtection", .shape = &kBoolean}, {.name = "AssociatedRoles", .shape = &kShapeOfDBInstanceRoles}, {.name = "ListenerEndpoint", .shape = &kShapeOfEndpoint}, {.name = "MaxAllocatedStorage", .shape = &kInteger}, {.name = "TagList", .shape = &kShapeOfTagList}, {.name = "AutomationMode", .shape = &kString}, {.name = "ResumeFullAutomationModeTime", .shape = &kTimestamp}, {.name = "CustomerOwnedIpEnabled", .shape = &kBoolean}, {.name = "NetworkType", .shape = &kString}, {.name = "ActivityStreamStatus", .shape = &kString}, {.name = "ActivityStreamKmsKeyId", .shape = &kString}, {.name = "ActivityStreamKinesisStreamName", .shape = &kString}, {.name = "ActivityStreamMode", .shape = &kString}, {.name = "ActivityStreamEngineNativeAuditFieldsIncluded", .shape = &kBoolean}, {.name = "AwsBackupRecoveryPointArn", .shape = &kString}, {.name = "DBInstanceAutomatedBackupsReplications", .shape = &kShapeOfDBInstanceAutomatedBackupsReplicationList}, {.name = "BackupTarget", .shape = &kString}, {.name = "AutomaticRestartTime", .shape = &kTimestamp}, {.name = "CustomIamInstanceProfile", .shape = &kString}, {.name = "ActivityStreamPolicyStatus", .shape = &kString}, {.name = "CertificateDetails", .shape = &kShapeOfCertificateDetails}, {.name = "DBSystemId", .shape = &kString}, {.name = "MasterUserSecret", .shape = &kShapeOfMasterUserSecret}, {.name = "ReadReplicaSourceDBClusterIdentifier", .shape = &kString}, {.name = "PercentProgress", .shape = &kString}, {.name = "MultiTenant", .shape = &kBoolean}, {.name = "DedicatedLogVolume", .shape = &kBoolean}, {.name = "IsStorageConfigUpgradeAvailable", .shape = &kBoolean}, {.name = "EngineLifecycleSupport", .shape = &kString}, {.name = "AdditionalStorageVolumes", .shape = &kShapeOfAdditionalStorageVolumesOutputList}, {.name = "StorageVolumeStatus", .shape = &kString}};
constinit const Shape kShapeOfDBInstance = {.type = Type::structure, .members = kMembersOfDBInstance};
constinit const Member kMembersOfDBInstanceAutomatedBackupsReplication[] = {{.name = "DBInstanceAutomatedBackupsArn", .shape = &kString}};
constinit const Shape kShapeOfDBInstanceAutomatedBackupsReplication = {.type = Type::structure, .members = kMembersOfDBInstanceAutomatedBackupsReplication};
constinit const Member kMembersOfDBInstanceAutomatedBackupsReplicationList[] = {{.name = "member", .shape = &kShapeOfDBInstanceAutomatedBackupsReplication, .wire_name = "DBInstanceAutomatedBackupsReplication"}};
constinit const Shape kShapeOfDBInstanceAutomatedBackupsReplicationList = {.type = Type::list, .members = kMembersOfDBInstanceAutomatedBackupsReplicationList};
constinit const Member kMembersOfDBInstanceList[] = {{.name = "member", .shape = &kShapeOfDBInstance, .wire_name = "DBInstance"}};
constinit const Shape kShapeOfDBInstanceList = {.type = Type::list, .members = kMembersOfDBInstanceList};
constinit const Member kMembersOfDBInstanceMessage[] = {{.name = "Marker", .shape = &kString}, {.name = "DBInstances", .shape = &kShapeOfDBInstanceList}};
constinit const Shape kShapeOfDBInstanceMessage = {.type = Type::structure, .members = kMembersOfDBInstanceMessage};
constinit const Member kMembersOfDBInstanceRole[] = {{.name = "RoleArn", .shape = &kString}, {.name = "FeatureName", .shape = &kString}, {.name = "Status", .shape = &kString}};
constinit const Shape kShapeOfDBInstanceRole = {.type = Type::structure, .members = kMembersOfDBInstanceRole};
constinit const Member kMembersOfDBInstanceRoles[] = {{.name = "member", .shape = &kShapeOfDBInstanceRole, .wire_name = "DBInstanceRole"}};
constinit const Shape kShapeOfDBInstanceRoles = {.type = Type::list, .members = kMembersOfDBInstanceRoles};
constinit const Member kMembersOfDBInstanceStatusInfo[] = {{.name = "StatusType", .shape = &kString}, {.name = "Normal", .shape = &kBoolean}, {.name = "Status", .shape = &kString}, {.name = "Message", .shape = &kString}};
constinit const Shape kShapeOfDBInstanceStatusInfo = {.type = Type::structure, .members = kMembersOfDBInstanceStatusInfo};
constinit const Member kMembersOfDBInstanceStatusInfoList[] = {{.name = "member", .shape = &kShapeOfDBInstanceStatusInfo, .wire_name = "DBInstanceStatusInfo"}};
constinit const Shape kShapeOfDBInstanceStatusInfoList = {.type = Type::list, .members = kMembersOfDBInstanceStatusInfoList};
constinit const Member kMembersOfDBParameterGroupStatus[] = {{.name = "DBParameterGroupName", .shape = &kString}, {.name = "ParameterApplyStatus", .shape = &kString}};
constinit const Shape kShapeOfDBParameterGroupStatus = {.type = Type::structure, .members = kMembersOfDBParameterGroupStatus};
constinit const Member kMembersOfDBParameterGroupStatusList[] = {{.name = "member", .shape = &kShapeOfDBParameterGroupStatus, .wire_name = "DBParameterGroup"}};
constinit const Shape kShapeOfDBParameterGroupStatusList = {.type = Type::list, .members = kMembersOfDBParameterGroupStatusList};
constinit const Member kMembersOfDBSecurityGroupMembership[] = {{.name = "DBSecurityGroupName", .shape = &kString}, {.name = "Status", .shape = &kString}};
constinit const Shape kShapeOfDBSecurityGroupMembership = {.type = Type::structure, .members = kMembersOfDBSecurityGroupMembership};
constinit const Member kMembersOfDBSecurityGroupMembershipList[] = {{.name = "member", .shape = &kShapeOfDBSecurityGroupMembership, .wire_name = "DBSecurityGroup"}};
constinit const Shape kShapeOfDBSecurityGroupMembershipList = {.type = Type::list, .members = kMembersOfDBSecurityGroupMembershipList};
constinit const Member kMembersOfDBSnapshot[] = {{.name = "DBSnapshotIdentifier", .shape = &kString}, {.name = "DBInstanceIdentifier", .shape = &kString}, {.name = "SnapshotCreateTime", .shape = &kTimestamp}, {.name = "Engine", .shape = &kString}, {.name = "AllocatedStorage", .shape = &kInteger}, {.name = "Status", .shape = &kString}, {.name = "Port", .shape = &kInteger}, {.name = "AvailabilityZone", .shape = &kString}, {.name = "VpcId", .shape = &kString}, {.name = "InstanceCreateTime", .shape = &kTimestamp}, {.name = "MasterUsername", .shape = &kString}, {.name = "EngineVersion", .shape = &kString}, {.name = "LicenseModel", .shape = &kString}, {.name = "SnapshotType", .shape = &kString}, {.name = "Iops", .shape = &kInteger}, {.name = "StorageThroughput", .shape = &kInteger}, {.name = "OptionGroupName", .shape = &kString}, {.name = "PercentProgress", .shape = &kInteger}, {.name = "SourceRegion", .shape = &kString}, {.name = "SourceDBSnapshotIdentifier", .shape = &kString}, {.name = "StorageType", .shape = &kString}, {.name = "TdeCredentialArn", .shape = &kString}, {.name = "Encrypted", .shape = &kBoolean}, {.name = "StorageEncryptionType", .shape = &kString}, {.name = "BackupRetentionPeriod", .shape = &kInteger}, {.name = "PreferredBackupWindow", .shape = &kString}, {.name = "KmsKeyId", .shape = &kString}, {.name = "DBSnapshotArn", .shape = &kString}, {.name = "Timezone", .shape = &kString}, {.name = "IAMDatabaseAuthenticationEnabled", .shape = &kBoolean}, {.name = "ProcessorFeatures", .shape = &kShapeOfProcessorFeatureList}, {.name = "DbiResourceId", .shape = &kString}, {.name = "TagList", .shape = &kShapeOfTagList}, {.name = "SnapshotTarget", .shape = &kString}, {.name = "OriginalSnapshotCreateTime", .shape = &kTimestamp}, {.name = "SnapshotDatabaseTime", .shape = &kTimestamp}, {.name = "DBSystemId", .shape = &kString}, {.name = "MultiTenant", .shape = &kBoolean}, {.name = "DedicatedLogVolume", .shape = &kBoolean}, {.name = "AdditionalStorageVolumes", .shape = &kShapeOfAdditionalStorageVolumesList}, {.name = "SnapshotAvailabilityZone", .shape = &kString}};
constinit const Shape kShapeOfDBSnapshot = {.type = Type::structure, .members = kMembersOfDBSnapshot};
constinit const Member kMembersOfDBSnapshotList[] = {{.name = "member", .shape = &kShapeOfDBSnapshot, .wire_name = "DBSnapshot"}};
constinit const Shape kShapeOfDBSnapshotList = {.type = Type::list, .members = kMembersOfDBSnapshotList};
constinit const Member kMembersOfDBSnapshotMessage[] = {{.name = "Marker", .shape = &kString}, {.name = "DBSnapshots", .shape = &kShapeOfDBSnapshotList}};
constinit const Shape kShapeOfDBSnapshotMessage = {.type = Type::structure, .members = kMembersOfDBSnapshotMessage};
constinit const Member kMembersOfDBSubnetGroup[] = {{.name = "DBSubnetGroupName", .shape = &kString}, {.name = "DBSubnetGroupDescription", .shape = &kString}, {.name = "VpcId", .shape = &kString}, {.name = "SubnetGroupStatus", .shape = &kString}, {.name = "Subnets", .shape = &kShapeOfSubnetList}, {.name = "DBSubnetGroupArn", .shape = &kString}, {.name = "SupportedNetworkTypes", .shape = &kShapeOfStringList}};
constinit const Shape kShapeOfDBSubnetGroup = {.type = Type::structure, .members = kMembersOfDBSubnetGroup};
constinit const Member kMembersOfDescribeDBInstancesMessage[] = {{.name = "DBInstanceIdentifier", .shape = &kString}, {.name = "Filters", .shape = &kShapeOfFilterList}, {.name = "MaxRecords", .shape = &kInteger}, {.name = "Marker", .shape = &kString}};
constinit const Shape kShapeOfDescribeDBInstancesMessage = {.type = Type::structure, .members = kMembersOfDescribeDBInstancesMessage};
constinit const Member kMembersOfDescribeDBSnapshotsMessage[] = {{.name = "DBInstanceIdentifier", .shape = &kString}, {.name = "DBSnapshotIdentifier", .shape = &kString}, {.name = "SnapshotType", .shape = &kString}, {.name = "Filters", .shape = &kShapeOfFilterList}, {.name = "MaxRecords", .shape = &kInteger}, {.name = "Marker", .shape = &kString}, {.name = "IncludeShared", .shape = &kBoolean}, {.name = "IncludePublic", .shape = &kBoolean}, {.name = "DbiResourceId", .shape = &kString}};
constinit const Shape kShapeOfDescribeDBSnapshotsMessage = {.type = Type::structure, .members = kMembersOfDescribeDBSnapshotsMessage};
constinit const Member kMembersOfDomainMembership[] = {{.name = "Domain", .shape = &kString}, {.name = "Status", .shape = &kString}, {.name = "FQDN", .shape = &kString}, {.name = "IAMRoleName", .shape = &kString}, {.name = "OU", .shape = &kString}, {.name = "AuthSecretArn", .shape = &kString}, {.name = "DnsIps", .shape = &kShapeOfStringList}};
constinit const Shape kShapeOfDomainMembership = {.type = Type::structure, .members = kMembersOfDomainMembership};
constinit const Member kMembersOfDomainMembershipList[] = {{.name = "member", .shape = &kShapeOfDomainMembership, .wire_name = "DomainMembership"}};
constinit const Shape kShapeOfDomainMembershipList = {.type = Type::list, .members = kMembersOfDomainMembershipList};
constinit const Member kMembersOfEndpoint[] = {{.name = "Address", .shape = &kString}, {.name = "Port", .shape = &kInteger}, {.name = "HostedZoneId", .shape = &kString}};
constinit const Shape kShapeOfEndpoint = {.type = Type::structure, .members = kMembersOfEndpoint};
constinit const Member kMembersOfFilter[] = {{.name = "Name", .shape = &kString}, {.name = "Values", .shape = &kShapeOfFilterValueList}};
constinit const Shape kShapeOfFilter = {.type = Type::structure, .members = kMembersOfFilter};
constinit const Member kMembersOfFilterList[] = {{.name = "member", .shape = &kShapeOfFilter, .wire_name = "Filter"}};
constinit const Shape kShapeOfFilterList = {.type = Type::list, .members = kMembersOfFilterList};
constinit const Member kMembersOfFilterValueList[] = {{.name = "member", .shape = &kString, .wire_name = "Value"}};
constinit const Shape kShapeOfFilterValueList = {.type = Type::list, .members = kMembersOfFilterValueList};
constinit const Member kMembersOfLogTypeList[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfLogTypeList = {.type = Type::list, .members = kMembersOfLogTypeList};
constinit const Member kMembersOfMasterUserSecret[] = {{.name = "SecretArn", .shape = &kString}, {.name = "SecretStatus", .shape = &kString}, {.name = "KmsKeyId", .shape = &kString}};
constinit const Shape kShapeOfMasterUserSecret = {.type = Type::structure, .members = kMembersOfMasterUserSecret};
constinit const Member kMembersOfOptionGroupMembership[] = {{.name = "OptionGroupName", .shape = &kString}, {.name = "Status", .shape = &kString}};
constinit const Shape kShapeOfOptionGroupMembership = {.type = Type::structure, .members = kMembersOfOptionGroupMembership};
constinit const Member kMembersOfOptionGroupMembershipList[] = {{.name = "member", .shape = &kShapeOfOptionGroupMembership, .wire_name = "OptionGroupMembership"}};
constinit const Shape kShapeOfOptionGroupMembershipList = {.type = Type::list, .members = kMembersOfOptionGroupMembershipList};
constinit const Member kMembersOfOutpost[] = {{.name = "Arn", .shape = &kString}};
constinit const Shape kShapeOfOutpost = {.type = Type::structure, .members = kMembersOfOutpost};
constinit const Member kMembersOfPendingCloudwatchLogsExports[] = {{.name = "LogTypesToEnable", .shape = &kShapeOfLogTypeList}, {.name = "LogTypesToDisable", .shape = &kShapeOfLogTypeList}};
constinit const Shape kShapeOfPendingCloudwatchLogsExports = {.type = Type::structure, .members = kMembersOfPendingCloudwatchLogsExports};
constinit const Member kMembersOfPendingModifiedValues[] = {{.name = "DBInstanceClass", .shape = &kString}, {.name = "AllocatedStorage", .shape = &kInteger}, {.name = "MasterUserPassword", .shape = &kString}, {.name = "Port", .shape = &kInteger}, {.name = "BackupRetentionPeriod", .shape = &kInteger}, {.name = "MultiAZ", .shape = &kBoolean}, {.name = "EngineVersion", .shape = &kString}, {.name = "LicenseModel", .shape = &kString}, {.name = "Iops", .shape = &kInteger}, {.name = "StorageThroughput", .shape = &kInteger}, {.name = "DBInstanceIdentifier", .shape = &kString}, {.name = "StorageType", .shape = &kString}, {.name = "CACertificateIdentifier", .shape = &kString}, {.name = "DBSubnetGroupName", .shape = &kString}, {.name = "PendingCloudwatchLogsExports", .shape = &kShapeOfPendingCloudwatchLogsExports}, {.name = "ProcessorFeatures", .shape = &kShapeOfProcessorFeatureList}, {.name = "AutomationMode", .shape = &kString}, {.name = "ResumeFullAutomationModeTime", .shape = &kTimestamp}, {.name = "MultiTenant", .shape = &kBoolean}, {.name = "IAMDatabaseAuthenticationEnabled", .shape = &kBoolean}, {.name = "DedicatedLogVolume", .shape = &kBoolean}, {.name = "Engine", .shape = &kString}, {.name = "AdditionalStorageVolumes", .shape = &kShapeOfAdditionalStorageVolumesList}};
constinit const Shape kShapeOfPendingModifiedValues = {.type = Type::structure, .members = kMembersOfPendingModifiedValues};
constinit const Member kMembersOfProcessorFeature[] = {{.name = "Name", .shape = &kString}, {.name = "Value", .shape = &kString}};
constinit const Shape kShapeOfProcessorFeature = {.type = Type::structure, .members = kMembersOfProcessorFeature};
constinit const Member kMembersOfProcessorFeatureList[] = {{.name = "member", .shape = &kShapeOfProcessorFeature, .wire_name = "ProcessorFeature"}};
constinit const Shape kShapeOfProcessorFeatureList = {.type = Type::list, .members = kMembersOfProcessorFeatureList};
constinit const Member kMembersOfReadReplicaDBClusterIdentifierList[] = {{.name = "member", .shape = &kString, .wire_name = "ReadReplicaDBClusterIdentifier"}};
constinit const Shape kShapeOfReadReplicaDBClusterIdentifierList = {.type = Type::list, .members = kMembersOfReadReplicaDBClusterIdentifierList};
constinit const Member kMembersOfReadReplicaDBInstanceIdentifierList[] = {{.name = "member", .shape = &kString, .wire_name = "ReadReplicaDBInstanceIdentifier"}};
constinit const Shape kShapeOfReadReplicaDBInstanceIdentifierList = {.type = Type::list, .members = kMembersOfReadReplicaDBInstanceIdentifierList};
constinit const Member kMembersOfStringList[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfStringList = {.type = Type::list, .members = kMembersOfStringList};
constinit const Member kMembersOfSubnet[] = {{.name = "SubnetIdentifier", .shape = &kString}, {.name = "SubnetAvailabilityZone", .shape = &kShapeOfAvailabilityZone}, {.name = "SubnetOutpost", .shape = &kShapeOfOutpost}, {.name = "SubnetStatus", .shape = &kString}};
constinit const Shape kShapeOfSubnet = {.type = Type::structure, .members = kMembersOfSubnet};
constinit const Member kMembersOfSubnetList[] = {{.name = "member", .shape = &kShapeOfSubnet, .wire_name = "Subnet"}};
constinit const Shape kShapeOfSubnetList = {.type = Type::list, .members = kMembersOfSubnetList};
constinit const Member kMembersOfTag[] = {{.name = "Key", .shape = &kString}, {.name = "Value", .shape = &kString}};
constinit const Shape kShapeOfTag = {.type = Type::structure, .members = kMembersOfTag};
constinit const Member kMembersOfTagList[] = {{.name = "member", .shape = &kShapeOfTag, .wire_name = "Tag"}};
constinit const Shape kShapeOfTagList = {.type = Type::list, .members = kMembersOfTagList};
constinit const Member kMembersOfVpcSecurityGroupMembership[] = {{.name = "VpcSecurityGroupId", .shape = &kString}, {.name = "Status", .shape = &kString}};
constinit const Shape kShapeOfVpcSecurityGroupMembership = {.type = Type::structure, .members = kMembersOfVpcSecurityGroupMembership};
constinit const Member kMembersOfVpcSecurityGroupMembershipList[] = {{.name = "member", .shape = &kShapeOfVpcSecurityGroupMembership, .wire_name = "VpcSecurityGroupMembership"}};
constinit const Shape kShapeOfVpcSecurityGroupMembershipList = {.type = Type::list, .members = kMembersOfVpcSecurityGroupMembershipList};

}  // namespace

constinit const Operation kDescribeDBInstances = {.name = "DescribeDBInstances", .protocol = Protocol::query, .effect = Effect::reads, .version = "2014-10-31", .input = {.name = "DescribeDBInstances", .shape = &kShapeOfDescribeDBInstancesMessage}, .output = {.name = "DescribeDBInstances", .shape = &kShapeOfDBInstanceMessage}, .paging = {.asks = "Marker", .gives = "Marker"}};
constinit const Operation kDescribeDBSnapshots = {.name = "DescribeDBSnapshots", .protocol = Protocol::query, .effect = Effect::reads, .version = "2014-10-31", .input = {.name = "DescribeDBSnapshots", .shape = &kShapeOfDescribeDBSnapshotsMessage}, .output = {.name = "DescribeDBSnapshots", .shape = &kShapeOfDBSnapshotMessage}, .paging = {.asks = "Marker", .gives = "Marker"}};
constinit const Operation kCreateDBSnapshot = {.name = "CreateDBSnapshot", .protocol = Protocol::query, .effect = Effect::changes, .version = "2014-10-31", .input = {.name = "CreateDBSnapshot", .shape = &kShapeOfCreateDBSnapshotMessage}, .output = {.name = "CreateDBSnapshot", .shape = &kShapeOfCreateDBSnapshotResult}};
constinit const Acceptor kAcceptorsOfDBSnapshotAvailable[] = {
    {.state = Waited::done, .match = Match::all, .path = "DBSnapshots.Status", .expected = "available"},
    {.state = Waited::failed, .match = Match::any, .path = "DBSnapshots.Status", .expected = "deleted"},
    {.state = Waited::failed, .match = Match::any, .path = "DBSnapshots.Status", .expected = "deleting"},
    {.state = Waited::failed, .match = Match::any, .path = "DBSnapshots.Status", .expected = "failed"},
    {.state = Waited::failed, .match = Match::any, .path = "DBSnapshots.Status", .expected = "incompatible-restore"},
    {.state = Waited::failed, .match = Match::any, .path = "DBSnapshots.Status", .expected = "incompatible-parameters"},
};
constinit const Waiter kDBSnapshotAvailable = {.operation = &kDescribeDBSnapshots, .seconds = 30, .attempts = 60, .acceptors = kAcceptorsOfDBSnapshotAvailable};
constinit const Acceptor kAcceptorsOfDBInstanceAvailable[] = {
    {.state = Waited::done, .match = Match::all, .path = "DBInstances.DBInstanceStatus", .expected = "available"},
    {.state = Waited::failed, .match = Match::any, .path = "DBInstances.DBInstanceStatus", .expected = "deleted"},
    {.state = Waited::failed, .match = Match::any, .path = "DBInstances.DBInstanceStatus", .expected = "deleting"},
    {.state = Waited::failed, .match = Match::any, .path = "DBInstances.DBInstanceStatus", .expected = "failed"},
    {.state = Waited::failed, .match = Match::any, .path = "DBInstances.DBInstanceStatus", .expected = "incompatible-restore"},
    {.state = Waited::failed, .match = Match::any, .path = "DBInstances.DBInstanceStatus", .expected = "incompatible-parameters"},
};
constinit const Waiter kDBInstanceAvailable = {.operation = &kDescribeDBInstances, .seconds = 30, .attempts = 60, .acceptors = kAcceptorsOfDBInstanceAvailable};

}  // namespace aws::rds
