#pragma once
// The description of crossfade.yaml: decoder, schema, reference and explanations come from it.
// The reference for users is generated: docs/reference/spec.md.

#include "base/form.h"
#include "release/spec.h"

namespace release {

/// How a Spec is written. Built once, kept for the life of the process.
const base::Form<Spec>& spec_form();

// Its parts.
base::Form<Service> service_form();
base::Form<Strategy> strategy_form();
base::Form<Guard> guard_form();
base::Form<Hook> hook_form();
base::Form<Gate> gate_form();
base::Form<Freeze> freeze_form();
base::Form<Notice> notice_form();
base::Form<SecretSource> secret_form();
base::Form<AwsPlace> aws_form();
base::Form<SourcedMetric> sourced_metric_form();
base::Form<std::string> http_url();

// Each adds a finding for every contradiction among fields that are right by themselves.
void check_service(const Service& service, const base::Node& node, base::Findings& findings);
void check_hook(const Hook& hook, const base::Node& node, base::Findings& findings);
void check_gate(const Gate& gate, const base::Node& node, base::Findings& findings);
void check_aws(const Spec& spec, const base::Node& node, base::Findings& findings);
void check_across(const Spec& spec, const base::Node& node, base::Findings& findings);

/// What is usual on AWS where the spec says nothing: there, things take their time.
void take_aws_defaults(Spec& spec, const base::Node& root);

}  // namespace release
