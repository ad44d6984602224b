#include "report/notice.h"

#include "base/json.h"
#include "engine/journal.h"
#include "report/journal_file.h"

#include <gtest/gtest.h>

#include <vector>

namespace report {
namespace {

using engine::RunState;
using engine::Status;

Status at(RunState state, std::optional<engine::Ending> ending = {}) {
    Status status;
    status.run = "r2";
    status.application = "chat";
    status.from = "1.0.0";
    status.to = "1.0.1";
    status.state = state;
    status.ending = ending;
    return status;
}

std::vector<std::string> told(const std::vector<Status>& course) {
    std::vector<std::string> out;
    const Status* before = nullptr;
    for (const Status& each : course) {
        if (const auto moment = moment_between(before, each)) out.emplace_back(name_of(*moment));
        before = &each;
    }
    return out;
}

TEST(Moments, of_a_good_release_are_its_beginning_and_its_end) {
    EXPECT_EQ(told({at(RunState::running), at(RunState::waiting), at(RunState::running),
                    at(RunState::warm, engine::Ending::succeeded),
                    at(RunState::ended, engine::Ending::succeeded)}),
              (std::vector<std::string>{"started", "done"}));
}

TEST(Moments, of_a_bad_release_tell_that_it_goes_back_before_it_has) {
    EXPECT_EQ(told({at(RunState::running), at(RunState::going_back), at(RunState::going_back),
                    at(RunState::ended, engine::Ending::rolled_back)}),
              (std::vector<std::string>{"started", "aborted", "done"}));
}

TEST(Moments, call_a_person_each_time_one_is_needed) {
    EXPECT_EQ(
        told({at(RunState::running), at(RunState::consent), at(RunState::consent),
              at(RunState::running), at(RunState::consent), at(RunState::going_back),
              at(RunState::ended, engine::Ending::stuck)}),
        (std::vector<std::string>{"started", "needs_you", "needs_you", "aborted", "needs_you"}));
}

TEST(Notices, call_nobody_and_hold_no_markup_from_outside) {
    Status status = at(RunState::going_back);
    status.reason = "<!channel> @all [here](http://evil) *bold*\n> quote";
    status.actor = "<https://evil|me>";
    for (const auto kind : {release::Notice::Kind::slack, release::Notice::Kind::mattermost}) {
        const std::string body = body_for(kind, Moment::aborted, status);
        EXPECT_EQ(body.find("<!channel>"), std::string::npos);
        EXPECT_EQ(body.find("@all"), std::string::npos);
        EXPECT_EQ(body.find("](http"), std::string::npos);
        const auto json = base::json_from(body);
        ASSERT_TRUE(json);
        EXPECT_EQ(json->at("attachments").size(), 1U);
        EXPECT_TRUE(json->at("attachments").is_array());
    }
}

// Known answer: Python's hmac over `chat-r2-1.1700000000.{"a":1}`.
TEST(Notices, are_signed_as_standard_webhooks_are) {
    const Signed mark = sign("secret", R"({"a":1})", "chat-r2-1",
                             base::Instant{std::chrono::seconds{1'700'000'000}});
    EXPECT_EQ(mark.timestamp, "1700000000");
    EXPECT_EQ(mark.signature, "v1,D33pEF6G80o1Y9oUZB//iphYAK+iI+nYxU3TSU+Wwqw=");
}

TEST(JournalFile, is_read_back_as_it_was_written) {
    std::vector<engine::Record> records;
    for (int i = 0; i < 3; ++i) {
        const auto last = records.empty() ? std::nullopt : std::optional(records.back());
        records.push_back(engine::record_after(
            last, {engine::RecordKind::observed, "r1", "user \"ada\"\n",
                   base::Instant{std::chrono::microseconds{i + 1}}, R"({"n":"ü"})"}));
    }
    const auto read = journal_from_lines(journal_lines(records));
    ASSERT_TRUE(read) << read.error().line();
    ASSERT_EQ(read->size(), 3U);
    EXPECT_TRUE(engine::verify(*read, {{3, records[2].hash}}).intact);
    EXPECT_EQ((*read)[1].at, records[1].at);
}

TEST(JournalFile, with_a_line_that_is_no_record_is_rejected) {
    for (const std::string_view bad : {"x\n", "{}\n", R"({"index":1})", "\n"}) {
        const auto read = journal_from_lines(bad);
        ASSERT_FALSE(read) << bad;
        EXPECT_EQ(read.error().diagnostic.code, "CF0750");
    }
}

}  // namespace
}  // namespace report
