#pragma once
// The stages of a release, in the vocabulary that Amazon ECS made standard for deployments
// (docs.aws.amazon.com, deployment-lifecycle-hooks), so that hooks have stable names.

#include "base/result.h"

#include <string_view>

namespace release {

enum class Stage {
    preflight,
    publish_assets,
    prepare,
    scale_up,
    test,
    shift,
    bake,
    drain,
    retire,
    replace,  ///< Rolling only, in place of scale_up to retire.
};

/// `PREFLIGHT`, `PUBLISH_ASSETS` …
std::string_view name_of(Stage stage);
base::Result<Stage> stage_from(std::string_view name);

}  // namespace release
