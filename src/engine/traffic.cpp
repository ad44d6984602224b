#include "engine/traffic.h"

namespace engine {

namespace {

tl::unexpected<base::Error> cannot_hold() {
    return base::fail(
        base::Failure::rejected,
        {.code = "CF0344",
         .what = "requests cannot be held here",
         .why = "this provider sends a request to a target or answers it with an error",
         .fix = "use another strategy than `recreate`, or `provider: local`"});
}

}  // namespace

base::Result<void> Traffic::hold(std::chrono::milliseconds /*span*/, const Ticket& /*ticket*/,
                                 base::Deadline /*deadline*/) {
    return cannot_hold();
}

base::Result<void> Traffic::let_go(const Ticket& /*ticket*/, base::Deadline /*deadline*/) {
    return cannot_hold();
}

base::Result<std::chrono::milliseconds> Traffic::held(base::Deadline /*deadline*/) {
    return cannot_hold();
}

}  // namespace engine
