#pragma once
// Bytes on their way out of a socket: sent at once where the kernel takes them, kept where not.

#include "net/socket.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace net {

/// Memory is held only while bytes wait.
class Outbox {
public:
    /// Sends what it can and keeps the rest; false when the connection is gone.
    bool send(int descriptor, std::string_view head, std::string_view body = {});
    /// The socket is writable again; false when the connection is gone.
    bool flush(int descriptor);

    std::size_t waiting() const { return kept_.size() - sent_; }
    bool empty() const { return waiting() == 0; }
    void clear();
    /// The errno with which the connection was found gone.
    int error() const { return error_; }

private:
    std::string kept_;
    std::size_t sent_ = 0;
    int error_ = 0;
};

}  // namespace net
