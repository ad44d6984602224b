#pragma once
// Reading the log files of instances, agent and edge, together and as they grow.

#include "base/clock.h"
#include "base/file.h"
#include "base/result.h"
#include "local/folder.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace local {

struct LogLine {
    std::string source;  ///< The instance, `agent` or `edge`.
    std::string text;    ///< Without its line feed.
};

/// Reads whole lines; what is written later is seen by the next call. Rotation and truncation
/// are followed. Used by one thread.
class Logs {
public:
    /// `sources` empty: all of the folder, those that appear later included.
    Logs(Folder folder, std::vector<std::string> sources);

    /// The last `count` lines of each source, and from then on only newer ones. Fails with
    /// `not_found` when a named source has no log.
    base::Result<std::vector<LogLine>> last(std::size_t count);

    /// Lines that came since; waits for one until `deadline`, then gives none.
    base::Result<std::vector<LogLine>> next(base::Clock& clock, base::Deadline deadline);

private:
    std::vector<std::string> present() const;
    void collect(const std::string& source, std::vector<LogLine>& lines);

    struct Position {
        std::uint64_t offset = 0;
        std::uint64_t inode = 0;
        std::string partial;
    };

    Folder folder_;
    std::vector<std::string> sources_;
    std::map<std::string, Position> positions_;
    base::Fd changes_;  ///< inotify on the folder of logs.
};

}  // namespace local
