#pragma once
// A plaintext connection of a listener that also takes HTTP/2, until its first bytes tell which it
// is: those of HTTP/2 begin with a preface that is no request (RFC 9113 §3.4). They are looked at
// and left where they are.
//
//   accepted -the preface, or another byte-> a client's connection of either kind
//   accepted -ended, or time over-> gone

#include "edge/worker/newcomer.h"

namespace edge {

class Prelude final : public Newcomer {
public:
    Prelude(Worker& worker, base::Fd socket, Arrival arrival);

    void on_ready(net::Ready ready) override;
};

}  // namespace edge
