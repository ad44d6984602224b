#pragma once
// Completion scripts, made from the grammar so that they cannot fall behind it.

#include "cli/grammar.h"

#include <string>

namespace cli {

std::string bash_completion(const CommandText& root);
std::string zsh_completion(const CommandText& root);
std::string fish_completion(const CommandText& root);

}  // namespace cli
