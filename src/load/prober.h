#pragma once
// Is the server there? Asked at fixed moments, on a fresh connection each time, whatever came of
// the attempt before.

#include "base/random.h"
#include "load/books.h"
#include "load/caller.h"
#include "load/schedule.h"
#include "net/loop.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace load {

/// What is probed, with whose session.
struct ProbePaths {
    std::string token;
    std::string write_channel;  ///< id of the channel that the writing probe marks as read
    std::string asset;          ///< path; empty: no asset probe
    std::chrono::milliseconds patience{5'000};
};

/// Probes read, write, websocket and asset in turn, each at the same rate, a quarter of an
/// interval apart. Used on the loop's thread.
class Prober {
public:
    Prober(net::Loop& loop, Caller& caller, Books& books, ProbePaths paths, Tempo tempo);

    /// Begins all attempts that are due.
    void pulse(base::Tick now);
    base::Tick next() const;
    std::size_t open() const { return open_; }
    /// Assets change with releases.
    void probe_asset(std::string path) { paths_.asset = std::move(path); }
    Histogram lag() const;

private:
    void request(std::size_t path, std::uint16_t endpoint, Want want, base::Tick intended);
    void websocket(std::size_t path, base::Tick intended);
    void finished(std::size_t path, Ended ended, base::Tick begun);

    net::Loop& loop_;
    Caller& caller_;
    Books& books_;
    ProbePaths paths_;
    base::Random random_{99};
    std::size_t open_ = 0;
    std::vector<Schedule> schedules_;
    std::vector<std::size_t> numbers_;  ///< in Availability
    std::vector<std::uint16_t> endpoints_;
};

}  // namespace load
