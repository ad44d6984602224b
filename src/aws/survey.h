#pragma once
// Looks at all that a release on AWS rests on; changes nothing. What follows from it says
// checkup.h.

#include "aws/account.h"
#include "aws/checkup.h"
#include "aws/client.h"
#include "release/spec.h"

namespace aws {

/// `spec` names a place on AWS, `prefix` the folder of its objects. Some twenty calls; where the
/// first one, who asks, is refused, no other is made.
Sight survey(Account& account, const release::Spec& spec, const std::string& prefix,
             const Terms& terms);

}  // namespace aws
