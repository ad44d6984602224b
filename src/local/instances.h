#pragma once
// The agent's instances as processes: carries out what `decide` decided, and knows when one ends.

#include "base/clock.h"
#include "local/agent.h"
#include "local/edge_admin.h"
#include "local/reconcile.h"
#include "local/record.h"
#include "local/wish.h"
#include "net/loop.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace local {

/// Owns records and watches, not the wish. Used on the loop's thread.
class Instances {
public:
    /// `changed` is called when an instance has ended, from the loop.
    Instances(net::Loop& loop, const Folder& folder, EdgeAdmin& edge,
              std::function<void()> changed);
    ~Instances();

    /// Reads the records; takes over what runs, notes what has ended meanwhile.
    base::Result<void> adopt(const Wish& wish);

    const std::vector<Record>& records() const { return records_; }

    /// Does it and keeps it on disk. An error leaves the record as it was; deciding again will
    /// ask for it again.
    base::Result<void> carry_out(const Action& action, Wish& wish, const EdgeView& view);

    /// SIGTERM to all, without asking the edge; SIGKILL after each one's grace.
    void stop_all();

private:
    struct Watched;

    base::Result<void> create(const Create& action, Wish& wish);
    base::Result<void> start(Record& record, const Wish& wish);
    base::Result<void> run(Record record, const release::Release& release);
    base::Result<void> enlist(const Record& record, const EdgeView& view);
    base::Result<void> leave(Record& record, const Leave& action, const Wish& wish);
    base::Result<void> drain(const Record& record, const Wish& wish);
    base::Result<void> stop(Record& record, const std::string& reason);
    base::Result<void> remove(const std::string& id, const EdgeView& view);
    base::Result<void> forget(const Forget& action, const EdgeView& view);
    base::Result<void> store(const Record& record);
    Record* find(const std::string& id);
    void watch_process(const Record& record, base::Fd descriptor);
    void on_end(const std::string& id);
    void note_end(Record record, const std::string& how);
    std::string how_it_ended(const Record& record, const Exit& exit) const;
    base::Deadline soon() const;

    net::Loop& loop_;
    const Folder& folder_;
    EdgeAdmin& edge_;
    std::function<void()> changed_;
    Records files_;
    std::vector<Record> records_;
    std::map<std::string, std::unique_ptr<Watched>> watched_;
    std::map<std::string, release::Process> processes_;  ///< By instance, for its secrets.
};

}  // namespace local
