#include "local/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <sstream>

namespace local {

namespace {

constexpr base::Bytes kProcFileMax{64 * 1024};

const std::string& boot_id() {
    static const std::string id = [] {
        auto text = base::read_file("/proc/sys/kernel/random/boot_id", kProcFileMax);
        if (!text) return std::string("unknown");
        while (!text->empty() && text->back() == '\n') text->pop_back();
        return *text;
    }();
    return id;
}

int pidfd_of(pid_t pid) {
    return static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
}

/// The file that runs for a command's first word, or none.
std::optional<std::string> found_in_path(const Launch& launch) {
    const std::string& name = launch.command.front();
    if (name.find('/') != std::string::npos) {
        const std::filesystem::path path = name;
        return path.is_absolute() ? name : (launch.working_folder / path).string();
    }
    const auto path = launch.environment.find("PATH");
    std::string_view folders = "/usr/local/bin:/usr/bin:/bin";
    if (path != launch.environment.end()) folders = path->second;
    while (!folders.empty()) {
        const std::size_t end = std::min(folders.find(':'), folders.size());
        std::string file = fmt::format("{}/{}", folders.substr(0, end), name);
        if (end > 0 && access(file.c_str(), X_OK) == 0) return file;
        folders.remove_prefix(std::min(end + 1, folders.size()));
    }
    return std::nullopt;
}

/// All that the child needs, made before the fork: between fork and exec it may only make system
/// calls.
struct Prepared {
    explicit Prepared(const Launch& launch) : folder(launch.working_folder.string()) {
        for (const std::string& word : launch.command) words.push_back(word);
        for (const auto& [name, value] : launch.environment) {
            variables.push_back(fmt::format("{}={}", name, value));
        }
        for (std::string& word : words) argv.push_back(word.data());
        for (std::string& variable : variables) envp.push_back(variable.data());
        argv.push_back(nullptr);
        envp.push_back(nullptr);
    }
    ~Prepared() {
        for (std::string& variable : variables) explicit_bzero(variable.data(), variable.size());
    }
    Prepared(const Prepared&) = delete;
    Prepared& operator=(const Prepared&) = delete;

    std::string file;
    std::string folder;
    std::vector<std::string> words;
    std::vector<std::string> variables;
    std::vector<char*> argv;
    std::vector<char*> envp;
    int input = -1;
    int output = -1;
    int go = -1;
    int failure = -1;
};

/// errno and where it happened, from the child through the failure pipe.
struct ExecFailure {
    int error_number = 0;
    int at_folder = 0;
};

[[noreturn]] void give_up(int descriptor, ExecFailure failure) {
    const ssize_t ignored = write(descriptor, &failure, sizeof failure);
    static_cast<void>(ignored);
    _exit(127);
}

/// What the parent has open is not this process's: a listener or a lock must not seem to be in
/// use because we wait.
void close_all_but(std::array<int, 4> kept) {
    std::sort(kept.begin(), kept.end());
    unsigned from = STDERR_FILENO + 1;
    for (const int each : kept) {
        const auto number = static_cast<unsigned>(each);
        if (number < from) continue;
        if (number > from) syscall(SYS_close_range, from, number - 1, 0U);
        from = number + 1;
    }
    syscall(SYS_close_range, from, ~0U, 0U);
}

[[noreturn]] void become(const Prepared& prepared) {
    close_all_but({prepared.go, prepared.failure, prepared.input, prepared.output});
    setsid();
    for (int signal = 1; signal < 32; ++signal) std::signal(signal, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);

    char word = 0;
    ssize_t got = 0;
    do {
        got = read(prepared.go, &word, 1);
    } while (got < 0 && errno == EINTR);
    if (got != 1) _exit(127);

    umask(022);
    dup2(prepared.input, STDIN_FILENO);
    dup2(prepared.output, STDOUT_FILENO);
    dup2(prepared.output, STDERR_FILENO);
    syscall(SYS_close_range, 3U, ~0U, 4U /* CLOSE_RANGE_CLOEXEC */);
    if (!prepared.folder.empty() && chdir(prepared.folder.c_str()) != 0) {
        give_up(prepared.failure, {.error_number = errno, .at_folder = 1});
    }
    execve(prepared.file.c_str(), prepared.argv.data(), prepared.envp.data());
    give_up(prepared.failure, {.error_number = errno});
}

struct Pipe {
    base::Fd read;
    base::Fd write;
};

base::Result<Pipe> make_pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) {
        return base::fail(base::system_error("cannot make a pipe for", "a process", errno));
    }
    return Pipe{.read = base::Fd(ends[0]), .write = base::Fd(ends[1])};
}

base::Result<void> exec_failed(const std::string& command, ExecFailure failure) {
    auto error = base::system_error(
        failure.at_folder != 0 ? "cannot enter the working folder of" : "cannot run", command,
        failure.error_number);
    error.diagnostic.code = "CF0411";
    return base::fail(std::move(error));
}

}  // namespace

std::optional<std::vector<std::string>> stat_of(pid_t pid) {
    const auto stat = base::read_file(fmt::format("/proc/{}/stat", pid), kProcFileMax);
    if (!stat) return std::nullopt;
    // The second field is the name in parentheses and may hold anything, also parentheses.
    const std::size_t name_end = stat->rfind(')');
    if (name_end == std::string::npos) return std::nullopt;
    std::istringstream rest(stat->substr(name_end + 1));
    std::vector<std::string> fields{std::istream_iterator<std::string>(rest), {}};
    if (fields.empty() || fields[0] == "Z" || fields[0] == "X") return std::nullopt;
    return fields;
}

std::optional<Identity> identity_of(pid_t pid) {
    constexpr std::size_t kStartTime = 22 - 3;
    const auto fields = stat_of(pid);
    if (!fields || fields->size() <= kStartTime) return std::nullopt;
    Identity identity{.pid = pid, .start_ticks = 0, .boot = boot_id()};
    const std::string& start = (*fields)[kStartTime];
    std::from_chars(start.data(), start.data() + start.size(), identity.start_ticks);
    return identity;
}

base::Result<base::Fd> watch(const Identity& identity) {
    // Opened before it is looked at: the descriptor pins the process that is compared.
    base::Fd descriptor(identity.pid > 0 ? pidfd_of(identity.pid) : -1);
    if (descriptor && identity_of(identity.pid) == identity) return descriptor;
    return base::fail(
        base::Failure::not_found,
        {.code = "CF0412", .what = fmt::format("process {} has ended", identity.pid)});
}

base::Result<Held> hold(const Launch& launch) {
    const auto file = found_in_path(launch);
    if (!file) return base::fail(exec_failed(launch.command.front(), {.error_number = ENOENT}));
    auto go = make_pipe();
    auto failure = make_pipe();
    if (!go) return base::fail(go);
    if (!failure) return base::fail(failure);
    const base::Fd nowhere(open("/dev/null", O_RDWR | O_CLOEXEC));

    Prepared prepared(launch);
    prepared.file = *file;
    prepared.input = launch.input >= 0 ? launch.input : nowhere.number();
    prepared.output = launch.output >= 0 ? launch.output : nowhere.number();
    prepared.go = go->read.number();
    prepared.failure = failure->write.number();

    const pid_t pid = fork();
    if (pid < 0) return base::fail(base::system_error("cannot fork for", *file, errno));
    if (pid == 0) {
        become(prepared);
    }
    Held held;
    held.watch_ = base::Fd(pidfd_of(pid));
    const auto identity = identity_of(pid);
    held.go_ = std::move(go->write);
    held.failure_ = std::move(failure->read);
    held.command_ = launch.command.front();
    if (!identity || !held.watch_) {
        kill(pid, SIGKILL);
        waitpid(pid, nullptr, 0);
        return base::fail(base::system_error("cannot watch", *file, errno));
    }
    held.identity_ = *identity;
    return held;
}

base::Result<void> Held::let_go() {
    ssize_t put = 0;
    do {
        put = write(go_.number(), "g", 1);
    } while (put < 0 && errno == EINTR);
    go_.reset();
    ExecFailure failure;
    ssize_t got = 0;
    do {
        got = read(failure_.number(), &failure, sizeof failure);
    } while (got < 0 && errno == EINTR);
    failure_.reset();
    if (got == static_cast<ssize_t>(sizeof failure)) return exec_failed(command_, failure);
    return {};
}

std::string Exit::text() const {
    if (code) return fmt::format("exit code {}", *code);
    if (signal != 0) return fmt::format("signal {} ({})", signal, strsignal(signal));
    return "ended; started by an earlier agent, so its exit code is not known";
}

Exit reap(const Identity& identity) {
    // A number is not given out again while a group of that number has members; if somebody else
    // has it now, nothing of this one is left.
    if (identity.boot == boot_id() && !identity_of(identity.pid)) kill(-identity.pid, SIGKILL);
    int status = 0;
    pid_t reaped = 0;
    do {
        reaped = waitpid(identity.pid, &status, 0);
    } while (reaped < 0 && errno == EINTR);
    if (reaped != identity.pid) return {};
    if (WIFEXITED(status)) return {.code = WEXITSTATUS(status)};
    return {.code = std::nullopt, .signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0};
}

void signal_group(const Identity& identity, int signal) {
    if (identity_of(identity.pid) != identity) return;
    kill(-identity.pid, signal);
    kill(identity.pid, signal);
}

std::map<std::string, std::string> minimal_environment() {
    std::map<std::string, std::string> environment;
    for (const char* name : {"PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "TZ",
                             "TMPDIR", "LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS"}) {
        if (const char* value = std::getenv(name); value != nullptr) environment[name] = value;
    }
    return environment;
}

std::map<std::string, std::string> whole_environment() {
    std::map<std::string, std::string> environment;
    for (char** each = environ; *each != nullptr; ++each) {
        const std::string_view text = *each;
        const std::size_t equals = text.find('=');
        if (equals == std::string_view::npos) continue;
        environment[std::string(text.substr(0, equals))] = text.substr(equals + 1);
    }
    return environment;
}

}  // namespace local
