#pragma once
// One blocking HTTP exchange over TCP or a UNIX socket, for command lines and admin APIs.

#include "base/clock.h"
#include "base/result.h"
#include "net/fields.h"
#include "net/socket.h"

#include <cstddef>
#include <string>

namespace net {

struct Call {
    std::string method = "GET";
    std::string target = "/";
    FieldList fields = {};
    std::string body = {};
    std::string content_type = "application/json";  ///< Sent where there is a body.
    std::size_t answer_bytes_max = 64 * 1024 * 1024;
};

struct Answer {
    int status = 0;
    FieldList fields;
    std::string body;
};

/// Any complete answer is a success, whatever its status. Fails with `unavailable` when nothing was
/// sent (nobody listens, no connection before `deadline`), with `unknown` when something was sent
/// and no complete answer came, with `rejected` when the answer is no HTTP or too large.
base::Result<Answer> call(const Address& to, const Call& call, base::Deadline deadline,
                          base::Clock& clock);

}  // namespace net
