#include "net/loop.h"

#include "base/check.h"
#include "net/bundle.h"
#include "net/socket.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace net {

namespace {

constexpr std::uint64_t kWakeTag = ~std::uint64_t{0};
constexpr int kBatchMax = 256;

// Closer timers than this are waited for with a clock read anew, since the batch took time.
constexpr auto kStaleClockIsGoodFor = std::chrono::milliseconds{50};

std::uint64_t tag_of(WatchKey key) {
    return std::uint64_t{key.slot} << 32U | key.generation;
}

int wait(int epoll, std::array<epoll_event, kBatchMax>& events, std::chrono::nanoseconds patience) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(patience);
    const timespec span{.tv_sec = seconds.count(), .tv_nsec = (patience - seconds).count()};
    const int found = ::epoll_pwait2(epoll, events.data(), kBatchMax, &span, nullptr);
    if (found >= 0 || errno != ENOSYS) return found;
    const auto millis = std::chrono::ceil<std::chrono::milliseconds>(patience).count();
    return ::epoll_wait(epoll, events.data(), kBatchMax, static_cast<int>(millis));
}

}  // namespace

Loop::Loop(base::Clock& clock)
    : clock_(clock),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      now_(clock.tick()),
      wheel_(now_) {
    CHECK(epoll_ && wake_);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = kWakeTag;
    CHECK(::epoll_ctl(epoll_.number(), EPOLL_CTL_ADD, wake_.number(), &event) == 0);
}

Loop::~Loop() {
    // What is destroyed may dispose of and defer more; deferred work is dropped, not run.
    while (!gone_.empty()) std::exchange(gone_, {}).clear();
}

WatchKey Loop::enlist(Watcher& watcher) {
    if (free_slots_.empty()) {
        free_slots_.push_back(static_cast<std::uint32_t>(slots_.size()));
        slots_.emplace_back();
    }
    const std::uint32_t slot = free_slots_.back();
    free_slots_.pop_back();
    slots_[slot].watcher = &watcher;
    ++watched_;
    return {slot, slots_[slot].generation};
}

WatchKey Loop::watch(int descriptor, Watcher& watcher, Trigger trigger) {
    const WatchKey key = enlist(watcher);
    slots_[key.slot].descriptor = descriptor;
    epoll_event event{};
    event.events = trigger == Trigger::stream ? EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET : EPOLLIN;
    event.data.u64 = tag_of(key);
    CHECK(::epoll_ctl(epoll_.number(), EPOLL_CTL_ADD, descriptor, &event) == 0);
    return key;
}

void Loop::forget(WatchKey key) {
    if (!key || slots_[key.slot].generation != key.generation) return;
    Slot& slot = slots_[key.slot];
    if (slot.descriptor >= 0) {
        ::epoll_ctl(epoll_.number(), EPOLL_CTL_DEL, slot.descriptor, nullptr);
    }
    slot.watcher = nullptr;
    slot.descriptor = -1;
    if (++slot.generation == 0) slot.generation = 1;
    free_slots_.push_back(key.slot);
    --watched_;
}

void Loop::nudge(WatchKey key) {
    if (key) nudged_.push_back(key);
}

void Loop::use(std::unique_ptr<Bundle> bundle) {
    bundle_ = std::move(bundle);
}

bool Loop::gather(WatchKey key, int descriptor, std::span<const iovec> parts) {
    if (!bundle_) return false;
    std::size_t bytes = 0;
    for (const iovec& part : parts) bytes += part.iov_len;
    if (bytes > Bundle::kPieceBytesMax) return false;
    if (bundle_->full()) send_gathered();
    bundle_->add(key, descriptor, parts);
    return true;
}

void Loop::send_gathered() {
    if (!bundle_ || bundle_->empty()) return;
    ++gathering_;
    for (const Bundle::Sent& sent : bundle_->send()) {
        const Slot& slot = slots_[sent.key.slot];
        if (sent.moved.bytes == sent.bytes.size() || slot.generation != sent.key.generation) {
            continue;
        }
        slot.watcher->on_unsent(sent.bytes.substr(sent.moved.bytes));
        // A socket that is full says when it is not; one that failed may have said so already.
        if (sent.moved.io == Io::failed) nudge(sent.key);
    }
}

void Loop::dispose(std::unique_ptr<Watcher> gone) {
    if (gone) gone_.push_back(std::move(gone));
}

void Loop::defer(std::function<void()> work) {
    deferred_.push_back(std::move(work));
}

void Loop::post(std::function<void()> work) {
    {
        const std::lock_guard lock{posted_mutex_};
        posted_.push_back(std::move(work));
    }
    const std::uint64_t one = 1;
    // A full counter means that a wake-up is pending already.
    [[maybe_unused]] const auto written = ::write(wake_.number(), &one, sizeof one);
}

void Loop::stop() {
    stopping_.store(true, std::memory_order_release);
    post([] {});
}

void Loop::run() {
    while (!stopping_.load(std::memory_order_acquire)) turn(std::chrono::hours{1});
}

std::chrono::nanoseconds Loop::patience(std::chrono::nanoseconds longest) {
    if (!nudged_.empty() || !deferred_.empty() || !gone_.empty()) return {};
    const std::optional<base::Tick> next = wheel_.next();
    if (!next) return longest;
    auto left = *next - now_;
    if (left < kStaleClockIsGoodFor) left = *next - clock_.tick();
    return std::clamp(left, std::chrono::nanoseconds{0}, longest);
}

void Loop::turn(std::chrono::nanoseconds longest) {
    std::array<epoll_event, kBatchMax> events;  // left uninitialised: the kernel fills what counts
    const int found = wait(epoll_.number(), events, patience(longest));
    CHECK(found >= 0 || errno == EINTR);
    now_ = clock_.tick();
    // Taken before the batch, so that who nudges within it is served in the next.
    nudged_now_.swap(nudged_);
    bool woken = false;
    for (int i = 0; i < found; ++i) {
        const epoll_event& event = events[static_cast<std::size_t>(i)];
        if (event.data.u64 == kWakeTag)
            woken = true;
        else
            dispatch(event.data.u64, event.events);
    }
    for (const WatchKey key : nudged_now_) dispatch(tag_of(key), EPOLLIN | EPOLLOUT);
    nudged_now_.clear();
    wheel_.advance(now_);
    // Before what others posted, which may hand sockets to another process.
    send_gathered();
    if (woken) run_posted();
    run_deferred();
    if (quiescence_) quiescence_();
    send_gathered();
}

void Loop::dispatch(std::uint64_t tag, std::uint32_t events) {
    const Slot& slot = slots_[tag >> 32U];
    if (slot.generation != static_cast<std::uint32_t>(tag) || slot.watcher == nullptr) return;
    const bool hung_up = (events & (EPOLLERR | EPOLLHUP)) != 0;
    slot.watcher->on_ready({.readable = hung_up || (events & (EPOLLIN | EPOLLRDHUP)) != 0,
                            .writable = hung_up || (events & EPOLLOUT) != 0,
                            .hung_up = hung_up,
                            .ended = hung_up || (events & EPOLLRDHUP) != 0});
}

void Loop::run_posted() {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto read = ::read(wake_.number(), &count, sizeof count);
    std::vector<std::function<void()>> posted;
    {
        const std::lock_guard lock{posted_mutex_};
        posted.swap(posted_);
    }
    for (const auto& work : posted) work();
}

void Loop::run_deferred() {
    if (!gone_.empty()) std::exchange(gone_, {}).clear();
    if (deferred_.empty()) return;
    for (const auto& work : std::exchange(deferred_, {})) work();
}

}  // namespace net
