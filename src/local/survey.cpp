#include "local/survey.h"

#include "base/build.h"
#include "base/file.h"
#include "base/json.h"
#include "local/call.h"
#include "local/process.h"
#include "local/record.h"
#include "net/bundle.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>
#include <string_view>
#include <system_error>
#include <utility>

namespace local {
namespace {

namespace fs = std::filesystem;

constexpr base::Bytes kProcFileMax{256 * 1024};
constexpr std::string_view kInstance = "CROSSFADE_INSTANCE=";

std::optional<ProgramSight> program_from(const base::Result<base::Json>& answer) {
    if (!answer) return std::nullopt;
    return ProgramSight{
        .pid = static_cast<pid_t>(base::member_or<std::int64_t>(*answer, "pid", 0).value_or(0)),
        .build = base::member_or<std::string>(*answer, "build", "").value_or("")};
}

void look_at_programs(const Folder& folder, base::Clock& clock, base::Deadline deadline,
                      MachineSight& out) {
    const auto agent =
        call(folder.agent_socket(), "the agent", {"GET", "/v1/status", {}}, clock, deadline);
    const auto edge =
        call(folder.edge_socket(), "the edge", {"GET", "/v1/health", {}}, clock, deadline);
    out.agent = program_from(agent);
    out.edge = program_from(edge);
    if (agent) {
        const base::Json kept = agent->value("edge", base::Json::object());
        out.edge_end = base::member_or<std::string>(kept, "last_end", "").value_or("");
    }
}

void look_at_folder(const Folder& folder, MachineSight& out) {
    struct stat status{};
    out.has_folder = stat(folder.root().c_str(), &status) == 0;
    if (out.has_folder) {
        out.is_owned = status.st_uid == geteuid();
        out.mode = status.st_mode & 07777;
    }
    // The disk is known before the folder is made.
    fs::path place = folder.root();
    std::error_code error;
    while (!fs::exists(place, error) && place.has_relative_path()) place = place.parent_path();
    struct statvfs disk{};
    if (statvfs(place.c_str(), &disk) == 0)
        out.free = base::Bytes{std::uint64_t{disk.f_bavail} * disk.f_frsize};
}

/// `Max open files            1024                 524288               files`
std::uint64_t files_of(pid_t pid) {
    const auto text = base::read_file(fmt::format("/proc/{}/limits", pid), kProcFileMax);
    if (!text) return 0;
    std::size_t at = text->find("Max open files");
    if (at == std::string::npos) return 0;
    at = text->find_first_of("0123456789u", at + std::string_view("Max open files").size());
    if (at == std::string::npos) return 0;
    if ((*text)[at] == 'u') return RLIM_INFINITY;
    std::uint64_t out = 0;
    std::from_chars(text->data() + at, text->data() + text->size(), out);
    return out;
}

std::uint64_t own_files() {
    rlimit limit{};
    return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 0;
}

void look_at_ports(const release::Spec& spec, MachineSight& out) {
    std::vector<std::string> addresses{spec.listen};
    if (spec.tls) addresses.push_back(spec.tls->listen);
    for (const std::string& each : addresses) {
        std::uint16_t port = 0;
        std::from_chars(each.data() + each.rfind(':') + 1, each.data() + each.size(), port);
        if (port != 0) out.ports.push_back({.address = each, .owner = owner_of_port(port)});
    }
}

/// The instance that a process was started as. Its environment is read and never shown (P11).
std::string instance_of(pid_t pid) {
    const auto text = base::read_file(fmt::format("/proc/{}/environ", pid), kProcFileMax);
    if (!text) return {};
    std::size_t at = text->starts_with(kInstance) ? 0 : text->find('\0' + std::string(kInstance));
    if (at == std::string::npos) return {};
    if (at != 0) ++at;
    at += kInstance.size();
    return text->substr(at, text->find('\0', at) - at);
}

bool is_below(const fs::path& link, const fs::path& folder) {
    std::error_code error;
    const fs::path place = fs::read_symlink(link, error);
    if (error) return false;
    const std::string text = place.string();
    return text == folder.string() || text.starts_with(folder.string() + '/');
}

/// Of each session that a recorded instance leads.
base::Result<std::map<pid_t, std::string>> recorded(const Folder& folder) {
    std::map<pid_t, std::string> out;
    if (!fs::exists(folder.instances())) return out;
    const auto records = Records(folder.instances()).read();
    if (!records) return base::fail(records);
    for (const Record& each : *records)
        if (each.process && identity_of(each.process->pid) == each.process)
            out[each.process->pid] = each.id;
    return out;
}

base::Result<std::vector<StraySight>> strays_of(const Folder& folder) {
    const auto sessions = recorded(folder);
    if (!sessions) return base::fail(sessions);
    const fs::path home = folder.root().parent_path();
    std::vector<StraySight> out;
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator("/proc", error)) {
        const std::string number = entry.path().filename().string();
        pid_t pid = 0;
        std::from_chars(number.data(), number.data() + number.size(), pid);
        if (pid <= 0 || std::to_string(pid) != number) continue;
        const bool leads = sessions->contains(pid);
        if (!leads && !is_below(entry.path() / "cwd", home) &&
            !is_below(entry.path() / "exe", home))
            continue;
        const auto stat = stat_of(pid);
        if (!stat || stat->size() < 4) continue;
        pid_t session = 0;
        std::from_chars((*stat)[3].data(), (*stat)[3].data() + (*stat)[3].size(), session);
        // What an instance starts is its own.
        if (!leads && sessions->contains(session)) continue;
        std::string instance = leads ? sessions->at(pid) : instance_of(pid);
        if (instance.empty()) continue;
        const auto name = base::read_file(entry.path() / "comm", kProcFileMax);
        std::string word = name ? *name : "";
        while (!word.empty() && word.back() == '\n') word.pop_back();
        out.push_back({.pid = pid,
                       .name = std::move(word),
                       .instance = std::move(instance),
                       .is_recorded = leads});
    }
    std::sort(out.begin(), out.end(),
              [](const StraySight& a, const StraySight& b) { return a.pid < b.pid; });
    return out;
}

}  // namespace

MachineSight survey(const Folder& folder, const release::Spec* spec, base::Clock& clock,
                    base::Deadline deadline) {
    MachineSight out;
    out.build = base::build_id();
    out.now = clock.now();
    look_at_folder(folder, out);
    if (spec != nullptr) {
        look_at_programs(folder, clock, deadline, out);
        look_at_ports(*spec, out);
        out.strays = strays_of(folder);
    }
    out.files_max = out.edge ? files_of(out.edge->pid) : own_files();
    const auto ring = net::Bundle::open();
    if (!ring) out.ring_refused = ring.error().diagnostic.why;
    return out;
}

}  // namespace local
