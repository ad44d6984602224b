#pragma once
// What is wrong with an application's place on this machine, from what was seen of it. Pure;
// survey.h looks.

#include "base/clock.h"
#include "base/finding.h"
#include "base/result.h"
#include "base/units.h"
#include "local/port.h"
#include "release/spec.h"

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace local {

/// Agent or edge, as it answers.
struct ProgramSight {
    pid_t pid = 0;
    std::string build;
};

/// An address of the spec, and who listens there.
struct PortSight {
    std::string address;
    std::optional<PortOwner> owner;
};

/// A process that an agent once started as an instance.
struct StraySight {
    pid_t pid = 0;
    std::string name;
    std::string instance;  ///< `green-7`
    bool is_recorded = false;
};

struct MachineSight {
    std::string build;  ///< Of this program.
    base::Instant now;
    bool has_folder = false;
    bool is_owned = true;  ///< The state folder, by this user.
    mode_t mode = 0700;    ///< Its permissions.
    std::optional<base::Bytes> free;
    std::optional<ProgramSight> agent;
    std::optional<ProgramSight> edge;
    std::string edge_end;         ///< How it ended last; may be empty.
    std::uint64_t files_max = 0;  ///< Of the edge; where it does not run, of what this one starts.
    std::vector<PortSight> ports;
    std::string ring_refused;  ///< Why the kernel does not allow io_uring; empty: it does.
    base::Result<std::vector<StraySight>> strays;
    std::optional<base::Instant> last_record;  ///< When the journal's last one was written.
};

/// What can be said of any machine comes last; what needs the spec is left out without one.
std::vector<base::Finding> checkup(const release::Spec* spec, const MachineSight& sight);

}  // namespace local
