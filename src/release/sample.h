#pragma once
// Releases and specs for tests of this room and of those above it.

#include "release/plan.h"

#include <string>

namespace release {

/// An application `chat` with two instances and nothing unusual.
inline Spec sample_spec() {
    Spec spec;
    spec.application = "chat";
    spec.version = Version{.major = 1, .minor = 0, .patch = 1, .prerelease = {}, .build = {}};
    spec.artifact = "chat";
    spec.service.process.command = {"${artifact}/chat", "--listen", "${address}:${port}"};
    spec.routes = {Route{}};
    return spec;
}

/// A release whose artifact is told by its version, and config and assets by their words.
inline Release sample_release(std::string id, std::string_view version,
                              std::string_view config = "c", std::string_view assets = "") {
    Release release;
    release.id = std::move(id);
    release.version = version_from(version).value_or(Version{});
    release.artifact = base::sha256(version);
    release.process.command = {"${artifact}/chat", "--listen", "${address}:${port}"};
    release.process.environment = {{"MOTD", std::string(config)}};
    release.config = config_digest(release.process);
    if (!assets.empty()) {
        release.assets = base::sha256(assets);
        release.assets_source = "web";
    }
    release.artifact_source = "chat";
    return release;
}

/// `release` takes all traffic in blue; green is empty.
inline Present sample_present(Release release) {
    return {.active_release = std::move(release),
            .active = Pool::blue,
            .idle_release = {},
            .idle_healthy = 0};
}

}  // namespace release
