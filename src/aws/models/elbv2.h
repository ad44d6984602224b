// clang-format off
// Made by tools/aws_model.py from elbv2.json (botocore 1.43.11, elbv2/2015-12-01): not to be edited.
#pragma once

#include "aws/key.h"
#include "aws/shape.h"

namespace aws::elbv2 {

extern const Operation kDescribeLoadBalancers;
extern const Operation kDescribeLoadBalancerAttributes;
extern const Operation kDescribeListeners;
extern const Operation kDescribeRules;
extern const Operation kDescribeTags;
extern const Operation kDescribeTargetGroups;
extern const Operation kDescribeTargetGroupAttributes;
extern const Operation kDescribeTargetHealth;
extern const Operation kDescribeAccountLimits;
extern const Operation kModifyRule;
extern const Operation kModifyListener;
extern const Operation kModifyTargetGroupAttributes;
extern const Operation kCreateRule;
extern const Operation kDeleteRule;
extern const Operation kRegisterTargets;
extern const Operation kDeregisterTargets;
extern const Operation kAddTags;

namespace Action { inline constexpr Text type{"Type"}; inline constexpr Text target_group_arn{"TargetGroupArn"}; inline constexpr Fields authenticate_oidc_config{"AuthenticateOidcConfig"}; inline constexpr Fields authenticate_cognito_config{"AuthenticateCognitoConfig"}; inline constexpr Number order{"Order"}; inline constexpr Fields redirect_config{"RedirectConfig"}; inline constexpr Fields fixed_response_config{"FixedResponseConfig"}; inline constexpr Fields forward_config{"ForwardConfig"}; inline constexpr Fields jwt_validation_config{"JwtValidationConfig"}; }
namespace AddTagsInput { inline constexpr Items resource_arns{"ResourceArns"}; inline constexpr Items tags{"Tags"}; }
namespace AdministrativeOverride { inline constexpr Text state{"State"}; inline constexpr Text reason{"Reason"}; inline constexpr Text description{"Description"}; }
namespace AnomalyDetection { inline constexpr Text result{"Result"}; inline constexpr Text mitigation_in_effect{"MitigationInEffect"}; }
namespace AuthenticateCognitoActionConfig { inline constexpr Text user_pool_arn{"UserPoolArn"}; inline constexpr Text user_pool_client_id{"UserPoolClientId"}; inline constexpr Text user_pool_domain{"UserPoolDomain"}; inline constexpr Text session_cookie_name{"SessionCookieName"}; inline constexpr Text scope{"Scope"}; inline constexpr Number session_timeout{"SessionTimeout"}; inline constexpr Fields authentication_request_extra_params{"AuthenticationRequestExtraParams"}; inline constexpr Text on_unauthenticated_request{"OnUnauthenticatedRequest"}; }
namespace AuthenticateOidcActionConfig { inline constexpr Text issuer{"Issuer"}; inline constexpr Text authorization_endpoint{"AuthorizationEndpoint"}; inline constexpr Text token_endpoint{"TokenEndpoint"}; inline constexpr Text user_info_endpoint{"UserInfoEndpoint"}; inline constexpr Text client_id{"ClientId"}; inline constexpr Text client_secret{"ClientSecret"}; inline constexpr Text session_cookie_name{"SessionCookieName"}; inline constexpr Text scope{"Scope"}; inline constexpr Number session_timeout{"SessionTimeout"}; inline constexpr Fields authentication_request_extra_params{"AuthenticationRequestExtraParams"}; inline constexpr Text on_unauthenticated_request{"OnUnauthenticatedRequest"}; inline constexpr Truth use_existing_client_secret{"UseExistingClientSecret"}; }
namespace AvailabilityZone { inline constexpr Text zone_name{"ZoneName"}; inline constexpr Text subnet_id{"SubnetId"}; inline constexpr Text outpost_id{"OutpostId"}; inline constexpr Items load_balancer_addresses{"LoadBalancerAddresses"}; inline constexpr Items source_nat_ipv6_prefixes{"SourceNatIpv6Prefixes"}; }
namespace Certificate { inline constexpr Text certificate_arn{"CertificateArn"}; inline constexpr Truth is_default{"IsDefault"}; }
namespace CreateRuleInput { inline constexpr Text listener_arn{"ListenerArn"}; inline constexpr Items conditions{"Conditions"}; inline constexpr Number priority{"Priority"}; inline constexpr Items actions{"Actions"}; inline constexpr Items tags{"Tags"}; inline constexpr Items transforms{"Transforms"}; }
namespace CreateRuleOutput { inline constexpr Items rules{"Rules"}; }
namespace DeleteRuleInput { inline constexpr Text rule_arn{"RuleArn"}; }
namespace DeregisterTargetsInput { inline constexpr Text target_group_arn{"TargetGroupArn"}; inline constexpr Items targets{"Targets"}; }
namespace DescribeAccountLimitsInput { inline constexpr Text marker{"Marker"}; inline constexpr Number page_size{"PageSize"}; }
namespace DescribeAccountLimitsOutput { inline constexpr Items limits{"Limits"}; inline constexpr Text next_marker{"NextMarker"}; }
namespace DescribeListenersInput { inline constexpr Text load_balancer_arn{"LoadBalancerArn"}; inline constexpr Items listener_arns{"ListenerArns"}; inline constexpr Text marker{"Marker"}; inline constexpr Number page_size{"PageSize"}; }
namespace DescribeListenersOutput { inline constexpr Items listeners{"Listeners"}; inline constexpr Text next_marker{"NextMarker"}; }
namespace DescribeLoadBalancerAttributesInput { inline constexpr Text load_balancer_arn{"LoadBalancerArn"}; }
namespace DescribeLoadBalancerAttributesOutput { inline constexpr Items attributes{"Attributes"}; }
namespace DescribeLoadBalancersInput { inline constexpr Items load_balancer_arns{"LoadBalancerArns"}; inline constexpr Items names{"Names"}; inline constexpr Text marker{"Marker"}; inline constexpr Number page_size{"PageSize"}; }
namespace DescribeLoadBalancersOutput { inline constexpr Items load_balancers{"LoadBalancers"}; inline constexpr Text next_marker{"NextMarker"}; }
namespace DescribeRulesInput { inline constexpr Text listener_arn{"ListenerArn"}; inline constexpr Items rule_arns{"RuleArns"}; inline constexpr Text marker{"Marker"}; inline constexpr Number page_size{"PageSize"}; }
namespace DescribeRulesOutput { inline constexpr Items rules{"Rules"}; inline constexpr Text next_marker{"NextMarker"}; }
namespace DescribeTagsInput { inline constexpr Items resource_arns{"ResourceArns"}; }
namespace DescribeTagsOutput { inline constexpr Items tag_descriptions{"TagDescriptions"}; }
namespace DescribeTargetGroupAttributesInput { inline constexpr Text target_group_arn{"TargetGroupArn"}; }
namespace DescribeTargetGroupAttributesOutput { inline constexpr Items attributes{"Attributes"}; }
namespace DescribeTargetGroupsInput { inline constexpr Text load_balancer_arn{"LoadBalancerArn"}; inline constexpr Items target_group_arns{"TargetGroupArns"}; inline constexpr Items names{"Names"}; inline constexpr Text marker{"Marker"}; inline constexpr Number page_size{"PageSize"}; }
namespace DescribeTargetGroupsOutput { inline constexpr Items target_groups{"TargetGroups"}; inline constexpr Text next_marker{"NextMarker"}; }
namespace DescribeTargetHealthInput { inline constexpr Text target_group_arn{"TargetGroupArn"}; inline constexpr Items targets{"Targets"}; inline constexpr Items include{"Include"}; }
namespace DescribeTargetHealthOutput { inline constexpr Items target_health_descriptions{"TargetHealthDescriptions"}; }
namespace FixedResponseActionConfig { inline constexpr Text message_body{"MessageBody"}; inline constexpr Text status_code{"StatusCode"}; inline constexpr Text content_type{"ContentType"}; }
namespace ForwardActionConfig { inline constexpr Items target_groups{"TargetGroups"}; inline constexpr Fields target_group_stickiness_config{"TargetGroupStickinessConfig"}; }
namespace HostHeaderConditionConfig { inline constexpr Items values{"Values"}; inline constexpr Items regex_values{"RegexValues"}; }
namespace HostHeaderRewriteConfig { inline constexpr Items rewrites{"Rewrites"}; }
namespace HttpHeaderConditionConfig { inline constexpr Text http_header_name{"HttpHeaderName"}; inline constexpr Items values{"Values"}; inline constexpr Items regex_values{"RegexValues"}; }
namespace HttpRequestMethodConditionConfig { inline constexpr Items values{"Values"}; }
namespace IpamPools { inline constexpr Text ipv4_ipam_pool_id{"Ipv4IpamPoolId"}; }
namespace JwtValidationActionAdditionalClaim { inline constexpr Text format{"Format"}; inline constexpr Text name{"Name"}; inline constexpr Items values{"Values"}; }
namespace JwtValidationActionConfig { inline constexpr Text jwks_endpoint{"JwksEndpoint"}; inline constexpr Text issuer{"Issuer"}; inline constexpr Items additional_claims{"AdditionalClaims"}; }
namespace Limit { inline constexpr Text name{"Name"}; inline constexpr Text max{"Max"}; }
namespace Listener { inline constexpr Text listener_arn{"ListenerArn"}; inline constexpr Text load_balancer_arn{"LoadBalancerArn"}; inline constexpr Number port{"Port"}; inline constexpr Text protocol{"Protocol"}; inline constexpr Items certificates{"Certificates"}; inline constexpr Text ssl_policy{"SslPolicy"}; inline constexpr Items default_actions{"DefaultActions"}; inline constexpr Items alpn_policy{"AlpnPolicy"}; inline constexpr Fields mutual_authentication{"MutualAuthentication"}; }
namespace LoadBalancer { inline constexpr Text load_balancer_arn{"LoadBalancerArn"}; inline constexpr Text dns_name{"DNSName"}; inline constexpr Text canonical_hosted_zone_id{"CanonicalHostedZoneId"}; inline constexpr Time created_time{"CreatedTime"}; inline constexpr Text load_balancer_name{"LoadBalancerName"}; inline constexpr Text scheme{"Scheme"}; inline constexpr Text vpc_id{"VpcId"}; inline constexpr Fields state{"State"}; inline constexpr Text type{"Type"}; inline constexpr Items availability_zones{"AvailabilityZones"}; inline constexpr Items security_groups{"SecurityGroups"}; inline constexpr Text ip_address_type{"IpAddressType"}; inline constexpr Text customer_owned_ipv4_pool{"CustomerOwnedIpv4Pool"}; inline constexpr Text enforce_security_group_inbound_rules_on_private_link_traffic{"EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic"}; inline constexpr Text enable_prefix_for_ipv6_source_nat{"EnablePrefixForIpv6SourceNat"}; inline constexpr Fields ipam_pools{"IpamPools"}; }
namespace LoadBalancerAddress { inline constexpr Text ip_address{"IpAddress"}; inline constexpr Text allocation_id{"AllocationId"}; inline constexpr Text private_i_pv4_address{"PrivateIPv4Address"}; inline constexpr Text i_pv6_address{"IPv6Address"}; }
namespace LoadBalancerAttribute { inline constexpr Text key{"Key"}; inline constexpr Text value{"Value"}; }
namespace LoadBalancerState { inline constexpr Text code{"Code"}; inline constexpr Text reason{"Reason"}; }
namespace Matcher { inline constexpr Text http_code{"HttpCode"}; inline constexpr Text grpc_code{"GrpcCode"}; }
namespace ModifyListenerInput { inline constexpr Text listener_arn{"ListenerArn"}; inline constexpr Number port{"Port"}; inline constexpr Text protocol{"Protocol"}; inline constexpr Text ssl_policy{"SslPolicy"}; inline constexpr Items certificates{"Certificates"}; inline constexpr Items default_actions{"DefaultActions"}; inline constexpr Items alpn_policy{"AlpnPolicy"}; inline constexpr Fields mutual_authentication{"MutualAuthentication"}; }
namespace ModifyListenerOutput { inline constexpr Items listeners{"Listeners"}; }
namespace ModifyRuleInput { inline constexpr Text rule_arn{"RuleArn"}; inline constexpr Items conditions{"Conditions"}; inline constexpr Items actions{"Actions"}; inline constexpr Items transforms{"Transforms"}; inline constexpr Truth reset_transforms{"ResetTransforms"}; }
namespace ModifyRuleOutput { inline constexpr Items rules{"Rules"}; }
namespace ModifyTargetGroupAttributesInput { inline constexpr Text target_group_arn{"TargetGroupArn"}; inline constexpr Items attributes{"Attributes"}; }
namespace ModifyTargetGroupAttributesOutput { inline constexpr Items attributes{"Attributes"}; }
namespace MutualAuthenticationAttributes { inline constexpr Text mode{"Mode"}; inline constexpr Text trust_store_arn{"TrustStoreArn"}; inline constexpr Truth ignore_client_certificate_expiry{"IgnoreClientCertificateExpiry"}; inline constexpr Text trust_store_association_status{"TrustStoreAssociationStatus"}; inline constexpr Text advertise_trust_store_ca_names{"AdvertiseTrustStoreCaNames"}; }
namespace PathPatternConditionConfig { inline constexpr Items values{"Values"}; inline constexpr Items regex_values{"RegexValues"}; }
namespace QueryStringConditionConfig { inline constexpr Items values{"Values"}; }
namespace QueryStringKeyValuePair { inline constexpr Text key{"Key"}; inline constexpr Text value{"Value"}; }
namespace RedirectActionConfig { inline constexpr Text protocol{"Protocol"}; inline constexpr Text port{"Port"}; inline constexpr Text host{"Host"}; inline constexpr Text path{"Path"}; inline constexpr Text query{"Query"}; inline constexpr Text status_code{"StatusCode"}; }
namespace RegisterTargetsInput { inline constexpr Text target_group_arn{"TargetGroupArn"}; inline constexpr Items targets{"Targets"}; }
namespace RewriteConfig { inline constexpr Text regex{"Regex"}; inline constexpr Text replace{"Replace"}; }
namespace Rule { inline constexpr Text rule_arn{"RuleArn"}; inline constexpr Text priority{"Priority"}; inline constexpr Items conditions{"Conditions"}; inline constexpr Items actions{"Actions"}; inline constexpr Truth is_default{"IsDefault"}; inline constexpr Items transforms{"Transforms"}; }
namespace RuleCondition { inline constexpr Text field{"Field"}; inline constexpr Items values{"Values"}; inline constexpr Fields host_header_config{"HostHeaderConfig"}; inline constexpr Fields path_pattern_config{"PathPatternConfig"}; inline constexpr Fields http_header_config{"HttpHeaderConfig"}; inline constexpr Fields query_string_config{"QueryStringConfig"}; inline constexpr Fields http_request_method_config{"HttpRequestMethodConfig"}; inline constexpr Fields source_ip_config{"SourceIpConfig"}; inline constexpr Items regex_values{"RegexValues"}; }
namespace RuleTransform { inline constexpr Text type{"Type"}; inline constexpr Fields host_header_rewrite_config{"HostHeaderRewriteConfig"}; inline constexpr Fields url_rewrite_config{"UrlRewriteConfig"}; }
namespace SourceIpConditionConfig { inline constexpr Items values{"Values"}; }
namespace Tag { inline constexpr Text key{"Key"}; inline constexpr Text value{"Value"}; }
namespace TagDescription { inline constexpr Text resource_arn{"ResourceArn"}; inline constexpr Items tags{"Tags"}; }
namespace TargetDescription { inline constexpr Text id{"Id"}; inline constexpr Number port{"Port"}; inline constexpr Text availability_zone{"AvailabilityZone"}; inline constexpr Text quic_server_id{"QuicServerId"}; }
namespace TargetGroup { inline constexpr Text target_group_arn{"TargetGroupArn"}; inline constexpr Text target_group_name{"TargetGroupName"}; inline constexpr Text protocol{"Protocol"}; inline constexpr Number port{"Port"}; inline constexpr Text vpc_id{"VpcId"}; inline constexpr Text health_check_protocol{"HealthCheckProtocol"}; inline constexpr Text health_check_port{"HealthCheckPort"}; inline constexpr Truth health_check_enabled{"HealthCheckEnabled"}; inline constexpr Number health_check_interval_seconds{"HealthCheckIntervalSeconds"}; inline constexpr Number health_check_timeout_seconds{"HealthCheckTimeoutSeconds"}; inline constexpr Number healthy_threshold_count{"HealthyThresholdCount"}; inline constexpr Number unhealthy_threshold_count{"UnhealthyThresholdCount"}; inline constexpr Text health_check_path{"HealthCheckPath"}; inline constexpr Fields matcher{"Matcher"}; inline constexpr Items load_balancer_arns{"LoadBalancerArns"}; inline constexpr Text target_type{"TargetType"}; inline constexpr Text protocol_version{"ProtocolVersion"}; inline constexpr Text ip_address_type{"IpAddressType"}; inline constexpr Number target_control_port{"TargetControlPort"}; }
namespace TargetGroupAttribute { inline constexpr Text key{"Key"}; inline constexpr Text value{"Value"}; }
namespace TargetGroupStickinessConfig { inline constexpr Truth enabled{"Enabled"}; inline constexpr Number duration_seconds{"DurationSeconds"}; }
namespace TargetGroupTuple { inline constexpr Text target_group_arn{"TargetGroupArn"}; inline constexpr Number weight{"Weight"}; }
namespace TargetHealth { inline constexpr Text state{"State"}; inline constexpr Text reason{"Reason"}; inline constexpr Text description{"Description"}; }
namespace TargetHealthDescription { inline constexpr Fields target{"Target"}; inline constexpr Text health_check_port{"HealthCheckPort"}; inline constexpr Fields target_health{"TargetHealth"}; inline constexpr Fields anomaly_detection{"AnomalyDetection"}; inline constexpr Fields administrative_override{"AdministrativeOverride"}; }
namespace UrlRewriteConfig { inline constexpr Items rewrites{"Rewrites"}; }

}  // namespace aws::elbv2
