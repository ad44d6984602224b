#pragma once
// The admin API (docs/reference/edge-admin.md): HTTP and JSON around Control, on a thread of its
// own.

#include "base/clock.h"
#include "base/result.h"
#include "edge/control/control.h"
#include "net/loop.h"
#include "net/server.h"

#include <filesystem>
#include <memory>
#include <string>
#include <thread>

namespace edge {

/// Answers one request; no socket involved.
net::Response answer_admin(Control& control, const net::Request& request, const std::string& body);

class Admin {
public:
    Admin(Control& control, base::Clock& clock);
    ~Admin();
    Admin(const Admin&) = delete;
    Admin& operator=(const Admin&) = delete;

    base::Result<void> start(const std::filesystem::path& socket);
    void stop();

private:
    Control& control_;
    net::Loop loop_;
    std::unique_ptr<net::Server> server_;
    std::filesystem::path socket_;
    std::thread thread_;
};

}  // namespace edge
