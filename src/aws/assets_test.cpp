#include "aws/assets.h"

#include "aws/cloud_twin_test.h"
#include "aws/freight.h"
#include "aws/store.h"
#include "base/digest.h"
#include "engine/assets_contract.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace aws {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

/// The published assets of an application, and folders to publish from.
class World {
public:
    World() {
        std::string name = "/tmp/crossfade-aws-XXXXXX";
        folder = mkdtemp(name.data());
    }
    ~World() {
        std::error_code ignored;
        fs::remove_all(folder, ignored);
    }
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    void write(const std::string& name, const std::string& content) const {
        fs::create_directories((folder / name).parent_path());
        std::ofstream(folder / name) << content;
    }
    release::Release release(const std::string& id) {
        write(id + "/app-" + id + ".3f9ac21b.js", "// " + id + "\n" + std::string(5000, ' '));
        write(id + "/deep er/shared.css", "body {}\n");
        write(id + "/image.7d1e0f2a-" + id + ".png", std::string(3000, '\x01') + id);
        return of(id);
    }
    /// Of what the folder `id` has.
    release::Release of(const std::string& id) const {
        release::Release made;
        made.id = id;
        made.assets = *base::digest_of(folder / id);
        made.assets_source = folder / id;
        return made;
    }
    /// As a process that was just started.
    std::unique_ptr<Assets> fresh(const AssetsPlace& place) {
        return std::make_unique<Assets>(
            place,
            Assets::Doors{.state = state_,
                          .lanes = [this]() -> base::Result<std::unique_ptr<Lane>> {
                              return std::make_unique<Lane>(
                                  Lane{.transport = {std::shared_ptr<void>(), &cloud},
                                       .client = std::make_unique<Client>(client_of(
                                           cloud, clock, "s3", {.host = CloudTwin::kAssets}))});
                          },
                          .cdn = &cdn_,
                          .store = store},
            clock);
    }
    static AssetsPlace place() {
        return {.state_prefix = "crossfade/chat",
                .key_prefix = "chat",
                .path = "/static/",
                .distribution = "E2QWRUHAPOMQZL",
                .url = std::string("https://") + CloudTwin::kSite,
                .unhashed = {"index.html"},
                .transfers = 4};
    }
    ObjectTwin& object(const std::string& name) { return cloud.assets()["chat/static/" + name]; }

    fs::path folder;
    HandClock clock;
    CloudTwin cloud;

private:
    Client state_ = client_of(cloud, clock, "s3", {.host = CloudTwin::kState});
    Client cdn_ = client_of(cloud, clock, "cloudfront", {.host = "cloudfront.example"});

public:
    Store store{state_, "crossfade/chat", clock};
};

class Bench final : public engine::AssetsBench {
public:
    explicit Bench(AssetsPlace place) : assets_(world_.fresh(place)) {}
    engine::Assets& assets() override { return *assets_; }
    base::Clock& clock() override { return world_.clock; }
    release::Release release(const std::string& id) override { return world_.release(id); }

private:
    World world_;
    std::unique_ptr<Assets> assets_;
};

std::unique_ptr<engine::AssetsBench> as_users_see_it() {
    return std::make_unique<Bench>(World::place());
}

std::unique_ptr<engine::AssetsBench> in_the_bucket_alone() {
    AssetsPlace place = World::place();
    place.url.clear();
    place.distribution.clear();
    return std::make_unique<Bench>(place);
}

class BucketAssets : public testing::Test {
protected:
    base::Result<void> publish(const release::Release& release, const std::string& step = "") {
        return assets->publish(release, ticket(release.id + step), soon());
    }
    base::Deadline soon() { return world.clock.deadline_in(30s); }
    static engine::Ticket ticket(const std::string& step) { return {.fence = 7, .step = {step}}; }
    int puts() { return cloud.calls["PUT assets"]; }

    World world;
    CloudTwin& cloud = world.cloud;
    std::unique_ptr<Assets> assets = world.fresh(World::place());
};

TEST_F(BucketAssets, each_file_says_what_it_is_and_for_how_long_it_may_be_kept) {
    world.write("r1/index.html", "<html>");
    world.write("r1/app-r1.3f9ac21b.js.br", "compressed by the bundler");
    const auto published = publish(world.release("r1"));
    ASSERT_TRUE(published) << published.error().line();
    auto& script = world.object("app-r1.3f9ac21b.js").headers;
    EXPECT_EQ(script["content-type"], "text/javascript; charset=utf-8");
    EXPECT_EQ(script["cache-control"], "public, max-age=31536000, immutable");
    EXPECT_FALSE(script.contains("content-encoding"));
    auto& small = world.object("app-r1.3f9ac21b.js.br").headers;
    EXPECT_EQ(small["content-type"], "text/javascript; charset=utf-8");
    EXPECT_EQ(small["content-encoding"], "br");
    EXPECT_EQ(world.object("index.html").headers["cache-control"], "public, max-age=60");
    EXPECT_EQ(world.object("deep er/shared.css").headers["cache-control"], "public, max-age=60");
}

TEST_F(BucketAssets, the_next_release_uploads_only_what_is_new_and_asks_for_nothing_else) {
    for (int i = 0; i < 50; ++i) {
        world.write(fmt::format("r1/part-{}.0a1b2c3d.js", i), fmt::format("// {}", i));
        world.write(fmt::format("r2/part-{}.0a1b2c3d.js", i), fmt::format("// {}", i));
    }
    ASSERT_TRUE(publish(world.release("r1")));
    EXPECT_EQ(puts(), 53);
    cloud.calls.clear();
    ASSERT_TRUE(publish(world.release("r2")));
    EXPECT_EQ(puts(), 2);  // app and image; shared.css is there
    EXPECT_EQ(cloud.calls["HEAD assets"], 0);
    EXPECT_EQ(cloud.calls["GET assets"], 0);
}

TEST_F(BucketAssets, publishing_once_more_uploads_nothing_also_by_another_process) {
    const auto r1 = world.release("r1");
    ASSERT_TRUE(publish(r1));
    cloud.calls.clear();
    assets = world.fresh(World::place());
    ASSERT_TRUE(publish(r1));
    EXPECT_EQ(puts(), 0);
    EXPECT_EQ(cloud.calls["PUT state"], 0);
}

TEST_F(BucketAssets, a_name_with_other_content_is_rejected_before_anything_is_uploaded) {
    ASSERT_TRUE(publish(world.release("r1")));
    cloud.calls.clear();
    const auto r2 = world.release("r2");
    world.write("r2/deep er/shared.css", "body {color:red}\n");
    const auto refused = publish(world.of("r2"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().failure, base::Failure::rejected);
    EXPECT_EQ(refused.error().diagnostic.code, "CF0833");
    EXPECT_EQ(puts(), 0);
    EXPECT_EQ(world.object("deep er/shared.css").body, "body {}\n");
}

TEST_F(BucketAssets, what_someone_else_put_there_is_not_taken_for_ours) {
    cloud.put_by_hand("chat/static/deep er/shared.css", "body {}\n");
    const auto refused = publish(world.release("r1"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().diagnostic.code, "CF0833");
}

TEST_F(BucketAssets, an_unhashed_name_is_replaced_last_and_then_forgotten_by_the_caches) {
    world.write("r1/index.html", "one");
    ASSERT_TRUE(publish(world.release("r1")));
    world.write("r2/index.html", "two");
    std::vector<std::string> order;
    cloud.before = [&](const Request& request) {
        if (request.host == CloudTwin::kAssets && request.method == "PUT")
            order.push_back(request.path);
    };
    const auto published = publish(world.release("r2"));
    ASSERT_TRUE(published) << published.error().line();
    EXPECT_EQ(world.object("index.html").body, "two");
    EXPECT_EQ(order.back(), "/chat/static/index.html");
    EXPECT_EQ(cloud.invalidated,
              (std::vector<std::string>{"crossfade/chat/r1 /static/index.html",
                                        "crossfade/chat/r2 /static/index.html"}));
}

TEST_F(BucketAssets, the_way_back_gives_unhashed_names_what_they_had_without_the_old_folder) {
    world.write("r1/index.html", "one");
    auto r1 = world.release("r1");
    ASSERT_TRUE(publish(r1));
    world.write("r2/index.html", "two");
    const auto r2 = world.release("r2");
    ASSERT_TRUE(publish(r2));
    fs::remove_all(world.folder / "r1");
    ASSERT_TRUE(publish(r1, "/undo"));
    EXPECT_EQ(world.object("index.html").body, "one");
    EXPECT_TRUE(assets->verify(r1, soon()));
}

TEST_F(BucketAssets, a_release_waits_until_the_caches_have_forgotten) {
    world.write("r1/index.html", "one");
    const auto r1 = world.release("r1");
    cloud.status = "InProgress";
    const auto early = publish(r1);
    ASSERT_FALSE(early);
    EXPECT_EQ(early.error().failure, base::Failure::unavailable);
    EXPECT_EQ(early.error().diagnostic.code, "CF0839");
    cloud.calls.clear();
    cloud.status = "Completed";
    EXPECT_TRUE(publish(r1));
    EXPECT_EQ(cloud.calls["LIST assets"], 0);  // what arrived is not looked at again
    EXPECT_EQ(cloud.invalidated.size(), 1U);
}

TEST_F(BucketAssets, a_cache_that_keeps_an_old_file_is_noticed) {
    world.write("r1/index.html", "one");
    const auto r1 = world.release("r1");
    ASSERT_TRUE(publish(r1));
    cloud.cached["static/index.html"] = "zero";
    const auto verified = assets->verify(r1, soon());
    ASSERT_FALSE(verified);
    EXPECT_EQ(verified.error().failure, base::Failure::unavailable);
    EXPECT_EQ(verified.error().diagnostic.code, "CF0832");
    cloud.cached.clear();
    EXPECT_TRUE(assets->verify(r1, soon()));
}

TEST_F(BucketAssets, a_file_that_is_gone_or_was_changed_behind_our_back_is_noticed) {
    AssetsPlace place = World::place();
    place.url.clear();
    assets = world.fresh(place);
    const auto r1 = world.release("r1");
    ASSERT_TRUE(publish(r1));
    ASSERT_TRUE(assets->verify(r1, soon()));
    cloud.put_by_hand("chat/static/deep er/shared.css", "bodY {}\n");
    EXPECT_FALSE(assets->verify(r1, soon()));
    cloud.assets().erase("chat/static/deep er/shared.css");
    EXPECT_FALSE(assets->verify(r1, soon()));
}

TEST_F(BucketAssets, a_large_file_comes_in_parts_and_is_whole) {
    std::string content(Freight::kPartBytes * 2 + 77, 'x');
    for (std::size_t i = 0; i < content.size(); i += 1000)
        content[i] = static_cast<char>('a' + i % 23);
    world.write("r1/film.0a1b2c3d.mp4", content);
    const auto r1 = world.release("r1");
    const auto published = publish(r1);
    ASSERT_TRUE(published) << published.error().line();
    EXPECT_EQ(cloud.calls["PART assets"], 3);
    EXPECT_EQ(world.object("film.0a1b2c3d.mp4").body, content);
    EXPECT_EQ(world.object("film.0a1b2c3d.mp4").headers["content-type"], "video/mp4");
    EXPECT_EQ(cloud.uploads_open(), 0U);
    EXPECT_TRUE(assets->verify(r1, soon()));
    EXPECT_EQ(cloud.calls["GET site"] + cloud.calls["HEAD site"], 4);
    cloud.passes_digests_on = false;  // too long to be fetched: size and ETag then
    EXPECT_TRUE(assets->verify(r1, soon()));
}

TEST_F(BucketAssets, parts_that_arrived_are_not_sent_again) {
    world.write("r1/film.0a1b2c3d.mp4", std::string(Freight::kPartBytes * 4, 'x'));
    const auto r1 = world.release("r1");
    AssetsPlace place = World::place();
    place.transfers = 1;
    assets = world.fresh(place);
    int parts = 0;
    cloud.before = [&](const Request& request) {
        if (request.query.find("partNumber") == std::string::npos || ++parts != 3) return;
        cloud.misfortune = {.at = 0, .kind = Mishap::unreached};
        world.clock.spent += 31s;  // no time for another attempt
    };
    const auto late = assets->publish(r1, ticket("r1"), soon());
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().failure, base::Failure::unavailable);
    cloud.before = nullptr;
    cloud.calls.clear();
    const auto published = assets->publish(r1, ticket("r1"), soon());
    ASSERT_TRUE(published) << published.error().line();
    EXPECT_EQ(cloud.calls["PART assets"], 2);
}

TEST_F(BucketAssets, dying_at_any_request_leaves_what_another_process_completes) {
    world.write("r1/index.html", "one");
    world.write("r1/film.0a1b2c3d.mp4", std::string(Freight::kPartBytes + 1, 'x'));
    const auto r1 = world.release("r1");
    AssetsPlace place = World::place();
    place.transfers = 1;
    for (const Mishap kind : {Mishap::unreached, Mishap::unanswered, Mishap::lost_answer})
        for (int at = 0;; ++at) {
            cloud.state().clear();
            cloud.assets().clear();
            // All attempts fail from here on.
            int number = 0;
            cloud.before = [&](const Request&) {
                if (number++ >= at) cloud.misfortune = {.at = 0, .kind = kind};
            };
            const auto first = world.fresh(place)->publish(r1, ticket("r1"), soon());
            cloud.before = nullptr;
            cloud.misfortune = {};
            if (first) {
                ASSERT_GT(at, 8);
                break;
            }
            const auto next = world.fresh(place);
            const auto published = next->publish(r1, ticket("r1"), soon());
            ASSERT_TRUE(published) << at << published.error().line();
            const auto verified = next->verify(r1, soon());
            ASSERT_TRUE(verified) << at << verified.error().line();
        }
}

TEST_F(BucketAssets, a_file_that_changes_meanwhile_does_not_arrive) {
    const auto r1 = world.release("r1");
    cloud.before = [&](const Request& request) {
        if (request.host == CloudTwin::kAssets && request.method == "GET")
            world.write("r1/deep er/shared.css", "body{} \n");
    };
    const auto published = publish(r1);
    ASSERT_FALSE(published);
    EXPECT_EQ(published.error().failure, base::Failure::rejected);
    EXPECT_EQ(published.error().diagnostic.code, "CF0834");
    EXPECT_FALSE(cloud.assets().contains("chat/static/deep er/shared.css"));
}

TEST_F(BucketAssets, a_large_file_that_changes_meanwhile_does_not_arrive) {
    world.write("r1/film.0a1b2c3d.mp4", std::string(Freight::kPartBytes + 1, 'x'));
    const auto r1 = world.release("r1");
    bool done = false;
    cloud.before = [&](const Request& request) {
        if (request.query.find("partNumber") == std::string::npos || done) return;
        done = true;
        world.write("r1/film.0a1b2c3d.mp4", std::string(Freight::kPartBytes + 1, 'y'));
        fs::last_write_time(world.folder / "r1/film.0a1b2c3d.mp4",
                            fs::file_time_type::clock::now() + 5s);
    };
    const auto published = publish(r1);
    ASSERT_FALSE(published);
    EXPECT_EQ(published.error().diagnostic.code, "CF0834");
    EXPECT_FALSE(cloud.assets().contains("chat/static/film.0a1b2c3d.mp4"));
    EXPECT_EQ(cloud.uploads_open(), 0U);
}

TEST_F(BucketAssets, assets_that_changed_since_the_plan_are_rejected) {
    const auto r1 = world.release("r1");
    world.write("r1/late.js", "x");
    const auto refused = publish(r1);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().diagnostic.code, "CF0834");
    EXPECT_TRUE(cloud.assets().empty());
}

TEST_F(BucketAssets, what_is_no_file_or_can_have_no_object_is_rejected) {
    world.write("r1/a\nb.js", "x");
    auto refused = publish(world.release("r1"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().diagnostic.code, "CF0835");
    fs::remove(world.folder / "r1/a\nb.js");
    fs::create_symlink("app-r1.3f9ac21b.js", world.folder / "r1/app.js");
    refused = publish(world.of("r1"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().diagnostic.code, "CF0004");
}

TEST_F(BucketAssets, what_no_kept_release_names_goes_and_what_is_not_ours_stays) {
    world.write("r1/index.html", "one");
    world.write("r2/index.html", "two");
    const auto r1 = world.release("r1");
    const auto r2 = world.release("r2");
    ASSERT_TRUE(publish(r1));
    ASSERT_TRUE(publish(r2));
    cloud.put_by_hand("chat/static/robots.txt", "by hand");
    cloud.put_by_hand("chat/static/image.7d1e0f2a-r1.png", "replaced by hand");
    const auto retained = assets->retain({r2}, ticket("retain"), soon());
    ASSERT_TRUE(retained) << retained.error().line();
    EXPECT_FALSE(cloud.assets().contains("chat/static/app-r1.3f9ac21b.js"));
    EXPECT_TRUE(cloud.assets().contains("chat/static/app-r2.3f9ac21b.js"));
    EXPECT_TRUE(cloud.assets().contains("chat/static/deep er/shared.css"));
    EXPECT_TRUE(cloud.assets().contains("chat/static/robots.txt"));
    EXPECT_TRUE(cloud.assets().contains("chat/static/image.7d1e0f2a-r1.png"));
    EXPECT_EQ(cloud.state().size(), 2U);  // r2's manifest, and the copy of its index.html
    cloud.calls.clear();
    EXPECT_TRUE(assets->retain({r2}, ticket("retain"), soon()));
    EXPECT_EQ(cloud.calls["DELETE assets"], 0);
}

TEST_F(BucketAssets, a_manifest_that_cannot_be_read_keeps_everything) {
    const auto r1 = world.release("r1");
    const auto r2 = world.release("r2");
    ASSERT_TRUE(publish(r1));
    ASSERT_TRUE(publish(r2));
    cloud.state()["crossfade/chat/assets/" + r2.assets.hex() + ".json"].body = "{}";
    const auto retained = assets->retain({r2}, ticket("retain"), soon());
    ASSERT_FALSE(retained);
    EXPECT_EQ(retained.error().diagnostic.code, "CF0837");
    EXPECT_EQ(cloud.calls["DELETE assets"], 0);
}

TEST_F(BucketAssets, a_run_whose_lease_was_taken_over_writes_nothing) {
    const auto r1 = world.release("r1");
    ASSERT_TRUE(publish(r1));
    const base::Instant now = world.clock.now();
    for (int i = 0; i < 8; ++i) ASSERT_TRUE(world.store.acquire("bob", "deploy r2", now, 10s)) << i;
    cloud.calls.clear();
    for (const auto& refused :
         {publish(world.release("r2")), assets->retain({}, ticket("x"), soon())}) {
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().failure, base::Failure::conflict);
        EXPECT_EQ(refused.error().diagnostic.code, "CF0838");
    }
    EXPECT_EQ(puts() + cloud.calls["DELETE assets"] + cloud.calls["PUT state"], 0);
}

TEST_F(BucketAssets, uploads_may_be_repeated_and_so_keep_their_connections) {
    world.write("r1/film.0a1b2c3d.mp4", std::string(Freight::kPartBytes + 1, 'x'));
    ASSERT_TRUE(publish(world.release("r1")));
    for (const std::string& each : cloud.once)
        EXPECT_TRUE(each.starts_with("PUT /crossfade/") || each.starts_with("POST ")) << each;
}

}  // namespace
}  // namespace aws

namespace engine {
INSTANTIATE_TEST_SUITE_P(aws, AssetsContract,
                         testing::Values(&aws::as_users_see_it, &aws::in_the_bucket_alone));
}  // namespace engine
