#pragma once
// Requests over HTTPS, by libcurl; it neither signs, follows nor repeats.

#include "aws/client.h"
#include "aws/codec.h"
#include "aws/request.h"
#include "aws/shape.h"
#include "base/clock.h"
#include "base/result.h"

#include <cstddef>

namespace aws {

/// Plain HTTP never leaves the machine: to any host that is not loopback, HTTPS is spoken.
enum class Scheme { https, http_on_loopback };

/// Keeps its connections between calls. Used by one thread.
class CurlTransport final : public Transport {
public:
    CurlTransport(base::Clock& clock, Scheme scheme, std::size_t answer_bytes_max);
    ~CurlTransport() override;
    CurlTransport(const CurlTransport&) = delete;
    CurlTransport& operator=(const CurlTransport&) = delete;

    /// An answer with a larger body is `unknown`. A header with a line break is `rejected`.
    base::Result<Answer> send(const Request& request, Effect effect,
                              base::Deadline deadline) override;

private:
    base::Clock* clock_;
    Scheme scheme_;
    std::size_t answer_bytes_max_;
    void* handle_;
};

}  // namespace aws
