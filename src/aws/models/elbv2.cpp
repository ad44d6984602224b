// clang-format off
// Made by tools/aws_model.py from elbv2.json (botocore 1.43.11, elbv2/2015-12-01): not to be edited.
#include "aws/models/elbv2.h"

namespace aws::elbv2 {
namespace {

constexpr Shape kBoolean = {.type = Type::boolean};
constexpr Shape kInteger = {.type = Type::integer};
constexpr Shape kString = {.type = Type::string};
constexpr Shape kTimestamp = {.type = Type::timestamp};

extern const Shape kShapeOfAction, kShapeOfActions, kShapeOfAddTagsInput, kShapeOfAddTagsOutput,
kShapeOfAdministrativeOverride, kShapeOfAlpnPolicyName, kShapeOfAnomalyDetection,
kShapeOfAuthenticateCognitoActionAuthenticationRequestExtraParams,
kShapeOfAuthenticateCognitoActionConfig,
kShapeOfAuthenticateOidcActionAuthenticationRequestExtraParams,
kShapeOfAuthenticateOidcActionConfig, kShapeOfAvailabilityZone, kShapeOfAvailabilityZones,
kShapeOfCertificate, kShapeOfCertificateList, kShapeOfCreateRuleInput, kShapeOfCreateRuleOutput,
kShapeOfDeleteRuleInput, kShapeOfDeleteRuleOutput, kShapeOfDeregisterTargetsInput,
kShapeOfDeregisterTargetsOutput, kShapeOfDescribeAccountLimitsInput,
kShapeOfDescribeAccountLimitsOutput, kShapeOfDescribeListenersInput,
kShapeOfDescribeListenersOutput, kShapeOfDescribeLoadBalancerAttributesInput,
kShapeOfDescribeLoadBalancerAttributesOutput, kShapeOfDescribeLoadBalancersInput,
kShapeOfDescribeLoadBalancersOutput, kShapeOfDescribeRulesInput, kShapeOfDescribeRulesOutput,
kShapeOfDescribeTagsInput, kShapeOfDescribeTagsOutput, kShapeOfDescribeTargetGroupAttributesInput,
kShapeOfDescribeTargetGroupAttributesOutput, kShapeOfDescribeTargetGroupsInput,
kShapeOfDescribeTargetGroupsOutput, kShapeOfDescribeTargetHealthInput,
kShapeOfDescribeTargetHealthOutput, kShapeOfFixedResponseActionConfig, kShapeOfForwardActionConfig,
kShapeOfHostHeaderConditionConfig, kShapeOfHostHeaderRewriteConfig,
kShapeOfHttpHeaderConditionConfig, kShapeOfHttpRequestMethodConditionConfig, kShapeOfIpamPools,
kShapeOfJwtValidationActionAdditionalClaim, kShapeOfJwtValidationActionAdditionalClaimValues,
kShapeOfJwtValidationActionAdditionalClaims, kShapeOfJwtValidationActionConfig, kShapeOfLimit,
kShapeOfLimits, kShapeOfListOfDescribeTargetHealthIncludeOptions, kShapeOfListOfString,
kShapeOfListener, kShapeOfListenerArns, kShapeOfListeners, kShapeOfLoadBalancer,
kShapeOfLoadBalancerAddress, kShapeOfLoadBalancerAddresses, kShapeOfLoadBalancerArns,
kShapeOfLoadBalancerAttribute, kShapeOfLoadBalancerAttributes, kShapeOfLoadBalancerNames,
kShapeOfLoadBalancerState, kShapeOfLoadBalancers, kShapeOfMatcher, kShapeOfModifyListenerInput,
kShapeOfModifyListenerOutput, kShapeOfModifyRuleInput, kShapeOfModifyRuleOutput,
kShapeOfModifyTargetGroupAttributesInput, kShapeOfModifyTargetGroupAttributesOutput,
kShapeOfMutualAuthenticationAttributes, kShapeOfPathPatternConditionConfig,
kShapeOfQueryStringConditionConfig, kShapeOfQueryStringKeyValuePair,
kShapeOfQueryStringKeyValuePairList, kShapeOfRedirectActionConfig, kShapeOfRegisterTargetsInput,
kShapeOfRegisterTargetsOutput, kShapeOfResourceArns, kShapeOfRewriteConfig,
kShapeOfRewriteConfigList, kShapeOfRule, kShapeOfRuleArns, kShapeOfRuleCondition,
kShapeOfRuleConditionList, kShapeOfRuleTransform, kShapeOfRuleTransformList, kShapeOfRules,
kShapeOfSecurityGroups, kShapeOfSourceIpConditionConfig, kShapeOfSourceNatIpv6Prefixes, kShapeOfTag,
kShapeOfTagDescription, kShapeOfTagDescriptions, kShapeOfTagList, kShapeOfTargetDescription,
kShapeOfTargetDescriptions, kShapeOfTargetGroup, kShapeOfTargetGroupArns,
kShapeOfTargetGroupAttribute, kShapeOfTargetGroupAttributes, kShapeOfTargetGroupList,
kShapeOfTargetGroupNames, kShapeOfTargetGroupStickinessConfig, kShapeOfTargetGroupTuple,
kShapeOfTargetGroups, kShapeOfTargetHealth, kShapeOfTargetHealthDescription,
kShapeOfTargetHealthDescriptions, kShapeOfUrlRewriteConfig;

constinit const Member kMembersOfAction[] = {{.name = "Type", .shape = &kString}, {.name = "TargetGroupArn", .shape = &kString}, {.name = "AuthenticateOidcConfig", .shape = &kShapeOfAuthenticateOidcActionConfig}, {.name = "AuthenticateCognitoConfig", .shape = &kShapeOfAuthenticateCognitoActionConfig}, {.name = "Order", .shape = &kInteger}, {.name = "RedirectConfig", .shape = &kShapeOfRedirectActionConfig}, {.name = "FixedResponseConfig", .shape = &kShapeOfFixedResponseActionConfig}, {.name = "ForwardConfig", .shape = &kShapeOfForwardActionConfig}, {.name = "JwtValidationConfig", .shape = &kShapeOfJwtValidationActionConfig}};
constinit const Shape kShapeOfAction = {.type = Type::structure, .members = kMembersOfAction};
constinit const Member kMembersOfActions[] = {{.name = "member", .shape = &kShapeOfAction}};
constinit const Shape kShapeOfActions = {.type = Type::list, .members = kMembersOfActions};
constinit const Member kMembersOfAddTagsInput[] = {{.name = "ResourceArns", .shape = &kShapeOfResourceArns}, {.name = "Tags", .shape = &kShapeOfTagList}};
constinit const Shape kShapeOfAddTagsInput = {.type = Type::structure, .members = kMembersOfAddTagsInput};
constinit const Shape kShapeOfAddTagsOutput = {.type = Type::structure};
constinit const Member kMembersOfAdministrativeOverride[] = {{.name = "State", .shape = &kString}, {.name = "Reason", .shape = &kString}, {.name = "Description", .shape = &kString}};
constinit const Shape kShapeOfAdministrativeOverride = {.type = Type::structure, .members = kMembersOfAdministrativeOverride};
constinit const Member kMembersOfAlpnPolicyName[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfAlpnPolicyName = {.type = Type::list, .members = kMembersOfAlpnPolicyName};
constinit const Member kMembersOfAnomalyDetection[] = {{.name = "Result", .shape = &kString}, {.name = "MitigationInEffect", .shape = &kString}};
constinit const Shape kShapeOfAnomalyDetection = {.type = Type::structure, .members = kMembersOfAnomalyDetection};
constinit const Member kMembersOfAuthenticateCognitoActionAuthenticationRequestExtraParams[] = {{.name = "key", .shape = &kString}, {.name = "value", .shape = &kString}};
constinit const Shape kShapeOfAuthenticateCognitoActionAuthenticationRequestExtraParams = {.type = Type::map, .members = kMembersOfAuthenticateCognitoActionAuthenticationRequestExtraParams};
constinit const Member kMembersOfAuthenticateCognitoActionConfig[] = {{.name = "UserPoolArn", .shape = &kString}, {.name = "UserPoolClientId", .shape = &kString}, {.name = "UserPoolDomain", .shape = &kString}, {.name = "SessionCookieName", .shape = &kString}, {.name = "Scope", .shape = &kString}, {.name = "SessionTimeout", .shape = &kInteger}, {.name = "AuthenticationRequestExtraParams", .shape = &kShapeOfAuthenticateCognitoActionAuthenticationRequestExtraParams}, {.name = "OnUnauthenticatedRequest", .shape = &kString}};
constinit const Shape kShapeOfAuthenticateCognitoActionConfig = {.type = Type::structure, .members = kMembersOfAuthenticateCognitoActionConfig};
constinit const Member kMembersOfAuthenticateOidcActionAuthenticationRequestExtraParams[] = {{.name = "key", .shape = &kString}, {.name = "value", .shape = &kString}};
constinit const Shape kShapeOfAuthenticateOidcActionAuthenticationRequestExtraParams = {.type = Type::map, .members = kMembersOfAuthenticateOidcActionAuthenticationRequestExtraParams};
constinit const Member kMembersOfAuthenticateOidcActionConfig[] = {{.name = "Issuer", .shape = &kString}, {.name = "AuthorizationEndpoint", .shape = &kString}, {.name = "TokenEndpoint", .shape = &kString}, {.name = "UserInfoEndpoint", .shape = &kString}, {.name = "ClientId", .shape = &kString}, {.name = "ClientSecret", .shape = &kString}, {.name = "SessionCookieName", .shape = &kString}, {.name = "Scope", .shape = &kString}, {.name = "SessionTimeout", .shape = &kInteger}, {.name = "AuthenticationRequestExtraParams", .shape = &kShapeOfAuthenticateOidcActionAuthenticationRequestExtraParams}, {.name = "OnUnauthenticatedRequest", .shape = &kString}, {.name = "UseExistingClientSecret", .shape = &kBoolean}};
constinit const Shape kShapeOfAuthenticateOidcActionConfig = {.type = Type::structure, .members = kMembersOfAuthenticateOidcActionConfig};
constinit const Member kMembersOfAvailabilityZone[] = {{.name = "ZoneName", .shape = &kString}, {.name = "SubnetId", .shape = &kString}, {.name = "OutpostId", .shape = &kString}, {.name = "LoadBalancerAddresses", .shape = &kShapeOfLoadBalancerAddresses}, {.name = "SourceNatIpv6Prefixes", .shape = &kShapeOfSourceNatIpv6Prefixes}};
constinit const Shape kShapeOfAvailabilityZone = {.type = Type::structure, .members = kMembersOfAvailabilityZone};
constinit const Member kMembersOfAvailabilityZones[] = {{.name = "member", .shape = &kShapeOfAvailabilityZone}};
constinit const Shape kShapeOfAvailabilityZones = {.type = Type::list, .members = kMembersOfAvailabilityZones};
constinit const Member kMembersOfCertificate[] = {{.name = "CertificateArn", .shape = &kString}, {.name = "IsDefault", .shape = &kBoolean}};
constinit const Shape kShapeOfCertificate = {.type = Type::structure, .members = kMembersOfCertificate};
constinit const Member kMembersOfCertificateList[] = {{.name = "member", .shape = &kShapeOfCertificate}};
constinit const Shape kShapeOfCertificateList = {.type = Type::list, .members = kMembersOfCertificateList};
constinit const Member kMembersOfCreateRuleInput[] = {{.name = "ListenerArn", .shape = &kString}, {.name = "Conditions", .shape = &kShapeOfRuleConditionList}, {.name = "Priority", .shape = &kInteger}, {.name = "Actions", .shape = &kShapeOfActions}, {.name = "Tags", .shape = &kShapeOfTagList}, {.name = "Transforms", .shape = &kShapeOfRuleTransformList}};
constinit const Shape kShapeOfCreateRuleInput = {.type = Type::structure, .members = kMembersOfCreateRuleInput};
constinit const Member kMembersOfCreateRuleOutput[] = {{.name = "Rules", .shape = &kShapeOfRules}};
constinit const Shape kShapeOfCreateRuleOutput = {.type = Type::structure, .members = kMembersOfCreateRuleOutput};
constinit const Member kMembersOfDeleteRuleInput[] = {{.name = "RuleArn", .shape = &kString}};
constinit const Shape kShapeOfDeleteRuleInput = {.type = Type::structure, .members = kMembersOfDeleteRuleInput};
constinit const Shape kShapeOfDeleteRuleOutput = {.type = Type::structure};
constinit const Member kMembersOfDeregisterTargetsInput[] = {{.name = "TargetGroupArn", .shape = &kString}, {.name = "Targets", .shape = &kShapeOfTargetDescriptions}};
constinit const Shape kShapeOfDeregisterTargetsInput = {.type = Type::structure, .members = kMembersOfDeregisterTargetsInput};
constinit const Shape kShapeOfDeregisterTargetsOutput = {.type = Type::structure};
constinit const Member kMembersOfDescribeAccountLimitsInput[] = {{.name = "Marker", .shape = &kString}, {.name = "PageSize", .shape = &kInteger}};
constinit const Shape kShapeOfDescribeAccountLimitsInput = {.type = Type::structure, .members = kMembersOfDescribeAccountLimitsInput};
constinit const Member kMembersOfDescribeAccountLimitsOutput[] = {{.name = "Limits", .shape = &kShapeOfLimits}, {.name = "NextMarker", .shape = &kString}};
constinit const Shape kShapeOfDescribeAccountLimitsOutput = {.type = Type::structure, .members = kMembersOfDescribeAccountLimitsOutput};
constinit const Member kMembersOfDescribeListenersInput[] = {{.name = "LoadBalancerArn", .shape = &kString}, {.name = "ListenerArns", .shape = &kShapeOfListenerArns}, {.name = "Marker", .shape = &kString}, {.name = "PageSize", .shape = &kInteger}};
constinit const Shape kShapeOfDescribeListenersInput = {.type = Type::structure, .members = kMembersOfDescribeListenersInput};
constinit const Member kMembersOfDescribeListenersOutput[] = {{.name = "Listeners", .shape = &kShapeOfListeners}, {.name = "NextMarker", .shape = &kString}};
constinit const Shape kShapeOfDescribeListenersOutput = {.type = Type::structure, .members = kMembersOfDescribeListenersOutput};
constinit const Member kMembersOfDescribeLoadBalancerAttributesInput[] = {{.name = "LoadBalancerArn", .shape = &kString}};
constinit const Shape kShapeOfDescribeLoadBalancerAttributesInput = {.type = Type::structure, .members = kMembersOfDescribeLoadBalancerAttributesInput};
constinit const Member kMembersOfDescribeLoadBalancerAttributesOutput[] = {{.name = "Attributes", .shape = &kShapeOfLoadBalancerAttributes}};
constinit const Shape kShapeOfDescribeLoadBalancerAttributesOutput = {.type = Type::structure, .members = kMembersOfDescribeLoadBalancerAttributesOutput};
constinit const Member kMembersOfDescribeLoadBalancersInput[] = {{.name = "LoadBalancerArns", .shape = &kShapeOfLoadBalancerArns}, {.name = "Names", .shape = &kShapeOfLoadBalancerNames}, {.name = "Marker", .shape = &kString}, {.name = "PageSize", .shape = &kInteger}};
constinit const Shape kShapeOfDescribeLoadBalancersInput = {.type = Type::structure, .members = kMembersOfDescribeLoadBalancersInput};
constinit const Member kMembersOfDescribeLoadBalancersOutput[] = {{.name = "LoadBalancers", .shape = &kShapeOfLoadBalancers}, {.name = "NextMarker", .shape = &kString}};
constinit const Shape kShapeOfDescribeLoadBalancersOutput = {.type = Type::structure, .members = kMembersOfDescribeLoadBalancersOutput};
constinit const Member kMembersOfDescribeRulesInput[] = {{.name = "ListenerArn", .shape = &kString}, {.name = "RuleArns", .shape = &kShapeOfRuleArns}, {.name = "Marker", .shape = &kString}, {.name = "PageSize", .shape = &kInteger}};
constinit const Shape kShapeOfDescribeRulesInput = {.type = Type::structure, .members = kMembersOfDescribeRulesInput};
constinit const Member kMembersOfDescribeRulesOutput[] = {{.name = "Rules", .shape = &kShapeOfRules}, {.name = "NextMarker", .shape = &kString}};
constinit const Shape kShapeOfDescribeRulesOutput = {.type = Type::structure, .members = kMembersOfDescribeRulesOutput};
constinit const Member kMembersOfDescribeTagsInput[] = {{.name = "ResourceArns", .shape = &kShapeOfResourceArns}};
constinit const Shape kShapeOfDescribeTagsInput = {.type = Type::structure, .members = kMembersOfDescribeTagsInput};
constinit const Member kMembersOfDescribeTagsOutput[] = {{.name = "TagDescriptions", .shape = &kShapeOfTagDescriptions}};
constinit const Shape kShapeOfDescribeTagsOutput = {.type = Type::structure, .members = kMembersOfDescribeTagsOutput};
constinit const Member kMembersOfDescribeTargetGroupAttributesInput[] = {{.name = "TargetGroupArn", .shape = &kString}};
constinit const Shape kShapeOfDescribeTargetGroupAttributesInput = {.type = Type::structure, .members = kMembersOfDescribeTargetGroupAttributesInput};
constinit const Member kMembersOfDescribeTargetGroupAttributesOutput[] = {{.name = "Attributes", .shape = &kShapeOfTargetGroupAttributes}};
constinit const Shape kShapeOfDescribeTargetGroupAttributesOutput = {.type = Type::structure, .members = kMembersOfDescribeTargetGroupAttributesOutput};
constinit const Member kMembersOfDescribeTargetGroupsInput[] = {{.name = "LoadBalancerArn", .shape = &kString}, {.name = "TargetGroupArns", .shape = &kShapeOfTargetGroupArns}, {.name = "Names", .shape = &kShapeOfTargetGroupNames}, {.name = "Marker", .shape = &kString}, {.name = "PageSize", .shape = &kInteger}};
constinit const Shape kShapeOfDescribeTargetGroupsInput = {.type = Type::structure, .members = kMembersOfDescribeTargetGroupsInput};
constinit const Member kMembersOfDescribeTargetGroupsOutput[] = {{.name = "TargetGroups", .shape = &kShapeOfTargetGroups}, {.name = "NextMarker", .shape = &kString}};
constinit const Shape kShapeOfDescribeTargetGroupsOutput = {.type = Type::structure, .members = kMembersOfDescribeTargetGroupsOutput};
constinit const Member kMembersOfDescribeTargetHealthInput[] = {{.name = "TargetGroupArn", .shape = &kString}, {.name = "Targets", .shape = &kShapeOfTargetDescriptions}, {.name = "Include", .shape = &kShapeOfListOfDescribeTargetHealthIncludeOptions}};
constinit const Shape kShapeOfDescribeTargetHealthInput = {.type = Type::structure, .members = kMembersOfDescribeTargetHealthInput};
constinit const Member kMembersOfDescribeTargetHealthOutput[] = {{.name = "TargetHealthDescriptions", .shape = &kShapeOfTargetHealthDescriptions}};
constinit const Shape kShapeOfDescribeTargetHealthOutput = {.type = Type::structure, .members = kMembersOfDescribeTargetHealthOutput};
constinit const Member kMembersOfFixedResponseActionConfig[] = {{.name = "MessageBody", .shape = &kString}, {.name = "StatusCode", .shape = &kString}, {.name = "ContentType", .shape = &kString}};
constinit const Shape kShapeOfFixedResponseActionConfig = {.type = Type::structure, .members = kMembersOfFixedResponseActionConfig};
constinit const Member kMembersOfForwardActionConfig[] = {{.name = "TargetGroups", .shape = &kShapeOfTargetGroupList}, {.name = "TargetGroupStickinessConfig", .shape = &kShapeOfTargetGroupStickinessConfig}};
constinit const Shape kShapeOfForwardActionConfig = {.type = Type::structure, .members = kMembersOfForwardActionConfig};
constinit const Member kMembersOfHostHeaderConditionConfig[] = {{.name = "Values", .shape = &kShapeOfListOfString}, {.name = "RegexValues", .shape = &kShapeOfListOfString}};
constinit const Shape kShapeOfHostHeaderConditionConfig = {.type = Type::structure, .members = kMembersOfHostHeaderConditionConfig};
constinit const Member kMembersOfHostHeaderRewriteConfig[] = {{.name = "Rewrites", .shape = &kShapeOfRewriteConfigList}};
constinit const Shape kShapeOfHostHeaderRewriteConfig = {.type = Type::structure, .members = kMembersOfHostHeaderRewriteConfig};
constinit const Member kMembersOfHttpHeaderConditionConfig[] = {{.name = "HttpHeaderName", .shape = &kString}, {.name = "Values", .shape = &kShapeOfListOfString}, {.name = "RegexValues", .shape = &kShapeOfListOfString}};
constinit const Shape kShapeOfHttpHeaderConditionConfig = {.type = Type::structure, .members = kMembersOfHttpHeaderConditionConfig};
constinit const Member kMembersOfHttpRequestMethodConditionConfig[] = {{.name = "Values", .shape = &kShapeOfListOfString}};
constinit const Shape kShapeOfHttpRequestMethodConditionConfig = {.type = Type::structure, .members = kMembersOfHttpRequestMethodConditionConfig};
constinit const Member kMembersOfIpamPools[] = {{.name = "Ipv4IpamPoolId", .shape = &kString}};
constinit const Shape kShapeOfIpamPools = {.type = Type::structure, .members = kMembersOfIpamPools};
constinit const Member kMembersOfJwtValidationActionAdditionalClaim[] = {{.name = "Format", .shape = &kString}, {.name = "Name", .shape = &kString}, {.name = "Values", .shape = &kShapeOfJwtValidationActionAdditionalClaimValues}};
constinit const Shape kShapeOfJwtValidationActionAdditionalClaim = {.type = Type::structure, .members = kMembersOfJwtValidationActionAdditionalClaim};
constinit const Member kMembersOfJwtValidationActionAdditionalClaimValues[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfJwtValidationActionAdditionalClaimValues = {.type = Type::list, .members = kMembersOfJwtValidationActionAdditionalClaimValues};
constinit const Member kMembersOfJwtValidationActionAdditionalClaims[] = {{.name = "member", .shape = &kShapeOfJwtValidationActionAdditionalClaim}};
constinit const Shape kShapeOfJwtValidationActionAdditionalClaims = {.type = Type::list, .members = kMembersOfJwtValidationActionAdditionalClaims};
constinit const Member kMembersOfJwtValidationActionConfig[] = {{.name = "JwksEndpoint", .shape = &kString}, {.name = "Issuer", .shape = &kString}, {.name = "AdditionalClaims", .shape = &kShapeOfJwtValidationActionAdditionalClaims}};
constinit const Shape kShapeOfJwtValidationActionConfig = {.type = Type::structure, .members = kMembersOfJwtValidationActionConfig};
constinit const Member kMembersOfLimit[] = {{.name = "Name", .shape = &kString}, {.name = "Max", .shape = &kString}};
constinit const Shape kShapeOfLimit = {.type = Type::structure, .members = kMembersOfLimit};
constinit const Member kMembersOfLimits[] = {{.name = "member", .shape = &kShapeOfLimit}};
constinit const Shape kShapeOfLimits = {.type = Type::list, .members = kMembersOfLimits};
constinit const Member kMembersOfListOfDescribeTargetHealthIncludeOptions[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfListOfDescribeTargetHealthIncludeOptions = {.type = Type::list, .members = kMembersOfListOfDescribeTargetHealthIncludeOptions};
constinit const Member kMembersOfListOfString[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfListOfString = {.type = Type::list, .members = kMembersOfListOfString};
constinit const Member kMembersOfListener[] = {{.name = "ListenerArn", .shape = &kString}, {.name = "LoadBalancerArn", .shape = &kString}, {.name = "Port", .shape = &kInteger}, {.name = "Protocol", .shape = &kString}, {.name = "Certificates", .shape = &kShapeOfCertificateList}, {.name = "SslPolicy", .shape = &kString}, {.name = "DefaultActions", .shape = &kShapeOfActions}, {.name = "AlpnPolicy", .shape = &kShapeOfAlpnPolicyName}, {.name = "MutualAuthentication", .shape = &kShapeOfMutualAuthenticationAttributes}};
constinit const Shape kShapeOfListener = {.type = Type::structure, .members = kMembersOfListener};
constinit const Member kMembersOfListenerArns[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfListenerArns = {.type = Type::list, .members = kMembersOfListenerArns};
constinit const Member kMembersOfListeners[] = {{.name = "member", .shape = &kShapeOfListener}};
constinit const Shape kShapeOfListeners = {.type = Type::list, .members = kMembersOfListeners};
constinit const Member kMembersOfLoadBalancer[] = {{.name = "LoadBalancerArn", .shape = &kString}, {.name = "DNSName", .shape = &kString}, {.name = "CanonicalHostedZoneId", .shape = &kString}, {.name = "CreatedTime", .shape = &kTimestamp}, {.name = "LoadBalancerName", .shape = &kString}, {.name = "Scheme", .shape = &kString}, {.name = "VpcId", .shape = &kString}, {.name = "State", .shape = &kShapeOfLoadBalancerState}, {.name = "Type", .shape = &kString}, {.name = "AvailabilityZones", .shape = &kShapeOfAvailabilityZones}, {.name = "SecurityGroups", .shape = &kShapeOfSecurityGroups}, {.name = "IpAddressType", .shape = &kString}, {.name = "CustomerOwnedIpv4Pool", .shape = &kString}, {.name = "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic", .shape = &kString}, {.name = "EnablePrefixForIpv6SourceNat", .shape = &kString}, {.name = "IpamPools", .shape = &kShapeOfIpamPools}};
constinit const Shape kShapeOfLoadBalancer = {.type = Type::structure, .members = kMembersOfLoadBalancer};
constinit const Member kMembersOfLoadBalancerAddress[] = {{.name = "IpAddress", .shape = &kString}, {.name = "AllocationId", .shape = &kString}, {.name = "PrivateIPv4Address", .shape = &kString}, {.name = "IPv6Address", .shape = &kString}};
constinit const Shape kShapeOfLoadBalancerAddress = {.type = Type::structure, .members = kMembersOfLoadBalancerAddress};
constinit const Member kMembersOfLoadBalancerAddresses[] = {{.name = "member", .shape = &kShapeOfLoadBalancerAddress}};
constinit const Shape kShapeOfLoadBalancerAddresses = {.type = Type::list, .members = kMembersOfLoadBalancerAddresses};
constinit const Member kMembersOfLoadBalancerArns[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfLoadBalancerArns = {.type = Type::list, .members = kMembersOfLoadBalancerArns};
constinit const Member kMembersOfLoadBalancerAttribute[] = {{.name = "Key", .shape = &kString}, {.name = "Value", .shape = &kString}};
constinit const Shape kShapeOfLoadBalancerAttribute = {.type = Type::structure, .members = kMembersOfLoadBalancerAttribute};
constinit const Member kMembersOfLoadBalancerAttributes[] = {{.name = "member", .shape = &kShapeOfLoadBalancerAttribute}};
constinit const Shape kShapeOfLoadBalancerAttributes = {.type = Type::list, .members = kMembersOfLoadBalancerAttributes};
constinit const Member kMembersOfLoadBalancerNames[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfLoadBalancerNames = {.type = Type::list, .members = kMembersOfLoadBalancerNames};
constinit const Member kMembersOfLoadBalancerState[] = {{.name = "Code", .shape = &kString}, {.name = "Reason", .shape = &kString}};
constinit const Shape kShapeOfLoadBalancerState = {.type = Type::structure, .members = kMembersOfLoadBalancerState};
constinit const Member kMembersOfLoadBalancers[] = {{.name = "member", .shape = &kShapeOfLoadBalancer}};
constinit const Shape kShapeOfLoadBalancers = {.type = Type::list, .members = kMembersOfLoadBalancers};
constinit const Member kMembersOfMatcher[] = {{.name = "HttpCode", .shape = &kString}, {.name = "GrpcCode", .shape = &kString}};
constinit const Shape kShapeOfMatcher = {.type = Type::structure, .members = kMembersOfMatcher};
constinit const Member kMembersOfModifyListenerInput[] = {{.name = "ListenerArn", .shape = &kString}, {.name = "Port", .shape = &kInteger}, {.name = "Protocol", .shape = &kString}, {.name = "SslPolicy", .shape = &kString}, {.name = "Certificates", .shape = &kShapeOfCertificateList}, {.name = "DefaultActions", .shape = &kShapeOfActions}, {.name = "AlpnPolicy", .shape = &kShapeOfAlpnPolicyName}, {.name = "MutualAuthentication", .shape = &kShapeOfMutualAuthenticationAttributes}};
constinit const Shape kShapeOfModifyListenerInput = {.type = Type::structure, .members = kMembersOfModifyListenerInput};
constinit const Member kMembersOfModifyListenerOutput[] = {{.name = "Listeners", .shape = &kShapeOfListeners}};
constinit const Shape kShapeOfModifyListenerOutput = {.type = Type::structure, .members = kMembersOfModifyListenerOutput};
constinit const Member kMembersOfModifyRuleInput[] = {{.name = "RuleArn", .shape = &kString}, {.name = "Conditions", .shape = &kShapeOfRuleConditionList}, {.name = "Actions", .shape = &kShapeOfActions}, {.name = "Transforms", .shape = &kShapeOfRuleTransformList}, {.name = "ResetTransforms", .shape = &kBoolean}};
constinit const Shape kShapeOfModifyRuleInput = {.type = Type::structure, .members = kMembersOfModifyRuleInput};
constinit const Member kMembersOfModifyRuleOutput[] = {{.name = "Rules", .shape = &kShapeOfRules}};
constinit const Shape kShapeOfModifyRuleOutput = {.type = Type::structure, .members = kMembersOfModifyRuleOutput};
constinit const Member kMembersOfModifyTargetGroupAttributesInput[] = {{.name = "TargetGroupArn", .shape = &kString}, {.name = "Attributes", .shape = &kShapeOfTargetGroupAttributes}};
constinit const Shape kShapeOfModifyTargetGroupAttributesInput = {.type = Type::structure, .members = kMembersOfModifyTargetGroupAttributesInput};
constinit const Member kMembersOfModifyTargetGroupAttributesOutput[] = {{.name = "Attributes", .shape = &kShapeOfTargetGroupAttributes}};
constinit const Shape kShapeOfModifyTargetGroupAttributesOutput = {.type = Type::structure, .members = kMembersOfModifyTargetGroupAttributesOutput};
constinit const Member kMembersOfMutualAuthenticationAttributes[] = {{.name = "Mode", .shape = &kString}, {.name = "TrustStoreArn", .shape = &kString}, {.name = "IgnoreClientCertificateExpiry", .shape = &kBoolean}, {.name = "TrustStoreAssociationStatus", .shape = &kString}, {.name = "AdvertiseTrustStoreCaNames", .shape = &kString}};
constinit const Shape kShapeOfMutualAuthenticationAttributes = {.type = Type::structure, .members = kMembersOfMutualAuthenticationAttributes};
constinit const Member kMembersOfPathPatternConditionConfig[] = {{.name = "Values", .shape = &kShapeOfListOfString}, {.name = "RegexValues", .shape = &kShapeOfListOfString}};
constinit const Shape kShapeOfPathPatternConditionConfig = {.type = Type::structure, .members = kMembersOfPathPatternConditionConfig};
constinit const Member kMembersOfQueryStringConditionConfig[] = {{.name = "Values", .shape = &kShapeOfQueryStringKeyValuePairList}};
constinit const Shape kShapeOfQueryStringConditionConfig = {.type = Type::structure, .members = kMembersOfQueryStringConditionConfig};
constinit const Member kMembersOfQueryStringKeyValuePair[] = {{.name = "Key", .shape = &kString}, {.name = "Value", .shape = &kString}};
constinit const Shape kShapeOfQueryStringKeyValuePair = {.type = Type::structure, .members = kMembersOfQueryStringKeyValuePair};
constinit const Member kMembersOfQueryStringKeyValuePairList[] = {{.name = "member", .shape = &kShapeOfQueryStringKeyValuePair}};
constinit const Shape kShapeOfQueryStringKeyValuePairList = {.type = Type::list, .members = kMembersOfQueryStringKeyValuePairList};
constinit const Member kMembersOfRedirectActionConfig[] = {{.name = "Protocol", .shape = &kString}, {.name = "Port", .shape = &kString}, {.name = "Host", .shape = &kString}, {.name = "Path", .shape = &kString}, {.name = "Query", .shape = &kString}, {.name = "StatusCode", .shape = &kString}};
constinit const Shape kShapeOfRedirectActionConfig = {.type = Type::structure, .members = kMembersOfRedirectActionConfig};
constinit const Member kMembersOfRegisterTargetsInput[] = {{.name = "TargetGroupArn", .shape = &kString}, {.name = "Targets", .shape = &kShapeOfTargetDescriptions}};
constinit const Shape kShapeOfRegisterTargetsInput = {.type = Type::structure, .members = kMembersOfRegisterTargetsInput};
constinit const Shape kShapeOfRegisterTargetsOutput = {.type = Type::structure};
constinit const Member kMembersOfResourceArns[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfResourceArns = {.type = Type::list, .members = kMembersOfResourceArns};
constinit const Member kMembersOfRewriteConfig[] = {{.name = "Regex", .shape = &kString}, {.name = "Replace", .shape = &kString}};
constinit const Shape kShapeOfRewriteConfig = {.type = Type::structure, .members = kMembersOfRewriteConfig};
constinit const Member kMembersOfRewriteConfigList[] = {{.name = "member", .shape = &kShapeOfRewriteConfig}};
constinit const Shape kShapeOfRewriteConfigList = {.type = Type::list, .members = kMembersOfRewriteConfigList};
constinit const Member kMembersOfRule[] = {{.name = "RuleArn", .shape = &kString}, {.name = "Priority", .shape = &kString}, {.name = "Conditions", .shape = &kShapeOfRuleConditionList}, {.name = "Actions", .shape = &kShapeOfActions}, {.name = "IsDefault", .shape = &kBoolean}, {.name = "Transforms", .shape = &kShapeOfRuleTransformList}};
constinit const Shape kShapeOfRule = {.type = Type::structure, .members = kMembersOfRule};
constinit const Member kMembersOfRuleArns[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfRuleArns = {.type = Type::list, .members = kMembersOfRuleArns};
constinit const Member kMembersOfRuleCondition[] = {{.name = "Field", .shape = &kString}, {.name = "Values", .shape = &kShapeOfListOfString}, {.name = "HostHeaderConfig", .shape = &kShapeOfHostHeaderConditionConfig}, {.name = "PathPatternConfig", .shape = &kShapeOfPathPatternConditionConfig}, {.name = "HttpHeaderConfig", .shape = &kShapeOfHttpHeaderConditionConfig}, {.name = "QueryStringConfig", .shape = &kShapeOfQueryStringConditionConfig}, {.name = "HttpRequestMethodConfig", .shape = &kShapeOfHttpRequestMethodConditionConfig}, {.name = "SourceIpConfig", .shape = &kShapeOfSourceIpConditionConfig}, {.name = "RegexValues", .shape = &kShapeOfListOfString}};
constinit const Shape kShapeOfRuleCondition = {.type = Type::structure, .members = kMembersOfRuleCondition};
constinit const Member kMembersOfRuleConditionList[] = {{.name = "member", .shape = &kShapeOfRuleCondition}};
constinit const Shape kShapeOfRuleConditionList = {.type = Type::list, .members = kMembersOfRuleConditionList};
constinit const Member kMembersOfRuleTransform[] = {{.name = "Type", .shape = &kString}, {.name = "HostHeaderRewriteConfig", .shape = &kShapeOfHostHeaderRewriteConfig}, {.name = "UrlRewriteConfig", .shape = &kShapeOfUrlRewriteConfig}};
constinit const Shape kShapeOfRuleTransform = {.type = Type::structure, .members = kMembersOfRuleTransform};
constinit const Member kMembersOfRuleTransformList[] = {{.name = "member", .shape = &kShapeOfRuleTransform}};
constinit const Shape kShapeOfRuleTransformList = {.type = Type::list, .members = kMembersOfRuleTransformList};
constinit const Member kMembersOfRules[] = {{.name = "member", .shape = &kShapeOfRule}};
constinit const Shape kShapeOfRules = {.type = Type::list, .members = kMembersOfRules};
constinit const Member kMembersOfSecurityGroups[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfSecurityGroups = {.type = Type::list, .members = kMembersOfSecurityGroups};
constinit const Member kMembersOfSourceIpConditionConfig[] = {{.name = "Values", .shape = &kShapeOfListOfString}};
constinit const Shape kShapeOfSourceIpConditionConfig = {.type = Type::structure, .members = kMembersOfSourceIpConditionConfig};
constinit const Member kMembersOfSourceNatIpv6Prefixes[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfSourceNatIpv6Prefixes = {.type = Type::list, .members = kMembersOfSourceNatIpv6Prefixes};
constinit const Member kMembersOfTag[] = {{.name = "Key", .shape = &kString}, {.name = "Value", .shape = &kString}};
constinit const Shape kShapeOfTag = {.type = Type::structure, .members = kMembersOfTag};
constinit const Member kMembersOfTagDescription[] = {{.name = "ResourceArn", .shape = &kString}, {.name = "Tags", .shape = &kShapeOfTagList}};
constinit const Shape kShapeOfTagDescription = {.type = Type::structure, .members = kMembersOfTagDescription};
constinit const Member kMembersOfTagDescriptions[] = {{.name = "member", .shape = &kShapeOfTagDescription}};
constinit const Shape kShapeOfTagDescriptions = {.type = Type::list, .members = kMembersOfTagDescriptions};
constinit const Member kMembersOfTagList[] = {{.name = "member", .shape = &kShapeOfTag}};
constinit const Shape kShapeOfTagList = {.type = Type::list, .members = kMembersOfTagList};
constinit const Member kMembersOfTargetDescription[] = {{.name = "Id", .shape = &kString}, {.name = "Port", .shape = &kInteger}, {.name = "AvailabilityZone", .shape = &kString}, {.name = "QuicServerId", .shape = &kString}};
constinit const Shape kShapeOfTargetDescription = {.type = Type::structure, .members = kMembersOfTargetDescription};
constinit const Member kMembersOfTargetDescriptions[] = {{.name = "member", .shape = &kShapeOfTargetDescription}};
constinit const Shape kShapeOfTargetDescriptions = {.type = Type::list, .members = kMembersOfTargetDescriptions};
constinit const Member kMembersOfTargetGroup[] = {{.name = "TargetGroupArn", .shape = &kString}, {.name = "TargetGroupName", .shape = &kString}, {.name = "Protocol", .shape = &kString}, {.name = "Port", .shape = &kInteger}, {.name = "VpcId", .shape = &kString}, {.name = "HealthCheckProtocol", .shape = &kString}, {.name = "HealthCheckPort", .shape = &kString}, {.name = "HealthCheckEnabled", .shape = &kBoolean}, {.name = "HealthCheckIntervalSeconds", .shape = &kInteger}, {.name = "HealthCheckTimeoutSeconds", .shape = &kInteger}, {.name = "HealthyThresholdCount", .shape = &kInteger}, {.name = "UnhealthyThresholdCount", .shape = &kInteger}, {.name = "HealthCheckPath", .shape = &kString}, {.name = "Matcher", .shape = &kShapeOfMatcher}, {.name = "LoadBalancerArns", .shape = &kShapeOfLoadBalancerArns}, {.name = "TargetType", .shape = &kString}, {.name = "ProtocolVersion", .shape = &kString}, {.name = "IpAddressType", .shape = &kString}, {.name = "TargetControlPort", .shape = &kInteger}};
constinit const Shape kShapeOfTargetGroup = {.type = Type::structure, .members = kMembersOfTargetGroup};
constinit const Member kMembersOfTargetGroupArns[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfTargetGroupArns = {.type = Type::list, .members = kMembersOfTargetGroupArns};
constinit const Member kMembersOfTargetGroupAttribute[] = {{.name = "Key", .shape = &kString}, {.name = "Value", .shape = &kString}};
constinit const Shape kShapeOfTargetGroupAttribute = {.type = Type::structure, .members = kMembersOfTargetGroupAttribute};
constinit const Member kMembersOfTargetGroupAttributes[] = {{.name = "member", .shape = &kShapeOfTargetGroupAttribute}};
constinit const Shape kShapeOfTargetGroupAttributes = {.type = Type::list, .members = kMembersOfTargetGroupAttributes};
constinit const Member kMembersOfTargetGroupList[] = {{.name = "member", .shape = &kShapeOfTargetGroupTuple}};
constinit const Shape kShapeOfTargetGroupList = {.type = Type::list, .members = kMembersOfTargetGroupList};
constinit const Member kMembersOfTargetGroupNames[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfTargetGroupNames = {.type = Type::list, .members = kMembersOfTargetGroupNames};
constinit const Member kMembersOfTargetGroupStickinessConfig[] = {{.name = "Enabled", .shape = &kBoolean}, {.name = "DurationSeconds", .shape = &kInteger}};
constinit const Shape kShapeOfTargetGroupStickinessConfig = {.type = Type::structure, .members = kMembersOfTargetGroupStickinessConfig};
constinit const Member kMembersOfTargetGroupTuple[] = {{.name = "TargetGroupArn", .shape = &kString}, {.name = "Weight", .shape = &kInteger}};
constinit const Shape kShapeOfTargetGroupTuple = {.type = Type::structure, .members = kMembersOfTargetGroupTuple};
constinit const Member kMembersOfTargetGroups[] = {{.name = "member", .shape = &kShapeOfTargetGroup}};
constinit const Shape kShapeOfTargetGroups = {.type = Type::list, .members = kMembersOfTargetGroups};
constinit const Member kMembersOfTargetHealth[] = {{.name = "State", .shape = &kString}, {.name = "Reason", .shape = &kString}, {.name = "Description", .shape = &kString}};
constinit const Shape kShapeOfTargetHealth = {.type = Type::structure, .members = kMembersOfTargetHealth};
constinit const Member kMembersOfTargetHealthDescription[] = {{.name = "Target", .shape = &kShapeOfTargetDescription}, {.name = "HealthCheckPort", .shape = &kString}, {.name = "TargetHealth", .shape = &kShapeOfTargetHealth}, {.name = "AnomalyDetection", .shape = &kShapeOfAnomalyDetection}, {.name = "AdministrativeOverride", .shape = &kShapeOfAdministrativeOverride}};
constinit const Shape kShapeOfTargetHealthDescription = {.type = Type::structure, .members = kMembersOfTargetHealthDescription};
constinit const Member kMembersOfTargetHealthDescriptions[] = {{.name = "member", .shape = &kShapeOfTargetHealthDescription}};
constinit const Shape kShapeOfTargetHealthDescriptions = {.type = Type::list, .members = kMembersOfTargetHealthDescriptions};
constinit const Member kMembersOfUrlRewriteConfig[] = {{.name = "Rewrites", .shape = &kShapeOfRewriteConfigList}};
constinit const Shape kShapeOfUrlRewriteConfig = {.type = Type::structure, .members = kMembersOfUrlRewriteConfig};

}  // namespace

constinit const Operation kDescribeLoadBalancers = {.name = "DescribeLoadBalancers", .protocol = Protocol::query, .effect = Effect::reads, .version = "2015-12-01", .input = {.name = "DescribeLoadBalancers", .shape = &kShapeOfDescribeLoadBalancersInput}, .output = {.name = "DescribeLoadBalancers", .shape = &kShapeOfDescribeLoadBalancersOutput}, .paging = {.asks = "Marker", .gives = "NextMarker"}};
constinit const Operation kDescribeLoadBalancerAttributes = {.name = "DescribeLoadBalancerAttributes", .protocol = Protocol::query, .effect = Effect::reads, .version = "2015-12-01", .input = {.name = "DescribeLoadBalancerAttributes", .shape = &kShapeOfDescribeLoadBalancerAttributesInput}, .output = {.name = "DescribeLoadBalancerAttributes", .shape = &kShapeOfDescribeLoadBalancerAttributesOutput}};
constinit const Operation kDescribeListeners = {.name = "DescribeListeners", .protocol = Protocol::query, .effect = Effect::reads, .version = "2015-12-01", .input = {.name = "DescribeListeners", .shape = &kShapeOfDescribeListenersInput}, .output = {.name = "DescribeListeners", .shape = &kShapeOfDescribeListenersOutput}, .paging = {.asks = "Marker", .gives = "NextMarker"}};
constinit const Operation kDescribeRules = {.name = "DescribeRules", .protocol = Protocol::query, .effect = Effect::reads, .version = "2015-12-01", .input = {.name = "DescribeRules", .shape = &kShapeOfDescribeRulesInput}, .output = {.name = "DescribeRules", .shape = &kShapeOfDescribeRulesOutput}, .paging = {.asks = "Marker", .gives = "NextMarker"}};
constinit const Operation kDescribeTags = {.name = "DescribeTags", .protocol = Protocol::query, .effect = Effect::reads, .version = "2015-12-01", .input = {.name = "DescribeTags", .shape = &kShapeOfDescribeTagsInput}, .output = {.name = "DescribeTags", .shape = &kShapeOfDescribeTagsOutput}};
constinit const Operation kDescribeTargetGroups = {.name = "DescribeTargetGroups", .protocol = Protocol::query, .effect = Effect::reads, .version = "2015-12-01", .input = {.name = "DescribeTargetGroups", .shape = &kShapeOfDescribeTargetGroupsInput}, .output = {.name = "DescribeTargetGroups", .shape = &kShapeOfDescribeTargetGroupsOutput}, .paging = {.asks = "Marker", .gives = "NextMarker"}};
constinit const Operation kDescribeTargetGroupAttributes = {.name = "DescribeTargetGroupAttributes", .protocol = Protocol::query, .effect = Effect::reads, .version = "2015-12-01", .input = {.name = "DescribeTargetGroupAttributes", .shape = &kShapeOfDescribeTargetGroupAttributesInput}, .output = {.name = "DescribeTargetGroupAttributes", .shape = &kShapeOfDescribeTargetGroupAttributesOutput}};
constinit const Operation kDescribeTargetHealth = {.name = "DescribeTargetHealth", .protocol = Protocol::query, .effect = Effect::reads, .version = "2015-12-01", .input = {.name = "DescribeTargetHealth", .shape = &kShapeOfDescribeTargetHealthInput}, .output = {.name = "DescribeTargetHealth", .shape = &kShapeOfDescribeTargetHealthOutput}};
constinit const Operation kDescribeAccountLimits = {.name = "DescribeAccountLimits", .protocol = Protocol::query, .effect = Effect::reads, .version = "2015-12-01", .input = {.name = "DescribeAccountLimits", .shape = &kShapeOfDescribeAccountLimitsInput}, .output = {.name = "DescribeAccountLimits", .shape = &kShapeOfDescribeAccountLimitsOutput}, .paging = {.asks = "Marker", .gives = "NextMarker"}};
constinit const Operation kModifyRule = {.name = "ModifyRule", .protocol = Protocol::query, .effect = Effect::changes, .version = "2015-12-01", .input = {.name = "ModifyRule", .shape = &kShapeOfModifyRuleInput}, .output = {.name = "ModifyRule", .shape = &kShapeOfModifyRuleOutput}};
constinit const Operation kModifyListener = {.name = "ModifyListener", .protocol = Protocol::query, .effect = Effect::changes, .version = "2015-12-01", .input = {.name = "ModifyListener", .shape = &kShapeOfModifyListenerInput}, .output = {.name = "ModifyListener", .shape = &kShapeOfModifyListenerOutput}};
constinit const Operation kModifyTargetGroupAttributes = {.name = "ModifyTargetGroupAttributes", .protocol = Protocol::query, .effect = Effect::changes, .version = "2015-12-01", .input = {.name = "ModifyTargetGroupAttributes", .shape = &kShapeOfModifyTargetGroupAttributesInput}, .output = {.name = "ModifyTargetGroupAttributes", .shape = &kShapeOfModifyTargetGroupAttributesOutput}};
constinit const Operation kCreateRule = {.name = "CreateRule", .protocol = Protocol::query, .effect = Effect::changes, .version = "2015-12-01", .input = {.name = "CreateRule", .shape = &kShapeOfCreateRuleInput}, .output = {.name = "CreateRule", .shape = &kShapeOfCreateRuleOutput}};
constinit const Operation kDeleteRule = {.name = "DeleteRule", .protocol = Protocol::query, .effect = Effect::changes, .version = "2015-12-01", .input = {.name = "DeleteRule", .shape = &kShapeOfDeleteRuleInput}, .output = {.name = "DeleteRule", .shape = &kShapeOfDeleteRuleOutput}};
constinit const Operation kRegisterTargets = {.name = "RegisterTargets", .protocol = Protocol::query, .effect = Effect::changes, .version = "2015-12-01", .input = {.name = "RegisterTargets", .shape = &kShapeOfRegisterTargetsInput}, .output = {.name = "RegisterTargets", .shape = &kShapeOfRegisterTargetsOutput}};
constinit const Operation kDeregisterTargets = {.name = "DeregisterTargets", .protocol = Protocol::query, .effect = Effect::changes, .version = "2015-12-01", .input = {.name = "DeregisterTargets", .shape = &kShapeOfDeregisterTargetsInput}, .output = {.name = "DeregisterTargets", .shape = &kShapeOfDeregisterTargetsOutput}};
constinit const Operation kAddTags = {.name = "AddTags", .protocol = Protocol::query, .effect = Effect::changes, .version = "2015-12-01", .input = {.name = "AddTags", .shape = &kShapeOfAddTagsInput}, .output = {.name = "AddTags", .shape = &kShapeOfAddTagsOutput}};

}  // namespace aws::elbv2
