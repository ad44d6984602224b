// clang-format off
// Made by tools/aws_model.py from cloudfront.json (botocore 1.43.11, cloudfront/2020-05-31): not to be edited.
#include "aws/models/cloudfront.h"

namespace aws::cloudfront {
namespace {

constexpr Shape kBoolean = {.type = Type::boolean};
constexpr Shape kInteger = {.type = Type::integer};
constexpr Shape kString = {.type = Type::string};
constexpr Shape kTimestamp = {.type = Type::timestamp};

extern const Shape kShapeOfActiveTrustedKeyGroups, kShapeOfActiveTrustedSigners,
kShapeOfAliasICPRecordal, kShapeOfAliasICPRecordals, kShapeOfAliasList, kShapeOfAliases,
kShapeOfAllowedMethods, kShapeOfAwsAccountNumberList, kShapeOfCacheBehavior,
kShapeOfCacheBehaviorList, kShapeOfCacheBehaviors, kShapeOfCacheTagConfig, kShapeOfCachedMethods,
kShapeOfConnectionFunctionAssociation, kShapeOfCookieNameList, kShapeOfCookieNames,
kShapeOfCookiePreference, kShapeOfCreateInvalidationRequest, kShapeOfCreateInvalidationResult,
kShapeOfCustomErrorResponse, kShapeOfCustomErrorResponseList, kShapeOfCustomErrorResponses,
kShapeOfCustomHeaders, kShapeOfCustomOriginConfig, kShapeOfDefaultCacheBehavior,
kShapeOfDistribution, kShapeOfDistributionConfig, kShapeOfForwardedValues,
kShapeOfFunctionAssociation, kShapeOfFunctionAssociationList, kShapeOfFunctionAssociations,
kShapeOfGeoRestriction, kShapeOfGetDistributionRequest, kShapeOfGetDistributionResult,
kShapeOfGetInvalidationRequest, kShapeOfGetInvalidationResult, kShapeOfGrpcConfig,
kShapeOfHeaderList, kShapeOfHeaders, kShapeOfInvalidation, kShapeOfInvalidationBatch,
kShapeOfKGKeyPairIds, kShapeOfKGKeyPairIdsList, kShapeOfKeyPairIdList, kShapeOfKeyPairIds,
kShapeOfLambdaFunctionAssociation, kShapeOfLambdaFunctionAssociationList,
kShapeOfLambdaFunctionAssociations, kShapeOfLocationList, kShapeOfLoggingConfig,
kShapeOfMethodsList, kShapeOfOrigin, kShapeOfOriginCustomHeader, kShapeOfOriginCustomHeadersList,
kShapeOfOriginGroup, kShapeOfOriginGroupFailoverCriteria, kShapeOfOriginGroupList,
kShapeOfOriginGroupMember, kShapeOfOriginGroupMemberList, kShapeOfOriginGroupMembers,
kShapeOfOriginGroups, kShapeOfOriginList, kShapeOfOriginMtlsConfig, kShapeOfOriginShield,
kShapeOfOriginSslProtocols, kShapeOfOrigins, kShapeOfParameterDefinition,
kShapeOfParameterDefinitionSchema, kShapeOfParameterDefinitions, kShapeOfPathList, kShapeOfPaths,
kShapeOfQueryStringCacheKeys, kShapeOfQueryStringCacheKeysList, kShapeOfRestrictions,
kShapeOfS3OriginConfig, kShapeOfSigner, kShapeOfSignerList, kShapeOfSslProtocolsList,
kShapeOfStatusCodeList, kShapeOfStatusCodes, kShapeOfStringSchemaConfig, kShapeOfTenantConfig,
kShapeOfTrustStoreConfig, kShapeOfTrustedKeyGroupIdList, kShapeOfTrustedKeyGroups,
kShapeOfTrustedSigners, kShapeOfViewerCertificate, kShapeOfViewerMtlsConfig,
kShapeOfVpcOriginConfig;

constinit const Member kMembersOfActiveTrustedKeyGroups[] = {{.name = "Enabled", .shape = &kBoolean}, {.name = "Quantity", .shape = &kInteger}, {.name = "Items", .shape = &kShapeOfKGKeyPairIdsList}};
constinit const Shape kShapeOfActiveTrustedKeyGroups = {.type = Type::structure, .members = kMembersOfActiveTrustedKeyGroups};
constinit const Member kMembersOfActiveTrustedSigners[] = {{.name = "Enabled", .shape = &kBoolean}, {.name = "Quantity", .shape = &kInteger}, {.name = "Items", .shape = &kShapeOfSignerList}};
constinit const Shape kShapeOfActiveTrustedSigners = {.type = Type::structure, .members = kMembersOfActiveTrustedSigners};
constinit const Member kMembersOfAliasICPRecordal[] = {{.name = "CNAME", .shape = &kString}, {.name = "ICPRecordalStatus", .shape = &kString}};
constinit const Shape kShapeOfAliasICPRecordal = {.type = Type::structure, .members = kMembersOfAliasICPRecordal};
constinit const Member kMembersOfAliasICPRecordals[] = {{.name = "member", .shape = &kShapeOfAliasICPRecordal, .wire_name = "AliasICPRecordal"}};
constinit const Shape kShapeOfAliasICPRecordals = {.type = Type::list, .members = kMembersOfAliasICPRecordals};
constinit const Member kMembersOfAliasList[] = {{.name = "member", .shape = &kString, .wire_name = "CNAME"}};
constinit const Shape kShapeOfAliasList = {.type = Type::list, .members = kMembersOfAliasList};
constinit const Member kMembersOfAliases[] = {{.name = "Quantity", .shape = &kInteger}, {.name = "Items", .shape = &kShapeOfAliasList}};
constinit const Shape kShapeOfAliases = {.type = Type::structure, .members = kMembersOfAliases};
constinit const Member kMembersOfAllowedMethods[] = {{.name = "Quantity", .shape = &kInteger}, {.name = "Items", .shape = &kShapeOfMethodsList}, {.name = "CachedMethods", .shape = &kShapeOfCachedMethods}};
constinit const Shape kShapeOfAllowedMethods = {.type = Type::structure, .members = kMembersOfAllowedMethods};
constinit const Member kMembersOfAwsAccountNumberList[] = {{.name = "member", .shape = &kString, .wire_name = "AwsAccountNumber"}};
constinit const Shape kShapeOfAwsAccountNumberList = {.type = Type::list, .members = kMembersOfAwsAccountNumberList};
constinit const Member kMembersOfCacheBehavior[] = {{.name = "PathPattern", .shape = &kString}, {.name = "TargetOriginId", .shape = &kString}, {.name = "TrustedSigners", .shape = &kShapeOfTrustedSigners}, {.name = "TrustedKeyGroups", .shape = &kShapeOfTrustedKeyGroups}, {.name = "ViewerProtocolPolicy", .shape = &kString}, {.name = "AllowedMethods", .shape = &kShapeOfAllowedMethods}, {.name = "SmoothStreaming", .shape = &kBoolean}, {.name = "Compress", .shape = &kBoolean}, {.name = "LambdaFunctionAssociations", .shape = &kShapeOfLambdaFunctionAssociations}, {.name = "FunctionAssociations", .shape = &kShapeOfFunctionAssociations}, {.name = "FieldLevelEncryptionId", .shape = &kString}, {.name = "RealtimeLogConfigArn", .shape = &kString}, {.name = "CachePolicyId", .shape = &kString}, {.name = "OriginRequestPolicyId", .shape = &kString}, {.name = "ResponseHeadersPolicyId", .shape = &kString}, {.name = "GrpcConfig", .shape = &kShapeOfGrpcConfig}, {.name = "ForwardedValues", .shape = &kShapeOfForwardedValues}, {.name = "MinTTL", .shape = &kInteger}, {.name = "DefaultTTL", .shape = &kInteger}, {.name = "MaxTTL", .shape = &kInteger}};
constinit const Shape kShapeOfCacheBehavior = {.type = Type::structure, .members = kMembersOfCacheBehavior};
constinit const Member kMembersOfCacheBehaviorList[] = {{.name = "member", .shape = &kShapeOfCacheBehavior, .wire_name = "CacheBehavior"}};
constinit const Shape kShapeOfCacheBehaviorList = {.type = Type::list, .members = kMembersOfCacheBehaviorList};
constinit const Member kMembersOfCacheBehaviors[] = {{.name = "Quantity", .shape = &kInteger}, {.name = "Items", .shape = &kShapeOfCacheBehaviorList}};
constinit const Shape kShapeOfCacheBehaviors = {.type = Type::structure, .members = kMembersOfCacheBehaviors};
constinit const Member kMembersOfCacheTagConfig[] = {{.name = "HeaderName", .shape = &kString}};
constinit const Shape kShapeOfCacheTagConfig = {.type = Type::structure, .members = kMembersOfCacheTagConfig};
constinit const Member kMembersOfCachedMethods[] = {{.name = "Quantity", .shape = &kInteger}, {.name = "Items", .shape = &kShapeOfMethodsList}};
constinit const Shape kShapeOfCachedMethods = {.type = Type::structure, .members = kMembersOfCachedMethods};
constinit const Member kMembersOfConnectionFunctionAssociation[] = {{.name = "Id", .shape = &kString}};
constinit const Shape kShapeOfConnectionFunctionAssociation = {.type = Type::structure, .members = kMembersOfConnectionFunctionAssociation};
constinit const Member kMembersOfCookieNameList[] = {{.name = "member", .shape = &kString, .wire_name = "Name"}};
constinit const Shape kShapeOfCookieNameList = {.type = Type::list, .members = kMembersOfCookieNameList};
constinit const Member kMembersOfCookieNames[] = {{.name = "Quantity", .shape = &kInteger}, {.name = "Items", .shape = &kShapeOfCookieNameList}};
constinit const Shape kShapeOfCookieNames = {.type = Type::structure, .members = kMembersOfCookieNames};
constinit const Member kMembersOfCookiePreference[] = {{.name = "Forward", .shape = &kString}, {.name = "WhitelistedNames", .shape = &kShapeOfCookieNames}};
constinit const Shape kShapeOfCookiePreference = {.type = Type::structure, .members = kMembersOfCookiePreference};
constinit const Member kMembersOfCreateInvalidationRequest[] = {{.name = "DistributionId", .shape = &kString, .wire_name = "DistributionId", .location = Location::uri}, {.name = "InvalidationBatch", .shape = &kShapeOfInvalidationBatch, .wire_name = "InvalidationBatch", .xml_namespace = "http://cloudfront.amazonaws.com/doc/2020-05-31/"}};
constinit const Shape kShapeOfCreateInvalidationRequest = {.type = Type::structure, .members = kMembersOfCreateInvalidationRequest, .payload = "InvalidationBatch"};
constinit const Member kMembersOfCreateInvalidationResult[] = {{.name = "Location", .shape = &kString, .wire_name = "Location", .location = Location::header}, {.name = "Invalidation", .shape = &kShapeOfInvalidation}};
constinit const Shape kShapeOfCreateInvalidationResult = {.type = Type::structure, .members = kMembersOfCreateInvalidationResult, .payload = "Invalidation"};
constinit const Member kMembersOfCustomErrorResponse[] = {{.name = "ErrorCode", .shape = &kInteger}, {.name = "ResponsePagePath", .shape = &kString}, {.name = "ResponseCode", .shape = &kString}, {.name = "ErrorCachingMinTTL", .shape = &kInteger}};
constinit const Shape kShapeOfCustomErrorResponse = {.type = Type::structure, .members = kMembersOfCustomErrorResponse};
constinit const Member kMembersOfCustomErrorResponseList[] = {{.name = "member", .shape = &kShapeOfCustomErrorResponse, .wire_name = "CustomErrorResponse"}};
constinit const Shape kShapeOfCustomErrorResponseList = {.type = Type::list, .members = kMembersOfCustomErrorResponseList};
constinit const Member kMembersOfCustomErrorResponses[] = {{.name = "Quantity", .shape = &kInteger}, {.name = "Items", .shape = &kShapeOfCustomErrorResponseList}};
constinit const Shape kShapeOfCustomErrorResponses = {.type = Type::structure, .members = kMembersOfCustomErrorResponses};
constinit const Member kMembersOfCustomHeaders[] = {{.name = "Quantity", .shape = &kInteger}, {.name = "Items", .shape = &kShapeOfOriginCustomHeadersList}};
constinit const Shape kShapeOfCustomHeaders = {.type = Type::structure, .members = kMembersOfCustomHeaders};
constinit const Member kMembersOfCustomOriginConfig[] = {{.name = "HTTPPort", .shape = &kInteger}, {.name = "HTTPSPort", .shape = &kInteger}, {.name = "OriginProtocolPolicy", .shape = &kString}, {.name = "OriginSslProtocols", .shape = &kShapeOfOriginSslProtocols}, {.name = "OriginReadTimeout", .shape = &kInteger}, {.name = "OriginKeepaliveTimeout", .shape = &kInteger}, {.name = "IpAddressType", .shape = &kString}, {.name = "OriginMtlsConfig", .shape = &kShapeOfOriginMtlsConfig}};
constinit const Shape kShapeOfCustomOriginConfig = {.type = Type::structure, .members = kMembersOfCustomOriginConfig};
constinit const Member kMembersOfDefaultCacheBehavior[] = {{.name = "TargetOriginId", .shape = &kString}, {.name = "TrustedSigners", .shape = &kShapeOfTrustedSigners}, {.name = "TrustedKeyGroups", .shape = &kShapeOfTrustedKeyGroups}, {.name = "ViewerProtocolPolicy", .shape = &kString}, {.name = "AllowedMethods", .shape = &kShapeOfAllowedMethods}, {.name = "SmoothStreaming", .shape = &kBoolean}, {.name = "Compress", .shape = &kBoolean}, {.name = "LambdaFunctionAssociations", .shape = &kShapeOfLambdaFunctionAssociations}, {.name = "FunctionAssociations", .shape = &kShapeOfFunctionAssociations}, {.name = "FieldLevelEncryptionId", .shape = &kString}, {.name = "RealtimeLogConfigArn", .shape = &kString}, {.name = "CachePolicyId", .shape = &kString}, {.name = "OriginRequestPolicyId", .shape = &kString}, {.name = "ResponseHeadersPolicyId", .shape = &kString}, {.name = "GrpcConfig", .shape = &kShapeOfGrpcConfig}, {.name = "ForwardedValues", .shape = &kShapeOfForwardedValues}, {.name = "MinTTL", .shape = &kInteger}, {.name = "DefaultTTL", .shape = &kInteger}, {.name = "MaxTTL", .shape = &kInteger}};
constinit const Shape kShapeOfDefaultCacheBehavior = {.type = Type::structure, .members = kMembersOfDefaultCacheBehavior};
constinit const Member kMembersOfDistribution[] = {{.name = "Id", .shape = &kString}, {.name = "ARN", .shape = &kString}, {.name = "Status", .shape = &kString}, {.name = "LastModifiedTime", .shape = &kTimestamp}, {.name = "InProgressInvalidationBatches", .shape = &kInteger}, {.name = "DomainName", .shape = &kString}, {.name = "ActiveTrustedSigners", .shape = &kShapeOfActiveTrustedSigners}, {.name = "ActiveTrustedKeyGroups", .shape = &kShapeOfActiveTrustedKeyGroups}, {.name = "DistributionConfig", .shape = &kShapeOfDistributionConfig}, {.name = "AliasICPRecordals", .shape = &kShapeOfAliasICPRecordals}};
constinit const Shape kShapeOfDistribution = {.type = Type::structure, .members = kMembersOfDistribution};
constinit const Member kMembersOfDistributionConfig[] = {{.name = "CallerReference", .shape = &kString}, {.name = "Aliases", .shape = &kShapeOfAliases}, {.name = "DefaultRootObject", .shape = &kString}, {.name = "Origins", .shape = &kShapeOfOrigins}, {.name = "OriginGroups", .shape = &kShapeOfOriginGroups}, {.name = "DefaultCacheBehavior", .shape = &kShapeOfDefaultCacheBehavior}, {.name = "CacheBehaviors", .shape = &kShapeOfCacheBehaviors}, {.name = "CustomErrorResponses", .shape = &kShapeOfCustomErrorResponses}, {.name = "Comment", .shape = &kString}, {.name = "Logging", .shape = &kShapeOfLoggingConfig}, {.name = "PriceClass", .shape = &kString}, {.name = "Enabled", .shape = &kBoolean}, {.name = "ViewerCertificate", .shape = &kShapeOfViewerCertificate}, {.name = "Restrictions", .shape = &kShapeOfRestrictions}, {.name = "WebACLId", .shape = &kString}, {.name = "HttpVersion", .shape = &kString}, {.name = "IsIPV6Enabled", .shape = &kBoolean}, {.name = "ContinuousDeploymentPolicyId", .shape = &kString}, {.name = "Staging", .shape = &kBoolean}, {.name = "AnycastIpListId", .shape = &kString}, {.name = "TenantConfig", .shape = &kShapeOfTenantConfig}, {.name = "ConnectionMode", .shape = &kString}, {.name = "ViewerMtlsConfig", .shape = &kShapeOfViewerMtlsConfig}, {.name = "ConnectionFunctionAssociation", .shape = &kShapeOfConnectionFunctionAssociation}, {.name = "CacheTagConfig", .shape = &kShapeOfCacheTagConfig}};
constinit const Shape kShapeOfDistributionConfig = {.type = Type::structure, .members = kMembersOfDistributionConfig};
constinit const Member kMembersOfForwardedValues[] = {{.name = "QueryString", .shape = &kBoolean}, {.name = "Cookies", .shape = &kShapeOfCookiePreference}, {.name = "Headers", .shape = &kShapeOfHeaders}, {.name = "QueryStringCacheKeys", .shape = &kShapeOfQueryStringCacheKeys}};
constinit const Shape kShapeOfForwardedValues = {.type = Type::structure, .members = kMembersOfForwardedValues};
constinit const Member kMembersOfFunctionAssociation[] = {{.name = "FunctionARN", .shape = &kString}, {.name = "EventType", .shape = &kString}};
constinit const Shape kShapeOfFunctionAssociation = {.type = Type::structure, .members = kMembersOfFunctionAssociation};
constinit const Member kMembersOfFunctionAssociationList[] = {{.name = "member", .shape = &kShapeOfFunctionAssociation, .wire_name = "FunctionAssociation"}};
constinit const Shape kShapeOfFunctionAssociationList = {.type = Type::list, .members = kMembersOfFunctionAssociationList};
constinit const Member kMembersOfFunctionAssociations[] = {{.name = "Quantity", .shape = &kInteger}, {.name = "Items", .shape = &kShapeOfFunctionAssociationList}};
constinit const Shape kShapeOfFunctionAssociations = {.type = Type::structure, .members = kMembersOfFunctionAssociations};
constinit const Member kMembersOfGeoRestriction[] = {{.name = "RestrictionType", .shape = &kString}, {.name = "Quantity", .shape = &kInteger}, {.name = "Items", .shape = &kShapeOfLocationList}};
constinit const Shape kShapeOfGeoRestriction = {.type = Type::structure, .members = kMembersOfGeoRestriction};
constinit const Member kMembersOfGetDistributionRequest[] = {{.name = "Id", .shape = &kString, .wire_name = "Id", .location = Location::uri}};
constinit const Shape kShapeOfGetDistributionRequest = {.type = Type::structure, .members = kMembersOfGetDistributionRequest};
constinit const Member kMembersOfGetDistributionResult[] = {{.name = "Distribution", .shape = &kShapeOfDistribution}, {.name = "ETag", .shape = &kString, .wire_name = "ETag", .location = Location::header}};
constinit const Shape kShapeOfGetDistributionResult = {.type = Type::structure, .members = kMembersOfGetDistributionResult, .payload = "Distribution"};
constinit const Member kMembersOfGetInvalidationRequest[] = {{.name = "DistributionId", .shape = &kString, .wire_name = "DistributionId", .location = Location::uri}, {.name = "Id", .shape = &kString, .wire_name = "Id", .location = Location::uri}};
constinit const Shape kShapeOfGetInvalidationRequest = {.type = Type::structure, .members = kMembersOfGetInvalidationRequest};
constinit const Member kMembersOfGetInvalidationResult[] = {{.name = "Invalidation", .shape = &kShapeOfInvalidation}};
constinit const Shape kShapeOfGetInvalidationResult = {.type = Type::structure, .members = kMembersOfGetInvalidationResult, .payload = "Invalidation"};
constinit const Member kMembersOfGrpcConfig[] = {{.name = "Enabled", .shape = &kBoolean}};
constinit const Shape kShapeOfGrpcConfig = {.type = Type::structure, .members = kMembersOfGrpcConfig};
constinit const Member kMembersOfHeaderList[] = {{.name = "member", .shape = &kString, .wire_name = "Name"}};
constinit const Shape kShapeOfHeaderList = {.type = Type::list, .members = kMembersOfHeaderList};
constinit const Member kMembersOfHeaders[] = {{.name = "Quantity", .shape = &kInteger}, {.name = "Items", .shape = &kShapeOfHeaderList}};
constinit const Shape kShapeOfHeaders = {.type = Type::structure, .members = kMembersOfHeaders};
constinit const Member kMembersOfInvalidation[] = {{.name = "Id", .shape = &kString}, {.name = "Status", .shape = &kString}, {.name = "CreateTime", .shape = &kTimestamp}, {.name = "InvalidationBatch", .shape = &kShapeOfInvalidationBatch}};
constinit const Shape kShapeOfInvalidation = {.type = Type::structure, .members = kMembersOfInvalidation};
constinit const Member kMembersOfInvalidationBatch[] = {{.name = "Paths", .shape = &kShapeOfPaths}, {.name = "CallerReference", .shape = &kString}};
constinit const Shape kShapeOfInvalidationBatch = {.type = Type::structure, .members = kMembersOfInvalidationBatch};
constinit const Member kMembersOfKGKeyPairIds[] = {{.name = "KeyGroupId", .shape = &kString}, {.name = "KeyPairIds", .shape = &kShapeOfKeyPairIds}};
constinit const Shape kShapeOfKGKeyPairIds = {.type = Type::structure, .members = kMembersOfKGKeyPairIds};
constinit const Member kMembersOfKGKeyPairIdsList[] = {{.name = "member", .shape = &kShapeOfKGKeyPairIds, .wire_name = "KeyGroup"}};
constinit const Shape kShapeOfKGKeyPairIdsList = {.type = Type::list, .members = kMembersOfKGKeyPairIdsList};
constinit const Member kMembersOfKeyPairIdList[] = {{.name = "member", .shape = &kString, .wire_name = "KeyPairId"}};
constinit const Shape kShapeOfKeyPairIdList = {.type = Type::list, .members = kMembersOfKeyPairIdList};
constinit const Member kMembersOfKeyPairIds[] = {{.name = "Quantity", .shape = &kInteger}, {.name = "Items", .shape = &kShapeOfKeyPairIdList}};
constinit const Shape kShapeOfKeyPairIds = {.type = Type::structure, .members = kMembersOfKeyPairIds};
constinit const Member kMembersOfLambdaFunctionAssociation[] = {{.name = "LambdaFunctionARN", .shape = &kString}, {.name = "EventType", .shape = &kString}, {.name = "IncludeBody", .shape = &kBoolean}};
constinit const Shape kShapeOfLambdaFunctionAssociation = {.type = Type::structure, .members = kMembersOfLambdaFunctionAssociation};
constinit const Member kMembersOfLambdaFunctionAssociationList[] = {{.name = "member", .shape = &kShapeOfLambdaFunctionAssociation, .wire_name = "LambdaFunctionAssociation"}};
constinit const Shape kShapeOfLambdaFunctionAssociationList = {.type = Type::list, .members = kMembersOfLambdaFunctionAssociationList};
constinit const Member kMembersOfLambdaFunctionAssociations[] = {{.name = "Quantity", .shape = &kInteger}, {.name = "Items", .shape = &kShapeOfLambdaFunctionAssociationList}};
constinit const Shape kShapeOfLambdaFunctionAssociations = {.type = Type::structure, .members = kMembersOfLambdaFunctionAssociations};
constinit const Member kMembersOfLocationList[] = {{.name = "member", .shape = &kString, .wire_name = "Location"}};
constinit const Shape kShapeOfLocationList = {.type = Type::list, .members = kMembersOfLocationList};
constinit const Member kMembersOfLoggingConfig[] = {{.name = "Enabled", .shape = &kBoolean}, {.name = "IncludeCookies", .shape = &kBoolean}, {.name = "Bucket", .shape = &kString}, {.name = "Prefix", .shape = &kString}};
constinit const Shape kShapeOfLoggingConfig = {.type = Type::structure, .members = kMembersOfLoggingConfig};
constinit const Member kMembersOfMethodsList[] = {{.name = "member", .shape = &kString, .wire_name = "Method"}};
constinit const Shape kShapeOfMethodsList = {.type = Type::list, .members = kMembersOfMethodsList};
constinit const Member kMembersOfOrigin[] = {{.name = "Id", .shape = &kString}, {.name = "DomainName", .shape = &kString}, {.name = "OriginPath", .shape = &kString}, {.name = "CustomHeaders", .shape = &kShapeOfCustomHeaders}, {.name = "S3OriginConfig", .shape = &kShapeOfS3OriginConfig}, {.name = "CustomOriginConfig", .shape = &kShapeOfCustomOriginConfig}, {.name = "VpcOriginConfig", .shape = &kShapeOfVpcOriginConfig}, {.name = "ConnectionAttempts", .shape = &kInteger}, {.name = "ConnectionTimeout", .shape = &kInteger}, {.name = "ResponseCompletionTimeout", .shape = &kInteger}, {.name = "OriginShield", .shape = &kShapeOfOriginShield}, {.name = "OriginAccessControlId", .shape = &kString}};
constinit const Shape kShapeOfOrigin = {.type = Type::structure, .members = kMembersOfOrigin};
constinit const Member kMembersOfOriginCustomHeader[] = {{.name = "HeaderName", .shape = &kString}, {.name = "HeaderValue", .shape = &kString}};
constinit const Shape kShapeOfOriginCustomHeader = {.type = Type::structure, .members = kMembersOfOriginCustomHeader};
constinit const Member kMembersOfOriginCustomHeadersList[] = {{.name = "member", .shape = &kShapeOfOriginCustomHeader, .wire_name = "OriginCustomHeader"}};
constinit const Shape kShapeOfOriginCustomHeadersList = {.type = Type::list, .members = kMembersOfOriginCustomHeadersList};
constinit const Member kMembersOfOriginGroup[] = {{.name = "Id", .shape = &kString}, {.name = "FailoverCriteria", .shape = &kShapeOfOriginGroupFailoverCriteria}, {.name = "Members", .shape = &kShapeOfOriginGroupMembers}, {.name = "SelectionCriteria", .shape = &kString}};
constinit const Shape kShapeOfOriginGroup = {.type = Type::structure, .members = kMembersOfOriginGroup};
constinit const Member kMembersOfOriginGroupFailoverCriteria[] = {{.name = "StatusCodes", .shape = &kShapeOfStatusCodes}};
constinit const Shape kShapeOfOriginGroupFailoverCriteria = {.type = Type::structure, .members = kMembersOfOriginGroupFailoverCriteria};
constinit const Member kMembersOfOriginGroupList[] = {{.name = "member", .shape = &kShapeOfOriginGroup, .wire_name = "OriginGroup"}};
constinit const Shape kShapeOfOriginGroupList = {.type = Type::list, .members = kMembersOfOriginGroupList};
constinit const Member kMembersOfOriginGroupMember[] = {{.name = "OriginId", .shape = &kString}};
constinit const Shape kShapeOfOriginGroupMember = {.type = Type::structure, .members = kMembersOfOriginGroupMember};
constinit const Member kMembersOfOriginGroupMemberList[] = {{.name = "member", .shape = &kShapeOfOriginGroupMember, .wire_name = "OriginGroupMember"}};
constinit const Shape kShapeOfOriginGroupMemberList = {.type = Type::list, .members = kMembersOfOriginGroupMemberList};
constinit const Member kMembersOfOriginGroupMembers[] = {{.name = "Quantity", .shape = &kInteger}, {.name = "Items", .shape = &kShapeOfOriginGroupMemberList}};
constinit const Shape kShapeOfOriginGroupMembers = {.type = Type::structure, .members = kMembersOfOriginGroupMembers};
constinit const Member kMembersOfOriginGroups[] = {{.name = "Quantity", .shape = &kInteger}, {.name = "Items", .shape = &kShapeOfOriginGroupList}};
constinit const Shape kShapeOfOriginGroups = {.type = Type::structure, .members = kMembersOfOriginGroups};
constinit const Member kMembersOfOriginList[] = {{.name = "member", .shape = &kShapeOfOrigin, .wire_name = "Origin"}};
constinit const Shape kShapeOfOriginList = {.type = Type::list, .members = kMembersOfOriginList};
constinit const Member kMembersOfOriginMtlsConfig[] = {{.name = "ClientCertificateArn", .shape = &kString}};
constinit const Shape kShapeOfOriginMtlsConfig = {.type = Type::structure, .members = kMembersOfOriginMtlsConfig};
constinit const Member kMembersOfOriginShield[] = {{.name = "Enabled", .shape = &kBoolean}, {.name = "OriginShieldRegion", .shape = &kString}};
constinit const Shape kShapeOfOriginShield = {.type = Type::structure, .members = kMembersOfOriginShield};
constinit const Member kMembersOfOriginSslProtocols[] = {{.name = "Quantity", .shape = &kInteger}, {.name = "Items", .shape = &kShapeOfSslProtocolsList}};
constinit const Shape kShapeOfOriginSslProtocols = {.type = Type::structure, .members = kMembersOfOriginSslProtocols};
constinit const Member kMembersOfOrigins[] = {{.name = "Quantity", .shape = &kInteger}, {.name = "Items", .shape = &kShapeOfOriginList}};
constinit const Shape kShapeOfOrigins = {.type = Type::structure, .members = kMembersOfOrigins};
constinit const Member kMembersOfParameterDefinition[] = {{.name = "Name", .shape = &kString}, {.name = "Definition", .shape = &kShapeOfParameterDefinitionSchema}};
constinit const Shape kShapeOfParameterDefinition = {.type = Type::structure, .members = kMembersOfParameterDefinition};
constinit const Member kMembersOfParameterDefinitionSchema[] = {{.name = "StringSchema", .shape = &kShapeOfStringSchemaConfig}};
constinit const Shape kShapeOfParameterDefinitionSchema = {.type = Type::structure, .members = kMembersOfParameterDefinitionSchema};
constinit const Member kMembersOfParameterDefinitions[] = {{.name = "member", .shape = &kShapeOfParameterDefinition}};
constinit const Shape kShapeOfParameterDefinitions = {.type = Type::list, .members = kMembersOfParameterDefinitions};
constinit const Member kMembersOfPathList[] = {{.name = "member", .shape = &kString, .wire_name = "Path"}};
constinit const Shape kShapeOfPathList = {.type = Type::list, .members = kMembersOfPathList};
constinit const Member kMembersOfPaths[] = {{.name = "Quantity", .shape = &kInteger}, {.name = "Items", .shape = &kShapeOfPathList}};
constinit const Shape kShapeOfPaths = {.type = Type::structure, .members = kMembersOfPaths};
constinit const Member kMembersOfQueryStringCacheKeys[] = {{.name = "Quantity", .shape = &kInteger}, {.name = "Items", .shape = &kShapeOfQueryStringCacheKeysList}};
constinit const Shape kShapeOfQueryStringCacheKeys = {.type = Type::structure, .members = kMembersOfQueryStringCacheKeys};
constinit const Member kMembersOfQueryStringCacheKeysList[] = {{.name = "member", .shape = &kString, .wire_name = "Name"}};
constinit const Shape kShapeOfQueryStringCacheKeysList = {.type = Type::list, .members = kMembersOfQueryStringCacheKeysList};
constinit const Member kMembersOfRestrictions[] = {{.name = "GeoRestriction", .shape = &kShapeOfGeoRestriction}};
constinit const Shape kShapeOfRestrictions = {.type = Type::structure, .members = kMembersOfRestrictions};
constinit const Member kMembersOfS3OriginConfig[] = {{.name = "OriginAccessIdentity", .shape = &kString}, {.name = "OriginReadTimeout", .shape = &kInteger}};
constinit const Shape kShapeOfS3OriginConfig = {.type = Type::structure, .members = kMembersOfS3OriginConfig};
constinit const Member kMembersOfSigner[] = {{.name = "AwsAccountNumber", .shape = &kString}, {.name = "KeyPairIds", .shape = &kShapeOfKeyPairIds}};
constinit const Shape kShapeOfSigner = {.type = Type::structure, .members = kMembersOfSigner};
constinit const Member kMembersOfSignerList[] = {{.name = "member", .shape = &kShapeOfSigner, .wire_name = "Signer"}};
constinit const Shape kShapeOfSignerList = {.type = Type::list, .members = kMembersOfSignerList};
constinit const Member kMembersOfSslProtocolsList[] = {{.name = "member", .shape = &kString, .wire_name = "SslProtocol"}};
constinit const Shape kShapeOfSslProtocolsList = {.type = Type::list, .members = kMembersOfSslProtocolsList};
constinit const Member kMembersOfStatusCodeList[] = {{.name = "member", .shape = &kInteger, .wire_name = "StatusCode"}};
constinit const Shape kShapeOfStatusCodeList = {.type = Type::list, .members = kMembersOfStatusCodeList};
constinit const Member kMembersOfStatusCodes[] = {{.name = "Quantity", .shape = &kInteger}, {.name = "Items", .shape = &kShapeOfStatusCodeList}};
constinit const Shape kShapeOfStatusCodes = {.type = Type::structure, .members = kMembersOfStatusCodes};
constinit const Member kMembersOfStringSchemaConfig[] = {{.name = "Comment", .shape = &kString}, {.name = "DefaultValue", .shape = &kString}, {.name = "Required", .shape = &kBoolean}};
constinit const Shape kShapeOfStringSchemaConfig = {.type = Type::structure, .members = kMembersOfStringSchemaConfig};
constinit const Member kMembersOfTenantConfig[] = {{.name = "ParameterDefinitions", .shape = &kShapeOfParameterDefinitions}};
constinit const Shape kShapeOfTenantConfig = {.type = Type::structure, .members = kMembersOfTenantConfig};
constinit const Member kMembersOfTrustStoreConfig[] = {{.name = "TrustStoreId", .shape = &kString}, {.name = "AdvertiseTrustStoreCaNames", .shape = &kBoolean}, {.name = "IgnoreCertificateExpiry", .shape = &kBoolean}};
constinit const Shape kShapeOfTrustStoreConfig = {.type = Type::structure, .members = kMembersOfTrustStoreConfig};
constinit const Member kMembersOfTrustedKeyGroupIdList[] = {{.name = "member", .shape = &kString, .wire_name = "KeyGroup"}};
constinit const Shape kShapeOfTrustedKeyGroupIdList = {.type = Type::list, .members = kMembersOfTrustedKeyGroupIdList};
constinit const Member kMembersOfTrustedKeyGroups[] = {{.name = "Enabled", .shape = &kBoolean}, {.name = "Quantity", .shape = &kInteger}, {.name = "Items", .shape = &kShapeOfTrustedKeyGroupIdList}};
constinit const Shape kShapeOfTrustedKeyGroups = {.type = Type::structure, .members = kMembersOfTrustedKeyGroups};
constinit const Member kMembersOfTrustedSigners[] = {{.name = "Enabled", .shape = &kBoolean}, {.name = "Quantity", .shape = &kInteger}, {.name = "Items", .shape = &kShapeOfAwsAccountNumberList}};
constinit const Shape kShapeOfTrustedSigners = {.type = Type::structure, .members = kMembersOfTrustedSigners};
constinit const Member kMembersOfViewerCertificate[] = {{.name = "CloudFrontDefaultCertificate", .shape = &kBoolean}, {.name = "IAMCertificateId", .shape = &kString}, {.name = "ACMCertificateArn", .shape = &kString}, {.name = "SSLSupportMethod", .shape = &kString}, {.name = "MinimumProtocolVersion", .shape = &kString}, {.name = "Certificate", .shape = &kString}, {.name = "CertificateSource", .shape = &kString}};
constinit const Shape kShapeOfViewerCertificate = {.type = Type::structure, .members = kMembersOfViewerCertificate};
constinit const Member kMembersOfViewerMtlsConfig[] = {{.name = "Mode", .shape = &kString}, {.name = "TrustStoreConfig", .shape = &kShapeOfTrustStoreConfig}};
constinit const Shape kShapeOfViewerMtlsConfig = {.type = Type::structure, .members = kMembersOfViewerMtlsConfig};
constinit const Member kMembersOfVpcOriginConfig[] = {{.name = "VpcOriginId", .shape = &kString}, {.name = "OwnerAccountId", .shape = &kString}, {.name = "OriginReadTimeout", .shape = &kInteger}, {.name = "OriginKeepaliveTimeout", .shape = &kInteger}};
constinit const Shape kShapeOfVpcOriginConfig = {.type = Type::structure, .members = kMembersOfVpcOriginConfig};

}  // namespace

constinit const Operation kGetInvalidation = {.name = "GetInvalidation", .protocol = Protocol::rest_xml, .effect = Effect::reads, .method = "GET", .uri = "/2020-05-31/distribution/{DistributionId}/invalidation/{Id}", .input = {.name = "GetInvalidation", .shape = &kShapeOfGetInvalidationRequest}, .output = {.name = "GetInvalidation", .shape = &kShapeOfGetInvalidationResult}};
constinit const Operation kGetDistribution = {.name = "GetDistribution", .protocol = Protocol::rest_xml, .effect = Effect::reads, .method = "GET", .uri = "/2020-05-31/distribution/{Id}", .input = {.name = "GetDistribution", .shape = &kShapeOfGetDistributionRequest}, .output = {.name = "GetDistribution", .shape = &kShapeOfGetDistributionResult}};
constinit const Operation kCreateInvalidation = {.name = "CreateInvalidation", .protocol = Protocol::rest_xml, .effect = Effect::changes, .uri = "/2020-05-31/distribution/{DistributionId}/invalidation", .input = {.name = "CreateInvalidation", .shape = &kShapeOfCreateInvalidationRequest}, .output = {.name = "CreateInvalidation", .shape = &kShapeOfCreateInvalidationResult}};
constinit const Acceptor kAcceptorsOfInvalidationCompleted[] = {
    {.state = Waited::done, .match = Match::all, .path = "Invalidation.Status", .expected = "Completed"},
};
constinit const Waiter kInvalidationCompleted = {.operation = &kGetInvalidation, .seconds = 20, .attempts = 30, .acceptors = kAcceptorsOfInvalidationCompleted};

}  // namespace aws::cloudfront
