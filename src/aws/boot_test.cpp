#include "aws/boot.h"

#include "aws/wish.h"
#include "base/file.h"
#include "release/version.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <array>
#include <cstdio>
#include <filesystem>

namespace aws {
namespace {

const BootPlace kPlace{.application = "shop",
                       .region = "eu-central-1",
                       .bucket = "state",
                       .prefix = "shop",
                       .port = 8065,
                       .user = "shop"};

release::Release release_with(std::vector<std::string> command,
                              std::map<std::string, std::string> environment) {
    return {
        .id = "r1",
        .version = *release::version_from("1.0.0"),
        .artifact = base::sha256("x"),
        .config = {},
        .assets = {},
        .artifact_source = "build/server.tar.gz",
        .assets_source = {},
        .process = {
            .command = std::move(command), .environment = std::move(environment), .secrets = {}}};
}

/// What a shell prints that runs `script`.
std::string printed(const std::string& script, const char* options = "") {
    const auto file =
        std::filesystem::temp_directory_path() / ("crossfade-boot-" + std::to_string(getpid()));
    EXPECT_TRUE(base::write_file(file, script, 0700));
    const std::string line =
        "CROSSFADE_ADDRESS='10.0.0.7' CROSSFADE_ARTIFACT='/opt/a b' "
        "CROSSFADE_INSTANCE=i-1 CROSSFADE_POOL=blue /bin/sh " +
        std::string(options) + " " + file.string() + " 2>&1";
    FILE* const pipe = popen(line.c_str(), "r");
    std::string out;
    std::array<char, 512> part{};
    while (fgets(part.data(), part.size(), pipe) != nullptr) out += part.data();
    pclose(pipe);
    std::filesystem::remove(file);
    return out;
}

TEST(Boot, a_service_gets_every_word_and_variable_as_the_spec_says_it) {
    const auto script =
        run_script(release_with({"printf", "%s|", "it's", "$HOME `x` \"y\"", "${artifact}/bin", "",
                                 "--listen=${address}:${port}", "$${port}"},
                                {{"NAME", "a 'b' $c"}}),
                   kPlace);
    ASSERT_TRUE(script) << script.error().line();
    EXPECT_EQ(printed(*script),
              "it's|$HOME `x` \"y\"|/opt/a b/bin||--listen=10.0.0.7:8065|${port}|");
    const auto told =
        run_script(release_with({"printenv", "NAME"}, {{"NAME", "${instance} 'b' $c"}}), kPlace);
    EXPECT_EQ(printed(*told), "i-1 'b' $c\n");
}

TEST(Boot, a_secret_is_read_on_the_instance_and_is_in_no_script) {
    const auto file =
        std::filesystem::temp_directory_path() / ("crossfade-secret-" + std::to_string(getpid()));
    ASSERT_TRUE(base::write_file(file, "hunter2"));
    auto release = release_with({"printenv", "TOKEN"}, {});
    release.process.secrets["TOKEN"] = {.kind = release::SecretSource::Kind::file,
                                        .name = file.string()};
    const auto script = run_script(release, kPlace);
    ASSERT_TRUE(script);
    EXPECT_EQ(script->find("hunter2"), std::string::npos);
    EXPECT_EQ(printed(*script), "hunter2\n");
    std::filesystem::remove(file);
}

TEST(Boot, the_boot_script_is_one_that_a_shell_can_read) {
    const auto script =
        boot_script(release_with({"x"}, {}), release::Pool::green, base::sha256("config"), kPlace);
    ASSERT_TRUE(script);
    EXPECT_TRUE(script->starts_with("#!/bin/sh\n"));
    EXPECT_EQ(printed(*script, "-n"), "");
    EXPECT_NE(script->find("pool='green'"), std::string::npos);
    EXPECT_NE(script->find("https://s3.eu-central-1.amazonaws.com"), std::string::npos);
}

TEST(Boot, a_boot_script_that_is_too_long_for_ec2_is_refused) {
    auto place = kPlace;
    place.prefix = std::string(16 * 1024, 'p');
    EXPECT_EQ(boot_script(release_with({"x"}, {}), release::Pool::blue, base::sha256("c"), place)
                  .error()
                  .diagnostic.code,
              "CF0824");
}

TEST(Wish, a_wish_is_read_back_as_it_was_written) {
    rc::check([](std::uint64_t fence, std::uint32_t instances, std::uint32_t ended) {
        const Wish wish{.verb = *rc::gen::element(Wish::Verb::ensure, Wish::Verb::replace,
                                                  Wish::Verb::retire, Wish::Verb::hold),
                        .fence = fence,
                        .step = "r42/replace-1/do",
                        .version = 17,
                        .instances = instances,
                        .updated = instances / 2,
                        .then_free = *rc::gen::arbitrary<bool>(),
                        .ended = ended,
                        .last_ended = ended > 0 ? "i-0abc" : ""};
        RC_ASSERT(wish_from(to_text(wish)) == wish);
    });
    const Kept kept{.min = 1, .max = 9, .suspended = {"AZRebalance", "AlarmNotification"}};
    EXPECT_EQ(kept_from(to_text(kept)), kept);
    EXPECT_EQ(kept_from(to_text(Kept{})), Kept{});
}

TEST(Wish, what_others_wrote_is_no_wish) {
    for (const char* const text :
         {"", "nothing", "do=ensure", "do=dance version=1 instances=1 updated=1 free=0 fence=1",
          "do=ensure version=x instances=1 updated=1 free=0 fence=1 ended=0",
          "do=ensure do=ensure version=1 instances=1 updated=1 free=0 fence=1 ended=0"}) {
        EXPECT_FALSE(wish_from(text)) << text;
        EXPECT_FALSE(kept_from(text)) << text;
    }
}

}  // namespace
}  // namespace aws
