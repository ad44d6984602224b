#include "edge/takeover/line.h"

#include "edge/testing.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <string>

namespace edge::takeover {
namespace {

using namespace std::chrono_literals;
using What = Line::Heard::What;

class TakeoverLine : public ::testing::Test {
protected:
    TakeoverLine() {
        auto made = listen_for_takeover(path);
        listener = std::move(*made);
        near.emplace(std::move(*open_line(path)));
        far.emplace(std::move(*accept_line(listener.number())));
    }

    testing::Folder folder;
    std::filesystem::path path = folder.path / "takeover.sock";
    base::Fd listener;
    std::optional<Line> near;
    std::optional<Line> far;
};

TEST_F(TakeoverLine, carries_descriptors_beside_a_message) {
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe2(pipe.data(), O_CLOEXEC), 0);
    const base::Fd read(pipe[0]);
    const base::Fd write(pipe[1]);
    EXPECT_EQ(near->try_send(GivenClient{.listener = "http"}, {&pipe[1], 1}), Line::Sent::yes);
    auto heard = far->receive(1s);
    ASSERT_EQ(heard.what, What::message);
    EXPECT_EQ(std::get<GivenClient>(heard.message).listener, "http");
    ASSERT_EQ(heard.descriptors.size(), 1U);
    EXPECT_TRUE((::fcntl(heard.descriptors[0].number(), F_GETFD) & FD_CLOEXEC) != 0);
    ASSERT_EQ(::write(heard.descriptors[0].number(), "x", 1), 1);
    char byte = 0;
    EXPECT_EQ(::read(read.number(), &byte, 1), 1);
}

TEST_F(TakeoverLine, that_is_hung_up_still_tells_what_was_said_and_takes_no_more) {
    EXPECT_EQ(near->try_send(Serving{}), Line::Sent::yes);
    far->hang_up();
    EXPECT_EQ(near->try_send(Farewell{}), Line::Sent::broken) << "who sent this would be believed";
    const auto heard = far->receive(0ms);
    ASSERT_EQ(heard.what, What::message);
    EXPECT_TRUE(std::holds_alternative<Serving>(heard.message));
    EXPECT_EQ(far->receive(0ms).what, What::over);
}

TEST_F(TakeoverLine, tells_the_end_from_silence_and_from_nonsense) {
    EXPECT_EQ(far->receive(0ms).what, What::nothing);
    ASSERT_EQ(::send(near->number(), "\xff", 1, 0), 1);
    EXPECT_EQ(far->receive(1s).what, What::nonsense);
    near.reset();
    EXPECT_EQ(far->receive(1s).what, What::over);
    EXPECT_EQ(far->try_send(Go{}), Line::Sent::broken);
}

TEST_F(TakeoverLine, carries_what_was_said_before_the_other_left_with_its_own_post_unread) {
    ASSERT_EQ(far->try_send(Follow{.version = 1}), Line::Sent::yes);
    ASSERT_EQ(near->try_send(GivenClient{.listener = "http"}), Line::Sent::yes);
    ASSERT_EQ(near->try_send(Report{}), Line::Sent::yes);
    near->hang_up();
    near.reset();
    EXPECT_EQ(far->receive(1s).what, What::message);
    EXPECT_EQ(far->receive(1s).what, What::message);
    EXPECT_EQ(far->receive(1s).what, What::over);
}

TEST_F(TakeoverLine, goes_on_where_no_more_descriptors_may_be_open) {
    ASSERT_EQ(near->try_send(GivenClient{.listener = "http"}, {{near->number()}}), Line::Sent::yes);
    ASSERT_EQ(near->try_send(Report{}), Line::Sent::yes);
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
    const int next = ::dup(near->number());
    ASSERT_EQ(::close(next), 0);
    const rlimit none{.rlim_cur = static_cast<rlim_t>(next), .rlim_max = before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
    const auto heard = far->receive(1s);
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
    EXPECT_EQ(heard.what, What::message);
    EXPECT_TRUE(heard.descriptors.empty());
    EXPECT_EQ(far->receive(1s).what, What::message);
}

TEST_F(TakeoverLine, tells_what_never_fits_from_what_waits_for_room) {
    EXPECT_EQ(near->try_send(GivenTunnel{.head = std::string(kPacketMax, 'x')}),
              Line::Sent::too_large);
    EXPECT_EQ(near->try_send(Report{}), Line::Sent::yes);
}

TEST_F(TakeoverLine, is_full_rather_than_wait_for_who_does_not_read) {
    const Message part = Part{std::string(kPartBytes, 'x')};
    int sent = 0;
    while (near->try_send(part) == Line::Sent::yes) ASSERT_LT(++sent, 10'000);
    EXPECT_EQ(near->send(part, {}, 2ms), Line::Sent::full);
    EXPECT_EQ(far->receive(1s).what, What::message);
    EXPECT_EQ(near->send(part, {}, 1s), Line::Sent::yes);
}

TEST_F(TakeoverLine, refuses_a_packet_that_is_too_large_to_be_true) {
    const std::string large(kPacketMax + 1, '\3');
    ASSERT_EQ(::send(near->number(), large.data(), large.size(), 0),
              static_cast<ssize_t>(large.size()));
    EXPECT_EQ(far->receive(1s).what, What::nonsense);
}

TEST_F(TakeoverLine, is_for_its_owner_alone) {
    struct stat found{};
    ASSERT_EQ(::stat(path.c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777U, 0600U);
}

TEST_F(TakeoverLine, wakes_at_a_bell) {
    const Bell bell;
    bell.ring();
    EXPECT_EQ(far->receive(10s, bell.number()).what, What::nothing);
}

TEST_F(TakeoverLine, opens_to_nobody_where_nobody_listens) {
    listener.reset();
    EXPECT_EQ(open_line(path).error().failure, base::Failure::not_found);
}

}  // namespace
}  // namespace edge::takeover
