#pragma once
// What every Assets does. Include it in one test file of a provider and instantiate
// AssetsContract with a function that makes an AssetsBench.

#include "engine/assets.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

namespace engine {

/// A place that serves static files, with none published.
class AssetsBench {
public:
    virtual ~AssetsBench() = default;
    virtual Assets& assets() = 0;
    virtual base::Clock& clock() = 0;
    /// A release with assets, some of which no other id has.
    virtual release::Release release(const std::string& id) = 0;
};

class AssetsContract : public testing::TestWithParam<std::unique_ptr<AssetsBench> (*)()> {
protected:
    std::unique_ptr<AssetsBench> bench = GetParam()();
    Assets& assets = bench->assets();

    base::Deadline soon() { return bench->clock().deadline_in(std::chrono::seconds{5}); }
    static Ticket ticket(const std::string& step) { return {.fence = 7, .step = {step}}; }
};

TEST_P(AssetsContract, what_is_not_published_is_unavailable) {
    const auto verified = assets.verify(bench->release("r1"), soon());
    ASSERT_FALSE(verified);
    EXPECT_EQ(verified.error().failure, base::Failure::unavailable);
}

TEST_P(AssetsContract, what_is_published_is_served_and_may_be_published_again) {
    const release::Release r1 = bench->release("r1");
    ASSERT_TRUE(assets.publish(r1, ticket("r1/publish/do"), soon()));
    ASSERT_TRUE(assets.publish(r1, ticket("r1/publish/do"), soon()));
    const auto verified = assets.verify(r1, soon());
    EXPECT_TRUE(verified) << verified.error().line();
}

TEST_P(AssetsContract, publishing_the_next_keeps_the_one_before) {
    const release::Release r1 = bench->release("r1");
    const release::Release r2 = bench->release("r2");
    ASSERT_TRUE(assets.publish(r1, ticket("r1/publish/do"), soon()));
    ASSERT_TRUE(assets.publish(r2, ticket("r2/publish/do"), soon()));
    EXPECT_TRUE(assets.verify(r1, soon()));
    EXPECT_TRUE(assets.verify(r2, soon()));
}

TEST_P(AssetsContract, what_is_retained_stays_whole) {
    const release::Release r1 = bench->release("r1");
    const release::Release r2 = bench->release("r2");
    const release::Release r3 = bench->release("r3");
    for (const release::Release& each : {r1, r2, r3}) {
        ASSERT_TRUE(assets.publish(each, ticket(each.id + "/publish/do"), soon()));
    }
    ASSERT_TRUE(assets.retain({r2, r3}, ticket("r3/retain/do"), soon()));
    EXPECT_TRUE(assets.verify(r2, soon()));
    EXPECT_TRUE(assets.verify(r3, soon()));
    ASSERT_TRUE(assets.publish(r1, ticket("r4/publish/do"), soon()));
    EXPECT_TRUE(assets.verify(r1, soon()));
}

}  // namespace engine
