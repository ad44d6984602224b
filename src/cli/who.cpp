#include "cli/who.h"

#include "base/file.h"

#include <fmt/format.h>

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <system_error>

namespace cli {
namespace {

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

constexpr std::string_view kClaimed = " (claimed by user ";

std::string user_name() {
    if (const passwd* entry = getpwuid(getuid()); entry != nullptr) return entry->pw_name;
    return fmt::format("{}", getuid());
}

std::string host_name() {
    std::array<char, 256> host{};
    return gethostname(host.data(), host.size() - 1) == 0 ? host.data() : "?";
}

// Field 22 of /proc/PID/stat: clock ticks since boot at which the process started.
std::optional<std::string> start_of(int pid) {
    const auto stat = base::read_file(fmt::format("/proc/{}/stat", pid), base::Bytes{4096});
    if (!stat) return std::nullopt;
    // The name in parentheses may hold spaces; what follows it does not.
    std::string_view rest(*stat);
    rest.remove_prefix(std::min(rest.rfind(')') + 2, rest.size()));
    constexpr int kFieldsBefore = 19;
    for (int field = 0; field < kFieldsBefore; ++field)
        rest.remove_prefix(std::min(rest.find(' ') + 1, rest.size()));
    return std::string(rest.substr(0, rest.find(' ')));
}

struct Process {
    std::string host;
    int pid = 0;
    std::string since;
};

std::optional<Process> process_of(std::string_view holder) {
    const std::size_t at = holder.find('@');
    const std::size_t pid = holder.find(" pid ");
    const std::size_t since = holder.find(" since ");
    if (at == std::string_view::npos || pid == std::string_view::npos ||
        since == std::string_view::npos || at > pid || pid > since)
        return std::nullopt;
    Process process{.host = std::string(holder.substr(at + 1, pid - at - 1)),
                    .since = std::string(holder.substr(since + 7))};
    const std::string_view number = holder.substr(pid + 5, since - pid - 5);
    const auto read = std::from_chars(number.data(), number.data() + number.size(), process.pid);
    if (read.ec != std::errc() || process.pid <= 0) return std::nullopt;
    return process;
}

}  // namespace

std::string actor_of_process() {
    // A console that does what a person with a token asked for.
    if (const std::string person = variable("CROSSFADE_CONSOLE_ACTOR"); !person.empty())
        return person;
    if (!variable("JENKINS_URL").empty() && !variable("BUILD_ID").empty()) {
        std::string out =
            fmt::format("jenkins {} #{}", variable("JOB_NAME"), variable("BUILD_NUMBER"));
        if (const std::string person = variable("BUILD_USER_ID"); !person.empty())
            out += fmt::format(" for {}", person);
        if (const std::string person = variable("CROSSFADE_APPROVED_BY"); !person.empty())
            out += fmt::format(" approved by {}", person);
        // Variables can say anything; whose process this is the kernel says.
        return fmt::format("{}{}{})", out, kClaimed, user_name());
    }
    // The person behind sudo is the one who is meant.
    const std::string person = variable("SUDO_USER");
    return "user " + (person.empty() ? user_name() : person);
}

Identity identity_of(std::string_view actor) {
    const std::size_t at = actor.rfind(kClaimed);
    const std::size_t end = actor.find(')', at == std::string_view::npos ? 0 : at);
    if (at == std::string_view::npos || end == std::string_view::npos)
        return {.claimed = {}, .proven = std::string(actor)};
    const std::size_t name = at + kClaimed.size();
    return {.claimed = std::string(actor.substr(0, at)),
            .proven = fmt::format("user {}", actor.substr(name, end - name))};
}

std::string holder_of_process() {
    return fmt::format("{}@{} pid {} since {}", user_name(), host_name(), getpid(),
                       start_of(getpid()).value_or("?"));
}

bool is_gone(std::string_view holder) {
    const auto process = process_of(holder);
    if (!process || process->host != host_name()) return false;
    if (kill(process->pid, 0) != 0) return errno == ESRCH;
    const auto start = start_of(process->pid);
    return start && *start != process->since;
}

}  // namespace cli
