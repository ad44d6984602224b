// Assets once they are published: seen as users see them, and forgotten when no release is left
// that has them.

#include "aws/assets.h"
#include "aws/client.h"
#include "aws/crew.h"
#include "aws/freight.h"
#include "aws/key.h"
#include "aws/manifest.h"
#include "aws/models/s3.h"
#include "aws/value.h"
#include "aws/visit.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/result.h"

#include <fmt/format.h>

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace aws {
namespace {

tl::unexpected<base::Error> not_it(const std::string& name, std::string why) {
    return base::fail(base::Failure::unavailable,
                      {.code = "CF0832",
                       .what = fmt::format("{} is not the file of this release", name),
                       .why = std::move(why)});
}

tl::unexpected<base::Error> unfinished(std::size_t done, std::size_t all, const char* what) {
    return base::fail(base::Failure::unavailable,
                      {.code = "CF0836", .what = fmt::format("{} of {} {}", done, all, what)});
}

// Someone else put something else there, or took it away: neither is ours to delete.
base::Result<void> remove(Client& bucket, const std::string& key, const std::string& e_tag,
                          const Terms& terms) {
    Terms repeated = terms;
    repeated.repeat = Repeat::harmless;
    const auto gone = bucket.call(
        s3::kDeleteObject,
        Entries{s3::DeleteObjectRequest::key(key), s3::DeleteObjectRequest::if_match(e_tag)},
        repeated);
    if (gone || gone.error().failure == base::Failure::not_found ||
        gone.error().failure == base::Failure::conflict)
        return {};
    return base::fail(gone);
}

}  // namespace

// --- verifying ---------------------------------------------------------------------------------

base::Result<void> Assets::verify(const release::Release& release, base::Deadline deadline) {
    if (release.assets == base::Digest{} || release.assets_source.empty()) return {};
    const auto kept = manifest(release.assets, deadline);
    if (!kept) return base::fail(kept);
    if (!*kept)
        return base::fail(base::Failure::unavailable,
                          {.code = "CF0831", .what = "the assets have not been published"});
    return place_.url.empty() ? verify_in_bucket((*kept)->manifest, deadline)
                              : verify_as_user(release.assets, (*kept)->manifest, deadline);
}

base::Result<void> Assets::verify_in_bucket(const Manifest& manifest, base::Deadline deadline) {
    const auto there = listing(deadline);
    if (!there) return base::fail(there);
    std::vector<std::string> unsure;
    for (const auto& [name, asset] : manifest.files) {
        const auto found = there->find(name);
        if (found == there->end()) return not_it(name, "nothing is there");
        if (found->second.bytes != asset.bytes) return not_it(name, "it has another size");
        if (asset.e_tag.empty() || asset.e_tag != found->second.e_tag) unsure.push_back(name);
    }
    const auto all = crew_.run(
        {.heavy = 0, .light = unsure.size()},
        [&](Lane& lane, std::size_t number) -> base::Result<void> {
            const std::string& name = unsure[number];
            const auto found = object_there(*lane.client, key_of(name), {.deadline = deadline});
            if (!found) return base::fail(found);
            if (*found && (*found)->digest == manifest.files.at(name).digest) return {};
            return not_it(name, "it has another digest");
        },
        deadline);
    if (!all) return base::fail(all);
    if (!*all) return unfinished(0, unsure.size(), "files have been looked at");
    return {};
}

base::Result<void> Assets::verify_as_user(const base::Digest& assets, const Manifest& manifest,
                                          base::Deadline deadline) {
    if (visited_.first != assets) visited_ = {assets, {}};
    std::set<std::string>& seen = visited_.second;
    std::vector<std::string> names;
    for (const auto& [name, asset] : manifest.files)
        if (!seen.contains(name)) names.push_back(name);
    const Site site{.url = place_.url, .path = place_.path};
    std::mutex mutex;
    const auto all = crew_.run(
        {.heavy = 0, .light = names.size()},
        [&](Lane& lane, std::size_t number) -> base::Result<void> {
            const std::string& name = names[number];
            auto visited = visit(*lane.transport, site, name, manifest.files.at(name), deadline);
            if (!visited) return visited;
            const std::lock_guard lock(mutex);
            seen.insert(name);
            return {};
        },
        deadline);
    if (!all) return base::fail(all);
    if (!*all) return unfinished(seen.size(), manifest.files.size(), "files have been seen");
    visited_ = {};
    return {};
}

// --- keeping -----------------------------------------------------------------------------------

base::Result<void> Assets::retain(const std::vector<release::Release>& releases,
                                  const engine::Ticket& ticket, base::Deadline deadline) {
    if (auto ours = check_fence(ticket); !ours) return ours;
    const auto present = manifests(deadline);
    if (!present) return base::fail(present);
    std::set<base::Digest> gone = *present;
    std::set<std::string> names;
    std::set<base::Digest> contents;
    for (const release::Release& release : releases) {
        if (gone.erase(release.assets) == 0) continue;  // never published, or seen already
        const auto kept = manifest(release.assets, deadline);
        if (!kept) return base::fail(kept);
        if (!*kept) continue;
        for (const auto& [name, asset] : (*kept)->manifest.files) {
            names.insert(name);
            contents.insert(asset.digest);
        }
    }
    if (gone.empty()) return {};
    const auto there = listing(deadline);
    if (!there) return base::fail(there);
    for (const base::Digest& each : gone) {
        if (auto ours = check_fence(ticket); !ours) return ours;
        if (auto done = forget(each, names, *there, deadline); !done) return done;
    }
    return forget_copies(contents, deadline);
}

// Of what a manifest names, that alone which is still what it says; the manifest at the end.
base::Result<void> Assets::forget(const base::Digest& gone, const std::set<std::string>& kept,
                                  const Listing& there, base::Deadline deadline) {
    const auto old = manifest(gone, deadline);
    if (!old) return base::fail(old);
    if (!*old) return {};
    std::vector<std::string> doomed;
    for (const auto& [name, asset] : (*old)->manifest.files)
        if (!kept.contains(name) && there.contains(name)) doomed.push_back(name);
    const auto all = crew_.run(
        {.heavy = 0, .light = doomed.size()},
        [&](Lane& lane, std::size_t number) -> base::Result<void> {
            const std::string& name = doomed[number];
            const Asset& asset = (*old)->manifest.files.at(name);
            const std::string& e_tag = there.at(name).e_tag;
            const Terms terms{.deadline = deadline};
            if (asset.e_tag != e_tag) {
                const auto found = object_there(*lane.client, key_of(name), terms);
                if (!found) return base::fail(found);
                if (!*found || (*found)->digest != asset.digest) return {};
            }
            return remove(*lane.client, key_of(name), e_tag, terms);
        },
        deadline);
    if (!all) return base::fail(all);
    if (!*all) return unfinished(0, doomed.size(), "files have been forgotten");
    return remove(doors_.state, manifest_key(gone), (*old)->e_tag, {.deadline = deadline});
}

base::Result<void> Assets::forget_copies(const std::set<base::Digest>& kept,
                                         base::Deadline deadline) {
    const std::string folder = place_.state_prefix + "/assets/unhashed/";
    const Terms terms{.deadline = deadline};
    const auto all =
        doors_.state.all(s3::kListObjectsV2, Entries{s3::ListObjectsV2Request::prefix(folder)},
                         s3::ListObjectsV2Output::contents, terms);
    if (!all) return base::fail(all);
    for (const Value& each : *all) {
        const std::string& key = s3::Object::key.of(each);
        const auto digest = base::digest_from(key.substr(folder.size()));
        if (!digest || kept.contains(*digest)) continue;
        if (auto gone = remove(doors_.state, key, s3::Object::e_tag.of(each), terms); !gone)
            return gone;
    }
    return {};
}

}  // namespace aws
