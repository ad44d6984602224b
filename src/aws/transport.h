#pragma once
// Requests over HTTPS, by libcurl; it neither signs, follows nor repeats.
//
// Plain HTTP goes to this machine alone: to loopback, and to the link-local addresses at which an
// instance or a container is told its own credentials. To any other host it is `rejected` (CF0807).

#include "aws/client.h"
#include "aws/codec.h"
#include "aws/request.h"
#include "aws/shape.h"
#include "base/clock.h"
#include "base/result.h"

#include <cstddef>

namespace aws {

/// Keeps its connections between calls. Used by one thread.
class CurlTransport final : public Transport {
public:
    CurlTransport(base::Clock& clock, std::size_t answer_bytes_max);
    ~CurlTransport() override;
    CurlTransport(const CurlTransport&) = delete;
    CurlTransport& operator=(const CurlTransport&) = delete;

    /// An answer with a larger body is `unknown`. A header with a line break is `rejected`.
    base::Result<Answer> send(const Request& request, Effect effect,
                              base::Deadline deadline) override;

private:
    base::Clock* clock_;
    std::size_t answer_bytes_max_;
    void* handle_;
};

}  // namespace aws
