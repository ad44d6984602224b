#include "local/checkup.h"

#include "base/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

namespace local {
namespace {

using base::Finding;
using base::Weight;

/// Where each connection of a client has one to an instance, and workers, logs and files a few.
constexpr std::uint64_t kFilesAConnection = 2;
constexpr std::uint64_t kFilesBeside = 200;
/// As many clients as the edge takes at once, unless its file says otherwise.
constexpr std::uint64_t kConnectionsMax = 20'000;
constexpr std::uint64_t kFreeUsual = std::uint64_t{1} << 30;
/// The journal, logs and spooled bodies of one release.
constexpr std::uint64_t kFreeMin = std::uint64_t{100} << 20;
constexpr std::chrono::seconds kAheadMax{5};

Finding finding(Weight weight, std::string subject, base::Diagnostic said) {
    return {.weight = weight, .subject = std::move(subject), .said = std::move(said)};
}

std::string mebibytes(std::uint64_t bytes) {
    return fmt::format("{} MiB", bytes >> 20);
}

void check_folder(const MachineSight& sight, std::vector<Finding>& into) {
    constexpr const char* kSubject = "state folder";
    if (!sight.is_owned)
        into.push_back(finding(Weight::error, kSubject,
                               {.code = "CF0490",
                                .what = "it is another user's",
                                .why = "what its owner runs is not ours to release",
                                .fix = "be that user, or name another folder by --state"}));
    else if ((sight.mode & 0077) != 0)
        into.push_back(
            finding(Weight::warning, kSubject,
                    {.code = "CF0490",
                     .what = fmt::format("others may enter it: its mode is {:o}", sight.mode),
                     .why = "whoever opens its sockets steers the application",
                     .fix = "chmod 700"}));
    else
        into.push_back(
            finding(Weight::ok, kSubject, {.code = "CF0490", .what = "its owner's alone"}));
}

void check_disk(const MachineSight& sight, std::vector<Finding>& into) {
    if (!sight.free) return;
    const std::uint64_t free = sight.free->count;
    base::Diagnostic said{.code = "CF0491", .what = mebibytes(free) + " free"};
    Weight weight = Weight::ok;
    if (free < kFreeUsual) {
        weight = free < kFreeMin ? Weight::error : Weight::warning;
        said.why =
            "a journal that cannot be written stops a release, and logs and artifacts need "
            "their own";
        said.fix = "make room, or move the state folder by --state";
    }
    into.push_back(finding(weight, "disk", std::move(said)));
}

void check_programs(const MachineSight& sight, std::vector<Finding>& into) {
    if (!sight.agent && !sight.edge) {
        into.push_back(finding(Weight::ok, "agent and edge",
                               {.code = "CF0492", .what = "not up: `crossfade up` starts them"}));
        return;
    }
    const std::pair<const char*, const std::optional<ProgramSight>*> both[] = {
        {"agent", &sight.agent}, {"edge", &sight.edge}};
    for (const auto& [name, program] : both) {
        if (!*program) {
            const bool is_agent = program == &sight.agent;
            into.push_back(finding(
                Weight::error, name,
                {.code = "CF0492",
                 .what = "it does not answer",
                 .why = is_agent ? "nobody looks after the instances that the edge sends to"
                                 : sight.edge_end,
                 .fix = is_agent ? "`crossfade up` starts it, and it takes over what runs"
                                 : "`crossfade logs edge` tells why; the agent starts it again"}));
        } else if ((*program)->build != sight.build) {
            into.push_back(finding(Weight::warning, name,
                                   {.code = "CF0493",
                                    .what = "it is of another build than this command",
                                    .why = "a release by this command would meet it",
                                    .fix = "`crossfade up` replaces it; no request notices"}));
        } else {
            into.push_back(finding(
                Weight::ok, name,
                {.code = "CF0492",
                 .what = fmt::format("answers as process {}, of this build", (*program)->pid)}));
        }
    }
}

void check_ports(const MachineSight& sight, std::vector<Finding>& into) {
    for (const PortSight& each : sight.ports) {
        base::Diagnostic said{.code = "CF0494", .what = each.address + " is free"};
        Weight weight = Weight::ok;
        if (each.owner && sight.edge && each.owner->pid == sight.edge->pid) {
            said.what = each.address + " is the edge's";
        } else if (each.owner) {
            weight = Weight::error;
            said.what = each.address + " is in use";
            said.why = each.owner->pid == 0
                           ? "by a process of another user"
                           : fmt::format("by {} (process {})", each.owner->name, each.owner->pid);
            said.fix = "stop it, or choose another address in the spec";
        } else if (sight.edge) {
            weight = Weight::warning;
            said.what = "nobody listens on " + each.address;
            said.why = "the edge runs with another address than the spec's";
            said.fix = "`crossfade up` gives it the spec";
        }
        into.push_back(finding(weight, "listener", std::move(said)));
    }
}

void check_strays(const MachineSight& sight, std::vector<Finding>& into) {
    constexpr const char* kSubject = "instances";
    if (!sight.strays) {
        into.push_back(finding(Weight::warning, kSubject, sight.strays.error().diagnostic));
        return;
    }
    std::size_t held = 0;
    for (const StraySight& each : *sight.strays) {
        if (each.is_recorded && sight.agent) {
            ++held;
            continue;
        }
        into.push_back(finding(
            each.is_recorded ? Weight::error : Weight::warning, kSubject,
            {.code = "CF0495",
             .what = fmt::format("{} ({}, process {}) runs, and nobody looks after it",
                                 each.instance, each.name, each.pid),
             .why = each.is_recorded ? "its agent has ended"
                                     : "no instance of this state folder is that process",
             .fix = each.is_recorded ? "`crossfade up` takes it over, `crossfade down` ends it"
                                     : fmt::format("if nothing needs it: kill {}", each.pid)}));
    }
    const bool is_well = std::none_of(
        into.begin(), into.end(), [&](const Finding& each) { return each.subject == kSubject; });
    if (is_well)
        into.push_back(
            finding(Weight::ok, kSubject,
                    {.code = "CF0495",
                     .what = held == 0 ? "none runs, and none was left"
                                       : fmt::format("{} run, each under the agent", held)}));
}

void check_clock(const MachineSight& sight, std::vector<Finding>& into) {
    if (!sight.last_record) return;
    const auto ahead =
        std::chrono::duration_cast<std::chrono::seconds>(*sight.last_record - sight.now);
    base::Diagnostic said{.code = "CF0496", .what = "it goes on from the journal's last record"};
    Weight weight = Weight::ok;
    if (ahead > kAheadMax) {
        weight = Weight::error;
        said.what = fmt::format("it was set back: the journal's last record is {} s ahead of it",
                                ahead.count());
        said.why = "leases, warm pools and deadlines are stored instants, and last too long now";
        said.fix = "let chrony or systemd-timesyncd set it";
    }
    into.push_back(finding(weight, "clock", std::move(said)));
}

void check_files(const MachineSight& sight, std::vector<Finding>& into) {
    const std::uint64_t needed = kConnectionsMax * kFilesAConnection + kFilesBeside;
    base::Diagnostic said{.code = "CF0497",
                          .what = fmt::format("{} may be open at once", sight.files_max)};
    Weight weight = Weight::ok;
    if (sight.files_max < needed) {
        weight = Weight::warning;
        const std::uint64_t left =
            sight.files_max > kFilesBeside ? sight.files_max - kFilesBeside : 0;
        said.what = fmt::format("{} may be open at once: some {} clients", sight.files_max,
                                left / kFilesAConnection);
        said.why = fmt::format(
            "each client takes one, and one more to an instance; the edge takes "
            "up to {} clients",
            kConnectionsMax);
        said.fix = fmt::format(
            "where more are to come: `ulimit -n {}` before `crossfade up`, or "
            "LimitNOFILE= of its unit",
            needed);
    }
    into.push_back(finding(weight, "open files", std::move(said)));
}

}  // namespace

std::vector<Finding> checkup(const release::Spec* spec, const MachineSight& sight) {
    std::vector<Finding> out;
    if (spec != nullptr) {
        if (sight.has_folder) check_folder(sight, out);
        check_programs(sight, out);
        check_ports(sight, out);
        check_strays(sight, out);
        check_clock(sight, out);
    }
    check_disk(sight, out);
    check_files(sight, out);
    out.push_back(finding(
        Weight::ok, "io_uring",
        {.code = "CF0498",
         .what = sight.ring_refused.empty()
                     ? std::string("allowed: short answers of one turn leave together")
                     : fmt::format("not allowed, and not needed: {}", sight.ring_refused)}));
    return out;
}

}  // namespace local
