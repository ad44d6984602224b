#include "cli/who.h"

#include "cli/console_file.h"
#include "cli/site.h"

#include "base/file.h"
#include "console/token.h"
#include "engine/person.h"

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

constexpr base::Bytes kTokenMax{4096};

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

std::string name_of_user(uid_t user) {
    if (const passwd* entry = getpwuid(user); entry != nullptr) return entry->pw_name;
    return fmt::format("{}", user);
}

std::string user_name() {
    return name_of_user(getuid());
}

// Who logged in, which `su` and `sudo` do not change; none where nobody did, as in a container.
std::optional<uid_t> login_user() {
    const auto text = base::read_file("/proc/self/loginuid", base::Bytes{64});
    if (!text) return std::nullopt;
    uid_t user = 0;
    const auto read = std::from_chars(text->data(), text->data() + text->size(), user);
    if (read.ec != std::errc() || user == static_cast<uid_t>(-1)) return std::nullopt;
    return user;
}

// What was handed over open is not handed on to hooks.
void leave_to_nobody(std::string_view path) {
    constexpr std::string_view kOpen = "/dev/fd/";
    if (!path.starts_with(kOpen)) return;
    path.remove_prefix(kOpen.size());
    int number = 0;
    const auto read = std::from_chars(path.data(), path.data() + path.size(), number);
    if (read.ec == std::errc() && number > STDERR_FILENO) close(number);
}

// Whose process this is, by the kernel.
std::string person_name() {
    return name_of_user(login_user().value_or(getuid()));
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
    if (!variable("JENKINS_URL").empty() && !variable("BUILD_ID").empty()) {
        std::string out =
            fmt::format("jenkins {} #{}", variable("JOB_NAME"), variable("BUILD_NUMBER"));
        if (const std::string person = variable("BUILD_USER_ID"); !person.empty())
            out += fmt::format(" for {}", person);
        if (const std::string person = variable("CROSSFADE_APPROVED_BY"); !person.empty())
            out += fmt::format(" approved by {}", person);
        // Variables can say anything; whose process this is the kernel says.
        return engine::actor_of_claim(out, person_name());
    }
    const std::string person = variable("SUDO_USER");
    if (person.empty() || login_user()) return engine::actor_of_user(person_name());
    return engine::actor_of_claim("sudo for " + person, person_name());
}

base::Result<std::string> actor_by_token(const Session& session) {
    const auto secret = base::read_file(session.token, kTokenMax);
    if (!secret) return base::fail(secret);
    leave_to_nobody(session.token.native());
    const auto site = find_site(session);
    if (!site) return base::fail(site);
    const console::Tokens tokens(console_folder(site->folder) / "tokens.json");
    const auto found =
        tokens.find(secret->substr(0, secret->find_first_of("\r\n")), session.clock.now());
    if (!found) return base::fail(found);
    if (!*found) {
        return base::fail(base::Failure::rejected,
                          {.code = "CF0913",
                           .what = "the token is wrong, was taken back, or is over",
                           .fix = "have one made: `crossfade console token --role operate`"});
    }
    if ((*found)->role != console::Role::operate) {
        return base::fail(base::Failure::rejected,
                          {.code = "CF0915",
                           .what = "the token's role is view: it may only look",
                           .fix = "have one made: `crossfade console token --role operate`"});
    }
    return engine::actor_of_token((*found)->name, (*found)->id, (*found)->maker);
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
