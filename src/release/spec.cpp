#include "release/spec.h"

#include "release/names.h"

#include <fmt/format.h>

namespace release {

std::string_view name_of(StrategyKind kind) {
    return name_in_table(kind);
}

std::string_view name_of(Provider provider) {
    return name_in_table(provider);
}

base::Result<StrategyKind> strategy_from(std::string_view name) {
    for (const auto& [row, kind] : Names<StrategyKind>::rows)
        if (row == name) return kind;
    return base::fail(base::Failure::rejected,
                      {.code = "CF0206",
                       .what = fmt::format("`{}` is no strategy", name.substr(0, 64)),
                       .fix = "use blue-green, canary, rolling or publish"});
}

Release release_of(const Spec& spec, std::string id, const base::Digest& artifact,
                   const base::Digest& assets) {
    return {.id = std::move(id),
            .version = spec.version,
            .artifact = artifact,
            .config = config_digest(spec.service.process),
            .assets = assets,
            .artifact_source = spec.artifact,
            .assets_source = spec.assets,
            .process = spec.service.process};
}

}  // namespace release
