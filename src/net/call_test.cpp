#include "net/call.h"

#include "net/loop_fixture.h"
#include "net/server.h"
#include "net/socket.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>
#include <utility>

using namespace std::chrono_literals;

namespace net {
namespace {

// A server on a thread of its own, since calls block.
class CallTest : public LoopFixture {
protected:
    CallTest() {
        std::string name = (std::filesystem::temp_directory_path() / "net.XXXXXX").string();
        folder = ::mkdtemp(name.data());
        address = *Address::unix_path((folder / "api.sock").string());
    }
    ~CallTest() override {
        if (thread.joinable()) {
            loop.stop();
            thread.join();
        }
        std::filesystem::remove_all(folder);
    }
    void serve(Server::Handler handler) {
        server = std::make_unique<Server>(loop, ServerOptions{}, std::move(handler));
        ASSERT_TRUE(server->listen(address));
        thread = std::thread{[this] { loop.run(); }};
    }
    base::Result<Answer> ask(Call what, std::chrono::nanoseconds patience = 60s) {
        return call(address, what, clock.deadline_in(patience), clock);
    }

    std::filesystem::path folder;
    Address address;
    std::unique_ptr<Server> server;
    std::thread thread;
    ExchangePtr open;  ///< Left unanswered; the server's until its thread has ended.
};

TEST_F(CallTest, an_answer_of_any_status_is_a_success) {
    serve([](const ExchangePtr& x) {
        x->collect(1 << 20, [x](std::string body) {
            Response response = Response::json(x->request().path == "/no" ? 409 : 200, body);
            response.fields.add("X-Asked", x->request().method_text);
            x->answer(std::move(response));
        });
    });
    const auto put = ask({.method = "PUT", .target = "/v1", .body = std::string(300'000, 'j')});
    ASSERT_TRUE(put) << put.error().line();
    EXPECT_EQ(put->status, 200);
    EXPECT_EQ(put->body.size(), 300'000U);
    EXPECT_EQ(put->fields.find("X-Asked"), "PUT");
    EXPECT_EQ(ask({.target = "/no"})->status, 409);
}

TEST_F(CallTest, when_nobody_listens_nothing_was_sent) {
    const auto answer = ask({});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().failure, base::Failure::unavailable);
}

TEST_F(CallTest, what_was_sent_and_not_answered_is_unknown) {
    serve([&](const ExchangePtr& x) {
        open = x;
        if (x->request().path == "/cut") x->abort();
    });
    const auto silent = ask({}, 50ms);
    ASSERT_FALSE(silent);
    EXPECT_EQ(silent.error().failure, base::Failure::unknown);
    const auto cut = ask({.target = "/cut"});
    ASSERT_FALSE(cut);
    EXPECT_EQ(cut.error().failure, base::Failure::unknown);
}

TEST_F(CallTest, an_answer_larger_than_allowed_is_rejected) {
    serve([](const ExchangePtr& x) { x->answer(Response::text(200, std::string(5000, 'x'))); });
    const auto answer = ask({.answer_bytes_max = 4999});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().failure, base::Failure::rejected);
    EXPECT_TRUE(ask({.answer_bytes_max = 5000}));
}

}  // namespace
}  // namespace net
