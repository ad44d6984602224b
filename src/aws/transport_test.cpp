// libcurl against a server of one thread that says what the test wants on each connection.
#include "aws/transport.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <mutex>
#include <thread>

namespace aws {
namespace {

using namespace std::chrono_literals;

class SteadyClock final : public base::Clock {
public:
    base::Instant now() override { return {}; }
    base::Tick tick() override { return base::Tick{1s}; }
    void wait_until(base::Tick, const std::stop_token&) override {}
};

// Answers the nth request with the nth text; an empty one is the end of the connection, and after
// the last there is silence.
class Server {
public:
    explicit Server(std::vector<std::string> answers)
        : answers_(std::move(answers)), listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const any = reinterpret_cast<sockaddr*>(&address);
        EXPECT_EQ(bind(listener_, any, size), 0);
        EXPECT_EQ(listen(listener_, 8), 0);
        EXPECT_EQ(getsockname(listener_, any, &size), 0);
        host = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
        thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
    }
    ~Server() {
        thread_.request_stop();
        thread_.join();
        close(listener_);
    }
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    std::vector<std::string> requests() {
        const std::scoped_lock lock(mutex_);
        return requests_;
    }
    std::size_t connections() {
        const std::scoped_lock lock(mutex_);
        return connections_;
    }

    std::string host;

private:
    static bool readable(int fd) {
        pollfd wanted{.fd = fd, .events = POLLIN, .revents = 0};
        return poll(&wanted, 1, 5) > 0;
    }

    void serve(const std::stop_token& stop) {
        std::vector<int> open;
        while (!stop.stop_requested()) {
            if (readable(listener_)) {
                open.push_back(accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC));
                const std::scoped_lock lock(mutex_);
                ++connections_;
            }
            for (int& fd : open)
                if (fd >= 0 && readable(fd) && !answer(fd)) {
                    close(fd);
                    fd = -1;
                }
        }
        for (const int fd : open)
            if (fd >= 0) close(fd);
    }

    // Requests of these tests fit into one segment of loopback.
    bool answer(int fd) {
        char bytes[8192];
        const ssize_t size = recv(fd, bytes, sizeof bytes, 0);
        if (size <= 0) return false;
        const std::scoped_lock lock(mutex_);
        requests_.emplace_back(bytes, static_cast<std::size_t>(size));
        if (requests_.size() > answers_.size()) return true;
        const std::string& text = answers_[requests_.size() - 1];
        return !text.empty() && ::send(fd, text.data(), text.size(), MSG_NOSIGNAL) > 0;
    }

    std::vector<std::string> answers_;
    int listener_;
    std::mutex mutex_;
    std::vector<std::string> requests_;
    std::size_t connections_ = 0;
    std::jthread thread_;
};

const std::string kHello =
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nx-amz-request-id:  r1 \r\n\r\nhello";

class Sending : public testing::Test {
protected:
    base::Result<Answer> send(Server& server, Effect effect, Request request = {}) {
        request.scheme = Scheme::http;
        request.host = server.host;
        return transport.send(request, effect, {clock.tick() + 10s});
    }

    SteadyClock clock;
    CurlTransport transport{clock, 1024};
};

TEST_F(Sending, what_was_signed_is_what_is_sent) {
    Server server({kHello});
    const auto answer = send(server, Effect::changes,
                             {.method = "PUT",
                              .host = {},
                              .path = "/a/../b%20c//",
                              .query = "uploads&x=%2B",
                              .headers = {{"X-Empty", ""}, {"X-Amz-Date", "20150830T123600Z"}},
                              .body = "body"});
    ASSERT_TRUE(answer) << answer.error().line();
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, "hello");
    EXPECT_EQ(*find_header(answer->headers, "X-Amz-Request-Id"), "r1");
    const std::string request = server.requests().at(0);
    EXPECT_TRUE(request.starts_with("PUT /a/../b%20c//?uploads&x=%2B HTTP/1.1\r\n")) << request;
    EXPECT_NE(request.find("\r\nX-Empty:\r\n"), std::string::npos) << request;
    EXPECT_NE(request.find("\r\nContent-Length: 4\r\n"), std::string::npos) << request;
    EXPECT_EQ(request.find("Expect"), std::string::npos);
    EXPECT_EQ(request.find("Content-Type"), std::string::npos);
    EXPECT_TRUE(request.ends_with("\r\n\r\nbody"));
}

TEST_F(Sending, reads_share_a_connection) {
    Server server({kHello, kHello, kHello});
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(send(server, Effect::reads));
    EXPECT_EQ(server.connections(), 1U);
}

TEST_F(Sending, a_change_on_a_connection_that_ends_is_unknown_and_left_this_machine_once) {
    Server server({kHello, "", kHello});
    EXPECT_TRUE(send(server, Effect::reads));
    const auto answer = send(server, Effect::changes, {.method = "POST", .body = "weight=0"});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().failure, base::Failure::unknown);
    EXPECT_EQ(server.requests().size(), 2U);
}

TEST_F(Sending, a_server_that_nobody_runs_has_received_nothing) {
    std::string host;
    {
        Server gone({});
        host = gone.host;
    }
    Request request;
    request.scheme = Scheme::http;
    request.host = host;
    const auto answer = transport.send(request, Effect::changes, {clock.tick() + 10s});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().failure, base::Failure::unavailable);
}

TEST_F(Sending, silence_ends_at_the_deadline_and_is_unknown) {
    Server server({});
    Request request{.scheme = Scheme::http, .method = "POST", .host = server.host, .body = "x"};
    const auto answer = transport.send(request, Effect::changes, {clock.tick() + 60ms});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().failure, base::Failure::unknown);
    const auto late = transport.send(request, Effect::changes, {clock.tick()});
    EXPECT_EQ(late.error().failure, base::Failure::unavailable);
}

TEST_F(Sending, plain_http_to_another_machine_is_refused_unsent) {
    Request request;
    request.scheme = Scheme::http;
    for (const char* const host :
         {"example.com", "127.0.0.1.example.com", "10.0.0.1:4566", "[::2]", "localhost.evil"}) {
        request.host = host;
        const auto answer = transport.send(request, Effect::reads, {clock.tick() + 10s});
        ASSERT_FALSE(answer) << host;
        EXPECT_EQ(answer.error().diagnostic.code, "CF0807") << host;
    }
}

TEST_F(Sending, plain_http_goes_to_all_of_loopback) {
    Request request;
    request.scheme = Scheme::http;
    request.host = "127.128.253.1:1";
    const auto answer = transport.send(request, Effect::reads, {clock.tick() + 10s});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().diagnostic.code, "CF0803");  // nobody listens
}

TEST_F(Sending, a_body_beyond_its_bound_is_no_answer) {
    Server server({"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + std::string(2000, 'a')});
    EXPECT_EQ(send(server, Effect::reads).error().failure, base::Failure::unknown);
}

TEST_F(Sending, a_header_cannot_smuggle_another) {
    Server server({kHello});
    const auto answer =
        send(server, Effect::reads, {.headers = {{"x-amz-meta-a", "1\r\nx-amz-acl: public"}}});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().failure, base::Failure::rejected);
    EXPECT_TRUE(server.requests().empty());
}

}  // namespace
}  // namespace aws
