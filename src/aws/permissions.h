#pragma once
// What a release asks of IAM: one line for each call that the sources make, as infra/iam has it.

#include "aws/shape.h"

#include <span>
#include <string_view>

namespace aws {

struct Permission {
    std::string_view action;    ///< `elasticloadbalancing:ModifyRule`
    Effect effect;              ///< Whoever only looks needs none of what changes.
    std::string_view resource;  ///< As models/operations.txt names its kind; `*`: of the region.
};

std::span<const Permission> permissions();

}  // namespace aws
