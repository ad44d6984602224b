#include "edge/exchange.h"

#include <utility>

namespace edge {

void Exchange::renew() {
    Exchange fresh;
    fresh.method_text.swap(method_text);
    fresh.url.swap(url);
    fresh.host.swap(host);
    fresh.user_agent.swap(user_agent);
    fresh.trace.swap(trace);
    fresh.tape.swap(tape);
    *this = std::move(fresh);
    trace.clear();
    tape.clear();
}

}  // namespace edge
