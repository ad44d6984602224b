#include "local/usage.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <vector>

namespace local {
namespace {

TEST(Usage, grows_by_what_is_touched_and_burnt) {
    const auto self = identity_of(getpid());
    ASSERT_TRUE(self);
    const auto before = usage_of(*self);
    ASSERT_TRUE(before);
    constexpr std::size_t kMore = 64UL << 20U;
    const std::string touched(kMore, 'x');
    const auto after = usage_of(*self);
    ASSERT_TRUE(after);
    EXPECT_GE(after->resident.count, before->resident.count + kMore / 2) << touched.size();
    const auto burnt = before->cpu + std::chrono::milliseconds{30};
    volatile std::size_t sum = 0;
    while (usage_of(*self)->cpu < burnt) sum = sum + 1;
}

TEST(Usage, counts_children) {
    const auto self = identity_of(getpid());
    const auto alone = usage_of(*self);
    const pid_t child = fork();
    if (child == 0) {
        pause();
        _exit(0);
    }
    const auto both = usage_of(*self);
    EXPECT_GT(both->resident.count, alone->resident.count + (1U << 20U));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
}

TEST(Usage, of_another_process_with_the_same_number_is_not_given) {
    auto self = *identity_of(getpid());
    ++self.start_ticks;
    EXPECT_FALSE(usage_of(self));
}

}  // namespace
}  // namespace local
