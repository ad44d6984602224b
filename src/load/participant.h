#pragma once
// One user as a real client behaves: a WebSocket that comes back, a resync after each gap, and
// reads with pauses to think.

#include "base/random.h"
#include "load/books.h"
#include "load/caller.h"
#include "load/town.h"
#include "net/client.h"
#include "net/loop.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace load {

/// What all participants of a run share.
struct Company {
    net::Loop& loop;
    Caller& caller;
    Books& books;
    const Town& town;
    base::Random random;
    std::chrono::milliseconds think_time;
    std::chrono::milliseconds patience;
    std::map<std::string, std::uint32_t> sockets_of;  ///< open ones, by version
    std::uint16_t upgrade = 0;                        ///< endpoints in the ledger
    std::uint16_t resync = 0;
    std::vector<std::uint16_t> reads = {};
    bool closing = false;  ///< the run is over: nobody comes back
};

/// Adds the endpoints that participants use.
void add_endpoints(Company& company);

/// The socket's life:
///
///   away -connect-> dialling -accepted-> greeting -hello or pong-> resyncing -done-> live
///   any -closed-> away; again at once when asked to move, else after a pause that grows
///
/// Used on the loop's thread; outlived by the company.
class Participant {
public:
    Participant(Company& company, UserNo number);
    Participant(const Participant&) = delete;
    Participant& operator=(const Participant&) = delete;

    void connect();
    /// Begins to read, think, read …
    void begin_reading();
    void stop_reading() { reading_ = false; }
    /// Says good-bye; the end of a run.
    void leave();

    bool live() const { return stage_ == Stage::live; }

private:
    enum class Stage { away, dialling, greeting, resyncing, live };

    void dialled(net::Handshake handshake);
    void heard(std::string_view text);
    void greeted(std::string_view text);
    void resumed();
    void opened(Resumed how);
    void check_sequence(std::uint64_t seq);
    void lost(std::uint16_t code);
    void come_back(bool at_once);
    void ping();

    void resync();
    void resync_channels(const Got& list);
    void resync_failed(std::uint64_t attempt);
    void caught_up();

    void read_something();
    Want next_read();

    Company& company_;
    UserNo number_;
    const Person& person_;
    Stage stage_ = Stage::away;
    bool ever_ = false;
    bool reading_ = false;
    bool owes_resync_ = false;  ///< a fresh connection, or a number that was skipped
    std::shared_ptr<net::WebSocket> socket_;
    std::string version_;
    std::string connection_id_;
    std::uint64_t next_seq_ = 0;
    std::uint64_t pings_ = 0;
    std::uint32_t refusals_ = 0;        ///< since the last success; lengthens the pause
    std::uint64_t resync_attempt_ = 0;  ///< answers to an older one are ignored
    std::int64_t since_ms_ = 0;         ///< from when on something may be missing; 0: nothing is
    net::Timer again_;
    net::Timer ping_;
    net::Timer think_;
    net::Timer resync_again_;
};

}  // namespace load
