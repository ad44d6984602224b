#include "console/token.h"

#include "base/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <set>
#include <string>

using namespace std::chrono_literals;

namespace console {
namespace {

const base::Instant kNow = base::instant_of_micros(1'700'000'000'000'000);

std::filesystem::path fresh_folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "console-XXXXXX").string();
    return mkdtemp(pattern.data());
}

class TokensTest : public testing::Test {
protected:
    ~TokensTest() override { std::filesystem::remove_all(folder); }

    Role role_of(std::string_view secret, base::Instant at) const {
        return tokens.find(secret, at)->value().role;
    }

    std::filesystem::path folder = fresh_folder();
    Tokens tokens{folder / "tokens.json"};
};

TEST_F(TokensTest, a_token_holds_until_it_is_over_and_not_a_moment_longer) {
    const auto made = tokens.make(Role::operate, "ada", "root", 1h, kNow);
    ASSERT_TRUE(made);
    EXPECT_EQ(role_of(made->secret, kNow), Role::operate);
    EXPECT_EQ(role_of(made->secret, kNow + 1h - 1us), Role::operate);
    EXPECT_FALSE(*tokens.find(made->secret, kNow + 1h));
}

TEST_F(TokensTest, a_secret_that_is_almost_right_is_wrong) {
    const auto made = tokens.make(Role::view, "ada", "root", 1h, kNow);
    std::string secret = made->secret;
    for (std::size_t at = 0; at < secret.size(); ++at) {
        std::string changed = secret;
        changed[at] = changed[at] == 'A' ? 'B' : 'A';
        EXPECT_FALSE(*tokens.find(changed, kNow)) << at;
    }
    EXPECT_FALSE(*tokens.find(secret.substr(1), kNow));
    EXPECT_FALSE(*tokens.find(secret + " ", kNow));
    EXPECT_FALSE(*tokens.find("", kNow));
}

TEST_F(TokensTest, the_file_has_no_secret_and_is_its_owners_alone) {
    const auto made = tokens.make(Role::operate, "ada", "root", 1h, kNow);
    const auto text = base::read_file(folder / "tokens.json", base::Bytes{65536});
    ASSERT_TRUE(text);
    EXPECT_EQ(text->find(made->secret.substr(4)), std::string::npos);
    EXPECT_NE(text->find(base::sha256(made->secret).hex()), std::string::npos);
    struct stat status{};
    ASSERT_EQ(stat((folder / "tokens.json").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(TokensTest, what_was_taken_back_lets_nobody_in_and_its_id_is_not_given_again) {
    const auto first = tokens.make(Role::operate, "ada", "root", 1h, kNow);
    const auto second = tokens.make(Role::view, "ben", "root", 1h, kNow);
    ASSERT_TRUE(tokens.revoke(first->token.id));
    EXPECT_FALSE(*tokens.find(first->secret, kNow));
    EXPECT_TRUE(*tokens.find(second->secret, kNow));
    EXPECT_EQ(tokens.revoke(first->token.id).error().failure, base::Failure::not_found);
    EXPECT_EQ(tokens.make(Role::view, "cy", "root", 1h, kNow)->token.id, "t3");
}

TEST_F(TokensTest, no_two_secrets_are_the_same) {
    std::set<std::string> secrets;
    for (int i = 0; i < 50; ++i)
        secrets.insert(tokens.make(Role::view, "x", "root", 1h, kNow)->secret);
    EXPECT_EQ(secrets.size(), 50U);
    EXPECT_EQ(secrets.begin()->size(), 4U + 43U);
}

TEST_F(TokensTest, a_file_that_cannot_be_read_lets_nobody_in) {
    const auto made = tokens.make(Role::operate, "ada", "root", 1h, kNow);
    for (const char* text : {"", "{}", "[]", "{\"tokens\":1}", "{\"tokens\":[{}]}", "not json"}) {
        ASSERT_TRUE(base::write_file(folder / "tokens.json", text));
        EXPECT_FALSE(tokens.find(made->secret, kNow)) << text;
        EXPECT_FALSE(tokens.make(Role::operate, "eve", "root", 1h, kNow)) << text;
    }
}

TEST_F(TokensTest, those_that_are_over_are_forgotten_and_there_is_a_limit) {
    for (std::size_t i = 0; i < 20; ++i)
        ASSERT_TRUE(tokens.make(Role::view, "x", "root", 1s, kNow));
    ASSERT_TRUE(tokens.make(Role::view, "y", "root", 1h, kNow + 2s));
    EXPECT_EQ(tokens.list()->size(), 1U);
}

}  // namespace
}  // namespace console
