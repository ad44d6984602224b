// clang-format off
// Made by tools/aws_model.py from cloudfront.json (botocore 1.43.11, cloudfront/2020-05-31): not to be edited.
#pragma once

#include "aws/key.h"
#include "aws/shape.h"
#include "aws/waiter.h"

namespace aws::cloudfront {

extern const Operation kGetInvalidation;
extern const Operation kGetDistribution;
extern const Operation kCreateInvalidation;
extern const Waiter kInvalidationCompleted;

namespace ActiveTrustedKeyGroups { inline constexpr Truth enabled{"Enabled"}; inline constexpr Number quantity{"Quantity"}; inline constexpr Items items{"Items"}; }
namespace ActiveTrustedSigners { inline constexpr Truth enabled{"Enabled"}; inline constexpr Number quantity{"Quantity"}; inline constexpr Items items{"Items"}; }
namespace AliasICPRecordal { inline constexpr Text cname{"CNAME"}; inline constexpr Text icp_recordal_status{"ICPRecordalStatus"}; }
namespace Aliases { inline constexpr Number quantity{"Quantity"}; inline constexpr Items items{"Items"}; }
namespace AllowedMethods { inline constexpr Number quantity{"Quantity"}; inline constexpr Items items{"Items"}; inline constexpr Fields cached_methods{"CachedMethods"}; }
namespace CacheBehavior { inline constexpr Text path_pattern{"PathPattern"}; inline constexpr Text target_origin_id{"TargetOriginId"}; inline constexpr Fields trusted_signers{"TrustedSigners"}; inline constexpr Fields trusted_key_groups{"TrustedKeyGroups"}; inline constexpr Text viewer_protocol_policy{"ViewerProtocolPolicy"}; inline constexpr Fields allowed_methods{"AllowedMethods"}; inline constexpr Truth smooth_streaming{"SmoothStreaming"}; inline constexpr Truth compress{"Compress"}; inline constexpr Fields lambda_function_associations{"LambdaFunctionAssociations"}; inline constexpr Fields function_associations{"FunctionAssociations"}; inline constexpr Text field_level_encryption_id{"FieldLevelEncryptionId"}; inline constexpr Text realtime_log_config_arn{"RealtimeLogConfigArn"}; inline constexpr Text cache_policy_id{"CachePolicyId"}; inline constexpr Text origin_request_policy_id{"OriginRequestPolicyId"}; inline constexpr Text response_headers_policy_id{"ResponseHeadersPolicyId"}; inline constexpr Fields grpc_config{"GrpcConfig"}; inline constexpr Fields forwarded_values{"ForwardedValues"}; inline constexpr Number min_ttl{"MinTTL"}; inline constexpr Number default_ttl{"DefaultTTL"}; inline constexpr Number max_ttl{"MaxTTL"}; }
namespace CacheBehaviors { inline constexpr Number quantity{"Quantity"}; inline constexpr Items items{"Items"}; }
namespace CacheTagConfig { inline constexpr Text header_name{"HeaderName"}; }
namespace CachedMethods { inline constexpr Number quantity{"Quantity"}; inline constexpr Items items{"Items"}; }
namespace ConnectionFunctionAssociation { inline constexpr Text id{"Id"}; }
namespace CookieNames { inline constexpr Number quantity{"Quantity"}; inline constexpr Items items{"Items"}; }
namespace CookiePreference { inline constexpr Text forward{"Forward"}; inline constexpr Fields whitelisted_names{"WhitelistedNames"}; }
namespace CreateInvalidationRequest { inline constexpr Text distribution_id{"DistributionId"}; inline constexpr Fields invalidation_batch{"InvalidationBatch"}; }
namespace CreateInvalidationResult { inline constexpr Text location{"Location"}; inline constexpr Fields invalidation{"Invalidation"}; }
namespace CustomErrorResponse { inline constexpr Number error_code{"ErrorCode"}; inline constexpr Text response_page_path{"ResponsePagePath"}; inline constexpr Text response_code{"ResponseCode"}; inline constexpr Number error_caching_min_ttl{"ErrorCachingMinTTL"}; }
namespace CustomErrorResponses { inline constexpr Number quantity{"Quantity"}; inline constexpr Items items{"Items"}; }
namespace CustomHeaders { inline constexpr Number quantity{"Quantity"}; inline constexpr Items items{"Items"}; }
namespace CustomOriginConfig { inline constexpr Number http_port{"HTTPPort"}; inline constexpr Number https_port{"HTTPSPort"}; inline constexpr Text origin_protocol_policy{"OriginProtocolPolicy"}; inline constexpr Fields origin_ssl_protocols{"OriginSslProtocols"}; inline constexpr Number origin_read_timeout{"OriginReadTimeout"}; inline constexpr Number origin_keepalive_timeout{"OriginKeepaliveTimeout"}; inline constexpr Text ip_address_type{"IpAddressType"}; inline constexpr Fields origin_mtls_config{"OriginMtlsConfig"}; }
namespace DefaultCacheBehavior { inline constexpr Text target_origin_id{"TargetOriginId"}; inline constexpr Fields trusted_signers{"TrustedSigners"}; inline constexpr Fields trusted_key_groups{"TrustedKeyGroups"}; inline constexpr Text viewer_protocol_policy{"ViewerProtocolPolicy"}; inline constexpr Fields allowed_methods{"AllowedMethods"}; inline constexpr Truth smooth_streaming{"SmoothStreaming"}; inline constexpr Truth compress{"Compress"}; inline constexpr Fields lambda_function_associations{"LambdaFunctionAssociations"}; inline constexpr Fields function_associations{"FunctionAssociations"}; inline constexpr Text field_level_encryption_id{"FieldLevelEncryptionId"}; inline constexpr Text realtime_log_config_arn{"RealtimeLogConfigArn"}; inline constexpr Text cache_policy_id{"CachePolicyId"}; inline constexpr Text origin_request_policy_id{"OriginRequestPolicyId"}; inline constexpr Text response_headers_policy_id{"ResponseHeadersPolicyId"}; inline constexpr Fields grpc_config{"GrpcConfig"}; inline constexpr Fields forwarded_values{"ForwardedValues"}; inline constexpr Number min_ttl{"MinTTL"}; inline constexpr Number default_ttl{"DefaultTTL"}; inline constexpr Number max_ttl{"MaxTTL"}; }
namespace Distribution { inline constexpr Text id{"Id"}; inline constexpr Text arn{"ARN"}; inline constexpr Text status{"Status"}; inline constexpr Time last_modified_time{"LastModifiedTime"}; inline constexpr Number in_progress_invalidation_batches{"InProgressInvalidationBatches"}; inline constexpr Text domain_name{"DomainName"}; inline constexpr Fields active_trusted_signers{"ActiveTrustedSigners"}; inline constexpr Fields active_trusted_key_groups{"ActiveTrustedKeyGroups"}; inline constexpr Fields distribution_config{"DistributionConfig"}; inline constexpr Items alias_icp_recordals{"AliasICPRecordals"}; }
namespace DistributionConfig { inline constexpr Text caller_reference{"CallerReference"}; inline constexpr Fields aliases{"Aliases"}; inline constexpr Text default_root_object{"DefaultRootObject"}; inline constexpr Fields origins{"Origins"}; inline constexpr Fields origin_groups{"OriginGroups"}; inline constexpr Fields default_cache_behavior{"DefaultCacheBehavior"}; inline constexpr Fields cache_behaviors{"CacheBehaviors"}; inline constexpr Fields custom_error_responses{"CustomErrorResponses"}; inline constexpr Text comment{"Comment"}; inline constexpr Fields logging{"Logging"}; inline constexpr Text price_class{"PriceClass"}; inline constexpr Truth enabled{"Enabled"}; inline constexpr Fields viewer_certificate{"ViewerCertificate"}; inline constexpr Fields restrictions{"Restrictions"}; inline constexpr Text web_acl_id{"WebACLId"}; inline constexpr Text http_version{"HttpVersion"}; inline constexpr Truth is_ipv6_enabled{"IsIPV6Enabled"}; inline constexpr Text continuous_deployment_policy_id{"ContinuousDeploymentPolicyId"}; inline constexpr Truth staging{"Staging"}; inline constexpr Text anycast_ip_list_id{"AnycastIpListId"}; inline constexpr Fields tenant_config{"TenantConfig"}; inline constexpr Text connection_mode{"ConnectionMode"}; inline constexpr Fields viewer_mtls_config{"ViewerMtlsConfig"}; inline constexpr Fields connection_function_association{"ConnectionFunctionAssociation"}; inline constexpr Fields cache_tag_config{"CacheTagConfig"}; }
namespace ForwardedValues { inline constexpr Truth query_string{"QueryString"}; inline constexpr Fields cookies{"Cookies"}; inline constexpr Fields headers{"Headers"}; inline constexpr Fields query_string_cache_keys{"QueryStringCacheKeys"}; }
namespace FunctionAssociation { inline constexpr Text function_arn{"FunctionARN"}; inline constexpr Text event_type{"EventType"}; }
namespace FunctionAssociations { inline constexpr Number quantity{"Quantity"}; inline constexpr Items items{"Items"}; }
namespace GeoRestriction { inline constexpr Text restriction_type{"RestrictionType"}; inline constexpr Number quantity{"Quantity"}; inline constexpr Items items{"Items"}; }
namespace GetDistributionRequest { inline constexpr Text id{"Id"}; }
namespace GetDistributionResult { inline constexpr Fields distribution{"Distribution"}; inline constexpr Text e_tag{"ETag"}; }
namespace GetInvalidationRequest { inline constexpr Text distribution_id{"DistributionId"}; inline constexpr Text id{"Id"}; }
namespace GetInvalidationResult { inline constexpr Fields invalidation{"Invalidation"}; }
namespace GrpcConfig { inline constexpr Truth enabled{"Enabled"}; }
namespace Headers { inline constexpr Number quantity{"Quantity"}; inline constexpr Items items{"Items"}; }
namespace Invalidation { inline constexpr Text id{"Id"}; inline constexpr Text status{"Status"}; inline constexpr Time create_time{"CreateTime"}; inline constexpr Fields invalidation_batch{"InvalidationBatch"}; }
namespace InvalidationBatch { inline constexpr Fields paths{"Paths"}; inline constexpr Text caller_reference{"CallerReference"}; }
namespace KGKeyPairIds { inline constexpr Text key_group_id{"KeyGroupId"}; inline constexpr Fields key_pair_ids{"KeyPairIds"}; }
namespace KeyPairIds { inline constexpr Number quantity{"Quantity"}; inline constexpr Items items{"Items"}; }
namespace LambdaFunctionAssociation { inline constexpr Text lambda_function_arn{"LambdaFunctionARN"}; inline constexpr Text event_type{"EventType"}; inline constexpr Truth include_body{"IncludeBody"}; }
namespace LambdaFunctionAssociations { inline constexpr Number quantity{"Quantity"}; inline constexpr Items items{"Items"}; }
namespace LoggingConfig { inline constexpr Truth enabled{"Enabled"}; inline constexpr Truth include_cookies{"IncludeCookies"}; inline constexpr Text bucket{"Bucket"}; inline constexpr Text prefix{"Prefix"}; }
namespace Origin { inline constexpr Text id{"Id"}; inline constexpr Text domain_name{"DomainName"}; inline constexpr Text origin_path{"OriginPath"}; inline constexpr Fields custom_headers{"CustomHeaders"}; inline constexpr Fields s3_origin_config{"S3OriginConfig"}; inline constexpr Fields custom_origin_config{"CustomOriginConfig"}; inline constexpr Fields vpc_origin_config{"VpcOriginConfig"}; inline constexpr Number connection_attempts{"ConnectionAttempts"}; inline constexpr Number connection_timeout{"ConnectionTimeout"}; inline constexpr Number response_completion_timeout{"ResponseCompletionTimeout"}; inline constexpr Fields origin_shield{"OriginShield"}; inline constexpr Text origin_access_control_id{"OriginAccessControlId"}; }
namespace OriginCustomHeader { inline constexpr Text header_name{"HeaderName"}; inline constexpr Text header_value{"HeaderValue"}; }
namespace OriginGroup { inline constexpr Text id{"Id"}; inline constexpr Fields failover_criteria{"FailoverCriteria"}; inline constexpr Fields members{"Members"}; inline constexpr Text selection_criteria{"SelectionCriteria"}; }
namespace OriginGroupFailoverCriteria { inline constexpr Fields status_codes{"StatusCodes"}; }
namespace OriginGroupMember { inline constexpr Text origin_id{"OriginId"}; }
namespace OriginGroupMembers { inline constexpr Number quantity{"Quantity"}; inline constexpr Items items{"Items"}; }
namespace OriginGroups { inline constexpr Number quantity{"Quantity"}; inline constexpr Items items{"Items"}; }
namespace OriginMtlsConfig { inline constexpr Text client_certificate_arn{"ClientCertificateArn"}; }
namespace OriginShield { inline constexpr Truth enabled{"Enabled"}; inline constexpr Text origin_shield_region{"OriginShieldRegion"}; }
namespace OriginSslProtocols { inline constexpr Number quantity{"Quantity"}; inline constexpr Items items{"Items"}; }
namespace Origins { inline constexpr Number quantity{"Quantity"}; inline constexpr Items items{"Items"}; }
namespace ParameterDefinition { inline constexpr Text name{"Name"}; inline constexpr Fields definition{"Definition"}; }
namespace ParameterDefinitionSchema { inline constexpr Fields string_schema{"StringSchema"}; }
namespace Paths { inline constexpr Number quantity{"Quantity"}; inline constexpr Items items{"Items"}; }
namespace QueryStringCacheKeys { inline constexpr Number quantity{"Quantity"}; inline constexpr Items items{"Items"}; }
namespace Restrictions { inline constexpr Fields geo_restriction{"GeoRestriction"}; }
namespace S3OriginConfig { inline constexpr Text origin_access_identity{"OriginAccessIdentity"}; inline constexpr Number origin_read_timeout{"OriginReadTimeout"}; }
namespace Signer { inline constexpr Text aws_account_number{"AwsAccountNumber"}; inline constexpr Fields key_pair_ids{"KeyPairIds"}; }
namespace StatusCodes { inline constexpr Number quantity{"Quantity"}; inline constexpr Items items{"Items"}; }
namespace StringSchemaConfig { inline constexpr Text comment{"Comment"}; inline constexpr Text default_value{"DefaultValue"}; inline constexpr Truth required{"Required"}; }
namespace TenantConfig { inline constexpr Items parameter_definitions{"ParameterDefinitions"}; }
namespace TrustStoreConfig { inline constexpr Text trust_store_id{"TrustStoreId"}; inline constexpr Truth advertise_trust_store_ca_names{"AdvertiseTrustStoreCaNames"}; inline constexpr Truth ignore_certificate_expiry{"IgnoreCertificateExpiry"}; }
namespace TrustedKeyGroups { inline constexpr Truth enabled{"Enabled"}; inline constexpr Number quantity{"Quantity"}; inline constexpr Items items{"Items"}; }
namespace TrustedSigners { inline constexpr Truth enabled{"Enabled"}; inline constexpr Number quantity{"Quantity"}; inline constexpr Items items{"Items"}; }
namespace ViewerCertificate { inline constexpr Truth cloud_front_default_certificate{"CloudFrontDefaultCertificate"}; inline constexpr Text iam_certificate_id{"IAMCertificateId"}; inline constexpr Text acm_certificate_arn{"ACMCertificateArn"}; inline constexpr Text ssl_support_method{"SSLSupportMethod"}; inline constexpr Text minimum_protocol_version{"MinimumProtocolVersion"}; inline constexpr Text certificate{"Certificate"}; inline constexpr Text certificate_source{"CertificateSource"}; }
namespace ViewerMtlsConfig { inline constexpr Text mode{"Mode"}; inline constexpr Fields trust_store_config{"TrustStoreConfig"}; }
namespace VpcOriginConfig { inline constexpr Text vpc_origin_id{"VpcOriginId"}; inline constexpr Text owner_account_id{"OwnerAccountId"}; inline constexpr Number origin_read_timeout{"OriginReadTimeout"}; inline constexpr Number origin_keepalive_timeout{"OriginKeepaliveTimeout"}; }

}  // namespace aws::cloudfront
