// The client against a twin of the transport that answers from a script; time is moved by hand.
#include "aws/client.h"

#include <gtest/gtest.h>

#include <deque>

namespace aws {
namespace {

using namespace std::chrono_literals;

class HandClock final : public base::Clock {
public:
    base::Instant now() override { return base::instant_of_micros(1'700'000'000'000'000) + spent; }
    base::Tick tick() override { return base::Tick{spent}; }
    void wait_until(base::Tick until, const std::stop_token&) override {
        ++waits;
        spent = std::max(
            spent, std::chrono::duration_cast<std::chrono::microseconds>(until.time_since_epoch()));
    }

    std::chrono::microseconds spent{0};
    int waits = 0;
};

class Script final : public Transport {
public:
    base::Result<Answer> send(const Request& request, Effect, base::Deadline) override {
        sent.push_back(request);
        if (answers.empty()) return Answer{.status = 200, .headers = {}, .body = kFine};
        auto next = answers.front();
        answers.pop_front();
        return next;
    }

    void refuse(int status, const std::string& code, const std::string& date = {}) {
        Answer answer{.status = status,
                      .headers = {},
                      .body = "<ErrorResponse><Error><Code>" + code +
                              "</Code><Message>secret-token</Message></Error></ErrorResponse>"};
        if (!date.empty()) answer.headers.push_back({"Date", date});
        answers.emplace_back(std::move(answer));
    }
    void lose(base::Failure failure) {
        answers.emplace_back(base::fail(failure, {.code = "CF0803", .what = "lost"}));
    }

    static constexpr const char* kFine =
        "<AskResponse><AskResult><Name>blue</Name></AskResult></AskResponse>";
    std::deque<base::Result<Answer>> answers;
    std::vector<Request> sent;
};

constexpr Shape kText{.type = Type::string};
constexpr Member kMembers[] = {{.name = "Name", .shape = &kText}};
constexpr Shape kShape{.members = kMembers};
constexpr Operation kAsk{.name = "Ask",
                         .effect = Effect::reads,
                         .version = "2015-12-01",
                         .output = {.name = "Output", .shape = &kShape}};
constexpr Operation kChange{.name = "Ask",
                            .effect = Effect::changes,
                            .version = "2015-12-01",
                            .output = {.name = "Output", .shape = &kShape}};

class Calls : public testing::Test {
protected:
    base::Result<Value> call(const Operation& operation, Purpose purpose = Purpose::forward) {
        return client.call(operation, Entries{},
                           {.deadline = clock.deadline_in(1min), .purpose = purpose});
    }

    HandClock clock;
    Script script;
    Client client{
        {.endpoint = {.host = "elb.example"}, .scope = {"eu-central-1", "elasticloadbalancing"}},
        script,
        [](base::Deadline) {
            return Keys{.id = "AKIDEXAMPLE", .secret = base::Secret("secret"), .session = {}};
        },
        clock,
        base::Random(7)};
};

TEST_F(Calls, an_answer_becomes_a_value_and_the_request_is_signed) {
    const auto value = call(kAsk);
    ASSERT_TRUE(value) << value.error().line();
    EXPECT_EQ(value->text("Name"), "blue");
    ASSERT_EQ(script.sent.size(), 1U);
    EXPECT_NE(find_header(script.sent[0].headers, "Authorization"), nullptr);
    EXPECT_EQ(clock.waits, 0);
}

TEST_F(Calls, what_was_throttled_is_sent_again_with_a_signature_of_its_own) {
    script.refuse(400, "Throttling");
    script.refuse(503, "SlowDown");
    EXPECT_TRUE(call(kChange));
    ASSERT_EQ(script.sent.size(), 3U);
    EXPECT_EQ(clock.waits, 2);
    for (const Request& each : script.sent) EXPECT_EQ(each.headers.size(), 3U);
}

TEST_F(Calls, three_attempts_are_all_there_are) {
    for (int i = 0; i < 5; ++i) script.refuse(400, "Throttling");
    const auto value = call(kAsk);
    ASSERT_FALSE(value);
    EXPECT_EQ(value.error().failure, base::Failure::unavailable);
    EXPECT_EQ(script.sent.size(), 3U);
}

TEST_F(Calls, a_change_that_may_have_happened_is_never_sent_twice) {
    script.lose(base::Failure::unknown);
    EXPECT_EQ(call(kChange).error().failure, base::Failure::unknown);
    script.refuse(500, "InternalFailure");
    EXPECT_EQ(call(kChange).error().failure, base::Failure::unknown);
    script.answers.emplace_back(Answer{.status = 200, .headers = {}, .body = "<AskResp"});
    EXPECT_EQ(call(kChange).error().failure, base::Failure::unknown);
    EXPECT_EQ(script.sent.size(), 3U);
}

TEST_F(Calls, a_change_whose_repetition_is_harmless_is_sent_again_whole_and_else_is_unknown) {
    const Terms terms{.deadline = clock.deadline_in(1min), .repeat = Repeat::harmless};
    script.lose(base::Failure::unknown);
    script.refuse(500, "InternalError");
    EXPECT_TRUE(client.call(kChange, Entries{}, terms));
    ASSERT_EQ(script.sent.size(), 3U);
    for (const Request& each : script.sent) EXPECT_EQ(each.body, script.sent.front().body);
    EXPECT_FALSE(script.sent.front().body.empty());
    for (int i = 0; i < 3; ++i) script.lose(base::Failure::unknown);
    const auto lost = client.call(kChange, Entries{}, terms);
    ASSERT_FALSE(lost);
    EXPECT_EQ(lost.error().failure, base::Failure::unknown);
}

TEST_F(Calls, a_change_that_never_left_is_sent_again) {
    script.lose(base::Failure::unavailable);
    EXPECT_TRUE(call(kChange));
    EXPECT_EQ(script.sent.size(), 2U);
}

TEST_F(Calls, a_read_is_asked_again_whatever_became_of_it) {
    script.lose(base::Failure::unknown);
    script.refuse(500, "InternalFailure");
    EXPECT_TRUE(call(kAsk));
    EXPECT_EQ(script.sent.size(), 3U);
}

TEST_F(Calls, a_refusal_is_final_and_says_what_a_caller_can_do) {
    const auto failure_after = [&](int status, const std::string& code) {
        script.refuse(status, code);
        return call(kChange).error().failure;
    };
    EXPECT_EQ(failure_after(400, "ValidationError"), base::Failure::rejected);
    EXPECT_EQ(failure_after(400, "LimitExceeded"), base::Failure::rejected);
    EXPECT_EQ(failure_after(400, "RuleNotFound"), base::Failure::not_found);
    EXPECT_EQ(failure_after(404, "NoSuchKey"), base::Failure::not_found);
    EXPECT_EQ(failure_after(412, "PreconditionFailed"), base::Failure::conflict);
    EXPECT_EQ(failure_after(500, "ResourceContention"), base::Failure::conflict);
    EXPECT_EQ(script.sent.size(), 6U);
    EXPECT_EQ(clock.waits, 0);
}

TEST_F(Calls, what_aws_says_of_a_wrong_signature_is_not_repeated) {
    script.refuse(403, "SignatureDoesNotMatch");
    const auto value = call(kAsk);
    ASSERT_FALSE(value);
    EXPECT_EQ(value.error().diagnostic.code, "CF0804");
    EXPECT_EQ(value.error().diagnostic.text().find("secret-token"), std::string::npos);
}

TEST_F(Calls, a_clock_that_is_wrong_is_followed_once_and_from_then_on) {
    // An hour after the clock of the test.
    const std::string theirs = "Tue, 14 Nov 2023 23:13:20 GMT";
    script.refuse(403, "RequestExpired", theirs);
    EXPECT_TRUE(call(kChange));
    EXPECT_EQ(client.skew(), 1h);
    ASSERT_EQ(script.sent.size(), 2U);
    EXPECT_EQ(*find_header(script.sent[0].headers, "X-Amz-Date"), "20231114T221320Z");
    EXPECT_EQ(*find_header(script.sent[1].headers, "X-Amz-Date"), "20231114T231320Z");
    EXPECT_EQ(clock.waits, 0);

    // The clock agrees now: the next complaint has another cause.
    script.refuse(403, "RequestExpired", theirs);
    EXPECT_EQ(call(kChange).error().diagnostic.code, "CF0804");
    EXPECT_EQ(script.sent.size(), 3U);
}

TEST_F(Calls, no_wait_goes_beyond_the_deadline) {
    script.refuse(400, "Throttling");
    const auto value =
        client.call(kAsk, Entries{}, {.deadline = base::Deadline{clock.tick() + 1ns}});
    EXPECT_FALSE(value);
    EXPECT_EQ(clock.waits, 0);
    EXPECT_EQ(script.sent.size(), 1U);
}

TEST_F(Calls, a_service_in_trouble_is_asked_less_but_the_way_back_has_its_reserve) {
    for (int i = 0; i < 1000; ++i) script.refuse(400, "Throttling");
    while (client.budget().left() > RetryBudget::kReserve) (void)call(kAsk);
    script.sent.clear();
    EXPECT_FALSE(call(kAsk));
    EXPECT_EQ(script.sent.size(), 1U);
    EXPECT_FALSE(call(kChange, Purpose::rollback));
    EXPECT_EQ(script.sent.size(), 4U);

    script.answers.clear();
    const int before = client.budget().left();
    EXPECT_TRUE(call(kAsk));
    EXPECT_EQ(client.budget().left(), before + RetryBudget::kFirstSuccess);
}

class Pages : public Calls {
protected:
    void give(const std::string& names, const std::string& token) {
        std::string body = "<AskResponse><AskResult><Names>";
        for (const char name : names) body += std::string("<member>") + name + "</member>";
        body += "</Names>" + (token.empty() ? "" : "<Next>" + token + "</Next>");
        script.answers.emplace_back(
            Answer{.status = 200, .headers = {}, .body = body + "</AskResult></AskResponse>"});
    }
    base::Result<List> all(Value input = Entries{}) {
        return client.all(kList, input, Items{"Names"}, {.deadline = clock.deadline_in(1min)});
    }

    static constexpr Member kItem[] = {{.name = "member", .shape = &kText}};
    static constexpr Shape kNames{.type = Type::list, .members = kItem};
    static constexpr Member kOut[] = {{.name = "Names", .shape = &kNames},
                                      {.name = "Next", .shape = &kText}};
    static constexpr Shape kPage{.members = kOut};
    static constexpr Member kIn[] = {{.name = "Token", .shape = &kText}};
    static constexpr Shape kAsked{.members = kIn};
    static constexpr Operation kList{.name = "Ask",
                                     .effect = Effect::reads,
                                     .version = "2015-12-01",
                                     .input = {.name = "Ask", .shape = &kAsked},
                                     .output = {.name = "Ask", .shape = &kPage},
                                     .paging = {.asks = "Token", .gives = "Next"}};
};

TEST_F(Pages, are_read_to_the_last_one) {
    give("ab", "one");
    give("", "two");
    give("c", "");
    const auto names = all();
    ASSERT_TRUE(names) << names.error().line();
    EXPECT_EQ(*names, (List{"a", "b", "c"}));
    ASSERT_EQ(script.sent.size(), 3U);
    EXPECT_EQ(script.sent[0].body.find("Token"), std::string::npos);
    EXPECT_NE(script.sent[1].body.find("Token=one"), std::string::npos);
    EXPECT_NE(script.sent[2].body.find("Token=two"), std::string::npos);
}

TEST_F(Pages, a_part_of_them_is_no_answer) {
    give("ab", "one");
    script.refuse(400, "ValidationError");
    EXPECT_FALSE(all());
}

TEST_F(Pages, that_lead_in_a_circle_are_left) {
    give("ab", "one");
    give("c", "one");
    const auto names = all();
    ASSERT_FALSE(names);
    EXPECT_EQ(names.error().diagnostic.code, "CF0802");
    EXPECT_EQ(script.sent.size(), 2U);
}

TEST_F(Calls, more_often_than_the_service_allows_waits_its_turn) {
    constexpr Operation kModify{
        .name = "ModifyAsk", .effect = Effect::changes, .version = "2015-12-01"};
    for (int i = 0; i < 23; ++i)
        ASSERT_TRUE(client.call(kModify, Entries{}, {.deadline = clock.deadline_in(1min)}));
    EXPECT_EQ(clock.waits, 3);
    EXPECT_FALSE(client.call(kModify, Entries{}, {.deadline = clock.deadline_in(1ms)}));
    EXPECT_EQ(script.sent.size(), 23U);
    EXPECT_TRUE(client.call(kModify, Entries{},
                            {.deadline = clock.deadline_in(1ms), .purpose = Purpose::rollback}));
}

TEST_F(Calls, what_needs_no_keys_is_not_signed) {
    constexpr Operation kOpen{.name = "Ask", .signing = Signing::nobody, .version = "2015-12-01"};
    ASSERT_TRUE(call(kOpen));
    EXPECT_EQ(find_header(script.sent[0].headers, "Authorization"), nullptr);
}

}  // namespace
}  // namespace aws
