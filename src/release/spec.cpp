#include "release/spec.h"

#include "base/diagnostic.h"
#include "base/digest.h"
#include "base/document.h"
#include "base/form.h"
#include "base/result.h"
#include "release/names.h"
#include "release/release.h"
#include "release/spec_form.h"

#include <fmt/format.h>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace release {

namespace {

std::vector<Route> usual_routes(const Spec& spec) {
    std::vector<Route> routes;
    if (!spec.assets.empty()) routes.push_back({.path = "/static/*", .header = {}, .assets = true});
    routes.push_back({.path = "/*", .header = {}});
    return routes;
}

}  // namespace

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

tl::expected<Spec, std::vector<base::Diagnostic>> spec_from(std::string_view text,
                                                            const std::string& file) {
    auto spec = base::decoded(spec_form(), text, file);
    if (!spec) return spec;
    if (spec->routes.empty()) spec->routes = usual_routes(*spec);
    if (spec->provider != Provider::aws) return spec;
    base::Findings none(text, file);
    if (const auto root = base::document_from(text, none)) take_aws_defaults(*spec, *root);
    return spec;
}

std::string assets_path(const Spec& spec) {
    for (const Route& route : spec.routes) {
        if (!route.assets) continue;
        std::string path = route.path;
        while (path.ends_with('*')) path.pop_back();
        return path.ends_with('/') ? path : path + "/";
    }
    return {};
}

std::string spec_schema() {
    return base::schema_of(
        spec_form().shape,
        {.id = "https://crossfade.dev/schema/crossfade.schema.json",
         .title = "crossfade.yaml",
         .description = "An application and how it is released. Made from the decoder's own "
                        "description; what crosses fields is checked by `crossfade validate`."});
}

std::string spec_reference() {
    return "# crossfade.yaml\n\n"
           "All fields, made from the description that decodes them: `crossfade explain FIELD` "
           "shows one,\n`docs/reference/crossfade.schema.json` is for editors.\n\n"
           "Durations carry units (`250ms`, `90s`, `1h30m`), percentages have at most one decimal "
           "(`0.1%`), numbers and\ntruth values have one spelling (`8`, `true`; not `010`, `yes`). "
           "A text that some reader of YAML could take for\nsomething else stands in quotes. Names "
           "that begin with `x-` are yours.\n\n" +
           base::reference_of(spec_form().shape);
}

std::optional<std::string> explain_field(std::string_view path) {
    const base::Field* field = base::field_at(spec_form().shape, path);
    if (field == nullptr) return {};
    return base::explanation_of(*field, path);
}

}  // namespace release
