#pragma once
// How a team releases, in figures over a window: DORA's five as far as a journal can tell them,
// and what bad releases cost. Pure.

#include "base/clock.h"
#include "engine/history.h"
#include "report/account.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace report {

struct Figures {
    base::Instant from;
    base::Instant until;
    std::uint32_t releases = 0;   ///< Attempts that ended, rollbacks by hand apart.
    std::uint32_t succeeded = 0;  ///< Of these, those that served to the end.
    std::uint32_t failed = 0;     ///< Taken back, or left later by a rollback to an earlier one.
    std::uint32_t reworked = 0;   ///< Succeeded right after one that failed: an estimate.
    std::uint64_t harm = 0;       ///< Failed requests of new releases.
    double exposed_user_minutes = 0;  ///< Sockets on releases that failed, over time.
    std::vector<std::chrono::milliseconds> lengths;     ///< Of those that succeeded.
    std::vector<std::chrono::milliseconds> recoveries;  ///< From bad share to restored.

    double a_week() const;  ///< Successful releases.
    /// Shares in 0..1; none where there is nothing to divide by.
    std::optional<double> change_failure_rate() const;
    std::optional<double> rework_rate() const;
};

/// `accounts` oldest first, all of one application. Those that began before `from` are left out.
Figures figures_of(const std::vector<Account>& accounts, base::Instant from, base::Instant until);

/// None of an empty list.
std::optional<std::chrono::milliseconds> median_of(std::vector<std::chrono::milliseconds> lengths);

}  // namespace report
