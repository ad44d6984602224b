#include "edge/http/cookies.h"

#include <gtest/gtest.h>

namespace edge {
namespace {

TEST(Cookies, are_found_by_their_whole_name) {
    struct Row {
        std::string_view line;
        std::string_view name;
        std::optional<std::string_view> value;
    };
    for (const Row& row :
         {Row{"a=1; b=2", "b", "2"}, Row{"a=1;b=2", "a", "1"}, Row{"ab=1", "b", std::nullopt},
          Row{"b=1=2", "b", "1=2"}, Row{"b=", "b", ""}, Row{"b", "b", std::nullopt},
          Row{"B=1", "b", std::nullopt}, Row{" ; ;; b = x ;", "b", "x"}, Row{"b=1; b=2", "b", "1"},
          Row{"b=\"q\"", "b", "\"q\""}, Row{"", "b", std::nullopt}, Row{"=1", "", "1"}}) {
        EXPECT_EQ(cookie_in(row.line, row.name), row.value) << row.line;
    }
}

}  // namespace
}  // namespace edge
