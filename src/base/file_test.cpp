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

TEST(Files, on_a_full_disk_stay_as_they_were_and_say_why) {
    if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
    const Error error = system_error("cannot write", "/x", ENOSPC);
    EXPECT_EQ(error.failure, Failure::unavailable);
    EXPECT_EQ(error.diagnostic.code, "CF0006");
}

}  // namespace
}  // namespace base
