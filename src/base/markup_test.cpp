#include "base/markup.h"

#include <gtest/gtest.h>

namespace base {
namespace {

TEST(Markup, keeps_text_text) {
    EXPECT_EQ(escaped("<b a=\"1\" c='2'>&amp;</b>"),
              "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;amp;&lt;/b&gt;");
    EXPECT_EQ(escaped("grün 2 → 3\n\t."), "grün 2 → 3\n\t.");
    EXPECT_EQ(escaped(std::string_view("a\0b\x1b[31m\r", 9)), "ab[31m");
    EXPECT_EQ(escaped(""), "");
}

}  // namespace
}  // namespace base
