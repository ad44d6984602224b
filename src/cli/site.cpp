#include "cli/site.h"

#include "base/file.h"
#include "base/json.h"

#include <fmt/format.h>

#include <cstdlib>
#include <system_error>

namespace cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSpecName = "crossfade.yaml";
constexpr std::string_view kStateName = ".crossfade";
// Specs are written by hand: a megabyte is a thousand times what one needs.
constexpr base::Bytes kSpecBytesMax{1024 * 1024};

// The nearest crossfade.yaml, not looked for beyond the root of a repository.
std::optional<fs::path> spec_upward(fs::path folder) {
    std::error_code error;
    while (true) {
        if (fs::exists(folder / kSpecName, error)) return folder / kSpecName;
        if (fs::exists(folder / ".git", error) || folder == folder.root_path()) return std::nullopt;
        folder = folder.parent_path();
    }
}

fs::path state_of(const Session& session, const fs::path& home) {
    if (!session.state.empty()) return session.state;
    if (const char* set = std::getenv("CROSSFADE_STATE"); set != nullptr && set[0] != '\0')
        return set;
    return home / kStateName;
}

fs::path kept_file(const Site& site, const base::Digest& plan) {
    return site.folder.root() / "specs" / (plan.hex() + ".json");
}

tl::expected<SpecText, Refusal> decoded(std::string text, const std::string& name) {
    auto spec = release::spec_from(text, name);
    if (!spec) return tl::unexpected(Refusal{ExitCode::usage, std::move(spec.error())});
    return SpecText{std::move(*spec), std::move(text)};
}

// As short as people would write it.
std::string shown(const fs::path& path) {
    std::error_code error;
    const fs::path relative = fs::proximate(path, error);
    const std::string text = error ? path.string() : relative.string();
    return text.starts_with("../../..") ? path.string() : text;
}

}  // namespace

base::Result<Site> find_site(const Session& session) {
    std::error_code error;
    const fs::path here = fs::current_path(error);
    fs::path spec = session.spec;
    if (!spec.empty()) {
        spec = fs::absolute(spec, error).lexically_normal();
        if (fs::is_directory(spec, error)) spec /= kSpecName;
    } else if (const auto found = spec_upward(here)) {
        spec = *found;
    } else if (const fs::path state = state_of(session, {}); state != kStateName) {
        // A state folder alone is enough for what needs no spec; it is beside it by default.
        spec = fs::absolute(state, error).lexically_normal().parent_path() / kSpecName;
    } else {
        return base::fail(
            base::Failure::not_found,
            {.code = "CF0710",
             .what = fmt::format("there is no {} in {} or above", kSpecName, here.string()),
             .fix = "run `crossfade init` here, or name a spec by --spec"});
    }
    const fs::path home = spec.parent_path();
    return Site{spec, home, local::Folder(state_of(session, home))};
}

tl::expected<SpecText, Refusal> read_spec(const Site& site) {
    auto text = base::read_file(site.spec, kSpecBytesMax);
    if (!text) {
        base::Diagnostic diagnostic = text.error().diagnostic;
        if (text.error().failure == base::Failure::not_found) {
            diagnostic = {.code = "CF0710",
                          .what = fmt::format("there is no spec {}", shown(site.spec)),
                          .fix = "run `crossfade init`, or name another by --spec"};
        }
        return refuse(ExitCode::usage, std::move(diagnostic));
    }
    return decoded(std::move(*text), shown(site.spec));
}

std::string spec_to_json(const Site& site, const SpecText& spec) {
    return base::canonical(
        {{"schema", "crossfade.spec/1"}, {"file", site.spec.string()}, {"text", spec.text}});
}

base::Result<SpecText> spec_from_json(std::string_view json, const std::string& name) {
    const auto read = base::json_from(json);
    if (!read) return base::fail(read);
    auto text = base::member<std::string>(*read, "text");
    if (!text) return base::fail(text);
    auto spec = decoded(std::move(*text), name);
    if (!spec) return base::fail(base::Failure::rejected, spec.error().diagnostics.front());
    return std::move(*spec);
}

base::Result<void> keep_spec(const Site& site, const SpecText& spec, const base::Digest& plan) {
    std::error_code error;
    fs::create_directories(site.folder.root() / "specs", error);
    if (error) {
        return base::fail(base::system_error("cannot make a folder for specs",
                                             site.folder.root() / "specs", error.value()));
    }
    return base::write_file(kept_file(site, plan), spec_to_json(site, spec));
}

base::Result<SpecText> kept_spec(const Site& site, const base::Digest& plan) {
    const auto file = base::read_file(kept_file(site, plan), base::Bytes{4 * kSpecBytesMax.count});
    if (!file) return base::fail(file);
    return spec_from_json(*file, kept_file(site, plan).string());
}

void forget_specs_but(const Site& site, const base::Digest& plan) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(site.folder.root() / "specs", error)) {
        if (entry.path() != kept_file(site, plan)) fs::remove(entry.path(), error);
    }
}

base::Result<std::unique_ptr<local::Store>> open_store(const Site& site) {
    std::error_code error;
    if (!fs::exists(site.folder.store(), error)) {
        return base::fail(base::Failure::not_found,
                          {.code = "CF0711",
                           .what = "nothing was ever released here",
                           .why = fmt::format("{} does not exist", site.folder.store().string()),
                           .fix = "`crossfade up` starts the application and its first release"});
    }
    return local::Store::open(site.folder.store());
}

std::string open_address(const release::Spec& spec) {
    return spec.tls ? "https://" + spec.tls->listen : "http://" + spec.listen;
}

}  // namespace cli
