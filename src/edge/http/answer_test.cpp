#include "edge/http/answer.h"

#include "base/json.h"
#include "edge/http/forward.h"
#include "edge/report/access_log.h"
#include "edge/report/metrics.h"

#include <gtest/gtest.h>

#include <regex>
#include <sstream>
#include <string>

namespace edge {
namespace {

TEST(Refusals, speak_the_form_that_the_client_takes) {
    const base::Json json = *base::json_from(refusal_body(Refusal::no_target, true, "a\"b\nc"));
    EXPECT_EQ(json["status_code"], 503);
    EXPECT_EQ(json["request_id"], "abc");
    EXPECT_EQ(refusal_body(Refusal::no_target, false, ""), "503 No server is available.\n");
    EXPECT_EQ(refusal_for_status(431), Refusal::head_too_large);
    EXPECT_EQ(refusal_for_status(414), Refusal::target_too_long);
    EXPECT_EQ(refusal_for_status(999), Refusal::malformed);
}

TEST(Refusals, are_json_only_where_json_is_wanted_first) {
    EXPECT_TRUE(wants_json("application/json"));
    EXPECT_TRUE(wants_json("application/problem+json, text/html;q=0.1"));
    EXPECT_FALSE(wants_json("text/html, application/json"));
    EXPECT_FALSE(wants_json("*/*"));
    EXPECT_FALSE(wants_json(std::nullopt));
}

TEST(LogLines, have_albs_fields_and_ours_behind_them) {
    std::string line;
    append_line(line, {.type = "http",
                       .listener = "http",
                       .client = "10.0.0.1:5",
                       .target = "127.64.0.1:9",
                       .begun = base::instant_of_micros(0),
                       .ended = base::instant_of_micros(1'500'000),
                       .request_time = std::chrono::microseconds(1000),
                       .target_time = std::chrono::microseconds(1'234'567),
                       .response_time = std::chrono::microseconds(-1),
                       .status = 200,
                       .target_status = 200,
                       .received_bytes = 10,
                       .sent_bytes = 20,
                       .method = "GET",
                       .url = "/a\nb",
                       .user_agent = "x\"y",
                       .group = "blue",
                       .trace = "Root=1",
                       .host = "h",
                       .rule_priority = 5,
                       .action = "forward",
                       .error_reason = "",
                       .target_id = "i1",
                       .attempts = 2,
                       .irregularity = Irregularity::both_te_cl_present,
                       .release = "r9",
                       .listener_port = "81"});
    EXPECT_EQ(
        line,
        "http 1970-01-01T00:00:01.500000Z http 10.0.0.1:5 127.64.0.1:9 0.001 1.234 -1 200 "
        "200 10 20 \"GET http://h:81/a\\x0Ab HTTP/1.1\" \"x\\\"y\" - - blue \"Root=1\" \"h\" "
        "\"-\" 5 1970-01-01T00:00:00.000000Z \"forward\" \"-\" \"-\" \"127.64.0.1:9\" "
        "\"200\" \"Ambiguous\" \"BothTeClPresent\" - \"-\" \"-\" \"-\" \"i1\" 2 \"r9\" - \"-\"\n");
}

TEST(Metrics, keep_to_the_text_format) {
    Exposition out;
    out.family("x_total", Exposition::Kind::counter, "Help.");
    out.sample(label("a", "q\"\\\n"), 3);
    out.family("y_seconds", Exposition::Kind::histogram, "Help.");
    base::Histogram histogram;
    histogram.add(1'000);
    histogram.add(2'000'000);
    histogram.add(3'600'000'000);
    out.histogram(label("g", "b"), histogram);
    const std::string text = out.take();
    EXPECT_NE(text.find("x_total{a=\"q\\\"\\\\\\n\"} 3\n"), std::string::npos) << text;
    std::istringstream lines(text);
    const std::regex sample(
        R"rx([a-z_]+(\{[a-z]+="([^"\\]|\\.)*"(,[a-z]+="([^"\\]|\\.)*")*\})? [0-9.e+-]+)rx");
    const std::regex comment(R"(# (HELP [a-z_]+ .+|TYPE [a-z_]+ (counter|gauge|histogram)))");
    std::uint64_t last = 0;
    for (std::string line; std::getline(lines, line);) {
        EXPECT_TRUE(std::regex_match(line, sample) || std::regex_match(line, comment)) << line;
        if (line.find("_bucket") == std::string::npos) continue;
        const std::uint64_t count = std::stoull(line.substr(line.rfind(' ')));
        EXPECT_GE(count, last) << "buckets are cumulative";
        last = count;
    }
    EXPECT_NE(text.find("le=\"+Inf\"} 3\n"), std::string::npos);
    EXPECT_NE(text.find("y_seconds_count{g=\"b\"} 3\n"), std::string::npos);
}

}  // namespace
}  // namespace edge
