#include "base/form.h"

#include "base/diagnostic.h"
#include "base/document.h"
#include "base/duration.h"
#include "base/units.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

namespace base {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;

struct Point {
    std::uint32_t x = 1;
    std::optional<std::uint32_t> y;
    std::vector<std::string> words;
    milliseconds pause{250};
};

Form<Point> point() {
    return Fields<Point>("a point")
        .required("x", &Point::x, whole(0U, 9U), "Its abscissa.", "3")
        .maybe("y", &Point::y, whole(0U, 9U), "Its ordinate.", "4")
        .optional("words", &Point::words, list_of(word(), 0, 2), "What is said of it.")
        .group(
            "time", "When.",
            Fields<Point>("a group of fields")
                .optional("pause", &Point::pause, duration(milliseconds{0}, hours{1}), "How long."))
        .form();
}

template <typename T>
std::vector<std::string> findings(const Form<T>& form, std::string_view text) {
    std::vector<std::string> lines;
    const auto value = decoded(form, text, "f");
    if (!value)
        for (const Diagnostic& finding : value.error()) lines.push_back(finding.line());
    return lines;
}

TEST(Forms, decode_what_they_describe) {
    const auto read = decoded(point(), "x: 3\nwords: [a, 5]\ntime: {pause: 1s}\nx-mine: 1\n", "f");
    ASSERT_TRUE(read) << text_of(read.error());
    EXPECT_EQ(read->x, 3U);
    EXPECT_FALSE(read->y);
    EXPECT_THAT(read->words, ElementsAre("a", "5"));
    EXPECT_EQ(read->pause, milliseconds{1000});
}

TEST(Forms, print_what_they_decode) {
    const Point value{.x = 2, .y = 5, .words = {"a b"}, .pause = milliseconds{90'000}};
    EXPECT_EQ(point().json(value), R"({"x":2,"y":5,"words":["a b"],"time":{"pause":"1m30s"}})");
}

TEST(Forms, report_everything_that_is_wrong_in_the_order_of_the_file) {
    EXPECT_THAT(findings(point(), "y: 10\nwords: [a, b, c]\nz: 1\ntime: {pause: 2h, x: 1}\n"),
                ElementsAre(HasSubstr("f:1:1: [CF0114] `x` is missing"),
                            HasSubstr("f:1:4: [CF0112] `y` must be a whole number from 0 to 9"),
                            HasSubstr("f:2:8: [CF0112] `words` has more than 2 items"),
                            HasSubstr("f:3:1: [CF0113] there is no field `z`"),
                            HasSubstr("f:4:15: [CF0112] `time.pause` must be a duration"),
                            HasSubstr("f:4:19: [CF0113] there is no field `time.x`")));
}

TEST(Forms, tell_the_schema_and_the_reference_the_same) {
    const std::string schema = schema_of(point().shape, {"id", "title", "description"});
    EXPECT_THAT(schema, HasSubstr("\"additionalProperties\": false"));
    EXPECT_THAT(schema, HasSubstr("\"default\": \"250ms\""));
    EXPECT_THAT(schema, HasSubstr("\"maximum\": 9"));
    const std::string reference = reference_of(point().shape);
    EXPECT_THAT(reference, HasSubstr("| `x` | a whole number from 0 to 9 | required |"));
    EXPECT_THAT(reference, HasSubstr("## `time`"));
    ASSERT_NE(field_at(point().shape, "time.pause"), nullptr);
    EXPECT_EQ(field_at(point().shape, "time.pause")->default_json, "\"250ms\"");
    EXPECT_EQ(field_at(point().shape, "time.nothing"), nullptr);
}

/// A text of letters that matter to the scalars' rules.
rc::Gen<std::string> telling_text() {
    return rc::gen::container<std::string>(
        rc::gen::elementOf(std::string("0123456789.%dhmsaz-AZ_ x:")));
}

/// Whether the form reads `text`, written in quotes so that YAML has no say.
template <typename T>
bool reads(const Form<T>& form, const std::string& text) {
    Findings none("", "f");
    const Node node{
        .kind = Node::Kind::quoted, .spot = {}, .text = text, .items = {}, .members = {}};
    return form.read(node, none).has_value();
}

RC_GTEST_PROP(Patterns, say_of_any_text_what_the_decoder_says, ()) {
    const auto text = *rc::gen::oneOf(
        telling_text(),
        rc::gen::map(
            rc::gen::inRange(0, 2000),
            [](int n) { return std::to_string(n / 10) + '.' + std::to_string(n % 10) + '%'; }),
        rc::gen::map(rc::gen::inRange(0, 120), [](int n) { return std::to_string(n) + '%'; }),
        rc::gen::map(rc::gen::inRange<std::int64_t>(0, 1'000'000'000),
                     [](std::int64_t n) { return to_text(milliseconds{n}); }));
    const auto share_ = share(kNone, kAll);
    RC_ASSERT(reads(share_, text) == std::regex_match(text, std::regex(share_.shape.pattern)));
    const auto name_ = name();
    RC_ASSERT(reads(name_, text) == std::regex_match(text, std::regex(name_.shape.pattern)));
    // A schema cannot tell how long a duration is; that it is one, it can.
    const auto length = duration(milliseconds{0}, hours{24 * 3650});
    if (text.size() < 10)
        RC_ASSERT(reads(length, text) == std::regex_match(text, std::regex(length.shape.pattern)));
}

RC_GTEST_PROP(Shares, print_as_what_reads_back_the_same, ()) {
    const Permille value{static_cast<std::uint16_t>(*rc::gen::inRange(0, 1001))};
    const Form<Permille> form = share(kNone, kAll);
    const auto again = decoded(form, form.json(value), "f");
    RC_ASSERT(again.has_value());
    RC_ASSERT(*again == value);
}

RC_GTEST_PROP(Documents, of_any_bytes_are_read_or_refused_with_a_place, ()) {
    const auto text = *rc::gen::container<std::string>(
        rc::gen::elementOf(std::string("ab:-[]{}\"'#&*!|>%@`,? \n\t\x01\xC3\xA4")));
    Findings found(text, "f");
    const auto root = document_from(text, found);
    const bool any = found.count() > 0;
    for (const Diagnostic& finding : found.take()) RC_ASSERT(finding.place.has_value());
    RC_ASSERT(root.has_value() || any);
}

}  // namespace
}  // namespace base
