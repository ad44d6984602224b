#pragma once
// What a release's journal proves, as checks with an outcome each: its steps, its gates, what the
// judge said, and those promises that a journal can tell of. For JUnit and for the page.

#include "report/account.h"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace report {

enum class Outcome {
    passed,
    failed,
    skipped,  ///< It did not come to it.
};

std::string_view name_of(Outcome outcome);

struct Check {
    std::string suite;  ///< `release`, `steps`, `gates`, `verdicts` or `promises`.
    std::string name;
    Outcome outcome = Outcome::passed;
    std::string said;  ///< What was seen, and for a failure what was allowed.
    std::chrono::milliseconds took{0};
};

std::vector<Check> checks_of(const Account& account);

}  // namespace report
