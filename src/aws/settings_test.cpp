#include "aws/settings.h"

#include "base/file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

namespace aws {
namespace {

class Machine : public testing::Test {
protected:
    Machine() { std::filesystem::create_directories(home + "/.aws"); }
    ~Machine() override { std::filesystem::remove_all(home); }

    void config(const std::string& text) {
        ASSERT_TRUE(base::write_file(home + "/.aws/config", text));
    }
    void credentials(const std::string& text) {
        ASSERT_TRUE(base::write_file(home + "/.aws/credentials", text));
    }
    base::Result<Shared> read(const std::string& profile = {}) {
        return Shared::read(environment, profile);
    }

    std::string home = testing::TempDir() + "/aws_settings_" + std::to_string(getpid());
    std::map<std::string, std::string> variables = {{"HOME", home}};
    Environment environment = [this](const std::string& name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        if (found == variables.end()) return {};
        return found->second;
    };
};

TEST_F(Machine, without_files_has_an_empty_default_profile) {
    const auto shared = read();
    ASSERT_TRUE(shared) << shared.error().line();
    EXPECT_EQ(shared->name(), "default");
    EXPECT_EQ(shared->setting("region"), "");
}

TEST_F(Machine, both_files_make_one_profile_and_credentials_come_first) {
    config(
        "[default]\nregion = eu-west-1\n\n# a comment\n[profile \"two words\"]\nREGION=us-east-2 "
        "# here\naws_access_key_id = of-config\n");
    credentials("[two words]\naws_access_key_id = of-credentials\n");
    const auto shared = read("two words");
    ASSERT_TRUE(shared) << shared.error().line();
    EXPECT_TRUE(shared->is_chosen());
    EXPECT_EQ(shared->setting("region"), "us-east-2");
    EXPECT_EQ(shared->setting("aws_access_key_id"), "of-credentials");
    EXPECT_EQ(shared->setting("default", "region"), "eu-west-1");
}

TEST_F(Machine, a_profile_that_is_nowhere_is_an_error_only_where_it_was_named) {
    EXPECT_TRUE(read());
    variables["AWS_PROFILE"] = "missing";
    const auto shared = read();
    ASSERT_FALSE(shared);
    EXPECT_EQ(shared.error().diagnostic.code, "CF0812");
}

TEST_F(Machine, nested_settings_belong_to_the_service_above_them) {
    config(
        "[default]\nservices = local\ns3 =\n  max_queue_size = 5\n[services local]\n"
        "s3 =\n  endpoint_url = http://127.0.0.1:1\nec2 = \n\tendpoint_url = http://x\n");
    const auto shared = read();
    ASSERT_TRUE(shared) << shared.error().line();
    EXPECT_EQ(shared->service_setting("s3", "endpoint_url"), "http://127.0.0.1:1");
    EXPECT_EQ(shared->service_setting("ec2", "endpoint_url"), "http://x");
    EXPECT_EQ(shared->service_setting("rds", "endpoint_url"), "");
}

TEST_F(Machine, a_broken_line_is_named_and_not_quoted) {
    credentials("[default]\nsecret-text\n");
    const auto shared = read();
    ASSERT_FALSE(shared);
    EXPECT_NE(shared.error().line().find("credentials:2"), std::string::npos);
    EXPECT_EQ(shared.error().diagnostic.text().find("secret-text"), std::string::npos);
}

TEST_F(Machine, a_region_is_chosen_then_of_the_environment_then_of_the_profile) {
    config("[default]\nregion = eu-west-3\n");
    const auto shared = read();
    ASSERT_TRUE(shared);
    EXPECT_EQ(region_of(environment, *shared, ""), "eu-west-3");
    variables["AWS_DEFAULT_REGION"] = "eu-west-2";
    EXPECT_EQ(region_of(environment, *shared, ""), "eu-west-2");
    variables["AWS_REGION"] = "eu-west-1";
    EXPECT_EQ(region_of(environment, *shared, ""), "eu-west-1");
    EXPECT_EQ(region_of(environment, *shared, "us-east-1"), "us-east-1");
    EXPECT_FALSE(region_of(environment, *shared, "evil.example/"));
    variables = {{"HOME", "/nowhere"}};
    EXPECT_FALSE(region_of(environment, *read(), ""));
}

}  // namespace
}  // namespace aws
