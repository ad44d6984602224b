#pragma once
// The agent's words in JSON: what goes over agent.sock and into wish.json.

#include "base/result.h"
#include "engine/fleet.h"
#include "local/fleet.h"
#include "release/pool.h"

#include <nlohmann/json_fwd.hpp>

#include <string_view>

namespace local {

nlohmann::json json_of(const Manners& manners);
base::Result<Manners> manners_from(const nlohmann::json& json);

nlohmann::json json_of(const engine::Capacity& capacity);
base::Result<engine::Capacity> capacity_from(const nlohmann::json& json);

base::Result<release::Pool> pool_from(std::string_view name);

}  // namespace local
