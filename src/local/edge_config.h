#pragma once
// What the edge is told of a spec: listener, routes, groups and their health checks.

#include "release/spec.h"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>

namespace local {

struct Places {
    std::filesystem::path assets;  ///< The folder of published files.
    std::filesystem::path home;    ///< The spec's folder, where its relative paths begin.
};

/// The `config` member of the edge's `PUT /v1/config`.
nlohmann::json edge_config_of(const release::Spec& spec, const Places& places);

}  // namespace local
