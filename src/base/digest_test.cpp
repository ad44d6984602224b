#include "base/digest.h"

#include "base/file.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace base {
namespace {

namespace fs = std::filesystem;

struct Digests : testing::Test {
    fs::path folder = fs::path(testing::TempDir()) /
                      testing::UnitTest::GetInstance()->current_test_info()->name();
    void SetUp() override {
        fs::remove_all(folder);
        fs::create_directories(folder / "sub");
    }
    void TearDown() override { fs::remove_all(folder); }
};

TEST_F(Digests, agree_with_the_vector_of_fips_180_4) {
    EXPECT_EQ(sha256("abc").hex(),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_F(Digests, of_a_folder_change_with_names_contents_and_permission_to_run) {
    ASSERT_TRUE(write_file(folder / "sub" / "a", "1"));
    const auto first = digest_of(folder);
    ASSERT_TRUE(first);
    fs::permissions(folder / "sub" / "a", fs::perms::owner_all);
    const auto runs = digest_of(folder);
    fs::rename(folder / "sub" / "a", folder / "sub" / "b");
    const auto renamed = digest_of(folder);
    ASSERT_TRUE(write_file(folder / "sub" / "b", "2", 0700));
    const auto rewritten = digest_of(folder);
    EXPECT_NE(first, runs);
    EXPECT_NE(runs, renamed);
    EXPECT_NE(renamed, rewritten);
    EXPECT_EQ(rewritten, digest_of(folder));
}

TEST_F(Digests, of_what_does_not_exist_are_not_found) {
    const auto digest = digest_of(folder / "nothing");
    ASSERT_FALSE(digest);
    EXPECT_EQ(digest.error().failure, Failure::not_found);
}

TEST_F(Digests, read_back_from_their_text) {
    const Digest digest = sha256("x");
    EXPECT_EQ(digest_from(digest.hex()), digest);
    EXPECT_FALSE(digest_from("00"));
    EXPECT_FALSE(digest_from(std::string(64, 'G')));
}

}  // namespace
}  // namespace base
