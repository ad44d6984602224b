// That requests cost no memory once everything is warm: a program of its own, since it counts every
// allocation of the process. One worker, one target, one client; the two at the ends have none.

#include "base/random.h"
#include "edge/testing.h"
#include "edge/worker/snapshot.h"
#include "edge/worker/worker.h"
#include "net/bundle.h"
#include "net/socket.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <new>
#include <string_view>

namespace {

std::atomic<bool> counting{false};
std::atomic<std::uint64_t> allocations{0};

void* allocated(std::size_t bytes, std::size_t alignment) {
    if (counting.load(std::memory_order_relaxed)) allocations.fetch_add(1);
    void* memory = alignment == 0 ? std::malloc(bytes) : std::aligned_alloc(alignment, bytes);
    if (memory == nullptr) std::abort();
    return memory;
}

}  // namespace

void* operator new(std::size_t bytes) {
    return allocated(bytes, 0);
}
void* operator new(std::size_t bytes, std::align_val_t alignment) {
    const auto unit = static_cast<std::size_t>(alignment);
    return allocated((bytes + unit - 1) / unit * unit, unit);
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
    std::free(memory);
}

namespace edge {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kAnswer =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello";

/// Until the end of a head, which is all that comes; false at the end of the connection.
bool read_head(int descriptor, std::array<char, 8192>& into) {
    std::size_t have = 0;
    while (have < into.size()) {
        const ssize_t got = ::recv(descriptor, into.data() + have, into.size() - have, 0);
        if (got <= 0) return false;
        have += static_cast<std::size_t>(got);
        if (std::string_view(into.data(), have).ends_with("\r\n\r\n")) return true;
    }
    return false;
}

void answer_forever(int descriptor) {
    std::array<char, 8192> buffer;
    while (read_head(descriptor, buffer)) {
        if (::send(descriptor, kAnswer.data(), kAnswer.size(), MSG_NOSIGNAL) < 0) return;
    }
}

/// What control would make: one listener, one group, one target.
std::shared_ptr<Snapshot> snapshot_for(const std::string& target) {
    auto made = std::make_shared<Snapshot>();
    made->version = 1;
    made->config.rules.emplace_back();
    made->config.rules.back().action = Forward{};
    auto listener = std::make_shared<OpenListener>();
    listener->name = "http";
    listener->sockets.push_back(std::move(*net::listen_on(*net::Address::parse("127.0.0.1:0"))));
    listener->actual = *net::local_address(listener->sockets.front().number());
    made->listeners.push_back(listener);
    GroupTargets group;
    group.name = "blue";
    group.tally = std::make_shared<GroupTally>(1);
    Target entry;
    entry.uid = 1;
    entry.id = "one";
    entry.address = *net::Address::parse(target);
    entry.address_text = target;
    entry.use = Use::normal;
    entry.tally = std::make_shared<TargetTally>(1);
    group.targets.push_back(entry);
    made->groups.push_back(group);
    made->weights = {1};
    made->routes.push_back(std::make_shared<FlowTally>(1));
    complete(*made);
    return made;
}

bool ask(int descriptor, std::string_view request) {
    std::array<char, 4096> buffer;
    if (::send(descriptor, request.data(), request.size(), MSG_NOSIGNAL) < 0) return false;
    std::size_t have = 0;
    while (!std::string_view(buffer.data(), have).ends_with("hello")) {
        const ssize_t got = ::recv(descriptor, buffer.data() + have, buffer.size() - have, 0);
        if (got <= 0) return false;
        have += static_cast<std::size_t>(got);
    }
    return true;
}

class Steady : public ::testing::Test {
protected:
    /// Allocations of a thousand requests after a hundred.
    void count(std::string_view request) {
        testing::RawApp app(answer_forever);
        Worker worker(0, testing::the_clock(), base::seed_from_system(), LogSink(),
                      std::make_shared<WorkerShared>(1));
        worker.send_through([] {
            auto bundle = net::Bundle::open();
            return bundle ? std::move(*bundle) : std::unique_ptr<net::Bundle>();
        });
        worker.start();
        const auto snapshot = snapshot_for(app.address);
        worker.adopt(snapshot);
        {
            testing::Wire wire(snapshot->listeners.front()->actual.text());
            for (int i = 0; i < 100; ++i) ASSERT_TRUE(ask(wire.descriptor(), request));
            counting = true;
            bool all = true;
            for (int i = 0; i < 1000 && all; ++i) all = ask(wire.descriptor(), request);
            counting = false;
            EXPECT_TRUE(all);
        }
        worker.retire(0ms);
        worker.join();
    }
};

TEST_F(Steady, a_thousand_requests_allocate_nothing) {
    count(
        "GET /a?b=c HTTP/1.1\r\nHost: app.test\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\n"
        "Accept: application/json\r\nCookie: session=0123456789abcdef0123456789abcdef\r\n\r\n");
    EXPECT_EQ(allocations.exchange(0), 0U);
}

}  // namespace
}  // namespace edge
