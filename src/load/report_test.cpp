#include "load/report.h"

#include "base/json.h"
#include "load/chart.h"
#include "load/figures.h"

#include <gtest/gtest.h>

#include <cmath>

namespace load {
namespace {

const base::Instant kStart = base::instant_of_micros(1'700'000'000'000'000);

Outcome three_seconds() {
    Outcome outcome;
    outcome.run = "r1";
    outcome.target = "http://127.0.0.1:1";
    outcome.profile = "demo";
    outcome.users = 100;
    outcome.started = kStart;
    outcome.ended = kStart + std::chrono::seconds{3};
    outcome.http.requests = 1234;
    outcome.http.latency = {.count = 1000, .avg_ms = 3.25, .p99_ms = 12.5};
    outcome.websocket.opened = 110;
    outcome.websocket.moved_planned = 10;
    outcome.messages.posted = 60;
    outcome.downtime.probes.push_back({.name = "read", .attempts = 60});
    outcome.downtime.resolution_ms = 50;
    outcome.versions.push_back({.version = "1.0.0", .answers = 1234});
    for (int i = 0; i < 3; ++i) {
        Second second;
        second.requests = 400;
        second.p99_ms = 12;
        second.versions["1.0.0"] = {.answers = 400, .sockets = 100};
        outcome.seconds.push_back(second);
    }
    return outcome;
}

Story two_releases() {
    Story story{.title = "demo <1>", .command = "./x demo"};
    story.releases = {{.id = "r2",
                       .version = "1.0.1",
                       .strategy = "canary",
                       .ending = "succeeded",
                       .seconds = 12},
                      {.id = "r3",
                       .version = "1.0.2",
                       .strategy = "canary",
                       .ending = "rolled_back",
                       .harm_requests = 7,
                       .harm_budget = 50,
                       .rollback_ms = 412.5,
                       .started = kStart + std::chrono::seconds{1},
                       .ended = kStart + std::chrono::seconds{2}}};
    story.bands = {{.from = kStart,
                    .until = kStart + std::chrono::seconds{1},
                    .label = "1.0.1 shift",
                    .kind = "shift"}};
    return story;
}

TEST(LoadReport, the_json_has_what_it_promises) {
    const auto json = base::json_from(render_json(three_seconds(), two_releases()));
    ASSERT_TRUE(json);
    EXPECT_EQ((*json)["schema"], "crossfade.load/1");
    const std::vector<std::pair<const char*, std::vector<const char*>>> promised{
        {"http", {"requests", "failed", "avg_ms", "p99_ms"}},
        {"websocket", {"opened", "moved_planned", "dropped_unplanned", "largest_gap_ms"}},
        {"messages", {"posted", "delivered", "lost", "duplicated", "late"}},
        {"uploads", {"files", "bytes", "failed"}},
        {"harm", {"requests", "budget"}}};
    for (const auto& [name, figures] : promised)
        for (const char* figure : figures)
            EXPECT_TRUE((*json)[name][figure].is_number()) << name << '.' << figure;
    EXPECT_EQ((*json)["downtime_ms"], 0);
    EXPECT_EQ((*json)["rollback_ms"], 412.5);
    EXPECT_EQ((*json)["uptime_percent"], 100);
    EXPECT_EQ((*json)["releases"].size(), 2);
    EXPECT_EQ((*json)["series"].size(), 3);
    EXPECT_EQ((*json)["harm"]["budget"], 50);
}

TEST(LoadReport, requirements_read_the_json_it_writes) {
    const std::string json = render_json(three_seconds(), two_releases());
    const auto checked = check(
        {*requirement_from("http.requests==1234"), *requirement_from("harm.1.0.0==0"),
         *requirement_from("rollback_ms<1000"), *requirement_from("websocket.moved_planned>10")},
        json);
    EXPECT_TRUE(checked->at(0).met && checked->at(1).met && checked->at(2).met);
    EXPECT_FALSE(checked->at(3).met);
}

TEST(LoadReport, the_page_is_one_file_and_escapes_what_it_is_told) {
    Story story = two_releases();
    story.releases[1].reason = "<script>alert(1)</script>";
    const std::string html = render_html(three_seconds(), story);
    EXPECT_EQ(html.find("demo <1>"), std::string::npos);
    EXPECT_EQ(html.find("<script>alert"), std::string::npos);
    EXPECT_NE(html.find("demo &lt;1&gt;"), std::string::npos);
    for (const char* outside : {"src=\"http", "href=\"http", "@import", "url(", "<link"})
        EXPECT_EQ(html.find(outside), std::string::npos) << outside;
    EXPECT_NE(html.find("k-shift"), std::string::npos);
    EXPECT_NE(html.find("prefers-color-scheme:dark"), std::string::npos);
}

TEST(LoadReport, all_rows_of_the_seeds_table_stand_beside_ours) {
    const std::string html = render_html(three_seconds(), two_releases());
    const std::string text = render_text(three_seconds(), two_releases());
    for (const char* figure :
         {"124 ms", "0.4 %", "0 s", "12 s", "48–55 %", "3 %", "45–60 ms", "99.996 %"}) {
        EXPECT_NE(html.find(figure), std::string::npos) << figure;
        EXPECT_NE(text.find(figure), std::string::npos) << figure;
    }
    EXPECT_EQ(compared(three_seconds(), two_releases()).size(), 8);
}

TEST(LoadReport, what_was_not_measured_is_said_to_be_so) {
    const auto rows = compared(Outcome{}, Story{});
    EXPECT_EQ(rows[0].ours, "not measured");
    EXPECT_EQ(rows[2].ours, "not measured");
    EXPECT_EQ(rows[3].ours, "none made");
    EXPECT_EQ(rows[4].ours, "not measured");
    EXPECT_EQ(rows[7].ours, "not measured");
}

TEST(LoadReport, the_verdict_is_what_users_noticed) {
    Outcome outcome = three_seconds();
    EXPECT_EQ(verdict(outcome, {}).sentence, "Nobody noticed.");
    EXPECT_EQ(verdict(outcome, {}).mood, Mood::good);
    outcome.http.harmed = 7;
    EXPECT_EQ(verdict(outcome, two_releases()).mood, Mood::fair);
    EXPECT_EQ(verdict(outcome, {}).mood, Mood::bad);
    outcome.http.harmed = 51;
    EXPECT_EQ(verdict(outcome, two_releases()).mood, Mood::bad);
    outcome.http.harmed = 0;
    outcome.http.failed = 1;
    outcome.messages.lost = 1200;
    EXPECT_EQ(verdict(outcome, {}).sentence,
              "Users noticed: 1 request failed, 1,200 messages did not arrive.");
    outcome.self.is_void = true;
    EXPECT_NE(verdict(outcome, {}).sentence.find("void"), std::string::npos);
}

TEST(LoadReport, numbers_are_written_for_people) {
    EXPECT_EQ(grouped(0), "0");
    EXPECT_EQ(grouped(1234567), "1,234,567");
    EXPECT_EQ(span_text(0), "0 ms");
    EXPECT_EQ(span_text(12.44), "12.4 ms");
    EXPECT_EQ(span_text(412), "412 ms");
    EXPECT_EQ(span_text(3200), "3.2 s");
    EXPECT_EQ(size_text(8'500'000'000), "8.50 GB");
}

TEST(LoadReport, a_junit_file_has_a_case_for_each_requirement) {
    std::vector<Checked> checked{{.requirement = *requirement_from("http.failed<1"), .met = true},
                                 {.requirement = *requirement_from("messages.lost==0"),
                                  .why = "messages.lost is 2, wanted ==0"}};
    const std::string xml = render_junit(three_seconds(), checked);
    EXPECT_NE(xml.find("tests=\"2\" failures=\"1\""), std::string::npos);
    EXPECT_NE(xml.find("name=\"http.failed&lt;1\"/>"), std::string::npos);
    EXPECT_NE(xml.find("<failure message=\"messages.lost is 2, wanted ==0\"/>"), std::string::npos);
}

TEST(LoadReport, progress_fits_its_line) {
    Progress progress{.stage = Progress::Stage::playing,
                      .elapsed_s = 75,
                      .length_s = 1200,
                      .requests_a_second = 210,
                      .p99_ms = 8.1,
                      .requests = 15000,
                      .sockets = 450,
                      .sockets_wanted = 450,
                      .posted = 1562,
                      .delivered = 31000};
    EXPECT_EQ(render_progress(progress, 60).size(), 60);
    EXPECT_TRUE(render_progress(progress, 200).starts_with("playing 1:15/20:00  sockets 450/450"));
}

TEST(LoadChart, axes_end_at_round_numbers) {
    EXPECT_EQ(nice_ceiling(0), 1);
    EXPECT_EQ(nice_ceiling(1), 1);
    EXPECT_EQ(nice_ceiling(23), 25);
    EXPECT_EQ(nice_ceiling(51), 100);
    EXPECT_DOUBLE_EQ(nice_ceiling(0.003), 0.005);
}

TEST(LoadChart, a_line_has_gaps_where_nothing_was_measured) {
    const Plot plot{.title = "t",
                    .unit = "ms",
                    .series = {{.name = "a", .style = "c0", .values = {1, std::nan(""), 2, 3}}}};
    const std::string svg = svg_of(plot, 4, {});
    const std::size_t path = svg.find("class=\"line c0\"");
    ASSERT_NE(path, std::string::npos);
    const std::string line = svg.substr(path, svg.find("/>", path) - path);
    EXPECT_EQ(std::count(line.begin(), line.end(), 'M'), 2);
    EXPECT_NE(svg.find("[[1,null,2,3]]"), std::string::npos);
    EXPECT_EQ(
        svg_of({.title = "t", .unit = "", .series = {{.name = "a", .style = "c0", .values = {}}}},
               4, {}),
        "");
}

}  // namespace
}  // namespace load
