#include "base/file.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <filesystem>

namespace base {
namespace {

namespace fs = std::filesystem;

TEST(Files, are_read_as_they_were_written_and_no_further_than_the_limit) {
    const fs::path path = fs::path(testing::TempDir()) / "crossfade_file_test";
    ASSERT_TRUE(write_file(path, "first"));
    ASSERT_TRUE(write_file(path, "second"));
    EXPECT_EQ(read_file(path, Bytes{100}), "second");
    EXPECT_FALSE(read_file(path, Bytes{3}));
    fs::remove(path);
    EXPECT_EQ(read_file(path, Bytes{3}).error().failure, Failure::not_found);
}

TEST(Files, that_a_full_disk_refuses_may_be_written_later_and_the_code_says_why) {
    const Error error = system_error("cannot write", "/x", ENOSPC);
    EXPECT_EQ(error.failure, Failure::unavailable);
    EXPECT_EQ(error.diagnostic.code, "CF0006");
}

}  // namespace
}  // namespace base
