#pragma once
// What the edge is told of a spec: listener, routes, groups and their health checks.

#include "base/secret.h"
#include "release/pool.h"
#include "release/spec.h"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <optional>
#include <string>

namespace local {

/// Who meets the new release before users do.
struct Previewers {
    std::string header;
    base::Secret value;
    release::Pool pool;  ///< Of the new release.
};

struct Places {
    std::filesystem::path assets;  ///< The folder of published files.
    std::filesystem::path home;    ///< The spec's folder, where its relative paths begin.
    std::optional<Previewers> preview = {};
    std::string salt = {};  ///< Which users of a cohort come first; another one each release.
};

/// The `config` member of the edge's `PUT /v1/config`.
nlohmann::json edge_config_of(const release::Spec& spec, const Places& places);

}  // namespace local
