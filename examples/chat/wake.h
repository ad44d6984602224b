#pragma once
// How instances that share a SQLite file wake each other: each has a UNIX datagram socket in a
// folder beside the file, and whoever commits an event sends a byte to all. Losing a byte only
// delays: readers also look by themselves now and then.

#include <memory>
#include <string>

#include "base/file.h"
#include "base/result.h"

namespace chat {

class Wake {
public:
    /// Binds `NAME.sock` in `folder`, which is created where missing.
    static base::Result<std::unique_ptr<Wake>> open(const std::string& folder,
                                                    const std::string& name);
    ~Wake();
    Wake(const Wake&) = delete;
    Wake& operator=(const Wake&) = delete;

    /// Becomes readable when another instance rings.
    int descriptor() const { return socket_.number(); }
    void take_rings();

    /// Wakes all others; removes sockets that nobody listens on. Called by any one thread.
    void ring();

private:
    Wake() = default;

    std::string folder_;
    std::string name_;
    base::Fd socket_;
    base::Fd directory_;
};

}  // namespace chat
