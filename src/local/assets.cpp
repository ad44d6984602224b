#include "local/assets.h"

#include "base/file.h"
#include "local/artifact.h"
#include "local/fetch.h"
#include "local/manifest.h"
#include "local/record.h"
#include "local/wish.h"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>

namespace local {

namespace fs = std::filesystem;

namespace {

constexpr base::Bytes kManifestMax{256 * 1024 * 1024};
constexpr base::Bytes kWishMax{16 * 1024 * 1024};
/// Larger files are published as they are; they are not read into memory to be compressed.
constexpr std::uintmax_t kCompressMax = 64 * 1024 * 1024;

bool has_assets(const release::Release& release) {
    return release.assets != base::Digest{} && !release.assets_source.empty();
}

fs::path manifest_file(const Folder& folder, const base::Digest& assets) {
    return folder.manifests() / fmt::format("{}.json", assets.hex());
}

base::Result<Manifest> stored_manifest(const Folder& folder, const base::Digest& assets) {
    const auto text = base::read_file(manifest_file(folder, assets), kManifestMax);
    if (text) return manifest_from(*text);
    return base::fail(base::Failure::unavailable, {.code = "CF0453",
                                                   .what = "the assets have not been published",
                                                   .why = text.error().diagnostic.what});
}

/// A copy under a name of its own beside the state, so that the rename stays on one disk.
fs::path staged_name(const Folder& folder) {
    static std::atomic<unsigned> counter{0};
    return folder.spool() / fmt::format("asset-{}-{}", getpid(), counter++);
}

base::Result<void> put_in_place(const fs::path& staged, const fs::path& wanted) {
    std::error_code error;
    fs::create_directories(wanted.parent_path(), error);
    if (!error) fs::rename(staged, wanted, error);
    if (!error) return {};
    std::error_code ignored;
    fs::remove(staged, ignored);
    return base::fail(base::system_error("cannot publish", wanted, error.value()));
}

base::Result<void> publish_text(const Folder& folder, const fs::path& wanted,
                                const std::string& content) {
    const fs::path staged = staged_name(folder);
    if (auto written = base::write_file(staged, content, 0644); !written) return written;
    return put_in_place(staged, wanted);
}

base::Result<void> publish_file(const Folder& folder, const fs::path& source,
                                const fs::path& wanted, const base::Digest& digest) {
    const fs::path staged = staged_name(folder);
    std::error_code error;
    fs::copy_file(source, staged, error);
    if (error) {
        std::error_code ignored;
        fs::remove(staged, ignored);
        return base::fail(base::system_error("cannot copy", source, error.value()));
    }
    fs::permissions(staged, fs::perms(0644), error);
    const auto found = base::digest_of(staged);
    if (found && *found == digest) return put_in_place(staged, wanted);
    fs::remove(staged, error);
    if (!found) return base::fail(found);
    return base::fail(base::Failure::rejected,
                      {.code = "CF0454",
                       .what = fmt::format("{} changed while it was published", source.native())});
}

tl::unexpected<base::Error> name_taken(const std::string& name) {
    return base::fail(
        base::Failure::rejected,
        {.code = "CF0455",
         .what = fmt::format("the asset {} is published with other content", name),
         .why = "users of the release that runs may be about to fetch the one that is there",
         .fix = "put a digest of the content into the name, as bundlers do"});
}

base::Result<void> same_as_planned(const release::Release& release) {
    const auto found = base::digest_of(release.assets_source);
    if (!found) return base::fail(found);
    if (*found == release.assets) return {};
    return base::fail(base::Failure::rejected,
                      {.code = "CF0456",
                       .what = fmt::format("the assets in {} are not those of this release",
                                           release.assets_source),
                       .why = fmt::format("their digest is {}, the release was planned with {}",
                                          found->brief(), release.assets.brief()),
                       .fix = "plan the release again"});
}

/// What must stay unpacked: kept releases, wished ones, and those of any instance.
base::Result<std::set<base::Digest>> needed_artifacts(
    const Folder& folder, const std::vector<release::Release>& releases) {
    std::set<base::Digest> needed;
    for (const release::Release& release : releases) needed.insert(release.artifact);
    const auto text = base::read_file(folder.wish(), kWishMax);
    if (text) {
        const auto wish = wish_from(*text);
        if (!wish) return base::fail(wish);
        for (const PoolWish* pool : {&wish->blue, &wish->green}) {
            for (const auto& part : pool->parts) needed.insert(part.release.artifact);
        }
    } else if (text.error().failure != base::Failure::not_found) {
        return base::fail(text);
    }
    const auto records = Records(folder.instances()).read();
    if (!records) return base::fail(records);
    for (const Record& record : *records) {
        const auto digest = base::digest_from(record.artifact);
        if (digest) needed.insert(*digest);
    }
    return needed;
}

base::Result<void> remove_all_but(const fs::path& root, const std::set<std::string>& kept) {
    std::error_code error;
    std::vector<fs::path> folders;
    std::vector<fs::path> gone;
    for (fs::recursive_directory_iterator at(root, error), end; !error && at != end;
         at.increment(error)) {
        if (at->is_directory()) {
            folders.push_back(at->path());
        } else if (!kept.contains(fs::relative(at->path(), root, error))) {
            gone.push_back(at->path());
        }
    }
    for (const fs::path& path : gone) fs::remove(path, error);
    std::reverse(folders.begin(), folders.end());
    for (const fs::path& path : folders) rmdir(path.c_str());  // only those that are empty
    if (error) return base::fail(base::system_error("cannot tidy up", root, error.value()));
    return {};
}

}  // namespace

Assets::Assets(Folder folder, AssetsAddress address, base::Clock& clock)
    : folder_(std::move(folder)), address_(std::move(address)), clock_(clock) {}

base::Result<void> Assets::publish(const release::Release& release, const engine::Ticket&,
                                   base::Deadline) {
    if (!has_assets(release)) return {};
    if (auto same = same_as_planned(release); !same) return same;
    auto manifest = manifest_of(release.assets_source);
    if (!manifest) return base::fail(manifest);
    const auto before = stored_manifest(folder_, release.assets);
    if (before) manifest->added = before->added;

    for (const auto& [name, digest] : manifest->files) {
        const auto present = base::digest_of(folder_.assets() / name);
        if (present && *present != digest) return name_taken(name);
    }
    // The manifest first: what it names is not tidied away while the rest is on its way.
    const auto keep = [&] {
        return base::write_file(manifest_file(folder_, release.assets), to_json(*manifest));
    };
    if (auto kept = keep(); !kept) return kept;
    const std::set<std::string> added_before = manifest->added;
    for (const auto& [name, digest] : manifest->files) {
        const fs::path source = fs::path(release.assets_source) / name;
        const fs::path wanted = folder_.assets() / name;
        std::error_code error;
        if (!fs::exists(wanted, error)) {
            if (auto done = publish_file(folder_, source, wanted, digest); !done) return done;
        }
        const std::string zipped = name + ".gz";
        if (manifest->files.contains(zipped) || fs::file_size(wanted, error) > kCompressMax) {
            continue;
        }
        const auto content = base::read_file(wanted, base::Bytes{kCompressMax});
        const std::string small = content ? compressed(name, *content) : "";
        if (small.empty()) continue;
        manifest->added.insert(zipped);
        if (fs::exists(folder_.assets() / zipped, error)) continue;
        auto done = publish_text(folder_, folder_.assets() / zipped, small);
        if (!done) return done;
    }
    if (manifest->added != added_before) return keep();
    return {};
}

base::Result<void> Assets::verify(const release::Release& release, base::Deadline deadline) {
    if (!has_assets(release)) return {};
    const auto manifest = stored_manifest(folder_, release.assets);
    if (!manifest) return base::fail(manifest);
    if (address_.prefix.empty()) {
        return base::fail(base::Failure::rejected,
                          {.code = "CF0457",
                           .what = "no route leads to the assets",
                           .fix = "add a route with `assets: true` to the spec"});
    }
    Fetcher fetcher(clock_);
    std::string listen = address_.listen;
    if (listen.starts_with("0.0.0.0:")) listen.replace(0, 7, "127.0.0.1");
    if (listen.starts_with("[::]:")) listen.replace(0, 4, "[::1]");
    const std::string prefix =
        address_.prefix.ends_with('/') ? address_.prefix : address_.prefix + "/";
    for (const auto& [name, digest] : manifest->files) {
        const auto found = fetcher.digest_of(
            fmt::format("http://{}{}{}", listen, prefix, escaped(name)), deadline);
        if (!found) return base::fail(found);
        if (*found == digest) continue;
        return base::fail(base::Failure::unavailable,
                          {.code = "CF0458",
                           .what = fmt::format("the asset {} is served with other content", name),
                           .why = fmt::format("its digest is {}, published was {}", found->brief(),
                                              digest.brief())});
    }
    return {};
}

base::Result<void> Assets::retain(const std::vector<release::Release>& releases,
                                  const engine::Ticket&, base::Deadline) {
    const auto artifacts = needed_artifacts(folder_, releases);
    if (!artifacts) return base::fail(artifacts);
    std::set<std::string> kept;
    std::set<std::string> manifests;
    for (const release::Release& release : releases) {
        if (!has_assets(release)) continue;
        const auto manifest = stored_manifest(folder_, release.assets);
        if (!manifest) continue;
        manifests.insert(manifest_file(folder_, release.assets).filename());
        for (const auto& [name, digest] : manifest->files) kept.insert(name);
        kept.insert(manifest->added.begin(), manifest->added.end());
    }
    if (auto tidy = remove_all_but(folder_.assets(), kept); !tidy) return tidy;
    if (auto tidy = remove_all_but(folder_.manifests(), manifests); !tidy) return tidy;
    return Artifacts(folder_.artifacts()).retain(*artifacts);
}

}  // namespace local
