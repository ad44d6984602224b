#pragma once
// Figures that several reports show: what is derived from an outcome is derived here, once.

#include "load/outcome.h"
#include "load/report.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace load {

/// A row of the table that puts our figures beside those that the project set out from.
struct Compared {
    std::string name;
    std::string theirs;
    std::string ours;
    std::string note;                 ///< how ours was measured
    std::optional<bool> better = {};  ///< none: not comparable, or not measured
};

std::vector<Compared> compared(const Outcome& outcome, const Story& story);

/// Requests that instances answered with an error of their own, over all versions.
std::uint64_t harm_requests(const Outcome& outcome);
/// Budgets of the releases that did harm, added up; nothing where none says.
std::optional<std::uint64_t> harm_budget(const Story& story);
/// The longest of the releases'; nothing without one.
std::optional<double> rollback_ms(const Story& story);
double seconds_long(const Outcome& outcome);
/// Share of the time that was not downtime; nothing where nothing was probed.
std::optional<double> uptime_percent(const Outcome& outcome);
/// Unplanned closes in a hundred users, each of whom had one socket to begin with.
double drop_percent(const Outcome& outcome);

/// Whether a release ended as it was meant to.
bool went_well(const ReleaseRow& release);

/// `1,234,567`.
std::string grouped(std::uint64_t number);
/// `0 ms`, `12.4 ms`, `3.2 s`.
std::string span_text(double ms);
/// `512 B`, `3.4 MB`, `8.5 GB`.
std::string size_text(std::uint64_t bytes);

/// How a run reads at first sight.
enum class Mood {
    good,  ///< users noticed nothing
    fair,  ///< nothing but errors of releases, within their budget
    bad,
};
struct Verdict {
    Mood mood = Mood::good;
    std::string sentence;  ///< what users noticed of all that happened
};
Verdict verdict(const Outcome& outcome, const Story& story);

}  // namespace load
