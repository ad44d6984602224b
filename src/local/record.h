#pragma once
// One instance as the agent knows it, in a file that is written before each of its changes, so
// that an agent that is started anew knows them all.

#include "base/clock.h"
#include "base/result.h"
#include "local/process.h"
#include "release/pool.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace local {

/// waiting -started-> running -process ended-> waiting
/// running, waiting -not wished-> leaving -empty or late-> stopping -process ended-> gone
enum class Phase {
    waiting,   ///< To be started, at `due`.
    running,   ///< Its process runs and is registered with the edge.
    leaving,   ///< Deregistered; the edge is letting go of it.
    stopping,  ///< Was asked to end by SIGTERM.
};

std::string_view name_of(Phase phase);
base::Result<Phase> phase_from(std::string_view name);

struct Record {
    std::string id;  ///< Like `green-7`.
    release::Pool pool = release::Pool::blue;
    std::string release;
    std::string artifact;  ///< Its digest, in hexadecimal: the folder that it runs from.
    std::string address;   ///< host:port
    Phase phase = Phase::waiting;
    std::optional<Identity> process;  ///< None: has certainly not done anything yet.
    base::Instant since;              ///< When its present process was started, or should be.
    base::Instant due;                ///< With `waiting`: when. With `leaving`: the drain's
                                      ///< deadline. With `stopping`: when it is killed.
    std::uint32_t restarts = 0;
    std::uint32_t failures_in_row = 0;  ///< Ends soon after the start, without a long life between.
    std::chrono::milliseconds stop_grace{10'000};
    std::string reason;  ///< Why it waits, leaves or last ended.

    friend bool operator==(const Record&, const Record&) = default;
};

std::string to_json(const Record& record);
base::Result<Record> record_from(std::string_view json);

/// `<id>.json` files of one folder.
class Records {
public:
    explicit Records(std::filesystem::path folder) : folder_(std::move(folder)) {}

    base::Result<void> write(const Record& record) const;
    base::Result<void> remove(const std::string& id) const;
    /// In the order of their numbers. A file that cannot be read is an error: it may stand for a
    /// process that runs.
    base::Result<std::vector<Record>> read() const;

private:
    std::filesystem::path folder_;
};

}  // namespace local
