#include "cli/workplace.h"

#include "base/file.h"
#include "release/spec.h"
#include "release/starter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

namespace cli {
namespace {

using testing::ElementsAre;

class Workplace : public testing::Test {
protected:
    Workplace() {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "workplace-XXXXXX").string();
        folder_ = mkdtemp(pattern.data());
    }
    ~Workplace() override { std::filesystem::remove_all(folder_); }

    void write(const std::string& name, const std::string& text) {
        ASSERT_TRUE(base::write_file(folder_ / name, text, 0644));
    }

    std::filesystem::path folder_;
};

TEST_F(Workplace, tells_command_port_and_health_from_a_dockerfile) {
    write(
        "Dockerfile",
        "FROM debian\n# CMD [\"no\"]\nEXPOSE 8065/tcp\n"
        "HEALTHCHECK --interval=5s \\\n  CMD curl -f http://localhost:8065/ping || exit 1\n"
        "ENTRYPOINT [\"/app/chat\"]\nCMD [\"--listen\", \"0.0.0.0:8065\", \"--name\", \"${X}\"]\n");
    const auto found = startup_in(folder_);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->file, "Dockerfile");
    EXPECT_THAT(found->command, ElementsAre("${artifact}/chat", "--listen", "${address}:${port}",
                                            "--name", "$${X}"));
    EXPECT_EQ(found->health, "/ping");
    const release::Starter starter{
        .application = "chat", .artifact = {}, .command = found->command, .assets = {}};
    EXPECT_TRUE(release::spec_from(release::starter_spec(starter), "crossfade.yaml"));
}

TEST_F(Workplace, tells_the_command_from_the_only_unit) {
    write("chat.service", "[Service]\nExecStart=-/usr/bin/chat --port=8065 --verbose\n");
    const auto found = startup_in(folder_);
    ASSERT_TRUE(found);
    EXPECT_THAT(found->command, ElementsAre("${artifact}/chat", "--port=${port}", "--verbose"));
    write("other.service", "[Service]\nExecStart=/usr/bin/other 80\n");
    EXPECT_FALSE(startup_in(folder_));
}

TEST_F(Workplace, tells_nothing_that_it_would_have_to_guess) {
    EXPECT_FALSE(startup_in(folder_));
    write("Dockerfile", "EXPOSE 8065\nCMD chat --listen :8065\n");
    EXPECT_FALSE(startup_in(folder_));
    write("Dockerfile", "EXPOSE 8065\nCMD [\"chat\"]\n");
    EXPECT_FALSE(startup_in(folder_));
    write("chat.service", "[Service]\nExecStart=/usr/bin/chat \"--port 80\"\n");
    EXPECT_FALSE(startup_in(folder_));
}

}  // namespace
}  // namespace cli
