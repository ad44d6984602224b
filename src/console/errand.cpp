#include "console/errand.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace console {
namespace {

constexpr std::size_t kOutputMax = 32 * 1024;

std::vector<char*> pointers(std::vector<std::string>& words) {
    std::vector<char*> out;
    for (std::string& word : words) out.push_back(word.data());
    out.push_back(nullptr);
    return out;
}

// Where the command finds the token: never among its words or variables.
constexpr int kTokenAt = 3;

// In memory: it lives as long as the process that has it open, also without this one.
base::Fd memory_file(const char* name) {
    return base::Fd(memfd_create(name, MFD_CLOEXEC));
}

// Standard output and error to `output`, the token beside them, a session of its own, no signal
// blocked or ignored.
class Attributes {
public:
    Attributes(int output, int token) {
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_adddup2(&actions, output, 1);
        posix_spawn_file_actions_adddup2(&actions, output, 2);
        posix_spawn_file_actions_adddup2(&actions, token, kTokenAt);
        posix_spawnattr_init(&attributes);
        sigset_t none;
        sigset_t all;
        sigemptyset(&none);
        sigfillset(&all);
        posix_spawnattr_setsigmask(&attributes, &none);
        posix_spawnattr_setsigdefault(&attributes, &all);
        posix_spawnattr_setflags(
            &attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    ~Attributes() {
        posix_spawn_file_actions_destroy(&actions);
        posix_spawnattr_destroy(&attributes);
    }
    Attributes(const Attributes&) = delete;
    Attributes& operator=(const Attributes&) = delete;

    posix_spawn_file_actions_t actions{};
    posix_spawnattr_t attributes{};
};

std::string read_end(int descriptor) {
    const off_t size = lseek(descriptor, 0, SEEK_END);
    const off_t from = std::max<off_t>(0, size - static_cast<off_t>(kOutputMax));
    std::string out(static_cast<std::size_t>(std::max<off_t>(0, size - from)), '\0');
    const ssize_t got = pread(descriptor, out.data(), out.size(), from);
    out.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return out;
}

}  // namespace

class Errands::Child final : public net::Watcher {
public:
    Child(Errands& owner, pid_t process, base::Fd written, std::function<void(Course)> then)
        : owner_(owner),
          process_(process),
          output_(std::move(written)),
          then_(std::move(then)),
          patience_(owner.loop_, [this] { tell({}); }),
          ended_(static_cast<int>(syscall(SYS_pidfd_open, process, 0))),
          key_(owner.loop_.watch(ended_.number(), *this, net::Trigger::listener)) {}
    ~Child() override { owner_.loop_.forget(key_); }

    pid_t process() const { return process_; }
    void wait(std::chrono::milliseconds patience) { patience_.arm_in(patience); }

    void on_ready(net::Ready) override {
        int status = 0;
        if (waitpid(process_, &status, WNOHANG) != process_) return;
        Course course;
        course.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        course.output = read_end(output_.number());
        patience_.disarm();
        tell(std::move(course));
        owner_.over(*this);
    }

private:
    void tell(Course course) {
        if (auto then = std::exchange(then_, nullptr)) then(std::move(course));
    }

    Errands& owner_;
    pid_t process_;
    base::Fd output_;
    std::function<void(Course)> then_;
    net::Timer patience_;
    base::Fd ended_;
    net::WatchKey key_;
};

Errands::Errands(net::Loop& loop, std::vector<std::string> program)
    : loop_(loop), program_(std::move(program)) {}

Errands::~Errands() = default;

void Errands::run(const std::vector<std::string>& words, const std::string& secret,
                  std::chrono::milliseconds patience, std::function<void(Course)> then) {
    const auto fail = [&](std::string why) {
        then({.code = {}, .output = {}, .failure = std::move(why)});
    };
    if (children_.size() >= kMax) return fail("too many commands are under way");
    base::Fd output = memory_file("crossfade-errand");
    const base::Fd token = memory_file("crossfade-token");
    const bool written = token && write(token.number(), secret.data(), secret.size()) ==
                                      static_cast<ssize_t>(secret.size());
    if (!output || !written) return fail(std::strerror(errno));
    std::vector<std::string> command = program_;
    command.insert(command.end(), {"--token", fmt::format("/dev/fd/{}", kTokenAt)});
    command.insert(command.end(), words.begin(), words.end());
    const Attributes attributes(output.number(), token.number());
    pid_t process = 0;
    const int error = posix_spawn(&process, command.front().c_str(), &attributes.actions,
                                  &attributes.attributes, pointers(command).data(), environ);
    if (error != 0) return fail(std::strerror(error));
    auto child = std::make_unique<Child>(*this, process, std::move(output), std::move(then));
    child->wait(patience);
    children_.emplace(process, std::move(child));
}

void Errands::over(Child& child) {
    const auto found = children_.find(child.process());
    loop_.dispose(std::move(found->second));
    children_.erase(found);
}

}  // namespace console
