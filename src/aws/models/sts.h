// clang-format off
// Made by tools/aws_model.py from sts.json (botocore 1.43.11, sts/2011-06-15): not to be edited.
#pragma once

#include "aws/key.h"
#include "aws/shape.h"

namespace aws::sts {

extern const Operation kGetCallerIdentity;
extern const Operation kAssumeRole;
extern const Operation kAssumeRoleWithWebIdentity;

namespace AssumeRoleRequest { inline constexpr Text role_arn{"RoleArn"}; inline constexpr Text role_session_name{"RoleSessionName"}; inline constexpr Items policy_arns{"PolicyArns"}; inline constexpr Text policy{"Policy"}; inline constexpr Number duration_seconds{"DurationSeconds"}; inline constexpr Items tags{"Tags"}; inline constexpr Items transitive_tag_keys{"TransitiveTagKeys"}; inline constexpr Text external_id{"ExternalId"}; inline constexpr Text serial_number{"SerialNumber"}; inline constexpr Text token_code{"TokenCode"}; inline constexpr Text source_identity{"SourceIdentity"}; inline constexpr Items provided_contexts{"ProvidedContexts"}; }
namespace AssumeRoleResponse { inline constexpr Fields credentials{"Credentials"}; inline constexpr Fields assumed_role_user{"AssumedRoleUser"}; inline constexpr Number packed_policy_size{"PackedPolicySize"}; inline constexpr Text source_identity{"SourceIdentity"}; }
namespace AssumeRoleWithWebIdentityRequest { inline constexpr Text role_arn{"RoleArn"}; inline constexpr Text role_session_name{"RoleSessionName"}; inline constexpr Text web_identity_token{"WebIdentityToken"}; inline constexpr Text provider_id{"ProviderId"}; inline constexpr Items policy_arns{"PolicyArns"}; inline constexpr Text policy{"Policy"}; inline constexpr Number duration_seconds{"DurationSeconds"}; }
namespace AssumeRoleWithWebIdentityResponse { inline constexpr Fields credentials{"Credentials"}; inline constexpr Text subject_from_web_identity_token{"SubjectFromWebIdentityToken"}; inline constexpr Fields assumed_role_user{"AssumedRoleUser"}; inline constexpr Number packed_policy_size{"PackedPolicySize"}; inline constexpr Text provider{"Provider"}; inline constexpr Text audience{"Audience"}; inline constexpr Text source_identity{"SourceIdentity"}; }
namespace AssumedRoleUser { inline constexpr Text assumed_role_id{"AssumedRoleId"}; inline constexpr Text arn{"Arn"}; }
namespace Credentials { inline constexpr Text access_key_id{"AccessKeyId"}; inline constexpr Text secret_access_key{"SecretAccessKey"}; inline constexpr Text session_token{"SessionToken"}; inline constexpr Time expiration{"Expiration"}; }
namespace GetCallerIdentityResponse { inline constexpr Text user_id{"UserId"}; inline constexpr Text account{"Account"}; inline constexpr Text arn{"Arn"}; }
namespace PolicyDescriptorType { inline constexpr Text arn{"arn"}; }
namespace ProvidedContext { inline constexpr Text provider_arn{"ProviderArn"}; inline constexpr Text context_assertion{"ContextAssertion"}; }
namespace Tag { inline constexpr Text key{"Key"}; inline constexpr Text value{"Value"}; }

}  // namespace aws::sts
