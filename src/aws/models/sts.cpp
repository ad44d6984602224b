// clang-format off
// Made by tools/aws_model.py from sts.json (botocore 1.43.11, sts/2011-06-15): not to be edited.
#include "aws/models/sts.h"

namespace aws::sts {
namespace {

constexpr Shape kInteger = {.type = Type::integer};
constexpr Shape kString = {.type = Type::string};
constexpr Shape kTimestamp = {.type = Type::timestamp};

extern const Shape kShapeOfAssumeRoleRequest, kShapeOfAssumeRoleResponse,
kShapeOfAssumeRoleWithWebIdentityRequest, kShapeOfAssumeRoleWithWebIdentityResponse,
kShapeOfAssumedRoleUser, kShapeOfCredentials, kShapeOfGetCallerIdentityRequest,
kShapeOfGetCallerIdentityResponse, kShapeOfPolicyDescriptorType, kShapeOfProvidedContext,
kShapeOfProvidedContextsListType, kShapeOfTag, kShapeOfpolicyDescriptorListType,
kShapeOftagKeyListType, kShapeOftagListType;

constinit const Member kMembersOfAssumeRoleRequest[] = {{.name = "RoleArn", .shape = &kString}, {.name = "RoleSessionName", .shape = &kString}, {.name = "PolicyArns", .shape = &kShapeOfpolicyDescriptorListType}, {.name = "Policy", .shape = &kString}, {.name = "DurationSeconds", .shape = &kInteger}, {.name = "Tags", .shape = &kShapeOftagListType}, {.name = "TransitiveTagKeys", .shape = &kShapeOftagKeyListType}, {.name = "ExternalId", .shape = &kString}, {.name = "SerialNumber", .shape = &kString}, {.name = "TokenCode", .shape = &kString}, {.name = "SourceIdentity", .shape = &kString}, {.name = "ProvidedContexts", .shape = &kShapeOfProvidedContextsListType}};
constinit const Shape kShapeOfAssumeRoleRequest = {.type = Type::structure, .members = kMembersOfAssumeRoleRequest};
constinit const Member kMembersOfAssumeRoleResponse[] = {{.name = "Credentials", .shape = &kShapeOfCredentials}, {.name = "AssumedRoleUser", .shape = &kShapeOfAssumedRoleUser}, {.name = "PackedPolicySize", .shape = &kInteger}, {.name = "SourceIdentity", .shape = &kString}};
constinit const Shape kShapeOfAssumeRoleResponse = {.type = Type::structure, .members = kMembersOfAssumeRoleResponse};
constinit const Member kMembersOfAssumeRoleWithWebIdentityRequest[] = {{.name = "RoleArn", .shape = &kString}, {.name = "RoleSessionName", .shape = &kString}, {.name = "WebIdentityToken", .shape = &kString}, {.name = "ProviderId", .shape = &kString}, {.name = "PolicyArns", .shape = &kShapeOfpolicyDescriptorListType}, {.name = "Policy", .shape = &kString}, {.name = "DurationSeconds", .shape = &kInteger}};
constinit const Shape kShapeOfAssumeRoleWithWebIdentityRequest = {.type = Type::structure, .members = kMembersOfAssumeRoleWithWebIdentityRequest};
constinit const Member kMembersOfAssumeRoleWithWebIdentityResponse[] = {{.name = "Credentials", .shape = &kShapeOfCredentials}, {.name = "SubjectFromWebIdentityToken", .shape = &kString}, {.name = "AssumedRoleUser", .shape = &kShapeOfAssumedRoleUser}, {.name = "PackedPolicySize", .shape = &kInteger}, {.name = "Provider", .shape = &kString}, {.name = "Audience", .shape = &kString}, {.name = "SourceIdentity", .shape = &kString}};
constinit const Shape kShapeOfAssumeRoleWithWebIdentityResponse = {.type = Type::structure, .members = kMembersOfAssumeRoleWithWebIdentityResponse};
constinit const Member kMembersOfAssumedRoleUser[] = {{.name = "AssumedRoleId", .shape = &kString}, {.name = "Arn", .shape = &kString}};
constinit const Shape kShapeOfAssumedRoleUser = {.type = Type::structure, .members = kMembersOfAssumedRoleUser};
constinit const Member kMembersOfCredentials[] = {{.name = "AccessKeyId", .shape = &kString}, {.name = "SecretAccessKey", .shape = &kString}, {.name = "SessionToken", .shape = &kString}, {.name = "Expiration", .shape = &kTimestamp}};
constinit const Shape kShapeOfCredentials = {.type = Type::structure, .members = kMembersOfCredentials};
constinit const Shape kShapeOfGetCallerIdentityRequest = {.type = Type::structure};
constinit const Member kMembersOfGetCallerIdentityResponse[] = {{.name = "UserId", .shape = &kString}, {.name = "Account", .shape = &kString}, {.name = "Arn", .shape = &kString}};
constinit const Shape kShapeOfGetCallerIdentityResponse = {.type = Type::structure, .members = kMembersOfGetCallerIdentityResponse};
constinit const Member kMembersOfPolicyDescriptorType[] = {{.name = "arn", .shape = &kString}};
constinit const Shape kShapeOfPolicyDescriptorType = {.type = Type::structure, .members = kMembersOfPolicyDescriptorType};
constinit const Member kMembersOfProvidedContext[] = {{.name = "ProviderArn", .shape = &kString}, {.name = "ContextAssertion", .shape = &kString}};
constinit const Shape kShapeOfProvidedContext = {.type = Type::structure, .members = kMembersOfProvidedContext};
constinit const Member kMembersOfProvidedContextsListType[] = {{.name = "member", .shape = &kShapeOfProvidedContext}};
constinit const Shape kShapeOfProvidedContextsListType = {.type = Type::list, .members = kMembersOfProvidedContextsListType};
constinit const Member kMembersOfTag[] = {{.name = "Key", .shape = &kString}, {.name = "Value", .shape = &kString}};
constinit const Shape kShapeOfTag = {.type = Type::structure, .members = kMembersOfTag};
constinit const Member kMembersOfpolicyDescriptorListType[] = {{.name = "member", .shape = &kShapeOfPolicyDescriptorType}};
constinit const Shape kShapeOfpolicyDescriptorListType = {.type = Type::list, .members = kMembersOfpolicyDescriptorListType};
constinit const Member kMembersOftagKeyListType[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOftagKeyListType = {.type = Type::list, .members = kMembersOftagKeyListType};
constinit const Member kMembersOftagListType[] = {{.name = "member", .shape = &kShapeOfTag}};
constinit const Shape kShapeOftagListType = {.type = Type::list, .members = kMembersOftagListType};

}  // namespace

constinit const Operation kGetCallerIdentity = {.name = "GetCallerIdentity", .protocol = Protocol::query, .effect = Effect::reads, .version = "2011-06-15", .input = {.name = "GetCallerIdentity", .shape = &kShapeOfGetCallerIdentityRequest}, .output = {.name = "GetCallerIdentity", .shape = &kShapeOfGetCallerIdentityResponse}};
constinit const Operation kAssumeRole = {.name = "AssumeRole", .protocol = Protocol::query, .effect = Effect::reads, .version = "2011-06-15", .input = {.name = "AssumeRole", .shape = &kShapeOfAssumeRoleRequest}, .output = {.name = "AssumeRole", .shape = &kShapeOfAssumeRoleResponse}};
constinit const Operation kAssumeRoleWithWebIdentity = {.name = "AssumeRoleWithWebIdentity", .protocol = Protocol::query, .effect = Effect::reads, .signing = Signing::nobody, .version = "2011-06-15", .input = {.name = "AssumeRoleWithWebIdentity", .shape = &kShapeOfAssumeRoleWithWebIdentityRequest}, .output = {.name = "AssumeRoleWithWebIdentity", .shape = &kShapeOfAssumeRoleWithWebIdentityResponse}};

}  // namespace aws::sts
