#include "chat/tail.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>

#include "base/log.h"
#include "chat/places.h"

namespace chat {
namespace {

constexpr std::int64_t kBatch = 500;
// Looks by itself this often, in case a wake-up was lost.
constexpr int kLookMs = 500;

}  // namespace

base::Result<Snapshot> snapshot_of(Sql& sql) {
    sql.begin_read();
    Snapshot snapshot{.cursor = newest_event(sql), .memberships = all_memberships(sql)};
    const auto done = sql.commit();
    if (!done) return base::fail(done);
    return snapshot;
}

Tail::Tail(const Database& database, Wake* wake, Home home, Ends ends)
    : database_(database),
      wake_(wake),
      home_(std::move(home)),
      ends_(std::move(ends)),
      bell_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      room_(std::make_shared<Room>(kBatchesMax)) {}

Tail::~Tail() {
    thread_.request_stop();
    room_->release();  // A home that runs no more would give nothing back.
    wake();
}

base::Result<Snapshot> Tail::start() {
    auto sql = database_.open();
    if (!sql) return base::fail(sql);
    sql_ = std::move(*sql);
    sql_->listen();
    auto snapshot = snapshot_of(*sql_);
    if (!snapshot) return snapshot;
    cursor_ = snapshot->cursor;
    thread_ = std::jthread([this](const std::stop_token& stop) { follow(stop); });
    return snapshot;
}

void Tail::wake() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(bell_.number(), &one, sizeof one);
}

void Tail::follow(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        if (!sql_) {
            auto sql = database_.open();
            if (sql) {
                sql_ = std::move(*sql);
                sql_->listen();
            }
        }
        if (sql_ && !read_on(stop)) {
            base::log::warn("tail.failed", {{"why", sql_->error() ? sql_->error()->line() : ""}});
            sql_->forget_error();
            if (sql_->broken()) sql_.reset();
        }
        // What was announced while we read is read before we wait.
        if (sql_ && sql_->take_announcements()) continue;
        if (!stop.stop_requested()) await();
    }
}

/// Hands on all there is. False where the database failed.
bool Tail::read_on(const std::stop_token& stop) {
    while (true) {
        std::vector<Event> events = events_after(*sql_, cursor_, kBatch);
        if (sql_->error()) return false;
        const bool gap = events.empty() ? newest_forgotten_event(*sql_) > cursor_
                                        : events.front().id != cursor_ + 1;
        if (sql_->error()) return false;
        if (gap) return begin_anew();
        if (events.empty()) return true;
        const bool more = static_cast<std::int64_t>(events.size()) == kBatch;
        cursor_ = events.back().id;
        hand_on([events = std::move(events), to = ends_.events] { to(events); });
        if (!more || stop.stop_requested()) return true;
    }
}

bool Tail::begin_anew() {
    auto snapshot = snapshot_of(*sql_);
    if (!snapshot) return false;
    base::log::warn("tail.lost", {{"from", cursor_}, {"to", snapshot->cursor}});
    cursor_ = snapshot->cursor;
    hand_on([snapshot = std::move(*snapshot), to = ends_.lost] { to(snapshot); });
    return true;
}

void Tail::hand_on(std::function<void()> work) {
    room_->acquire();
    home_([work = std::move(work), room = room_] {
        work();
        room->release();
    });
}

void Tail::await() {
    const int other = wake_ ? wake_->descriptor() : (sql_ ? sql_->listen() : -1);
    std::array<pollfd, 2> waited{{{bell_.number(), POLLIN, 0}, {other, POLLIN, 0}}};
    ::poll(waited.data(), waited.size(), kLookMs);
    if (waited[0].revents != 0) {
        std::uint64_t rung = 0;
        [[maybe_unused]] const ssize_t taken = ::read(bell_.number(), &rung, sizeof rung);
    }
    if (waited[1].revents != 0 && wake_) wake_->take_rings();
    if (waited[1].revents != 0 && !wake_ && sql_) sql_->take_announcements();
}

}  // namespace chat
