#pragma once
// What a person may do now, with what it will lead to, said before it is done. Pure.

#include "engine/history.h"
#include "engine/status.h"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace console {

enum class Verb { pause, resume, promote, abort, rollback };

std::string_view name_of(Verb verb);
std::optional<Verb> verb_from(std::string_view name);

struct Deed {
    Verb verb = Verb::pause;
    bool possible = false;
    std::string consequence;  ///< What it will do; empty when it is not possible.
    std::string why_not;      ///< Empty when it is possible.
};

/// All five, in a fixed order.
std::vector<Deed> deeds_of(const engine::Status& status, const engine::Releases& releases);

/// The earlier run that a rollback would bring back; nullptr where there is none. `id` empty: what
/// `crossfade rollback` would choose.
const engine::PastRun* rollback_target(const engine::Releases& releases, const std::string& id);

/// Objects with `verb`, `possible`, `consequence`, `why_not`.
nlohmann::json json_of(const std::vector<Deed>& deeds);

}  // namespace console
