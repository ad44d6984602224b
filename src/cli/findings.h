#pragma once
// What went wrong, in the forms that other tools show beside the code: SARIF and the annotations
// of GitHub Actions.

#include "cli/session.h"

#include <string>

namespace cli {

/// SARIF 2.1.0 (OASIS): one run, one rule for each code.
std::string refusal_sarif(const Refusal& refusal);

/// A workflow command a finding, `::error file=…,line=…::…`; GitHub shows it at the line.
std::string refusal_annotations(const Refusal& refusal);

}  // namespace cli
