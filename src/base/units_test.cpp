#include "base/units.h"

#include <gtest/gtest.h>

namespace base {
namespace {

TEST(Units, sizes_have_one_spelling) {
    EXPECT_EQ(to_text(Bytes{512ULL << 20U}), "512MiB");
    EXPECT_EQ(to_text(Bytes{0}), "0B");
    EXPECT_EQ(to_text(Bytes{1500}), "1500B");
    for (const std::uint64_t count : {1ULL, 1024ULL, 3ULL << 30U, 5ULL << 40U, ~0ULL})
        EXPECT_EQ(bytes_from(to_text(Bytes{count})), Bytes{count});
    for (const char* wrong : {"", "MiB", "1024KiB", "1 MiB", "-1B", "1MB", "1.5GiB", "01B", "1",
                              "99999999999999999999B", "18446744073709551615TiB"})
        EXPECT_FALSE(bytes_from(wrong)) << wrong;
}

TEST(Units, shares_have_one_spelling) {
    EXPECT_EQ(to_text(Permille{5}), "0.5%");
    EXPECT_EQ(permille_from("12.5%"), Permille{125});
    for (const char* wrong : {"", "5", "05%", "5.0%", "5.25%", "101%", "-1%"})
        EXPECT_FALSE(permille_from(wrong)) << wrong;
}

}  // namespace
}  // namespace base
