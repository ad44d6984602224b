#pragma once
// How well users were served over the last two months, as far as anyone looked: requests and
// failures by the minute, kept in one small file. A time in which no console ran is not measured,
// and said so: nothing stands in for it (P8).

#include "base/clock.h"
#include "base/file.h"
#include "base/result.h"
#include "console/tick.h"

#include <chrono>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <optional>
#include <string>

namespace console {

/// The promise to users, and over what it is kept.
struct Objective {
    std::uint64_t target_ppm = 999'960;  ///< 99.996 %
    std::chrono::days window{60};
};

/// Used by one thread. One process writes a file at a time; another only reads it.
class Ledger {
public:
    Ledger(std::filesystem::path file, Objective objective);

    /// Reads what there is and leaves the file as it is.
    base::Result<void> read(base::Instant now);
    /// Reads what there is and takes the file, unless another process has it. Lines that cannot be
    /// read (a torn last one) are left out.
    base::Result<void> open(base::Instant now);
    /// Written a minute later at the latest; what a crash loses is a minute.
    void add(const Tick& tick);
    /// Writes what has gathered.
    void flush();
    bool writes() const { return static_cast<bool>(out_); }

    /// What was counted within the window.
    struct Sum {
        std::uint64_t requests = 0;
        std::uint64_t errors = 0;
        std::chrono::seconds measured{0};
        std::optional<base::Instant> since;  ///< None: nothing was measured.
    };
    Sum sum(base::Instant now) const;

    /// `target_ppm`, `window_days`, `requests`, `errors`, `measured_seconds`, `since`.
    std::string json(base::Instant now) const;

private:
    struct Minute {
        std::int64_t number = 0;  ///< Since 1970.
        std::uint64_t requests = 0;
        std::uint64_t errors = 0;
        std::uint64_t measured_ms = 0;
    };
    static std::string line_of(const Minute& minute);
    std::int64_t oldest(base::Instant now) const;
    void keep(const Minute& minute);
    /// What could not be kept as it is: old or torn lines.
    base::Result<bool> take_in(base::Instant now);
    void trim(base::Instant now);

    std::filesystem::path file_;
    Objective objective_;
    base::Fd lock_;
    base::Fd out_;
    std::deque<Minute> minutes_;
    Minute present_;
};

}  // namespace console
