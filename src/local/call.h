#pragma once
// One HTTP/1.1 call with JSON to a program of ours that listens on a UNIX socket.

#include "base/clock.h"
#include "base/result.h"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <string>

namespace local {

struct Call {
    std::string method;
    std::string target;  ///< Path and query.
    std::string body;    ///< JSON, or empty.
};

/// The answer's JSON. `who` names the other side in diagnostics (`the edge`).
///
/// Fails with `unavailable` when it does not listen or a GET is not answered, `unknown` when
/// anything else was sent but not answered at `deadline`, and with what the answer's status says:
/// 404 `not_found`, 409 `conflict`, 429 and 503 `unavailable`, 504 `unknown`, others `rejected`,
/// with the answer's own diagnostic.
base::Result<nlohmann::json> call(const std::filesystem::path& socket, const std::string& who,
                                  const Call& call, base::Clock& clock, base::Deadline deadline);

}  // namespace local
