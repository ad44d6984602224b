#pragma once
// Starting processes so that none is ever unknown, and telling one from another that got its
// number later.

#include "base/file.h"
#include "base/result.h"

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace local {

/// Which process, for good: numbers are reused, within one boot never with the same start time.
struct Identity {
    pid_t pid = 0;
    std::uint64_t start_ticks = 0;  ///< Field 22 of /proc/PID/stat.
    std::string boot;               ///< /proc/sys/kernel/random/boot_id

    friend bool operator==(const Identity&, const Identity&) = default;
};

/// None when there is no such process, or it has ended and only waits to be reaped.
std::optional<Identity> identity_of(pid_t pid);

/// The fields of /proc/PID/stat from the third on, which is the state (proc(5)). None when there is
/// no such process, or it has ended and only waits to be reaped.
std::optional<std::vector<std::string>> stat_of(pid_t pid);

/// A descriptor that becomes readable when the process ends; `not_found` when it has ended, or
/// its number belongs to another one now.
base::Result<base::Fd> watch(const Identity& identity);

/// What to run and how.
struct Launch {
    std::vector<std::string> command;  ///< Found in `environment`'s PATH unless it has a slash.
    std::map<std::string, std::string> environment;  ///< All of it.
    std::filesystem::path working_folder;
    int input = -1;   ///< -1: nothing to read.
    int output = -1;  ///< Standard output and error; -1: dropped.
};

/// A process of its own session that waits, before it becomes the command, to be let go. If the
/// one who made it dies first, it ends without having done anything.
class Held {
public:
    const Identity& identity() const { return identity_; }

    /// Lets it run. Fails with `not_found` or `rejected` when the command could not be run.
    base::Result<void> let_go();

    /// Readable when it has ended.
    base::Fd take_watch() { return std::move(watch_); }

private:
    friend base::Result<Held> hold(const Launch& launch);

    Identity identity_;
    base::Fd watch_;
    base::Fd go_;
    base::Fd failure_;
    std::string command_;
};

/// Makes the process. From a program with one thread, or with none that allocates meanwhile.
base::Result<Held> hold(const Launch& launch);

/// How a process ended.
struct Exit {
    std::optional<int> code;
    int signal = 0;  ///< With no code: the signal, or 0 when nobody could tell.

    /// `exit code 3`, `signal 9 (Killed)`, `ended; not our child, so nobody knows how`.
    std::string text() const;
    friend bool operator==(const Exit&, const Exit&) = default;
};

/// Reaps a child that has ended and kills what it left in its group. Of one that is no child of
/// ours nobody can tell how it ended.
Exit reap(const Identity& identity);

/// Sends `signal` to the process and its group, unless the number has another owner by now.
void signal_group(const Identity& identity, int signal);

/// Path, home, language and the like of this process: what every program needs, and no more.
std::map<std::string, std::string> minimal_environment();

/// All of this process's environment.
std::map<std::string, std::string> whole_environment();

}  // namespace local
