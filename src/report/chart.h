#pragma once
// A release over time as SVG that needs neither script nor inline style: how exposed users were,
// and both releases on one axis.

#include "report/account.h"

#include <string>

namespace report {

/// All figures of a release; empty where nothing was counted.
std::string charts_of(const Account& account);

}  // namespace report
