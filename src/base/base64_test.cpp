#include "base/base64.h"

#include <gtest/gtest.h>

namespace base {
namespace {

TEST(Base64, agrees_with_the_vectors_of_rfc_4648_and_takes_one_spelling_only) {
    EXPECT_EQ(base64(""), "");
    EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
    EXPECT_EQ(base64("fo"), "Zm8=");
    EXPECT_EQ(base64_decoded("Zm8="), "fo");
    for (const char* wrong : {"Zm8", "Zm9=", "Z===", "Zm 8", "====",
                              "Zg=="
                              "Zg=="}) {
        EXPECT_FALSE(base64_decoded(wrong)) << wrong;
    }
}

}  // namespace
}  // namespace base
