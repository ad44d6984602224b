#pragma once
// Accounts for every request: how it ended, how long it took, which version answered, second by
// second. Pure.

#include "base/clock.h"
#include "load/histogram.h"
#include "load/outcome.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace load {

enum class Ended : std::uint8_t {
    well,
    rejected,     ///< 4xx to a request that should have been fine
    harmed,       ///< 5xx by an instance
    edge_answer,  ///< 4xx or 5xx that no instance gave
    refused,
    reset,
    timed_out,
    mangled,  ///< answered, but not with what was asked for
    ours,     ///< out of ports or descriptors: says nothing of the server
};

/// An error is an instance's own when it carries the instance's version; the edge's otherwise.
Ended ended_by_status(int status, bool has_version);

/// The user was served neither an answer of an instance nor anything else fit for use.
constexpr bool is_failure(Ended ended) {
    return ended == Ended::edge_answer || ended == Ended::refused || ended == Ended::reset ||
           ended == Ended::timed_out || ended == Ended::mangled;
}

/// What a request is for: transfers last as long as the sender's line makes them, and assets are
/// measured to the first byte, so neither is in the API's latency.
enum class Kind : std::uint8_t { api, transfer, asset, probe };

/// A request that is over.
struct Exchanged {
    std::uint16_t endpoint = 0;
    Ended ended = Ended::well;
    base::Tick intended;
    base::Tick begun;
    base::Tick at;
    std::string_view version;  ///< X-Version-Id; empty where nobody said
};

class Ledger {
public:
    /// `start` is where the first second begins, `instant` its UTC.
    Ledger(base::Tick start, base::Instant instant);

    std::uint16_t add_endpoint(std::string name, Kind kind);
    void record(const Exchanged& exchanged);

    // Events of the series that are no requests.
    void posted(base::Tick at) { ++second_at(at).posted; }
    void delivered(base::Tick at, base::Tick intended);
    void socket_closed(base::Tick at) { ++second_at(at).sockets_closed; }
    void uploaded(base::Tick at, std::uint64_t bytes) { second_at(at).upload_bytes += bytes; }
    void lagged(base::Tick at, std::chrono::nanoseconds lag);
    /// Closes the seconds before `at`: their percentiles are fixed.
    void advance(base::Tick at);
    /// The second of `at`, for figures that are sampled.
    Second& second_at(base::Tick at);

    const HttpOutcome& http() const { return http_; }
    std::uint64_t local_errors() const { return local_errors_; }
    const Second& last_whole_second() const;
    base::Instant instant_of(base::Tick at) const;

    /// Fills http, endpoints, versions, seconds and latency_hgrm.
    void account(Outcome& outcome);

private:
    struct Endpoint {
        EndpointOutcome outcome;
        Kind kind = Kind::api;
        Histogram latency;
    };
    struct Version {
        VersionOutcome outcome;
        Histogram latency;
    };
    void count(HttpOutcome& http, Ended ended) const;
    Version& version_of(std::string_view name);

    base::Tick start_;
    base::Instant instant_;
    std::vector<Endpoint> endpoints_;
    std::map<std::string, Version, std::less<>> versions_;
    HttpOutcome http_;
    Histogram latency_;
    Histogram service_;
    std::uint64_t local_errors_ = 0;
    std::vector<Second> seconds_;
    std::size_t open_second_ = 0;  ///< whose percentiles are still being counted
    Histogram second_latency_;
    Histogram second_delivery_;
};

}  // namespace load
