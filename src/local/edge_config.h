#pragma once
// What the edge is told of a spec: listener, routes, groups and their health checks.

#include "release/spec.h"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>

namespace local {

/// The `config` member of the edge's `PUT /v1/config`. `assets` is the folder of published files.
nlohmann::json edge_config_of(const release::Spec& spec, const std::filesystem::path& assets);

}  // namespace local
