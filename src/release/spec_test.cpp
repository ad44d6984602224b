#include "release/spec.h"

#include "base/diagnostic.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/units.h"
#include "release/release.h"
#include "release/spec_form.h"
#include "release/stage.h"
#include "release/version.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace release {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const fs::path kSource = CROSSFADE_SOURCE_DIR;

std::string content(const fs::path& path) {
    const auto text = base::read_file(path, base::Bytes{8 << 20});
    EXPECT_TRUE(text) << path;
    return text.value_or("");
}

/// Compares with a stored file, or writes it when CROSSFADE_UPDATE_GOLDEN=1.
void expect_stored(const fs::path& path, const std::string& text) {
    if (std::getenv("CROSSFADE_UPDATE_GOLDEN") != nullptr) {
        fs::create_directories(path.parent_path());
        ASSERT_TRUE(base::write_file(path, text, 0644));
        return;
    }
    EXPECT_EQ(text, content(path)) << path << ": CROSSFADE_UPDATE_GOLDEN=1 writes it anew";
}

std::vector<fs::path> corpus(const char* folder) {
    std::vector<fs::path> paths;
    for (const auto& entry : fs::directory_iterator(kSource / "tests/specs" / folder))
        if (entry.path().extension() == ".yaml") paths.push_back(entry.path());
    std::sort(paths.begin(), paths.end());
    EXPECT_GT(paths.size(), 8U);
    return paths;
}

Spec spec(std::string_view text) {
    auto read = spec_from(text, "crossfade.yaml");
    EXPECT_TRUE(read) << base::text_of(read.error());
    return read.value_or(Spec{});
}

TEST(GoodSpecs, are_read_and_print_as_what_reads_back_the_same) {
    for (const fs::path& path : corpus("good")) {
        const auto read = spec_from(content(path), path.filename());
        ASSERT_TRUE(read) << base::text_of(read.error());
        const auto again = spec_from(spec_form().json(*read), "again");
        ASSERT_TRUE(again) << base::text_of(again.error());
        EXPECT_EQ(*again, *read) << path;
    }
}

TEST(BadSpecs, are_refused_with_every_finding_at_its_place) {
    for (const fs::path& path : corpus("bad")) {
        const auto read = spec_from(content(path), path.filename());
        ASSERT_FALSE(read) << path;
        expect_stored(fs::path(path).replace_extension(".txt"), base::text_of(read.error()));
        for (const base::Diagnostic& finding : read.error()) {
            EXPECT_EQ(finding.code.size(), 6U);
            EXPECT_FALSE(finding.what.empty());
        }
    }
}

TEST(Specs, that_are_too_large_are_refused_before_they_are_parsed) {
    const std::string text = "x-a: " + std::string(1024 * 1024, 'a');
    const auto read = spec_from(text, "crossfade.yaml");
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().at(0).code, "CF0107");
}

TEST(Specs, hold_what_was_written) {
    const Spec read = spec(content(kSource / "tests/specs/good/everything.yaml"));
    EXPECT_EQ(to_text(read.version), "2.0.0-rc.1+build.5");
    EXPECT_EQ(read.service.instances, 3U);
    EXPECT_THAT(read.service.process.command,
                ElementsAre("${artifact}/chat", "--listen", "${address}:${port}", "--workers", "4",
                            "--verbose", "true"));
    EXPECT_EQ(read.service.process.environment.at("MAX_USERS"), "450");
    EXPECT_EQ(read.service.process.environment.at("EMPTY"), "");
    EXPECT_EQ(read.service.process.secrets.at("API_KEY"),
              (SecretSource{SecretSource::Kind::file, "secrets/api.key"}));
    EXPECT_EQ(read.service.process.secrets.at("DATABASE_URL"),
              (SecretSource{SecretSource::Kind::environment, "DATABASE_URL"}));
    EXPECT_EQ(read.service.health.status_max, 204);
    EXPECT_EQ(read.service.boot_deadline, milliseconds{90'000});
    EXPECT_EQ(read.routes.size(), 4U);
    EXPECT_TRUE(read.routes[0].assets);
    EXPECT_EQ(read.routes[1].header, (std::pair<std::string, std::string>{"X-Beta", "1"}));
    EXPECT_EQ(read.routes[2].sockets, SocketMode::swap);
    EXPECT_EQ(read.strategy.patch, StrategyKind::rolling);
    EXPECT_EQ(read.strategy.steps[0], (CanaryStep{.weight = base::Permille{10}}));
    EXPECT_EQ(read.strategy.steps[2],
              (CanaryStep{.weight = base::Permille{200}, .hold = milliseconds{300'000}}));
    EXPECT_EQ(read.strategy.steps[3], (CanaryStep{.weight = base::Permille{505},
                                                  .hold = milliseconds{0},
                                                  .wait_for_person = true}));
    EXPECT_EQ(read.strategy.drain_sockets_a_second, 50U);
    EXPECT_EQ(read.guard.error_rate_max, base::Permille{5});
    EXPECT_EQ(read.guard.p99_max, milliseconds{400});
    EXPECT_EQ(read.guard.harm_max, 200U);
    EXPECT_EQ(read.compatibility.minor_jump_max, 1U);
    EXPECT_EQ(read.hooks.at(0).stage, Stage::test);
    EXPECT_EQ(read.gates.at(0).owner, "release team");
}

constexpr std::string_view kMinimal = R"(application: chat
version: 1.4.2
artifact: chat
service:
  command: ["${artifact}/chat", "${port}"]
  health: /healthz
)";

TEST(Specs, without_routes_get_the_usual_ones) {
    EXPECT_THAT(spec(kMinimal).routes, ElementsAre(Route{}));
    const Spec with_assets = spec(std::string(kMinimal) + "assets: web\n");
    EXPECT_THAT(with_assets.routes,
                ElementsAre(Route{.path = "/static/*", .header = {}, .assets = true}, Route{}));
}

TEST(Specs, leave_defaults_as_the_types_have_them) {
    Spec expected;
    expected.application = "chat";
    expected.version = *version_from("1.4.2");
    expected.artifact = "chat";
    expected.service.process.command = {"${artifact}/chat", "${port}"};
    expected.service.health.path = "/healthz";
    expected.routes = {Route{}};
    EXPECT_EQ(spec(kMinimal), expected);
}

TEST(ConfigDigests, cover_where_a_secret_is_found_and_not_what_it_says) {
    const Spec plain = spec(kMinimal);
    Process process = plain.service.process;
    const base::Digest before = config_digest(process);
    process.secrets["KEY"] = {SecretSource::Kind::environment, "KEY"};
    const base::Digest with_secret = config_digest(process);
    EXPECT_NE(before, with_secret);
    process.secrets["KEY"].kind = SecretSource::Kind::file;
    EXPECT_NE(config_digest(process), with_secret);
    process.secrets.clear();
    EXPECT_EQ(config_digest(process), before);
}

TEST(Releases, are_what_the_spec_and_the_digests_say) {
    const Spec plain = spec(kMinimal);
    const Release release = release_of(plain, "r7", base::sha256("artifact"), {});
    EXPECT_EQ(release.id, "r7");
    EXPECT_EQ(release.config, config_digest(plain.service.process));
    EXPECT_EQ(release.artifact_source, "chat");
    const auto again = release_from_json(release_to_json(release));
    ASSERT_TRUE(again);
    EXPECT_EQ(*again, release);
}

// Every way to write a secret into a spec by mistake, in one line with something else that is
// wrong.
TEST(SpecFindings, show_no_secret_that_was_written_into_the_spec) {
    const std::string_view head =
        "application: chat\nversion: 1.0.0\nartifact: x\nlisten: 127.0.0.1:80\n"
        "service:\n  command: [x]\n  instances: 2\n  health: /ping\n";
    const std::vector<std::string_view> planted{
        "  environment: {A: hunter2, B: [oops]}\n",
        "  environment: {A: \"hunter2 \\\" hunter2\", B: [oops]}\n",
        "  environment: {A: {from_envv: hunter2}}\n",
        "  environment: {A: {from_env: A, from_file: hunter2}}\n",
        "  environment: {A: {from_env: [hunter2]}}\n",
        "  environment: {A: [hunter2]}\n",
        "  environment:\n    A: \"hunter2\n      hunter2\"\n    B: [oops]\n",
        "hooks: [{name: a, stage: TEST, url: \"http://me:hunter2@127.0.0.1/x\"}]\n",
        "notices: [{kind: slack, url: \"https://chat/hunter2\"}]\n",
        "notices: [{kind: slack, url: [https://chat/hunter2]}]\n",
        "notices: [{kind: webhook, url: {from_file: u}, key: 'it''s hunter2'}]\n",
    };
    for (const std::string_view each : planted) {
        const auto read = spec_from(std::string(head) + std::string(each), "crossfade.yaml");
        ASSERT_FALSE(read) << each;
        EXPECT_THAT(base::text_of(read.error()), Not(HasSubstr("hunter"))) << each;
        EXPECT_THAT(base::text_of(read.error()), HasSubstr("crossfade.yaml:")) << each;
    }
}

TEST(SpecSchema, is_published_as_it_is_made) {
    expect_stored(kSource / "docs/reference/crossfade.schema.json", spec_schema());
}

TEST(SpecReference, is_published_as_it_is_made) {
    expect_stored(kSource / "docs/reference/spec.md", spec_reference());
}

TEST(Fields, are_explained_by_their_path) {
    EXPECT_THAT(explain_field("service.health.interval").value_or(""), HasSubstr("Default: `1s`"));
    EXPECT_THAT(explain_field("strategy.drain.deadline").value_or(""), HasSubstr("5m"));
    EXPECT_THAT(explain_field("routes.sockets").value_or(""), HasSubstr("swap"));
    EXPECT_THAT(explain_field("strategy").value_or(""), HasSubstr("keep_warm"));
    EXPECT_FALSE(explain_field("service.nothing"));
    EXPECT_FALSE(explain_field(""));
}

}  // namespace
}  // namespace release
