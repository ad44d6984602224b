#pragma once
// Records and releases of the journal as the API gives them. Pure.

#include "engine/history.h"
#include "engine/store.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace console {

/// One line of the journal: `index`, `at`, `run`, `actor`, `kind`, `text`; `stage` where a step of
/// it begins. The body is left out: `record_json` has it.
std::string line_json(const engine::Record& record);
/// All of it.
std::string record_json(const engine::Record& record);

/// Which lines are wanted; empty members let everything through.
struct Wanted {
    std::uint64_t before = 0;  ///< Only with a lower index; 0: from the end.
    std::size_t limit = 500;
    std::string run;
    std::string kind;
};
inline constexpr std::size_t kLinesMax = 2000;

/// Newest first: `{"lines": […], "before": N}`; `before` asks for those that follow, null when
/// there are none.
std::string lines_json(const std::vector<engine::Record>& records, const Wanted& wanted);

/// The latest 200, newest first; `back` tells whether a rollback can bring it back.
std::string releases_json(const engine::Releases& releases);

}  // namespace console
