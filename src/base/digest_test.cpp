#include "base/digest.h"

#include "base/file.h"
#include "base/folder_digest.h"

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

TEST_F(Digests, of_a_folder_and_of_its_files_come_from_one_reading) {
    ASSERT_TRUE(write_file(folder / "sub" / "a", "abc"));
    ASSERT_TRUE(write_file(folder / "z", ""));
    std::vector<DigestedFile> seen;
    const auto keep = [&](DigestedFile file) { seen.push_back(std::move(file)); };
    const auto digest = digest_of_files(folder, keep, {});
    ASSERT_TRUE(digest);
    EXPECT_EQ(digest, digest_of(folder));
    ASSERT_EQ(seen.size(), 2U);
    EXPECT_EQ(seen[0].name, "sub/a");
    EXPECT_EQ(seen[0].digest, sha256("abc"));
    EXPECT_EQ(seen[0].bytes, 3U);
    EXPECT_EQ(seen[1].digest, sha256(""));

    std::stop_source stop;
    stop.request_stop();
    EXPECT_EQ(digest_of_files(folder, keep, stop.get_token()).error().failure,
              Failure::unavailable);
    fs::create_symlink("z", folder / "link");
    EXPECT_TRUE(digest_of(folder));
    EXPECT_EQ(digest_of_files(folder, keep, {}).error().diagnostic.code, "CF0004");
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
