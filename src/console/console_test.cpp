#include "console/console.h"

#include "base/file.h"
#include "base/json.h"
#include "console/record_json.h"
#include "engine/journal.h"
#include "net/call.h"
#include "net/loop_fixture.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <mutex>
#include <thread>

using namespace std::chrono_literals;
using testing::HasSubstr;

namespace console {
namespace {

// An application that is what a test says.
class Twin final : public Source {
public:
    base::Result<void> read() override {
        const std::lock_guard lock(mutex_);
        shown_ = written_;
        return {};
    }
    const std::vector<engine::Record>& records() const override { return shown_; }
    const engine::Releases& releases() const override { return releases_; }
    base::Result<Standing> look() override {
        Standing standing;
        standing.status.run = "r1";
        standing.status.to = "1.0.0";
        standing.status.state = engine::RunState::waiting;
        standing.json = R"({"run":"r1","state":"waiting"})";
        return standing;
    }
    base::Result<judge::PoolCounts> counts() override { return judge::PoolCounts{}; }
    base::Result<std::string> metrics() override { return "crossfade_lease_held 1\n"; }
    base::Result<std::vector<std::string>> log_tail(const std::string& instance,
                                                    std::size_t) override {
        if (instance == "blue-1") return std::vector<std::string>{"hello", "<b>bold</b>"};
        return base::fail(base::Failure::not_found, {.code = "CF0926", .what = "no such instance"});
    }

    void write(std::size_t count) {
        const std::lock_guard lock(mutex_);
        for (std::size_t i = 0; i < count; ++i) {
            const auto last =
                written_.empty() ? std::nullopt : std::optional<engine::Record>(written_.back());
            written_.push_back(engine::record_after(
                last, {.kind = i % 2 == 0 ? engine::RecordKind::intent : engine::RecordKind::result,
                       .release = "r1",
                       .actor = "user ada",
                       .at = base::instant_of_micros(1'700'000'000'000'000),
                       .body = R"({"step":"shift-1"})"}));
        }
    }

private:
    std::mutex mutex_;
    std::vector<engine::Record> written_;
    std::vector<engine::Record> shown_;
    engine::Releases releases_;
};

std::filesystem::path fresh_folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "console-XXXXXX").string();
    return mkdtemp(pattern.data());
}

// A console on a thread of its own.
class ConsoleTest : public net::LoopFixture {
protected:
    ConsoleTest() { source.write(5); }
    ~ConsoleTest() override {
        loop.stop();
        if (thread.joinable()) thread.join();
        console.reset();
        std::filesystem::remove_all(folder);
    }

    void serve(View view = View::anyone) {
        const Settings settings{.listen = "127.0.0.1:0",
                                .hosts = {},
                                .view = view,
                                .tokens = folder / "tokens.json",
                                .ledger = folder / "minutes",
                                .program = {"/bin/sh", "-c", script, "sh"},
                                .cadence = {.journal = 5ms,
                                            .status = 5ms,
                                            .status_idle = 5ms,
                                            .counts = 10ms,
                                            .objective = 10ms}};
        console = std::make_unique<Console>(loop, settings, source);
        address = *console->start();
        thread = std::thread([this] { loop.run(); });
        // It has looked once when it can tell of a run.
        until([this] { return overview()["state"].is_object(); });
    }

    void until(const std::function<bool()>& look) {
        const base::Deadline end = clock.deadline_in(10s);
        while (!look()) {
            ASSERT_LT(clock.tick(), end.at) << "it never came";
            clock.wait_until(clock.tick() + 2ms, {});
        }
    }

    net::Answer ask(const net::Call& call) {
        auto answer = net::call(address, call, clock.deadline_in(10s), clock);
        return answer ? std::move(*answer) : net::Answer{};
    }
    base::Json overview() {
        return *base::json_from(ask({.target = "/api/v1/overview", .fields = looker}).body);
    }
    net::Answer act(const std::string& body, net::FieldList fields) {
        fields.set("X-Crossfade", "1");
        return ask({.method = "POST",
                    .target = "/api/v1/deeds",
                    .fields = std::move(fields),
                    .body = body});
    }
    net::FieldList as(Role role) {
        const auto made = Tokens(folder / "tokens.json").make(role, "ada", "root", 1h, clock.now());
        return {{"Authorization", "Bearer " + made->secret}};
    }

    std::filesystem::path folder = fresh_folder();
    std::string script = "exit 0";
    net::FieldList looker;  ///< What `overview` is asked with.
    Twin source;
    std::unique_ptr<Console> console;
    net::Address address;
    std::thread thread;
};

const char* const kPause = R"({"verb":"pause","run":"r1","state":"waiting"})";

TEST_F(ConsoleTest, an_overview_has_what_a_page_begins_with) {
    serve();
    const base::Json seen = overview();
    EXPECT_EQ(seen["schema"], "crossfade.console/1");
    EXPECT_EQ(seen["state"]["status"]["run"], "r1");
    EXPECT_EQ(seen["state"]["deeds"].size(), 5U);
    EXPECT_EQ(seen["caller"], nullptr);
    EXPECT_THAT(seen["cursor"].get<std::string>(), testing::StartsWith("5-"));
}

TEST_F(ConsoleTest, every_answer_has_the_guards_and_none_lets_another_site_in) {
    serve();
    for (const char* target : {"/", "/api/v1/overview", "/none", "/api/v1/journal/0"}) {
        const net::Answer answer = ask({.target = target, .fields = {{"Origin", "http://evil"}}});
        EXPECT_THAT(std::string(*answer.fields.find("Content-Security-Policy")),
                    HasSubstr("default-src 'none'; script-src 'self'"))
            << target;
        EXPECT_FALSE(answer.fields.has("Access-Control-Allow-Origin")) << target;
        EXPECT_EQ(answer.fields.find("X-Content-Type-Options"), "nosniff") << target;
    }
    EXPECT_EQ(ask({.method = "OPTIONS", .target = "/api/v1/deeds"}).status, 405);
}

TEST_F(ConsoleTest, the_journal_is_given_in_pages_newest_first) {
    source.write(2500);
    serve();
    const auto page = [this](const std::string& query) {
        return *base::json_from(ask({.target = "/api/v1/journal?" + query}).body);
    };
    until([&] { return page("limit=1")["lines"][0]["index"] == 2505; });
    const base::Json first = page("limit=1000");
    EXPECT_EQ(first["lines"].size(), 1000U);
    EXPECT_EQ(first["lines"][999]["index"], 1506);
    EXPECT_EQ(page("limit=1000&before=1506")["lines"][0]["index"], 1505);
    EXPECT_EQ(page("before=3")["before"], nullptr) << "nothing is left";
    EXPECT_EQ(page("limit=999999")["lines"].size(), kLinesMax) << "bounded";
    EXPECT_EQ(page("run=r9")["lines"].size(), 0U);
    const base::Json intents = page("kind=intent&limit=50");
    EXPECT_GT(intents["lines"].size(), 0U);
    for (const base::Json& line : intents["lines"]) EXPECT_EQ(line["kind"], "intent");
    EXPECT_EQ((*base::json_from(ask({.target = "/api/v1/journal/7"}).body))["index"], 7);
    EXPECT_EQ(ask({.target = "/api/v1/journal/99999"}).status, 404);
}

TEST_F(ConsoleTest, logs_are_data_and_unknown_instances_are_not_found) {
    serve();
    const auto log = *base::json_from(ask({.target = "/api/v1/logs/blue-1"}).body);
    EXPECT_EQ(log["lines"], base::Json::array({"hello", "<b>bold</b>"}));
    EXPECT_EQ(ask({.target = "/api/v1/logs/green-9"}).status, 404);
    EXPECT_EQ(ask({.target = "/api/v1/logs/..%2Fstate.db"}).status, 404);
}

TEST_F(ConsoleTest, acting_needs_a_token_of_the_right_role_that_holds) {
    script = "echo $0 $@ >> " + (folder / "done").string();
    serve();
    EXPECT_EQ(act(kPause, {}).status, 401);
    EXPECT_EQ(act(kPause, {{"Authorization", "Bearer cfc_wrong"}}).status, 401);
    EXPECT_EQ(act(kPause, as(Role::view)).status, 403);
    EXPECT_FALSE(std::filesystem::exists(folder / "done"));
    EXPECT_EQ(act(kPause, as(Role::operate)).status, 200);
    EXPECT_THAT(*base::read_file(folder / "done", base::Bytes{4096}),
                HasSubstr("sh --token /dev/fd/3 pause --output json"));
}

TEST_F(ConsoleTest, what_was_agreed_to_of_another_state_is_not_done) {
    script = "touch " + (folder / "done").string();
    serve();
    const auto operate = as(Role::operate);
    EXPECT_EQ(act(R"({"verb":"pause","run":"r1","state":"paused"})", operate).status, 409);
    EXPECT_EQ(act(R"({"verb":"pause","run":"r0","state":"waiting"})", operate).status, 409);
    EXPECT_EQ(act(R"({"verb":"rollback","run":"r1","state":"waiting"})", operate).status, 409);
    EXPECT_EQ(act(R"({"verb":"down","run":"r1","state":"waiting"})", operate).status, 400);
    EXPECT_EQ(act("not json", operate).status, 400);
    EXPECT_EQ(act(std::string(20'000, ' '), operate).status, 413);
    EXPECT_FALSE(std::filesystem::exists(folder / "done"));
}

TEST_F(ConsoleTest, a_reason_reaches_the_command_as_one_word_and_the_token_beside_it) {
    script = "(printf '%s|' \"$@\"; cat /dev/fd/3) > " + (folder / "done").string();
    serve();
    const net::FieldList fields = as(Role::operate);
    EXPECT_EQ(
        act(R"({"verb":"abort","run":"r1","state":"waiting","reason":"--x; $(id)\n`id`"})", fields)
            .status,
        200);
    EXPECT_EQ(*base::read_file(folder / "done", base::Bytes{4096}),
              "--token|/dev/fd/3|abort|--output|json|--reason=--x; $(id) `id`|" +
                  std::string(bearer_of(fields)));
}

TEST_F(ConsoleTest, what_the_command_refused_is_told_in_its_own_words) {
    script = R"(echo '{"errors":[{"code":"CF0728","what":"nothing to pause"}]}' >&2; exit 1)";
    serve();
    const net::Answer answer = act(kPause, as(Role::operate));
    EXPECT_EQ(answer.status, 409);
    EXPECT_THAT(answer.body, HasSubstr("nothing to pause"));
}

TEST_F(ConsoleTest, where_looking_needs_a_token_nothing_is_shown_without) {
    looker = as(Role::view);
    serve(View::token);
    const net::FieldList known = std::exchange(looker, {});
    for (const char* target :
         {"/api/v1/overview", "/api/v1/events", "/api/v1/journal", "/api/v1/logs/blue-1"}) {
        EXPECT_EQ(ask({.target = target}).status, 401) << target;
    }
    EXPECT_EQ(ask({.target = "/"}).status, 200) << "the page itself tells nothing";
    EXPECT_EQ(ask({.target = "/api/v1/overview", .fields = known}).status, 200);
}

// The raw text of a stream until it has `wanted`.
std::string listen_for(const net::Address& address, const std::string& id,
                       const std::string& wanted, base::Clock& clock) {
    const base::Fd fd = std::move(*net::connect_to(address));
    const std::string head =
        fmt::format("GET /api/v1/events HTTP/1.1\r\nHost: {}\r\n{}\r\n", address.text(),
                    id.empty() ? "" : fmt::format("Last-Event-ID: {}\r\n", id));
    std::string heard;
    std::size_t sent = 0;
    const base::Deadline end = clock.deadline_in(10s);
    while (clock.tick() < end.at && heard.find(wanted) == std::string::npos) {
        if (sent < head.size()) {
            const net::Moved moved = net::send(fd.number(), std::string_view(head).substr(sent));
            sent += moved.bytes;
        }
        std::array<char, 65536> buffer;
        const net::Moved moved = net::receive(fd.number(), buffer);
        heard.append(buffer.data(), moved.bytes);
        if (moved.io == net::Io::would_block) clock.wait_until(clock.tick() + 1ms, {});
    }
    return heard;
}

TEST_F(ConsoleTest, a_stream_goes_on_behind_the_id_that_it_is_given) {
    serve();
    const std::string heard = listen_for(address, "3-0", "\"index\":5", clock);
    EXPECT_EQ(heard.find("\"index\":3"), std::string::npos);
    EXPECT_THAT(heard, HasSubstr("\"index\":4"));
    EXPECT_THAT(heard, HasSubstr("\"index\":5"));
    EXPECT_THAT(heard, HasSubstr("text/event-stream"));
    source.write(1);
    EXPECT_THAT(listen_for(address, "5-0", "\"index\":6", clock), HasSubstr("event: journal"));
    EXPECT_THAT(listen_for(address, "", "event: status", clock), HasSubstr("event: releases"));
    EXPECT_THAT(listen_for(address, "9999-0", "event: reset", clock), HasSubstr("event: reset"));
    EXPECT_EQ(ask({.target = "/api/v1/events", .fields = {{"Last-Event-ID", "x"}}}).status, 400);
}

TEST_F(ConsoleTest, a_stream_ends_with_the_token_that_it_needs) {
    const auto made =
        Tokens(folder / "tokens.json").make(Role::view, "ada", "root", 2s, clock.now());
    looker = {{"Authorization", "Bearer " + made->secret}};
    serve(View::token);
    // It returns when the last chunk has come, and not for want of time.
    const std::string heard =
        listen_for(address, "0-0\r\nAuthorization: Bearer " + made->secret, "\r\n0\r\n\r\n", clock);
    EXPECT_THAT(heard, HasSubstr("event: journal"));
    EXPECT_THAT(heard, testing::EndsWith("\r\n0\r\n\r\n"));
}

TEST_F(ConsoleTest, streams_that_went_are_forgotten) {
    serve();
    for (int i = 0; i < 5; ++i) listen_for(address, "0-0", "event: journal", clock);
    until([&] {
        std::atomic<int> open{-1};
        loop.post([&] { open = static_cast<int>(console->pages_open()); });
        while (open < 0) clock.wait_until(clock.tick() + 1ms, {});
        return open == 0;
    });
}

using ConsoleListens = net::LoopFixture;

TEST_F(ConsoleListens, on_loopback_alone) {
    Twin source;
    for (const char* address : {"0.0.0.0:0", "192.0.2.1:0", "[::]:0", "unix:/tmp/x.sock"}) {
        Console console(loop, {.listen = address, .program = {"/bin/true"}}, source);
        EXPECT_EQ(console.start().error().diagnostic.code, "CF0901") << address;
    }
}

TEST(Page, is_small_whole_and_compressed) {
    const Page page;
    EXPECT_LT(page.bytes_gzipped(), 100'000U);
    net::Request request;
    request.path = "/";
    const auto plain = page.answer(request);
    ASSERT_TRUE(plain);
    EXPECT_THAT(plain->body, HasSubstr("/app.js"));
    EXPECT_EQ(plain->body.find("<style"), std::string::npos) << "the policy would refuse it";
    request.fields.set("Accept-Encoding", "gzip, br");
    EXPECT_EQ(page.answer(request)->fields.find("Content-Encoding"), "gzip");
    request.fields.set("If-None-Match", *plain->fields.find("ETag"));
    EXPECT_EQ(page.answer(request)->status, 304);
    request.path = "/../state.db";
    EXPECT_FALSE(page.answer(request));
}

}  // namespace
}  // namespace console
