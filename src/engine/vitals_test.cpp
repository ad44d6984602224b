#include "engine/vitals.h"

#include <gtest/gtest.h>

namespace engine {
namespace {

using judge::Word;
using std::chrono::seconds;

constexpr std::uint64_t kMebi = 1 << 20;

release::Guard guard_with(std::uint64_t mebibytes) {
    release::Guard guard;
    guard.memory_max = base::Bytes{mebibytes * kMebi};
    return guard;
}

/// Minute after minute; what each release takes is told for each.
template <typename Fresh, typename Old>
Word after(const release::Guard& guard, std::uint64_t minutes, Fresh fresh, Old old) {
    VitalsWatch watch(guard);
    for (std::uint64_t i = 0; i <= minutes; ++i)
        watch.see(fresh(i), old(i), base::Instant{seconds{60 * i}});
    return watch.verdict().word;
}

VitalsWatch::Look look(std::uint64_t mebibytes, std::uint64_t cpu_ms, std::uint64_t requests) {
    return {.vitals = {.instances = 2,
                       .memory = {mebibytes * kMebi},
                       .cpu = std::chrono::milliseconds{cpu_ms}},
            .requests = requests};
}

TEST(Vitals, are_of_the_releases_of_the_plan) {
    release::Plan plan;
    plan.to.id = "r2";
    plan.from.emplace().id = "r1";
    const std::vector<Instance> instances{
        {.id = "a", .release = "r2", .restarts = 1, .memory = base::Bytes{10}},
        {.id = "b", .release = "r2", .restarts = 2, .memory = base::Bytes{30}},
        {.id = "c", .release = "r1", .cpu = std::chrono::microseconds{5}},
        {.id = "d", .release = "r0", .restarts = 9}};
    const BothVitals seen = vitals_of(instances, plan);
    EXPECT_EQ(seen.fresh.instances, 2U);
    EXPECT_EQ(seen.fresh.restarts, 3U);
    EXPECT_EQ(seen.fresh.memory.count, 30U);
    EXPECT_EQ(seen.old.instances, 1U);
    EXPECT_EQ(seen.old.restarts, 0U);
    EXPECT_EQ(seen.old.cpu.count(), 5);
    EXPECT_EQ(json_of(vitals_from(json_of(seen))), json_of(seen));
}

TEST(Vitals, memory_that_grows_towards_its_limit_holds) {
    const auto steady = [](std::uint64_t i) { return look(50, 10 * i, 100 * i); };
    const auto growing = [](std::uint64_t i) { return look(50 + i, 10 * i, 100 * i); };
    EXPECT_EQ(after(guard_with(400), 40, steady, steady), Word::pass);
    EXPECT_EQ(after(guard_with(400), 40, growing, steady), Word::unknown);
    EXPECT_EQ(after(guard_with(400), 40, growing, growing), Word::pass) << "so did the old one";
    EXPECT_EQ(after({}, 40, growing, steady), Word::pass) << "without a limit there is no end";
}

TEST(Vitals, more_cpu_for_each_request_holds_and_more_requests_do_not) {
    const auto usual = [](std::uint64_t i) { return look(50, 10 * i, 100 * i); };
    const auto busier = [](std::uint64_t i) { return look(50, 30 * i, 300 * i); };
    const auto dearer = [](std::uint64_t i) { return look(50, 15 * i, 100 * i); };
    EXPECT_EQ(after({}, 20, busier, usual), Word::pass);
    EXPECT_EQ(after({}, 20, dearer, usual), Word::unknown);
}

TEST(Vitals, blocks_in_which_instances_came_or_went_say_nothing) {
    const auto usual = [](std::uint64_t i) { return look(50, 10 * i, 100 * i); };
    const auto restless = [](std::uint64_t i) {
        auto out = look(50, 15 * i, 100 * i);
        out.vitals.restarts = i;
        return out;
    };
    auto once = usual(0);
    once.vitals.restarts = 1;
    const auto restarted = [&](std::uint64_t i) { return i == 0 ? usual(i) : once; };
    EXPECT_EQ(after({}, 40, restless, restarted), Word::pass);
}

TEST(Vitals, a_release_all_of_whose_instances_ended_is_bad_although_nobody_saw_them_gone) {
    const auto with = [](std::uint64_t restarts) {
        return [restarts](std::uint64_t i) {
            auto out = look(50, 10 * i, 100 * i);
            out.vitals.instances = 3;
            out.vitals.restarts = 4 + (i < 5 ? 0 : restarts);
            return out;
        };
    };
    EXPECT_EQ(after({}, 10, with(3), with(0)), Word::fail);
    EXPECT_EQ(after({}, 10, with(2), with(0)), Word::pass) << "one of them still stood";
    EXPECT_EQ(after({}, 10, with(3), with(1)), Word::pass) << "it may be the machine";
    EXPECT_EQ(after({}, 4, with(3), with(0)), Word::pass) << "what was before does not count";
}

}  // namespace
}  // namespace engine
