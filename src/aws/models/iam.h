// clang-format off
// Made by tools/aws_model.py from iam.json (botocore 1.43.11, iam/2010-05-08): not to be edited.
#pragma once

#include "aws/key.h"
#include "aws/shape.h"

namespace aws::iam {

extern const Operation kSimulatePrincipalPolicy;

namespace ContextEntry { inline constexpr Text context_key_name{"ContextKeyName"}; inline constexpr Items context_key_values{"ContextKeyValues"}; inline constexpr Text context_key_type{"ContextKeyType"}; }
namespace EvaluationResult { inline constexpr Text eval_action_name{"EvalActionName"}; inline constexpr Text eval_resource_name{"EvalResourceName"}; inline constexpr Text eval_decision{"EvalDecision"}; inline constexpr Items matched_statements{"MatchedStatements"}; inline constexpr Items missing_context_values{"MissingContextValues"}; inline constexpr Fields organizations_decision_detail{"OrganizationsDecisionDetail"}; inline constexpr Fields permissions_boundary_decision_detail{"PermissionsBoundaryDecisionDetail"}; inline constexpr Fields eval_decision_details{"EvalDecisionDetails"}; inline constexpr Items resource_specific_results{"ResourceSpecificResults"}; }
namespace OrganizationsDecisionDetail { inline constexpr Truth allowed_by_organizations{"AllowedByOrganizations"}; }
namespace PermissionsBoundaryDecisionDetail { inline constexpr Truth allowed_by_permissions_boundary{"AllowedByPermissionsBoundary"}; }
namespace Position { inline constexpr Number line{"Line"}; inline constexpr Number column{"Column"}; }
namespace ResourceSpecificResult { inline constexpr Text eval_resource_name{"EvalResourceName"}; inline constexpr Text eval_resource_decision{"EvalResourceDecision"}; inline constexpr Items matched_statements{"MatchedStatements"}; inline constexpr Items missing_context_values{"MissingContextValues"}; inline constexpr Fields eval_decision_details{"EvalDecisionDetails"}; inline constexpr Fields permissions_boundary_decision_detail{"PermissionsBoundaryDecisionDetail"}; }
namespace SimulatePolicyResponse { inline constexpr Items evaluation_results{"EvaluationResults"}; inline constexpr Truth is_truncated{"IsTruncated"}; inline constexpr Text marker{"Marker"}; }
namespace SimulatePrincipalPolicyRequest { inline constexpr Text policy_source_arn{"PolicySourceArn"}; inline constexpr Items policy_input_list{"PolicyInputList"}; inline constexpr Items permissions_boundary_policy_input_list{"PermissionsBoundaryPolicyInputList"}; inline constexpr Items action_names{"ActionNames"}; inline constexpr Items resource_arns{"ResourceArns"}; inline constexpr Text resource_policy{"ResourcePolicy"}; inline constexpr Text resource_owner{"ResourceOwner"}; inline constexpr Text caller_arn{"CallerArn"}; inline constexpr Items context_entries{"ContextEntries"}; inline constexpr Text resource_handling_option{"ResourceHandlingOption"}; inline constexpr Number max_items{"MaxItems"}; inline constexpr Text marker{"Marker"}; }
namespace Statement { inline constexpr Text source_policy_id{"SourcePolicyId"}; inline constexpr Text source_policy_type{"SourcePolicyType"}; inline constexpr Fields start_position{"StartPosition"}; inline constexpr Fields end_position{"EndPosition"}; }

}  // namespace aws::iam
