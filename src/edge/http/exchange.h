#pragma once
// One request and what became of it: what a retry, the counts and the log line need.
//
//   head read -> chosen -> sent -> answer's head -> answer's end
//
// A request that provably was not processed goes to another target; every other ends where it was.

#include "base/clock.h"
#include "edge/config.h"
#include "edge/http/answer.h"
#include "edge/http/desync.h"
#include "edge/http/forward.h"
#include "edge/http/spool.h"
#include "edge/http/text.h"
#include "edge/report/tally.h"
#include "edge/target/sticky.h"
#include "net/http1.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace edge {

struct LocalTarget;

/// What is begun anew with every request.
struct ExchangeState {
    static constexpr std::size_t kAttemptsMax = 4;

    base::Tick begun{};     ///< The whole head was there.
    base::Tick sent{};      ///< The head went to the target.
    base::Tick answered{};  ///< Its answer's head came.

    Words words;  ///< In the tape.
    net::Method method = net::Method::get;
    std::size_t rule = 0;
    std::uint32_t priority = 0;
    const char* action = "";
    LocalTarget* target = nullptr;
    std::array<std::uint64_t, kAttemptsMax> tried{};
    std::size_t tries = 0;
    std::uint32_t attempts = 0;

    int status = 0;
    int target_status = 0;
    std::optional<Refusal> refusal;
    FlowSlot* route = nullptr;  ///< The counts of its rule.
    Wish wish;
    std::uint64_t user = 0;  ///< To be told who she is: `Brought::user`.
    Place redirect;          ///< Where it was sent, in the tape.
    Irregularity irregularity = Irregularity::none;
    std::uint64_t received_bytes = 0;
    std::uint64_t sent_before = 0;  ///< The connection's count when the request began.

    base::Tick held_since{};       ///< Of a request that has ever been held.
    base::Tick held_until{};       ///< When the pause that holds it ends by itself.
    std::uint64_t held_bytes = 0;  ///< Counted as waiting; 0: it is not.
    bool in_flight = false;        ///< Counted as such at its target.
    bool open = false;             ///< Begun and not yet concluded.
    bool request_ended = false;    ///< The whole request has been read.
    Replay replay = Replay::safe;
    std::uint8_t replays = 0;
    std::uint64_t played = 0;   ///< Of the tape, to the present target.
    bool playing = false;       ///< The tape is still being sent; the client waits.
    bool recording = false;     ///< All of the body that is sent goes onto the tape, too.
    bool awaits_end = false;    ///< The target takes no more; what it said last is being read.
    bool answer_begun = false;  ///< Its final head has gone to the client.
    bool has_body = false;
    bool body_passed_on = false;  ///< Bytes of the body have been sent: the tape is not whole.
    bool fresh_only = false;      ///< A pooled connection was stale: not another one.
    bool tape_in_memory = false;  ///< Is recorded as far as that goes, for a target's refusal.
    bool websocket = false;
    bool logged_at_end = false;  ///< By the WebSocket that it has become.
    bool grpc = false;           ///< By HTTP/2, with gRPC's content type.
    bool http_1_0 = false;
    bool head_only = false;
    bool json = false;
    bool chunked_request = false;
    bool chunked_answer = false;
    bool last_chunk_written = false;
    bool until_close = false;    ///< The answer to the client ends with the connection.
    bool target_failed = false;  ///< What went wrong is the target's doing.
    bool body_ignored = false;   ///< The target takes no more of it.
    bool alone = false;          ///< Nothing else goes over either connection (desync).
    bool sticky = false;         ///< Cookies are read and written.
    bool bad_cookie = false;     ///< Its AWSALBTG was not ours.

    std::span<const std::uint64_t> tried_uids() const { return {tried.data(), tries}; }
    /// Nothing that a target was given is missing on the tape.
    bool tape_whole() const { return !body_passed_on || recording; }
    /// May be sent again although a target may have processed it (RFC 9110 §9.2.2).
    bool repeatable() const {
        return !websocket && (recording || !has_body) &&
               (replay == Replay::always || (idempotent() && replay != Replay::never));
    }
    bool idempotent() const {
        using net::Method;
        return (method == Method::get || method == Method::head || method == Method::put ||
                method == Method::remove || method == Method::options);
    }
};

struct Exchange : ExchangeState {
    /// What the target has been or will be given, while it may be given again; of a request that
    /// goes to none, its words. Keeps its memory from request to request.
    Text tape;
    std::unique_ptr<Spool> spool;  ///< What does not fit into `tape`.

    std::uint64_t tape_bytes() const { return tape.size() + (spool ? spool->size() : 0); }

    static constexpr std::size_t kTapeKept = 16 * 1024;  ///< From one request to the next.

    std::string_view word(Place place) const { return tape.at(place); }

    /// For the next request.
    void renew() {
        static_cast<ExchangeState&>(*this) = ExchangeState{};
        spool.reset();
        if (tape.capacity() > kTapeKept) {
            tape.release();
        } else {
            tape.clear();
        }
    }
};

}  // namespace edge
