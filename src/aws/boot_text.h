#pragma once
// The text of boot.h's script that is the same for every release.

#include <string_view>

namespace aws {

extern const std::string_view kBootText;

}  // namespace aws
