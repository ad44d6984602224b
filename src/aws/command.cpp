#include "aws/command.h"

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aws {
namespace {

constexpr std::size_t kOutputMax = 64 * 1024;

tl::unexpected<base::Error> failed(const std::string& program, std::string why) {
    return base::fail(base::Failure::rejected,
                      {.code = "CF0809",
                       .what = fmt::format("the credential_process '{}' gave no keys", program),
                       .why = std::move(why)});
}

struct Pipe {
    int read = -1;
    int write = -1;
    ~Pipe() {
        for (const int each : {read, write})
            if (each >= 0) close(each);
    }
};

struct Child {
    pid_t pid = -1;
    ~Child() {
        if (pid < 0) return;
        kill(pid, SIGKILL);
        waitpid(pid, nullptr, 0);
    }
    int wait() {
        int status = 0;
        waitpid(std::exchange(pid, -1), &status, 0);
        return status;
    }
};

pid_t spawned(const std::vector<std::string>& words, int out) {
    std::vector<char*> arguments;
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    pid_t pid = -1;
    const int error =
        posix_spawnp(&pid, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    return error == 0 ? pid : -1;
}

}  // namespace

std::vector<std::string> words_of(std::string_view command) {
    std::vector<std::string> out;
    std::string word;
    bool is_word = false;
    char quote = 0;
    for (std::size_t i = 0; i < command.size(); ++i) {
        const char letter = command[i];
        if (letter == '\\' && quote != '\'' && i + 1 < command.size()) {
            word += command[++i];
            is_word = true;
        } else if (quote != 0) {
            if (letter == quote)
                quote = 0;
            else
                word += letter;
        } else if (letter == '"' || letter == '\'') {
            quote = letter;
            is_word = true;
        } else if (letter == ' ' || letter == '\t') {
            if (is_word) out.push_back(std::exchange(word, {}));
            is_word = false;
        } else {
            word += letter;
            is_word = true;
        }
    }
    if (is_word) out.push_back(std::move(word));
    return out;
}

base::Result<base::Secret> output_of(const std::vector<std::string>& words, base::Clock& clock,
                                     base::Deadline deadline) {
    if (words.empty()) return failed("", "it names no program");
    Pipe pipe;
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return failed(words[0], "there is no pipe left");
    pipe.read = ends[0];
    pipe.write = ends[1];
    Child child{spawned(words, pipe.write)};
    if (child.pid < 0) return failed(words[0], "it cannot be started");
    close(std::exchange(pipe.write, -1));
    // Reserved once: growing would leave copies behind.
    std::string text;
    text.reserve(kOutputMax);
    while (true) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline.at - clock.tick());
        pollfd waiting{.fd = pipe.read, .events = POLLIN, .revents = 0};
        if (left.count() <= 0 || poll(&waiting, 1, static_cast<int>(left.count())) <= 0) {
            const base::Secret wiped(std::move(text));
            return failed(words[0], "it was not done in time");
        }
        const std::size_t before = text.size();
        text.resize(kOutputMax);
        const ssize_t got = read(pipe.read, text.data() + before, kOutputMax - before);
        text.resize(before + (got > 0 ? static_cast<std::size_t>(got) : 0));
        if (got <= 0 || text.size() == kOutputMax) break;
    }
    base::Secret output(std::move(text));
    const int status = child.wait();
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return failed(words[0], "it ended with another status than 0");
    return output;
}

}  // namespace aws
