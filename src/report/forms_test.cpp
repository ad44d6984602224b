#include "report/forms.h"

#include "base/json.h"
#include "base/log.h"
#include "engine/sim/scenario.h"
#include "report/account.h"

#include <gtest/gtest.h>

#include <regex>
#include <set>

namespace report {
namespace {

constexpr std::string_view kEvil =
    "<img src=x onerror=alert(1)>\"'&]]>\x1b[31m @channel | `x`\n# h";

Account played(const std::string& scenario) {
    base::log::only_errors();
    sim::Play play(sim::scenario_named(scenario), 1);
    play.perform();
    return *account_of(play.place().disk.records, play.plan().id);
}

// Where text comes from outside: names, reasons, what hooks print.
Account hostile() {
    Account account = played("canary_bad");
    const std::string evil(kEvil);
    account.plan.application = evil;
    account.run.actor = evil;
    account.run.reason = evil;
    account.sentence = evil;
    account.run.order = evil;
    for (auto& step : account.steps) step.reason = evil;
    for (auto& each : account.judgements) each.verdict = {judge::Word::fail, evil, evil};
    account.wishes.push_back({account.run.begun, evil, evil, evil, true});
    account.troubles.push_back({account.run.begun, account.plan.steps.front().id, evil});
    return account;
}

// Every tag that a page may have; what is not on the list came from outside.
void expect_only_known_tags(const std::string& page) {
    const std::set<std::string> known{
        "!doctype", "html",    "head",    "meta", "title", "link",  "style", "body",   "main",
        "p",        "h1",      "h2",      "div",  "b",     "span",  "small", "figure", "figcaption",
        "svg",      "line",    "text",    "path", "table", "thead", "tbody", "tr",     "th",
        "td",       "details", "summary", "pre",  "dl",    "dt",    "dd",    "code"};
    const std::regex tag("</?([!a-zA-Z0-9]+)");
    for (auto at = std::sregex_iterator(page.begin(), page.end(), tag);
         at != std::sregex_iterator(); ++at)
        EXPECT_TRUE(known.contains((*at)[1])) << (*at)[0];
}

TEST(Page, has_nothing_that_jenkins_content_security_policy_forbids) {
    for (const std::string scenario : {"canary", "canary_bad", "rolling"}) {
        const std::string page = page_of(played(scenario), Style::beside);
        for (const std::string_view banned :
             {"<script", "<style", "style=", "src=", "javascript:", "data:", "http:", "https:"})
            EXPECT_EQ(page.find(banned), std::string::npos) << banned;
        expect_only_known_tags(page);
    }
}

TEST(Page, in_one_file_refers_to_no_other) {
    const std::string page = page_of(played("canary"), Style::within);
    EXPECT_EQ(page.find("href"), std::string::npos);
    EXPECT_NE(page.find("<style>"), std::string::npos);
}

TEST(Page, shows_text_from_outside_as_text) {
    const std::string page = page_of(hostile(), Style::beside);
    expect_only_known_tags(page);
    EXPECT_EQ(page.find("<img"), std::string::npos);
    EXPECT_EQ(page.find('\x1b'), std::string::npos);
}

TEST(Junit, shows_text_from_outside_as_text) {
    const std::string xml = junit_of(hostile());
    EXPECT_EQ(xml.find("<img"), std::string::npos);
    EXPECT_EQ(xml.find('\x1b'), std::string::npos);
    EXPECT_NE(xml.find("<failure message="), std::string::npos);
}

TEST(Junit, counts_what_it_lists) {
    const std::string xml = junit_of(played("canary_bad"));
    const auto occurrences = [&](const std::string& word) {
        std::size_t count = 0;
        for (std::size_t at = xml.find(word); at != std::string::npos; at = xml.find(word, at + 1))
            ++count;
        return count;
    };
    std::size_t stated = 0;
    const std::regex tests("tests=\"([0-9]+)\"");
    for (auto at = std::sregex_iterator(xml.begin(), xml.end(), tests);
         at != std::sregex_iterator(); ++at)
        stated += std::stoul((*at)[1]);
    EXPECT_EQ(stated, occurrences("<testcase "));
    EXPECT_GT(occurrences("<failure "), 0U);
}

TEST(Markdown, calls_nobody_and_breaks_no_table) {
    const std::string text = markdown_of(hostile());
    EXPECT_EQ(text.find("@channel"), std::string::npos);
    EXPECT_EQ(text.find("\n# h"), std::string::npos);
    EXPECT_NE(text.find("\\<img"), std::string::npos);
}

TEST(Json, tells_what_the_account_knows) {
    const Account account = played("canary_bad");
    const auto json = base::json_from(json_of(account));
    ASSERT_TRUE(json) << json.error().line();
    EXPECT_EQ(json->at("schema"), "crossfade.report/1");
    EXPECT_EQ(json->at("release").at("ending"), "rolled_back");
    EXPECT_EQ(json->at("release").at("harm"), account.run.harm);
    EXPECT_EQ(json->at("steps").size(), account.steps.size());
    EXPECT_EQ(json->at("course").at("shares").size(), account.shares.size());
    EXPECT_TRUE(json->at("journal").at("intact").get<bool>());
}

}  // namespace
}  // namespace report
