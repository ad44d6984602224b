// clang-format off
// Made by tools/aws_model.py from iam.json (botocore 1.43.11, iam/2010-05-08): not to be edited.
#include "aws/models/iam.h"

namespace aws::iam {
namespace {

constexpr Shape kBoolean = {.type = Type::boolean};
constexpr Shape kInteger = {.type = Type::integer};
constexpr Shape kString = {.type = Type::string};

extern const Shape kShapeOfActionNameListType, kShapeOfContextEntry, kShapeOfContextEntryListType,
kShapeOfContextKeyNamesResultListType, kShapeOfContextKeyValueListType,
kShapeOfEvalDecisionDetailsType, kShapeOfEvaluationResult, kShapeOfEvaluationResultsListType,
kShapeOfOrganizationsDecisionDetail, kShapeOfPermissionsBoundaryDecisionDetail, kShapeOfPosition,
kShapeOfResourceNameListType, kShapeOfResourceSpecificResult,
kShapeOfResourceSpecificResultListType, kShapeOfSimulatePolicyResponse,
kShapeOfSimulatePrincipalPolicyRequest, kShapeOfSimulationPolicyListType, kShapeOfStatement,
kShapeOfStatementListType;

constinit const Member kMembersOfActionNameListType[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfActionNameListType = {.type = Type::list, .members = kMembersOfActionNameListType};
constinit const Member kMembersOfContextEntry[] = {{.name = "ContextKeyName", .shape = &kString}, {.name = "ContextKeyValues", .shape = &kShapeOfContextKeyValueListType}, {.name = "ContextKeyType", .shape = &kString}};
constinit const Shape kShapeOfContextEntry = {.type = Type::structure, .members = kMembersOfContextEntry};
constinit const Member kMembersOfContextEntryListType[] = {{.name = "member", .shape = &kShapeOfContextEntry}};
constinit const Shape kShapeOfContextEntryListType = {.type = Type::list, .members = kMembersOfContextEntryListType};
constinit const Member kMembersOfContextKeyNamesResultListType[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfContextKeyNamesResultListType = {.type = Type::list, .members = kMembersOfContextKeyNamesResultListType};
constinit const Member kMembersOfContextKeyValueListType[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfContextKeyValueListType = {.type = Type::list, .members = kMembersOfContextKeyValueListType};
constinit const Member kMembersOfEvalDecisionDetailsType[] = {{.name = "key", .shape = &kString}, {.name = "value", .shape = &kString}};
constinit const Shape kShapeOfEvalDecisionDetailsType = {.type = Type::map, .members = kMembersOfEvalDecisionDetailsType};
constinit const Member kMembersOfEvaluationResult[] = {{.name = "EvalActionName", .shape = &kString}, {.name = "EvalResourceName", .shape = &kString}, {.name = "EvalDecision", .shape = &kString}, {.name = "MatchedStatements", .shape = &kShapeOfStatementListType}, {.name = "MissingContextValues", .shape = &kShapeOfContextKeyNamesResultListType}, {.name = "OrganizationsDecisionDetail", .shape = &kShapeOfOrganizationsDecisionDetail}, {.name = "PermissionsBoundaryDecisionDetail", .shape = &kShapeOfPermissionsBoundaryDecisionDetail}, {.name = "EvalDecisionDetails", .shape = &kShapeOfEvalDecisionDetailsType}, {.name = "ResourceSpecificResults", .shape = &kShapeOfResourceSpecificResultListType}};
constinit const Shape kShapeOfEvaluationResult = {.type = Type::structure, .members = kMembersOfEvaluationResult};
constinit const Member kMembersOfEvaluationResultsListType[] = {{.name = "member", .shape = &kShapeOfEvaluationResult}};
constinit const Shape kShapeOfEvaluationResultsListType = {.type = Type::list, .members = kMembersOfEvaluationResultsListType};
constinit const Member kMembersOfOrganizationsDecisionDetail[] = {{.name = "AllowedByOrganizations", .shape = &kBoolean}};
constinit const Shape kShapeOfOrganizationsDecisionDetail = {.type = Type::structure, .members = kMembersOfOrganizationsDecisionDetail};
constinit const Member kMembersOfPermissionsBoundaryDecisionDetail[] = {{.name = "AllowedByPermissionsBoundary", .shape = &kBoolean}};
constinit const Shape kShapeOfPermissionsBoundaryDecisionDetail = {.type = Type::structure, .members = kMembersOfPermissionsBoundaryDecisionDetail};
constinit const Member kMembersOfPosition[] = {{.name = "Line", .shape = &kInteger}, {.name = "Column", .shape = &kInteger}};
constinit const Shape kShapeOfPosition = {.type = Type::structure, .members = kMembersOfPosition};
constinit const Member kMembersOfResourceNameListType[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfResourceNameListType = {.type = Type::list, .members = kMembersOfResourceNameListType};
constinit const Member kMembersOfResourceSpecificResult[] = {{.name = "EvalResourceName", .shape = &kString}, {.name = "EvalResourceDecision", .shape = &kString}, {.name = "MatchedStatements", .shape = &kShapeOfStatementListType}, {.name = "MissingContextValues", .shape = &kShapeOfContextKeyNamesResultListType}, {.name = "EvalDecisionDetails", .shape = &kShapeOfEvalDecisionDetailsType}, {.name = "PermissionsBoundaryDecisionDetail", .shape = &kShapeOfPermissionsBoundaryDecisionDetail}};
constinit const Shape kShapeOfResourceSpecificResult = {.type = Type::structure, .members = kMembersOfResourceSpecificResult};
constinit const Member kMembersOfResourceSpecificResultListType[] = {{.name = "member", .shape = &kShapeOfResourceSpecificResult}};
constinit const Shape kShapeOfResourceSpecificResultListType = {.type = Type::list, .members = kMembersOfResourceSpecificResultListType};
constinit const Member kMembersOfSimulatePolicyResponse[] = {{.name = "EvaluationResults", .shape = &kShapeOfEvaluationResultsListType}, {.name = "IsTruncated", .shape = &kBoolean}, {.name = "Marker", .shape = &kString}};
constinit const Shape kShapeOfSimulatePolicyResponse = {.type = Type::structure, .members = kMembersOfSimulatePolicyResponse};
constinit const Member kMembersOfSimulatePrincipalPolicyRequest[] = {{.name = "PolicySourceArn", .shape = &kString}, {.name = "PolicyInputList", .shape = &kShapeOfSimulationPolicyListType}, {.name = "PermissionsBoundaryPolicyInputList", .shape = &kShapeOfSimulationPolicyListType}, {.name = "ActionNames", .shape = &kShapeOfActionNameListType}, {.name = "ResourceArns", .shape = &kShapeOfResourceNameListType}, {.name = "ResourcePolicy", .shape = &kString}, {.name = "ResourceOwner", .shape = &kString}, {.name = "CallerArn", .shape = &kString}, {.name = "ContextEntries", .shape = &kShapeOfContextEntryListType}, {.name = "ResourceHandlingOption", .shape = &kString}, {.name = "MaxItems", .shape = &kInteger}, {.name = "Marker", .shape = &kString}};
constinit const Shape kShapeOfSimulatePrincipalPolicyRequest = {.type = Type::structure, .members = kMembersOfSimulatePrincipalPolicyRequest};
constinit const Member kMembersOfSimulationPolicyListType[] = {{.name = "member", .shape = &kString}};
constinit const Shape kShapeOfSimulationPolicyListType = {.type = Type::list, .members = kMembersOfSimulationPolicyListType};
constinit const Member kMembersOfStatement[] = {{.name = "SourcePolicyId", .shape = &kString}, {.name = "SourcePolicyType", .shape = &kString}, {.name = "StartPosition", .shape = &kShapeOfPosition}, {.name = "EndPosition", .shape = &kShapeOfPosition}};
constinit const Shape kShapeOfStatement = {.type = Type::structure, .members = kMembersOfStatement};
constinit const Member kMembersOfStatementListType[] = {{.name = "member", .shape = &kShapeOfStatement}};
constinit const Shape kShapeOfStatementListType = {.type = Type::list, .members = kMembersOfStatementListType};

}  // namespace

constinit const Operation kSimulatePrincipalPolicy = {.name = "SimulatePrincipalPolicy", .protocol = Protocol::query, .effect = Effect::reads, .version = "2010-05-08", .input = {.name = "SimulatePrincipalPolicy", .shape = &kShapeOfSimulatePrincipalPolicyRequest}, .output = {.name = "SimulatePrincipalPolicy", .shape = &kShapeOfSimulatePolicyResponse}, .paging = {.asks = "Marker", .gives = "Marker", .more = "IsTruncated"}};

}  // namespace aws::iam
