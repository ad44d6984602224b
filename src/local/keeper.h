#pragma once
// Keeps one process running: starts it, takes it over from an earlier agent, starts it again when
// it ends, puts another in its place. The agent's hold on the edge.

#include "base/clock.h"
#include "base/result.h"
#include "local/process.h"
#include "net/loop.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace local {

struct Kept {
    std::string name;                  ///< For the log.
    std::vector<std::string> command;  ///< Empty: nothing is kept.
    std::filesystem::path record;      ///< Where its identity is written before it runs.
    std::filesystem::path log;
    std::filesystem::path working_folder;
    bool only_once = false;  ///< Not started again when it ends.
};

class Keeper final : private net::Watcher {
public:
    /// `changed` is called after each start and each end.
    Keeper(net::Loop& loop, Kept kept, std::function<void()> changed);
    ~Keeper() override;

    /// Takes over what an earlier agent started, or starts it.
    void begin();
    /// SIGTERM, SIGKILL after `grace`; it is not started again. `changed` tells when it has ended.
    void end(std::chrono::milliseconds grace);

    /// Starts another while this one runs, which is to take its place, and keeps that one: the one
    /// before ends by itself when it is no more needed. If the other ends first, nothing has
    /// changed. Does nothing while none runs, or one before has not ended.
    void replace();
    /// The one that is kept, or one before it, runs.
    bool any() const { return process_ || before_; }

    const std::optional<Identity>& process() const { return process_; }
    base::Instant since() const { return since_; }
    std::uint32_t restarts() const { return restarts_; }
    /// It ended with exit code 0, or has not ended yet.
    bool ended_well() const { return ended_well_; }
    const std::string& last_end() const { return last_end_; }

private:
    /// The process whose place another takes.
    struct Before final : net::Watcher {
        explicit Before(Keeper& owner) : keeper(owner) {}
        void on_ready(net::Ready) override { keeper.before_ended(); }

        Keeper& keeper;
        Identity identity;
        base::Instant since;
        base::Fd watch;
        net::WatchKey key;
    };

    void on_ready(net::Ready ready) override;
    void before_ended();
    void keep_before();
    void ended_for_good();
    void start();
    void start_later();
    base::Result<void> try_start();
    void adopt(const Identity& identity, base::Fd watch);

    net::Loop& loop_;
    Kept kept_;
    std::function<void()> changed_;
    std::optional<Identity> process_;
    base::Instant since_;
    base::Fd watch_;
    net::WatchKey key_;
    std::unique_ptr<Before> before_;
    net::Timer again_;
    net::Timer kill_;
    std::uint32_t restarts_ = 0;
    std::uint32_t quick_ends_ = 0;
    bool ending_ = false;
    bool ended_well_ = true;
    std::string last_end_;
};

}  // namespace local
