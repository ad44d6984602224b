#pragma once
// Thresholds a run must keep: `http.failed==0`, `http.p99_ms<250`.

#include "base/result.h"
#include "load/outcome.h"

#include <string>
#include <string_view>
#include <vector>

namespace load {

/// The exit code of `crossfade load` when a requirement is not met (k6's), and when the run is
/// void.
inline constexpr int kExitUnmet = 99;
inline constexpr int kExitVoid = 98;

enum class Comparison { equal, not_equal, less, at_most, greater, at_least };

struct Requirement {
    std::string path = {};  ///< dotted, into the run's JSON: `messages.lost`, `harm.1.0.2`
    Comparison comparison = Comparison::equal;
    double bound = 0;
    std::string text = {};  ///< as written
};

/// Rejects text without a comparison, a path or a number (CF0605).
base::Result<Requirement> requirement_from(std::string_view text);

struct Checked {
    Requirement requirement;
    bool met = false;
    bool known = false;  ///< false: the run has no such figure, and the requirement is not met
    double value = 0;
    std::string why = {};  ///< one line: `http.failed is 3, wanted ==0`
};

/// Each requirement against the figures of the run's JSON (`document` is what render_json gave).
/// A void run meets none (P8).
base::Result<std::vector<Checked>> check(const std::vector<Requirement>& requirements,
                                         std::string_view document);

}  // namespace load
