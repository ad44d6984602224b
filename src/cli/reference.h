#pragma once
// docs/reference, made from what the program itself knows.

#include <map>
#include <string>

namespace cli {

/// File name → content, in Markdown: `cli.md`, `diagnostics.md`, `exit-codes.md`, `spec.md`.
std::map<std::string, std::string> reference_pages();

}  // namespace cli
