#include "net/bundle.h"

#include "base/check.h"

#include <linux/io_uring.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace net {

namespace {

base::Error refused(const char* what, int error) {
    return {base::Failure::unavailable,
            {.code = "CF0022",
             .what = std::string(what) + " failed: io_uring is not used",
             .why = std::generic_category().message(error),
             .fix = ""}};
}

/// Memory that is shared with the kernel.
class Mapping {
public:
    Mapping() = default;
    Mapping(int ring, std::size_t bytes, off_t what)
        : at_(::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring,
                     what)),
          bytes_(bytes) {}
    ~Mapping() {
        if (*this) ::munmap(at_, bytes_);
    }
    Mapping(Mapping&& other) noexcept
        : at_(std::exchange(other.at_, MAP_FAILED)), bytes_(other.bytes_) {}
    Mapping& operator=(Mapping&& other) noexcept {
        std::swap(at_, other.at_);
        std::swap(bytes_, other.bytes_);
        return *this;
    }

    explicit operator bool() const { return at_ != MAP_FAILED; }
    template <typename Item>
    Item* at(std::size_t offset) const {
        return static_cast<Item*>(static_cast<void*>(static_cast<char*>(at_) + offset));
    }

private:
    void* at_ = MAP_FAILED;
    std::size_t bytes_ = 0;
};

Moved moved_from(std::int32_t result) {
    if (result > 0) return {Io::moved, static_cast<std::size_t>(result), 0};
    if (result == -EAGAIN || result == -EINTR || result == 0) return {Io::would_block, 0, 0};
    return {Io::failed, 0, -result};
}

}  // namespace

/// Both queues, as the kernel laid them out. Every send ends while it is handed in, since it may
/// not wait: what was submitted has been answered when `enter` returns.
struct Bundle::Ring {
    base::Fd descriptor;
    Mapping queues;
    Mapping entries;
    io_uring_sqe* submissions = nullptr;
    std::uint32_t* submitted_tail = nullptr;
    std::uint32_t submission_mask = 0;
    std::uint32_t* completed_head = nullptr;
    std::uint32_t* completed_tail = nullptr;
    std::uint32_t completion_mask = 0;
    io_uring_cqe* completions = nullptr;
    bool broken = false;

    base::Result<void> open();
    void prepare(std::size_t number, int socket, std::string_view bytes);
    /// How many of `count` were handed in, the first ones.
    std::size_t hand_in(std::size_t count);
    template <typename Told>
    std::size_t take_answers(Told told);
    void await(std::size_t answers) const;
};

base::Result<void> Bundle::Ring::open() {
    io_uring_params wanted{};
    wanted.flags = IORING_SETUP_SUBMIT_ALL | IORING_SETUP_CLAMP;
    descriptor = base::Fd{static_cast<int>(::syscall(SYS_io_uring_setup, kPiecesMax, &wanted))};
    if (!descriptor) return base::fail(refused("setting a ring up", errno));
    if ((wanted.features & IORING_FEAT_SINGLE_MMAP) == 0 || wanted.sq_entries < kPiecesMax) {
        return base::fail(refused("setting a ring up", ENOTSUP));
    }
    const auto& in = wanted.sq_off;
    const auto& out = wanted.cq_off;
    queues = Mapping(descriptor.number(),
                     std::max<std::size_t>(in.array + wanted.sq_entries * sizeof(std::uint32_t),
                                           out.cqes + wanted.cq_entries * sizeof(io_uring_cqe)),
                     IORING_OFF_SQ_RING);
    entries =
        Mapping(descriptor.number(), wanted.sq_entries * sizeof(io_uring_sqe), IORING_OFF_SQES);
    if (!queues || !entries) return base::fail(refused("mapping a ring", errno));
    submissions = entries.at<io_uring_sqe>(0);
    submitted_tail = queues.at<std::uint32_t>(in.tail);
    submission_mask = *queues.at<std::uint32_t>(in.ring_mask);
    completed_head = queues.at<std::uint32_t>(out.head);
    completed_tail = queues.at<std::uint32_t>(out.tail);
    completion_mask = *queues.at<std::uint32_t>(out.ring_mask);
    completions = queues.at<io_uring_cqe>(out.cqes);
    auto* const order = queues.at<std::uint32_t>(in.array);
    for (std::uint32_t i = 0; i < wanted.sq_entries; ++i) order[i] = i;
    return {};
}

void Bundle::Ring::prepare(std::size_t number, int socket, std::string_view bytes) {
    const std::uint32_t tail = *submitted_tail + static_cast<std::uint32_t>(number);
    io_uring_sqe& entry = submissions[tail & submission_mask];
    std::memset(&entry, 0, sizeof entry);
    entry.opcode = IORING_OP_SEND;
    entry.fd = socket;
    entry.addr = reinterpret_cast<std::uintptr_t>(bytes.data());
    entry.len = static_cast<std::uint32_t>(bytes.size());
    entry.msg_flags = MSG_NOSIGNAL | MSG_DONTWAIT;
    entry.user_data = number;
}

std::size_t Bundle::Ring::hand_in(std::size_t count) {
    const std::uint32_t tail = *submitted_tail;
    std::atomic_ref(*submitted_tail)
        .store(tail + static_cast<std::uint32_t>(count), std::memory_order_release);
    std::size_t done = 0;
    while (done < count) {
        const long took =
            ::syscall(SYS_io_uring_enter, descriptor.number(), count - done, 0, 0, nullptr, 0);
        if (took < 0 && errno == EINTR) continue;
        if (took <= 0) {
            // Short of memory, at best: what is left goes the usual way, and so does all later.
            broken = true;
            break;
        }
        done += static_cast<std::size_t>(took);
    }
    return done;
}

template <typename Told>
std::size_t Bundle::Ring::take_answers(Told told) {
    const std::uint32_t tail = std::atomic_ref(*completed_tail).load(std::memory_order_acquire);
    std::uint32_t head = *completed_head;
    std::size_t taken = 0;
    for (; head != tail; ++head, ++taken) {
        const io_uring_cqe& answer = completions[head & completion_mask];
        told(static_cast<std::size_t>(answer.user_data), answer.res);
    }
    std::atomic_ref(*completed_head).store(head, std::memory_order_release);
    return taken;
}

void Bundle::Ring::await(std::size_t answers) const {
    ::syscall(SYS_io_uring_enter, descriptor.number(), 0, answers, IORING_ENTER_GETEVENTS, nullptr,
              0);
}

Bundle::Bundle(std::unique_ptr<Ring> ring)
    : ring_(std::move(ring)), memory_(kPiecesMax * kPieceBytesMax) {
    pieces_.reserve(kPiecesMax);
    sent_.reserve(kPiecesMax);
}

Bundle::~Bundle() = default;

base::Result<std::unique_ptr<Bundle>> Bundle::open() {
    auto ring = std::make_unique<Ring>();
    if (auto opened = ring->open(); !opened) return base::fail(opened);
    std::unique_ptr<Bundle> made(new Bundle(std::move(ring)));
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return base::fail(refused("a pair of sockets", errno));
    }
    const base::Fd near{ends[0]};
    const base::Fd far{ends[1]};
    char letter = '?';
    const iovec part{&letter, 1};
    made->add({}, near.number(), {&part, 1});
    made->sent_.push_back({{}, made->bytes_of(0), {}});
    made->send_together();
    made->pieces_.clear();
    const Moved moved = made->sent_.front().moved;
    if (moved.io != Io::moved || made->ring_->broken) {
        return base::fail(refused("sending through a ring", moved.error));
    }
    return made;
}

std::string_view Bundle::bytes_of(std::size_t piece) const {
    return {memory_.data() + piece * kPieceBytesMax, pieces_[piece].bytes};
}

void Bundle::add(WatchKey key, int descriptor, std::span<const iovec> parts) {
    CHECK(!full());
    const std::size_t number = pieces_.size();
    char* const from = memory_.data() + number * kPieceBytesMax;
    std::size_t bytes = 0;
    for (const iovec& part : parts) {
        CHECK(part.iov_len <= kPieceBytesMax - bytes);
        std::memcpy(from + bytes, part.iov_base, part.iov_len);
        bytes += part.iov_len;
    }
    pieces_.push_back({key, descriptor, bytes});
    if (!ring_->broken) ring_->prepare(number, descriptor, bytes_of(number));
}

void Bundle::send_together() {
    const std::size_t handed_in = ring_->hand_in(pieces_.size());
    std::size_t answered = 0;
    while (answered < handed_in) {
        const std::size_t taken = ring_->take_answers([&](std::size_t number, std::int32_t result) {
            sent_[number].moved = moved_from(result);
        });
        answered += taken;
        if (taken == 0) ring_->await(handed_in - answered);
    }
    send_one_by_one(handed_in);
}

void Bundle::send_one_by_one(std::size_t from) {
    for (std::size_t i = from; i < pieces_.size(); ++i) {
        sent_[i].moved = net::send(pieces_[i].descriptor, bytes_of(i));
    }
}

std::span<const Bundle::Sent> Bundle::send() {
    sent_.clear();
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
        sent_.push_back({pieces_[i].key, bytes_of(i), {}});
    }
    // One alone is cheaper as it is.
    if (pieces_.size() > 1 && !ring_->broken) {
        send_together();
    } else {
        send_one_by_one(0);
    }
    pieces_.clear();
    return sent_;
}

}  // namespace net
