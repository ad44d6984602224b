#include "base/percent.h"

#include <gtest/gtest.h>

namespace base {
namespace {

TEST(PercentEncoding, gives_back_what_was_encoded) {
    std::string all;
    for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
    EXPECT_EQ(percent_decoded(percent_encoded(all)), all);
    EXPECT_EQ(percent_encoded("a b/ä"), "a%20b%2F%C3%A4");
    for (const char* broken : {"%", "%1", "%zz", "a%2"}) {
        EXPECT_FALSE(percent_decoded(broken)) << broken;
    }
}

}  // namespace
}  // namespace base
