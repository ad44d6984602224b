#include "net/pipe.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <csignal>
#include <string>
#include <utility>
#include <vector>

namespace net {
namespace {

/// A connected pair, non-blocking.
struct Pair {
    Pair() {
        std::array<int, 2> ends{};
        EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()), 0);
        near = base::Fd{ends[0]};
        far = base::Fd{ends[1]};
    }
    base::Fd near;
    base::Fd far;
};

std::string received(int socket) {
    std::string all;
    std::array<char, 4096> bytes;
    for (Moved moved = receive(socket, bytes); moved.io == Io::moved;
         moved = receive(socket, bytes))
        all.append(bytes.data(), moved.bytes);
    return all;
}

TEST(PipeTest, moves_bytes_in_order_and_no_more_than_asked_for) {
    Pair from;
    Pair to;
    auto pipe = Pipe::open();
    ASSERT_TRUE(pipe);
    EXPECT_EQ(pipe->fill(from.far.number(), 4).io, Io::would_block);
    ASSERT_EQ(send(from.near.number(), "abcdefgh").bytes, 8U);
    EXPECT_EQ(pipe->fill(from.far.number(), 6).bytes, 6U);
    EXPECT_EQ(pipe->waiting(), 6U);
    EXPECT_EQ(pipe->drain(to.near.number()).bytes, 6U);
    EXPECT_EQ(pipe->waiting(), 0U);
    EXPECT_EQ(received(to.far.number()), "abcdef");
    EXPECT_EQ(received(from.far.number()), "gh");
}

TEST(PipeTest, keeps_what_a_full_socket_does_not_take) {
    Pair from;
    Pair to;
    auto pipe = Pipe::open();
    ASSERT_TRUE(pipe);
    const std::string piece(16 * 1024, 'x');
    while (send(to.near.number(), piece).io == Io::moved) {
    }
    ASSERT_EQ(send(from.near.number(), "late").bytes, 4U);
    ASSERT_EQ(pipe->fill(from.far.number(), 100).bytes, 4U);
    EXPECT_EQ(pipe->drain(to.near.number()).io, Io::would_block);
    EXPECT_EQ(pipe->waiting(), 4U);
    EXPECT_GT(received(to.far.number()).size(), 0U);
    EXPECT_EQ(pipe->drain(to.near.number()).bytes, 4U);
    EXPECT_EQ(received(to.far.number()), "late");
}

TEST(PipeTest, tells_an_end_from_a_failure) {
    std::signal(SIGPIPE, SIG_IGN);
    Pair from;
    Pair to;
    auto pipe = Pipe::open();
    ASSERT_TRUE(pipe);
    ASSERT_EQ(send(from.near.number(), "a").bytes, 1U);
    from.near = {};
    EXPECT_EQ(pipe->fill(from.far.number(), 9).bytes, 1U);
    to.far = {};
    EXPECT_EQ(pipe->drain(to.near.number()).io, Io::failed);
    auto other = Pipe::open();
    ASSERT_TRUE(other);
    EXPECT_EQ(other->fill(from.far.number(), 9).io, Io::ended);
}

TEST(PipesTest, are_bounded_and_one_that_holds_bytes_is_not_used_again) {
    Pair from;
    ASSERT_EQ(send(from.near.number(), "left").bytes, 4U);
    Pipes pipes;
    auto full = pipes.take();
    ASSERT_TRUE(full);
    ASSERT_EQ(full->fill(from.far.number(), 9).bytes, 4U);
    pipes.give_back(std::move(*full));
    std::vector<Pipe> taken;
    while (auto pipe = pipes.take()) {
        EXPECT_EQ(pipe->waiting(), 0U);
        taken.push_back(std::move(*pipe));
        if (taken.size() > Pipes::kInUseMax) break;
    }
    EXPECT_LE(taken.size(), Pipes::kInUseMax);
    ASSERT_GT(taken.size(), 1U);
    pipes.give_back(std::move(taken.back()));
    EXPECT_TRUE(pipes.take());
}

}  // namespace
}  // namespace net
