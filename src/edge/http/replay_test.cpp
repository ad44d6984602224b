// Requests that are sent again, over real sockets.

#include "edge/testing.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace edge {
namespace {

using testing::get;
using testing::Got;
using testing::House;
using testing::RawApp;
using testing::Wire;

std::uint64_t digest_of(std::string_view bytes, std::uint64_t so_far = 1469598103934665603U) {
    for (const char c : bytes) {
        so_far = (so_far ^ static_cast<unsigned char>(c)) * 1099511628211U;
    }
    return so_far;
}

void say(int descriptor, const std::string& text) {
    ::send(descriptor, text.data(), text.size(), MSG_NOSIGNAL);
}

std::string answer(const std::string& body) {
    return "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// A target that reads `bytes` of each body and then does what it was made for. Healthy always.
class Reader {
public:
    enum class Then { answer, close, hand_back };

    Reader(std::uint64_t bytes, Then then)
        : bytes_(bytes), then_(then), app_([this](int descriptor) { serve(descriptor); }) {}

    const std::string& address() const { return app_.address; }
    std::atomic<int> requests{0};

private:
    void serve(int descriptor) {
        std::string head;
        std::string buffer(256 * 1024, '\0');
        while (head.find("\r\n\r\n") == std::string::npos) {
            const ssize_t got = ::recv(descriptor, buffer.data(), buffer.size(), 0);
            if (got <= 0) return;
            head.append(buffer.data(), static_cast<std::size_t>(got));
        }
        if (head.find(" /ping ") != std::string::npos) return say(descriptor, answer("ok"));
        ++requests;
        const std::string early = head.substr(head.find("\r\n\r\n") + 4);
        std::uint64_t digest = digest_of(early);
        std::uint64_t have = early.size();
        while (have < bytes_) {
            const ssize_t got = ::recv(descriptor, buffer.data(), buffer.size(), 0);
            if (got <= 0) return;
            digest = digest_of({buffer.data(), static_cast<std::size_t>(got)}, digest);
            have += static_cast<std::uint64_t>(got);
        }
        if (then_ == Then::answer) say(descriptor, answer(std::to_string(digest)));
        if (then_ == Then::hand_back) {
            say(descriptor,
                "HTTP/1.1 379 Partial POST Replay\r\nConnection: close\r\n"
                "Content-Length: 4\r\n\r\nechoe");
        }
    }

    std::uint64_t bytes_;
    Then then_;
    RawApp app_;
};

constexpr std::uint64_t kUpload = 64 << 20;

class Replay : public ::testing::Test {
protected:
    void begin(const std::string& replay, std::uint64_t dies_after,
               Reader::Then how = Reader::Then::close, std::uint64_t upload = kUpload,
               std::uint64_t spool_bytes = 1 << 30) {
        dying = std::make_unique<Reader>(dies_after, how);
        whole = std::make_unique<Reader>(upload, Reader::Then::answer);
        house.start();
        house.configure([&](base::Json& config) {
            config["rules"][0]["forward"]["replay"] = replay;
            config["limits"]["spool_bytes"] = spool_bytes;
        });
        house.weights(1, 0);
        house.add("blue", "dying", dying->address());
        house.await_state("blue", "dying", "healthy");
    }
    /// Only now, so that a request before it met the other one.
    void add_whole() {
        house.add("blue", "whole", whole->address());
        house.await_state("blue", "whole", "healthy");
    }
    /// Sends a body of pieces that all differ; the answer should be its digest.
    Got upload(const std::string& method, std::uint64_t bytes) {
        Wire wire(house.address());
        wire.send(method + " / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(bytes) +
                  "\r\n\r\n");
        std::string piece(1 << 20, 'x');
        expected = digest_of("");
        for (std::uint64_t at = 0; at < bytes; at += piece.size()) {
            piece.replace(0, 20, std::to_string(1'000'000'000'000'000'000U + at));
            const std::string_view part =
                std::string_view(piece).substr(0, std::min<std::uint64_t>(bytes - at, 1 << 20));
            expected = digest_of(part, expected);
            if (!wire.send(part)) break;
        }
        return wire.answer();
    }
    std::uint64_t total(const std::string& family) {
        const std::string text = house.edge->control().metrics();
        const std::size_t at = text.find("\n" + family + " ");
        return at == std::string::npos ? 0 : std::stoull(text.substr(at + family.size() + 2));
    }

    House house{1};
    std::unique_ptr<Reader> dying;
    std::unique_ptr<Reader> whole;
    std::uint64_t expected = 0;
};

TEST_F(Replay, a_get_whose_target_dies_unanswered_goes_to_another) {
    begin("safe", 0, Reader::Then::close, 0);
    add_whole();
    for (int i = 0; i < 6; ++i) {
        Wire wire(house.address());
        EXPECT_EQ(wire.ask(get("/")).status, 200);
    }
    EXPECT_GT(dying->requests, 0);
}

TEST_F(Replay, an_upload_survives_its_target_intact) {
    begin("always", 40 << 20);
    add_whole();
    for (int i = 0; i < 2; ++i) {
        const Got got = upload("POST", kUpload);
        EXPECT_EQ(got.status, 200);
        EXPECT_EQ(got.body, std::to_string(expected));
    }
    EXPECT_GE(dying->requests, 1);
    EXPECT_EQ(total("crossfade_edge_replays_total"), static_cast<unsigned>(dying->requests));
    EXPECT_TRUE(std::filesystem::is_empty(house.folder.path / "spool"));
}

TEST_F(Replay, an_idempotent_upload_needs_no_flag) {
    begin("safe", 3 << 20, Reader::Then::close, 5 << 20);
    add_whole();
    for (int i = 0; i < 2; ++i) {
        const Got got = upload("PUT", 5 << 20);
        EXPECT_EQ(got.body, std::to_string(expected));
    }
    EXPECT_GE(dying->requests, 1);
}

TEST_F(Replay, a_post_is_not_sent_twice_without_the_flag) {
    begin("safe", 1 << 20, Reader::Then::close, 4 << 20);
    EXPECT_EQ(upload("POST", 4 << 20).status, 502);
    EXPECT_EQ(dying->requests, 1);
}

TEST_F(Replay, what_was_handed_back_goes_to_another_target_and_379_to_nobody) {
    begin("handed", 1 << 20, Reader::Then::hand_back, 4 << 20);
    EXPECT_EQ(upload("POST", 4 << 20).status, 500) << "there is no other, and it gives up";
    add_whole();
    for (int i = 0; i < 2; ++i) {
        const Got got = upload("POST", 4 << 20);
        EXPECT_EQ(got.status, 200);
        EXPECT_EQ(got.body, std::to_string(expected));
    }
}

TEST_F(Replay, a_379_that_nobody_asked_for_is_a_500) {
    begin("safe", 1 << 20, Reader::Then::hand_back, 4 << 20);
    EXPECT_EQ(upload("POST", 4 << 20).status, 500);
}

TEST_F(Replay, a_body_that_does_not_fit_is_not_kept_and_never_sent_in_part) {
    begin("always", 3 << 20, Reader::Then::close, 4 << 20, 1 << 20);
    add_whole();
    int answered = 0;
    for (int i = 0; i < 2; ++i) {
        const Got got = upload("POST", 4 << 20);
        if (got.status != 200) continue;
        ++answered;
        EXPECT_EQ(got.body, std::to_string(expected));
    }
    EXPECT_EQ(answered, 1);
}

TEST_F(Replay, what_a_drains_deadline_cuts_is_asked_elsewhere_where_that_is_safe) {
    begin("safe", 1, Reader::Then::close, 0);
    Wire wire(house.address());
    wire.send(get("/"));
    ASSERT_TRUE(testing::eventually([&] { return dying->requests == 1; })) << "it waits for a body";
    add_whole();
    house.drain("blue", "dying", std::chrono::milliseconds{0});
    EXPECT_EQ(wire.answer().status, 200);
    EXPECT_EQ(whole->requests, 1);
}

}  // namespace
}  // namespace edge
