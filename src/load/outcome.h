#pragma once
// What the users of a run felt, as plain values: what `run` returns, thresholds read and reports
// show. Its JSON (`render_json`) has the same names; `schema` changes when one of them changes
// meaning.

#include "base/clock.h"
#include "load/histogram.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace load {

/// Requests of users: API calls without file transfers, whose time is that of the sender's line.
/// The latency is from the *intended* start where the schedule is open; `service` from the real
/// one.
struct HttpOutcome {
    std::uint64_t requests =
        0;  ///< every request with an outcome: users', transfers, assets, probes
    std::uint64_t succeeded = 0;
    std::uint64_t failed =
        0;  ///< refused + reset + timed_out + edge_answers: what no instance answered
    std::uint64_t refused = 0;  ///< no connection
    std::uint64_t reset = 0;    ///< connection lost before the answer was whole
    std::uint64_t timed_out = 0;
    std::uint64_t edge_answers = 0;  ///< 4xx and 5xx that the proxy made itself
    std::uint64_t harmed = 0;        ///< 5xx that an instance gave: its release's harm, see `harm`
    std::uint64_t rejected = 0;      ///< 4xx to a request that should have been fine
    std::uint64_t mangled = 0;  ///< 2xx whose body was not what was asked for; also in `failed`
    Latency latency;
    Latency service;
};

struct EndpointOutcome {
    std::string name = {};  ///< `POST /posts`
    std::uint64_t requests = 0;
    std::uint64_t failed = 0;
    std::uint64_t harmed = 0;
    Latency latency;
};

struct SocketOutcome {
    std::uint64_t opened = 0;             ///< reached `hello` or resumed
    std::uint64_t moved_planned = 0;      ///< closed with 1012 or 1001
    std::uint64_t dropped_unplanned = 0;  ///< every other end that the client did not ask for
    std::uint64_t closed_by_client = 0;
    std::uint64_t refused = 0;           ///< attempts that did not reach `hello`
    std::uint64_t never_back = 0;        ///< had no socket when the run ended
    std::uint64_t sequence_breaks = 0;   ///< events whose number was not the next one
    std::uint64_t resumed_lossless = 0;  ///< the server knew the connection
    std::uint64_t resumed_fresh = 0;     ///< a new connection, closed up by a REST resync
    double largest_gap_ms = 0;           ///< from the close to hello and resync done
    double largest_planned_gap_ms = 0;
    Latency gaps;
    std::map<std::string, std::uint64_t> closes;  ///< by code: "1012" → 100
};

/// Pairs of message and receiver, except where said otherwise. Every member of a channel who has
/// a socket is expected to see each message once.
struct MessageOutcome {
    std::uint64_t posted = 0;       ///< messages whose POST was answered 201
    std::uint64_t retried = 0;      ///< messages whose POST was sent more than once
    std::uint64_t unanswered = 0;   ///< messages given up on: they may exist, once
    std::uint64_t not_started = 0;  ///< messages whose time had come when the run ended
    std::uint64_t expected = 0;
    std::uint64_t delivered = 0;  ///< live + recovered
    std::uint64_t live = 0;       ///< by WebSocket
    std::uint64_t recovered = 0;  ///< by the REST resync after a gap
    std::uint64_t late = 0;  ///< delivered, more than `late_after_ms` after the POST was answered
    std::uint64_t lost = 0;  ///< vanished + never_pushed
    std::uint64_t vanished = 0;      ///< answered 201, yet not in the channel at the end
    std::uint64_t never_pushed = 0;  ///< in the channel, but no client would have seen it
    std::uint64_t duplicated = 0;    ///< pushed again, or messages stored twice
    std::uint64_t stored_twice = 0;  ///< messages with two post ids
    std::uint64_t out_of_order = 0;  ///< pushed after one that was posted later
    std::uint64_t strangers = 0;     ///< pushed to someone who is no member, or never posted
    double late_after_ms = 0;
    Latency delivery;      ///< intended start of the POST to arrival by WebSocket
    Latency delivery_all;  ///< the same with recovered ones
};

struct UploadOutcome {
    std::uint64_t files = 0;  ///< answered 201
    std::uint64_t bytes = 0;
    std::uint64_t failed = 0;  ///< uploads and downloads that were cut, or came back different
    std::uint64_t largest_bytes = 0;
    std::uint64_t compared = 0;   ///< fetched again
    std::uint64_t different = 0;  ///< of those, with another SHA-256
    double avg_ms = 0;
    double megabytes_a_second = 0;
    std::uint64_t unfinished = 0;  ///< stopped by the end of the run
};

/// One probed path. An attempt is one fresh connection.
struct ProbeOutcome {
    std::string name = {};  ///< read, write, websocket, asset
    std::uint64_t attempts = 0;
    std::uint64_t failed = 0;
    std::uint64_t harmed = 0;
    double downtime_ms = 0;
    double longest_gap_ms = 0;  ///< between the starts of two successful attempts
    Latency latency;
};

struct DowntimeOutcome {
    double ms = 0;             ///< union over all paths; no attempt begun in it succeeded
    double resolution_ms = 0;  ///< 1,000 / probes a second: shorter outages can pass unseen
    double longest_gap_ms = 0;
    double unobserved_ms = 0;  ///< no attempt was started, so nothing is known (P8)
    std::vector<ProbeOutcome> probes = {};
};

/// Asset time to first byte, from the request's start on a warm connection.
struct AssetOutcome {
    std::uint64_t requests = 0;
    std::uint64_t failed = 0;
    Latency ttfb;
    std::map<std::string, std::uint64_t> caches;  ///< by the answer's X-Cache, where it has one
};

/// What one version did, by X-Version-Id.
struct VersionOutcome {
    std::string version = {};
    std::uint64_t answers = 0;
    std::uint64_t harmed = 0;
    std::uint64_t rejected = 0;
    std::int64_t first_seen_micros = 0;  ///< UTC
    std::int64_t last_seen_micros = 0;
    Latency latency;
};

/// One second. `by_version` counts answers and harm; last_micros is the instant of the last answer.
struct VersionSecond {
    std::uint32_t answers = 0;
    std::uint32_t harmed = 0;
    std::uint32_t sockets = 0;
    std::int64_t last_micros = 0;
};
struct Second {
    std::uint32_t requests = 0;
    std::uint32_t failed = 0;
    std::uint32_t harmed = 0;
    double p50_ms = 0;
    double p99_ms = 0;
    double delivery_p50_ms = 0;
    double delivery_p99_ms = 0;
    std::uint32_t posted = 0;
    std::uint32_t delivered = 0;
    std::uint32_t sockets_open = 0;
    std::uint32_t sockets_closed = 0;
    std::uint64_t upload_bytes = 0;
    double lag_ms = 0;         ///< the largest of the second
    double database_cpu = -1;  ///< percent of one core; -1: not sampled
    double generator_cpu = 0;
    std::map<std::string, VersionSecond> versions;
};

/// Whether the figures are the server's or the generator's own.
struct SelfCheck {
    bool is_void = false;
    std::vector<std::string> reasons = {};  ///< why the run is void; empty when it is not
    Latency schedule_lag;                   ///< real start minus intended start
    Latency loop_lag;
    double cpu_percent = 0;             ///< of one core
    std::uint64_t could_not_start = 0;  ///< wanted while a bound of ours was reached
    std::uint64_t local_errors = 0;     ///< out of ports or descriptors: ours, not the server's
};

struct Database {
    bool sampled = false;
    double cpu_avg_percent = 0;  ///< of one core
    double cpu_max_percent = 0;
};

struct Outcome {
    static constexpr int kSchema = 1;
    std::string run = {};  ///< the run's id, part of every message
    std::string target = {};
    std::string profile = {};
    std::uint32_t users = 0;
    base::Instant started;
    base::Instant ended;
    bool stopped_early = false;
    HttpOutcome http;
    SocketOutcome websocket;
    MessageOutcome messages;
    UploadOutcome uploads;
    DowntimeOutcome downtime;
    AssetOutcome assets;
    std::vector<EndpointOutcome> endpoints = {};
    std::vector<VersionOutcome> versions = {};
    std::vector<Second> seconds = {};
    SelfCheck self;
    Database database;
    std::string latency_hgrm = {};
};

/// Whether an X-Version-Id is one of `version`: the same, or `VERSION.BUILD.CONFIG.LICENSED`.
bool is_of(std::string_view version_id, std::string_view version);

/// How ids are shown: the version, with the front of the configuration's hash where several of the
/// given ids have that version.
std::string brief(std::string_view version_id, const std::vector<VersionOutcome>& all);

/// From `commanded` to the last answer that `version` gave within `until`: how long a rollback
/// took for users. 0 when it gave none after the command; nothing when it was never seen.
std::optional<double> rollback_ms(const Outcome& outcome, std::string_view version,
                                  base::Instant commanded, base::Instant until);

}  // namespace load
