#pragma once
// An account in the forms that others read. Each is complete in itself; what came from outside is
// escaped, and no form has anything in it that a browser would run.

#include "report/account.h"

#include <string>
#include <string_view>

namespace report {

/// JUnit as Jenkins and others read it: a suite a kind of check, one case a check.
std::string junit_of(const Account& account);

/// Schema `crossfade.report/1`, published as docs/reference/report.schema.json.
std::string json_of(const Account& account);

/// For a pull request or a chat: a heading, a table, what failed.
std::string markdown_of(const Account& account);

enum class Style {
    beside,  ///< `report.css` lies beside the page: what Jenkins' content-security policy allows.
    within,  ///< One file, to be sent around.
};

/// HTML without script, inline style or anything fetched from elsewhere.
std::string page_of(const Account& account, Style style);
/// What `Style::beside` refers to as report.css.
std::string_view style_sheet();

}  // namespace report
