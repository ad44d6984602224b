#pragma once
// What `doctor` tells of what it found, as pure functions: text for people, JSON for programs, and
// how the command ends.

#include "base/finding.h"
#include "cli/exit_code.h"
#include "cli/view.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace cli {

struct Checkup {
    std::string application = {};  ///< Empty where there is no spec.
    std::string place = {};        ///< `aws, eu-central-1`
    std::vector<base::Finding> findings = {};
    std::vector<std::string> given_back = {};  ///< By --repair, by name.
};

std::string checkup_text(const Checkup& checkup, const Layout& layout);

/// Schema `crossfade.doctor/1`.
nlohmann::json checkup_json(const Checkup& checkup);

/// `done` unless something is an error: `credentials` where AWS knows nobody, else `error`.
ExitCode code_of(const Checkup& checkup);

}  // namespace cli
