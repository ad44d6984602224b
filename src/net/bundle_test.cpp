#include "net/bundle.h"

#include "net/loop_fixture.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

namespace net {
namespace {

iovec part_of(std::string_view bytes) {
    return {const_cast<char*>(bytes.data()), bytes.size()};
}

struct Line {
    Line() {
        std::array<int, 2> ends{};
        EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()), 0);
        near = base::Fd{ends[0]};
        far = base::Fd{ends[1]};
    }
    std::string arrived() const {
        std::string all;
        std::array<char, 8192> some;
        while (true) {
            const Moved moved = receive(far.number(), some);
            if (moved.io != Io::moved) return all;
            all.append(some.data(), moved.bytes);
        }
    }
    /// Until nothing more fits.
    std::size_t stuff() const {
        const std::string much(65536, 's');
        std::size_t bytes = 0;
        for (std::size_t size = much.size(); size > 0; size /= 2) {
            while (true) {
                const Moved moved = send(near.number(), std::string_view(much).substr(0, size));
                if (moved.io != Io::moved) break;
                bytes += moved.bytes;
            }
        }
        return bytes;
    }
    base::Fd near;
    base::Fd far;
};

class BundleTest : public LoopFixture {
protected:
    void SetUp() override {
        auto opened = Bundle::open();
        if (!opened) GTEST_SKIP() << opened.error().diagnostic.why;
        bundle = std::move(*opened);
    }
    std::unique_ptr<Bundle> bundle;
};

TEST_F(BundleTest, pieces_of_several_sockets_leave_in_one_go_and_in_order) {
    const Line one;
    const Line two;
    for (const std::string_view word : {"a", "b", "c"}) {
        const std::array<iovec, 2> parts{part_of(word), part_of("-")};
        bundle->add({1, 1}, one.near.number(), parts);
        const iovec alone = part_of(word);
        bundle->add({2, 1}, two.near.number(), {&alone, 1});
    }
    EXPECT_EQ(one.arrived(), "");
    const auto sent = bundle->send();
    ASSERT_EQ(sent.size(), 6U);
    for (const Bundle::Sent& each : sent) EXPECT_EQ(each.moved.bytes, each.bytes.size());
    EXPECT_EQ(sent[0].key, (WatchKey{1, 1}));
    EXPECT_EQ(sent[1].bytes, "a");
    EXPECT_EQ(one.arrived(), "a-b-c-");
    EXPECT_EQ(two.arrived(), "abc");
    EXPECT_TRUE(bundle->empty());
}

TEST_F(BundleTest, it_works_round_after_round_up_to_its_bound) {
    const Line line;
    const std::string most(Bundle::kPieceBytesMax, 'm');
    const iovec part = part_of(most);
    for (int round = 0; round < 20; ++round) {
        std::size_t bytes = 0;
        for (std::size_t i = 0; i < Bundle::kPiecesMax; ++i) {
            bundle->add({}, line.near.number(), {&part, 1});
        }
        EXPECT_TRUE(bundle->full());
        for (const Bundle::Sent& each : bundle->send()) bytes += each.moved.bytes;
        EXPECT_EQ(line.arrived().size(), bytes) << round;
    }
}

TEST_F(BundleTest, each_piece_has_an_outcome_of_its_own) {
    const Line full;
    const Line closed;
    const Line well;
    full.stuff();
    ::shutdown(closed.near.number(), SHUT_WR);
    const iovec part = part_of("x");
    for (const Line* line : {&full, &closed, &well}) {
        bundle->add({}, line->near.number(), {&part, 1});
    }
    const auto sent = bundle->send();
    EXPECT_EQ(sent[0].moved.io, Io::would_block);
    EXPECT_EQ(sent[1].moved.io, Io::failed);
    EXPECT_EQ(sent[1].moved.error, EPIPE);
    EXPECT_EQ(sent[2].moved.io, Io::moved);
    EXPECT_EQ(well.arrived(), "x");
}

/// Keeps what did not go, as who gathers must.
struct Teller final : Watcher {
    void on_ready(Ready ready) override { writable = writable || ready.writable; }
    void on_unsent(std::string_view bytes) override { unsent.append(bytes); }
    std::string unsent;
    bool writable = false;
};

TEST_F(BundleTest, what_is_gathered_leaves_before_the_loop_waits) {
    const Line line;
    Teller teller;
    loop.use(std::move(bundle));
    const WatchKey key = loop.watch(line.near.number(), teller);
    const std::uint32_t before = loop.gathering();
    loop.defer([&] {
        const iovec part = part_of("later");
        EXPECT_TRUE(loop.gather(key, line.near.number(), {&part, 1}));
        EXPECT_EQ(line.arrived(), "");
    });
    loop.turn(0ms);
    EXPECT_EQ(line.arrived(), "later");
    EXPECT_NE(loop.gathering(), before);
    EXPECT_EQ(teller.unsent, "");
    const std::string long_one(Bundle::kPieceBytesMax + 1, 'l');
    const iovec part = part_of(long_one);
    EXPECT_FALSE(loop.gather(key, line.near.number(), {&part, 1}));
    loop.forget(key);
}

TEST_F(BundleTest, what_a_full_socket_does_not_take_comes_back) {
    const Line line;
    const Line other;
    Teller teller;
    loop.use(std::move(bundle));
    const WatchKey key = loop.watch(line.near.number(), teller);
    line.stuff();
    loop.turn(0ms);
    teller.writable = false;
    const iovec part = part_of("rest");
    const iovec well = part_of("well");
    ASSERT_TRUE(loop.gather(key, line.near.number(), {&part, 1}));
    ASSERT_TRUE(loop.gather({}, other.near.number(), {&well, 1}));
    loop.send_gathered();
    EXPECT_EQ(teller.unsent, "rest");
    EXPECT_EQ(other.arrived(), "well");
    line.arrived();
    EXPECT_TRUE(turn_until([&] { return teller.writable; }));
    loop.forget(key);
}

TEST_F(BundleTest, who_is_gone_is_told_nothing) {
    const Line line;
    Teller teller;
    loop.use(std::move(bundle));
    const WatchKey key = loop.watch(line.near.number(), teller);
    ::shutdown(line.near.number(), SHUT_WR);
    const iovec part = part_of("x");
    ASSERT_TRUE(loop.gather(key, line.near.number(), {&part, 1}));
    loop.forget(key);
    loop.send_gathered();
    EXPECT_EQ(teller.unsent, "");
}

TEST_F(BundleTest, a_socket_that_failed_is_looked_at_in_the_next_turn) {
    const Line line;
    Teller teller;
    loop.use(std::move(bundle));
    const WatchKey key = loop.watch(line.near.number(), teller);
    loop.turn(0ms);
    ::shutdown(line.near.number(), SHUT_WR);
    loop.turn(0ms);
    teller.writable = false;
    const iovec part = part_of("x");
    ASSERT_TRUE(loop.gather(key, line.near.number(), {&part, 1}));
    loop.turn(0ms);
    EXPECT_EQ(teller.unsent, "x");
    loop.turn(1h);
    EXPECT_TRUE(teller.writable);
    loop.forget(key);
}

}  // namespace
}  // namespace net
