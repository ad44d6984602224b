#pragma once
// A state folder with a real agent as a process of its own, and a twin of the edge that can be told
// to hold on to what it drains. What the agent starts is a small real server.

#include "local/agent.h"
#include "local/call.h"
#include "local/fleet.h"
#include "local/machine.h"
#include "local/temporary_test.h"
#include "net/loop.h"
#include "net/server.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include <csignal>
#include <map>
#include <string>
#include <vector>

namespace local {

/// The edge's admin API as far as the agent needs it. A target is healthy when its port accepts
/// connections, drained when it was asked to and nobody said `hold`.
class EdgeTwin {
public:
    static void serve(const std::filesystem::path& socket);

private:
    struct Known {
        std::string address;
        std::string state;
    };
    void answer(const net::ExchangePtr& exchange, const std::string& body);
    int change(const net::Request& request, const nlohmann::json& body);
    nlohmann::json groups();

    std::map<std::string, std::map<std::string, Known>> groups_{{"blue", {}}, {"green", {}}};
    bool hold_ = false;
    bool mute_ = false;
};

/// One process forked from the test, killed with it.
class Forked {
public:
    template <typename Body>
    explicit Forked(Body body) : pid_(fork()) {
        if (pid_ != 0) return;
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        body();
        _exit(0);
    }
    ~Forked() { kill_now(); }
    Forked(const Forked&) = delete;
    Forked& operator=(const Forked&) = delete;

    pid_t pid() const { return pid_; }
    void kill_now() {
        if (pid_ <= 0) return;
        kill(pid_, SIGKILL);
        wait();
    }
    int wait() {
        int status = 0;
        waitpid(pid_, &status, 0);
        pid_ = -1;
        return status;
    }

private:
    pid_t pid_;
};

class Ground {
public:
    Ground();
    ~Ground();

    void start_agent();
    void kill_agent() { agent_.reset(); }
    Forked& agent() { return *agent_; }
    void kill_edge() { edge_.reset(); }
    void start_edge();

    /// Sends the twin a member like `{"hold":true}`.
    void tell_edge(const nlohmann::json& how);

    /// A release whose instances run `script` by python, with `${address}` and `${port}` as
    /// arguments.
    release::Release release(const std::string& id, const std::string& script = kServer);
    static const char* const kServer;

    engine::Ticket ticket() { return {.fence = 7, .step = {std::to_string(++tokens_)}}; }
    base::Deadline soon() { return local::soon(clock); }
    std::vector<engine::Instance> listed();
    std::string text();
    bool healthy(std::size_t count);
    /// Process ids by instance, from the agent's records.
    std::map<std::string, pid_t> processes();
    bool prepared_and_ensured(const release::Release& release, std::uint32_t instances);

    base::Clock& clock = real_clock();
    TemporaryFolder place;
    Folder folder{place.path / "app/.crossfade"};
    Manners manners{.boot_deadline = std::chrono::seconds(10),
                    .stop_grace = std::chrono::seconds(5),
                    .drain_deadline = std::chrono::seconds(30)};
    Fleet fleet{folder, manners, clock};
    AgentSettings settings{.folder = folder};

private:
    int tokens_ = 0;
    std::unique_ptr<Forked> edge_;
    std::unique_ptr<Forked> agent_;
};

}  // namespace local
