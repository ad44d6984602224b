#include "base/markup.h"
#include "report/checks.h"
#include "report/forms.h"

#include <fmt/format.h>

#include <vector>

namespace report {
namespace {

double seconds_of(const Check& check) {
    return std::chrono::duration<double>(check.took).count();
}

std::string case_of(const Account& account, const Check& check) {
    std::string out =
        fmt::format("    <testcase classname=\"crossfade.{}.{}\" name=\"{}\" time=\"{:.3f}\"",
                    base::escaped(account.plan.application), base::escaped(check.suite),
                    base::escaped(check.name), seconds_of(check));
    switch (check.outcome) {
        case Outcome::passed:
            return out + fmt::format("><system-out>{}</system-out></testcase>\n",
                                     base::escaped(check.said));
        case Outcome::failed:
            return out + fmt::format("><failure message=\"{0}\">{0}</failure></testcase>\n",
                                     base::escaped(check.said));
        case Outcome::skipped:
            return out + fmt::format("><skipped message=\"{}\"/></testcase>\n",
                                     base::escaped(check.said));
    }
    return out;
}

std::string suite_of(const Account& account, std::string_view suite,
                     const std::vector<Check>& checks) {
    std::string cases;
    std::size_t tests = 0;
    std::size_t failures = 0;
    std::size_t skipped = 0;
    for (const Check& check : checks) {
        if (check.suite != suite) continue;
        ++tests;
        failures += check.outcome == Outcome::failed ? 1 : 0;
        skipped += check.outcome == Outcome::skipped ? 1 : 0;
        cases += case_of(account, check);
    }
    if (tests == 0) return {};
    return fmt::format(
        "  <testsuite name=\"{} {}: {}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\" "
        "timestamp=\"{}\">\n{}  </testsuite>\n",
        base::escaped(account.plan.application), base::escaped(account.run.id), suite, tests,
        failures, skipped, base::to_text(account.run.begun), cases);
}

}  // namespace

std::string junit_of(const Account& account) {
    const std::vector<Check> checks = checks_of(account);
    std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
    for (const std::string_view suite : {"release", "steps", "gates", "verdicts", "promises"})
        out += suite_of(account, suite, checks);
    return out + "</testsuites>\n";
}

}  // namespace report
