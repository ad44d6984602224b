#include "local/hooks.h"

#include "engine/hooks_contract.h"
#include "local/temporary_test.h"

#include <cstdlib>

namespace local {
namespace {

release::Hook shell(const std::string& script) {
    return {.name = "check",
            .stage = release::Stage::shift,
            .command = {"sh", "-c", script},
            .url = {}};
}

class Bench final : public engine::HooksBench {
public:
    engine::Hooks& hooks() override { return hooks_; }
    base::Clock& clock() override { return real_clock(); }
    release::Hook ends_in(engine::HookState state) override {
        switch (state) {
            case engine::HookState::succeeded:
                return shell("echo fine");
            case engine::HookState::failed:
                return shell("echo no; exit 3");
            case engine::HookState::in_progress:
                return shell("exit 75");
        }
        return {};
    }
    release::Hook checks_stage() override { return shell("test \"$CROSSFADE_STAGE\" = SHIFT"); }
    release::Hook nowhere() override {
        release::Hook hook = shell("");
        hook.command = {"./no-such-hook"};
        return hook;
    }
    std::optional<release::Hook> hangs() override { return shell("exec sleep 100"); }

private:
    TemporaryFolder folder_;
    Hooks hooks_{folder_.path, real_clock()};
};

std::unique_ptr<engine::HooksBench> make_bench() {
    return std::make_unique<Bench>();
}

TEST(HooksOnThisMachine, secrets_are_removed_from_what_is_handed_back) {
    const TemporaryFolder folder;
    put(folder.path / "password", "correct horse\n");
    setenv("CROSSFADE_TEST_TOKEN", "tok-123", 1);
    using Kind = release::SecretSource::Kind;
    Hooks hooks(
        folder.path, real_clock(),
        {{"DB", {Kind::file, "password"}}, {"TOKEN", {Kind::environment, "CROSSFADE_TEST_TOKEN"}}});
    const auto outcome = hooks.call(shell("echo using tok-123; echo with correct horse; exit 1"),
                                    {}, {}, soon(real_clock()));
    unsetenv("CROSSFADE_TEST_TOKEN");
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->output, "using ***\nwith ***\n");
    EXPECT_EQ(outcome->reason, "exit code 1: with ***");
}

TEST(HooksOnThisMachine, the_last_64_kib_of_output_are_kept) {
    const TemporaryFolder folder;
    Hooks hooks(folder.path, real_clock());
    const auto outcome = hooks.call(shell("seq 1 30000"), {}, {}, soon(real_clock()));
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->output.size(), 64U * 1024U);
    EXPECT_TRUE(outcome->output.ends_with("30000\n"));
}

TEST(HooksOnThisMachine, nobody_listening_at_the_url_is_unavailable) {
    const TemporaryFolder folder;
    Hooks hooks(folder.path, real_clock());
    release::Hook hook = shell("");
    hook.command.clear();
    hook.url = "http://127.64.255.254:1/hook?token=abc";
    const auto outcome = hooks.call(hook, {}, {}, soon(real_clock()));
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().failure, base::Failure::unavailable);
    EXPECT_EQ(outcome.error().line().find("abc"), std::string::npos);
}

}  // namespace
}  // namespace local

namespace engine {
INSTANTIATE_TEST_SUITE_P(local, HooksContract, testing::Values(&local::make_bench));
}  // namespace engine
