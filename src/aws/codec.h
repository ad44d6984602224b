#pragma once
// Requests from values and values from answers, for the four protocols that Crossfade's services
// speak. Pure: nothing is sent here. Shown by botocore's protocol tests.
//
// What a shape does not name is kept where it is XML (see Element), and left out where it is JSON.

#include "aws/request.h"
#include "aws/shape.h"
#include "aws/value.h"
#include "base/result.h"

#include <optional>
#include <string>
#include <vector>

namespace aws {

/// Where a service is.
struct Endpoint {
    std::string host;
    std::string path = {};  ///< Goes before each operation's own; without a slash at its end.
    Scheme scheme = Scheme::https;
};

struct Answer {
    int status = 0;
    std::vector<Field> headers;
    std::string body;
};

/// The request, not yet signed. `rejected` (CF0801) where the input does not fit the operation: a
/// member it does not have, another type, a label that is missing or empty.
base::Result<Request> encode(const Operation& operation, const Value& input,
                             const Endpoint& endpoint);

/// The answer of a call that succeeded. `rejected` (CF0802) where it cannot be read; unknown
/// members and values are no error.
base::Result<Value> decode(const Operation& operation, const Answer& answer);

/// What a service says when it refuses.
struct Fault {
    std::string code;  ///< As on the wire: `Throttling`, `InvalidTarget`; else the status.
    std::string message;
    std::string request_id;
};

/// Nothing where the call succeeded. S3 may say 200 and mean an error: the body decides then.
std::optional<Fault> fault_in(const Operation& operation, const Answer& answer);

/// The members that an error's own shape names.
base::Result<Value> decode_fault(const Operation& operation, const Shape& shape,
                                 const Answer& answer);

}  // namespace aws
