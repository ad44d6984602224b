#pragma once
// Doing what a person asked for: the same binary under the command that does it, as a process of
// its own session, so that a rollback under way outlives the console.

#include "base/file.h"
#include "net/loop.h"

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace console {

/// How it went, or how it goes.
struct Course {
    std::optional<int> code;  ///< Its exit code; none while it runs. 128 + signal for a death.
    std::string output;       ///< The last of what it wrote, once it has ended.
    std::string failure;      ///< It could not be started, and why.
};

/// Used on the loop's thread.
class Errands {
public:
    static constexpr std::size_t kMax = 8;

    Errands(net::Loop& loop, std::vector<std::string> program);
    ~Errands();
    Errands(const Errands&) = delete;
    Errands& operator=(const Errands&) = delete;

    /// Runs the program with `words`, in the name of who has the token with this secret: the
    /// program looks for itself whose it is. `then` is called once: when it has ended, or after
    /// `patience` while it goes on.
    void run(const std::vector<std::string>& words, const std::string& secret,
             std::chrono::milliseconds patience, std::function<void(Course)> then);

private:
    class Child;
    void over(Child& child);

    net::Loop& loop_;
    std::vector<std::string> program_;
    std::map<pid_t, std::unique_ptr<Child>> children_;
};

}  // namespace console
