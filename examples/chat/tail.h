#pragma once
// Reads the stream of events as it grows, on a thread of its own, and hands it on in order:
// each event once, none left out, or the word that some were lost.

#include <atomic>
#include <functional>
#include <memory>
#include <semaphore>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "chat/event.h"
#include "chat/sql.h"
#include "chat/wake.h"

namespace chat {

/// What an instance must know before the first event of the stream.
struct Snapshot {
    std::int64_t cursor = 0;  ///< All events up to this one are contained.
    std::vector<std::pair<std::string, std::string>> memberships;
};
base::Result<Snapshot> snapshot_of(Sql& sql);

class Tail {
public:
    /// Runs its argument on the owner's thread, later.
    using Home = std::function<void(std::function<void()>)>;
    struct Ends {
        std::function<void(const std::vector<Event>&)> events;
        /// Events were forgotten before this reader came to them: start from a new snapshot.
        std::function<void(const Snapshot&)> lost;
    };

    /// `wake` may be nothing (PostgreSQL tells by itself). `ends` are called through `home`.
    Tail(const Database& database, Wake* wake, Home home, Ends ends);
    /// Ends the thread; nothing is handed on afterwards but what is already at home.
    ~Tail();

    base::Result<Snapshot> start();
    /// There is something new; from any thread.
    void wake();

private:
    void follow(const std::stop_token& stop);
    bool read_on(const std::stop_token& stop);
    bool begin_anew();
    void hand_on(std::function<void()> work);
    void await();

    // So many batches may wait at home; the database keeps the rest.
    static constexpr int kBatchesMax = 4;
    // One more than that is given back at the end, to a thread that may be waiting.
    using Room = std::counting_semaphore<kBatchesMax + 1>;

    const Database& database_;
    Wake* wake_;
    Home home_;
    Ends ends_;
    std::unique_ptr<Sql> sql_;
    std::int64_t cursor_ = 0;
    base::Fd bell_;
    std::shared_ptr<Room> room_;
    std::jthread thread_;
};

}  // namespace chat
