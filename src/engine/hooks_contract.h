#pragma once
// What every Hooks does. Include it in one test file of a provider and instantiate
// HooksContract with a function that makes a HooksBench.

#include "engine/hooks.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

namespace engine {

class HooksBench {
public:
    virtual ~HooksBench() = default;
    virtual Hooks& hooks() = 0;
    virtual base::Clock& clock() = 0;
    /// Hooks that end in a state.
    virtual release::Hook ends_in(HookState state) = 0;
    /// A hook that succeeds only if CROSSFADE_STAGE is SHIFT.
    virtual release::Hook checks_stage() = 0;
    /// A hook that cannot be called at all: no such program, nobody listens.
    virtual release::Hook nowhere() = 0;
    /// A hook that never answers, if that can be had.
    virtual std::optional<release::Hook> hangs() = 0;
};

class HooksContract : public testing::TestWithParam<std::unique_ptr<HooksBench> (*)()> {
protected:
    std::unique_ptr<HooksBench> bench = GetParam()();
    Hooks& hooks = bench->hooks();

    base::Deadline in(std::chrono::milliseconds span) { return bench->clock().deadline_in(span); }
    base::Deadline soon() { return in(std::chrono::seconds{5}); }
    static Ticket ticket(const std::string& step) { return {.fence = 7, .step = {step}}; }
};

TEST_P(HooksContract, says_how_it_ended) {
    for (const HookState state :
         {HookState::succeeded, HookState::failed, HookState::in_progress}) {
        const auto outcome = hooks.call(bench->ends_in(state), {}, ticket("r1/hook/do"), soon());
        ASSERT_TRUE(outcome) << outcome.error().line();
        EXPECT_EQ(outcome->state, state);
        EXPECT_EQ(outcome->retry_after.count() > 0, state == HookState::in_progress);
        EXPECT_TRUE(state != HookState::failed || !outcome->reason.empty());
    }
}

TEST_P(HooksContract, is_told_the_context) {
    const auto shift =
        hooks.call(bench->checks_stage(), {{"CROSSFADE_STAGE", "SHIFT"}}, ticket("a"), soon());
    ASSERT_TRUE(shift) << shift.error().line();
    EXPECT_EQ(shift->state, HookState::succeeded);
    const auto bake =
        hooks.call(bench->checks_stage(), {{"CROSSFADE_STAGE", "BAKE"}}, ticket("b"), soon());
    ASSERT_TRUE(bake) << bake.error().line();
    EXPECT_EQ(bake->state, HookState::failed);
}

TEST_P(HooksContract, one_that_cannot_be_called_is_unavailable) {
    const auto outcome = hooks.call(bench->nowhere(), {}, ticket("r1/hook/do"), soon());
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().failure, base::Failure::unavailable);
}

TEST_P(HooksContract, one_that_does_not_answer_in_time_is_unknown) {
    const auto hook = bench->hangs();
    if (!hook) GTEST_SKIP() << "no hook hangs here";
    const auto outcome =
        hooks.call(*hook, {}, ticket("r1/hook/do"), in(std::chrono::milliseconds{300}));
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().failure, base::Failure::unknown);
}

}  // namespace engine
