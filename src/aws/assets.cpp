#include "aws/assets.h"

#include "aws/client.h"
#include "aws/crew.h"
#include "aws/freight.h"
#include "aws/key.h"
#include "aws/manifest.h"
#include "aws/models/cloudfront.h"
#include "aws/models/s3.h"
#include "aws/request.h"
#include "aws/scan.h"
#include "aws/value.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/percent.h"
#include "base/result.h"
#include "base/units.h"
#include "edge/files/asset.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aws {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kUnhashedBytesMax = 8ULL * 1024 * 1024;
constexpr auto kInvalidationPoll = 2s;
// A call ends a while before its deadline, so that what it began can be told.
constexpr int kLastPart = 6;

// Long enough that a page load asks once, short enough that nobody sees an old one for long.
constexpr const char* kShortCache = "public, max-age=60";
constexpr const char* kForever = "public, max-age=31536000, immutable";

constexpr std::array<std::pair<std::string_view, const char*>, 3> kEncodings{
    {{".gz", "gzip"}, {".br", "br"}, {".zst", "zstd"}}};

bool has_assets(const release::Release& release) {
    return release.assets != base::Digest{} && !release.assets_source.empty();
}

tl::unexpected<base::Error> on_its_way(std::string what) {
    return base::fail(base::Failure::unavailable, {.code = "CF0836", .what = std::move(what)});
}

tl::unexpected<base::Error> too_large(const std::string& name, std::uint64_t bytes_max) {
    return base::fail(base::Failure::rejected,
                      {.code = "CF0835",
                       .what = fmt::format("the asset {} is too large", name),
                       .why = fmt::format("such a one has at most {} MB", bytes_max / 1'000'000),
                       .fix = "divide it, or publish it apart from releases"});
}

// `app.js.gz` beside `app.js` is served as what it is a variant of.
std::pair<std::string, std::string> inner_of(const std::string& name, const Manifest& manifest) {
    for (const auto& [ending, encoding] : kEncodings) {
        if (!name.ends_with(ending)) continue;
        std::string inner = name.substr(0, name.size() - ending.size());
        if (manifest.files.contains(inner)) return {std::move(inner), encoding};
    }
    return {name, ""};
}

}  // namespace

/// What is there of a release, and what has to be done about the rest.
struct Assets::Work {
    Kept kept;
    std::vector<std::string> additions;
    std::map<std::string, std::string>
        replacements;                           ///< Unhashed names; the ETag of what is there.
    std::map<std::string, std::string> unsure;  ///< Likewise; what it is is not known.

    /// What stands under `name` has been found out; `unhashed` are those that may be replaced.
    base::Result<void> settle(const std::string& name, const std::string& e_tag, bool is_it,
                              const std::set<std::string>& unhashed) {
        if (is_it)
            kept.manifest.files[name].e_tag = e_tag;
        else if (unhashed.contains(name))
            replacements[name] = e_tag;
        else
            return name_taken(name);
        return {};
    }
};

Assets::Assets(AssetsPlace place, Doors doors, base::Clock& clock)
    : place_(std::move(place)),
      doors_(std::move(doors)),
      clock_(&clock),
      key_root_((place_.key_prefix.empty() ? "" : place_.key_prefix + "/") + place_.path.substr(1)),
      copies_(doors_.state),
      crew_(doors_.lanes, place_.transfers, clock),
      freight_(crew_) {}

std::string Assets::manifest_key(const base::Digest& assets) const {
    return fmt::format("{}/assets/{}.json", place_.state_prefix, assets.hex());
}

std::string Assets::copy_key(const base::Digest& digest) const {
    return fmt::format("{}/assets/unhashed/{}", place_.state_prefix, digest.hex());
}

Parcel Assets::parcel(const std::string& name, const Manifest& manifest) const {
    const auto [inner, encoding] = inner_of(name, manifest);
    const Asset& asset = manifest.files.at(name);
    return {.name = name,
            .key = key_of(name),
            .file = {},
            .digest = asset.digest,
            .bytes = asset.bytes,
            .written = {},
            .manner = {.content_type = std::string(edge::content_type_of(inner)),
                       .content_encoding = encoding,
                       .cache_control = edge::is_hashed_name(inner) ? kForever : kShortCache}};
}

base::Result<void> Assets::check_fence(const engine::Ticket& ticket) {
    const auto lease = doors_.store.lease();
    if (!lease) return base::fail(lease);
    if (!*lease || (*lease)->fence <= ticket.fence) return {};
    return base::fail(
        base::Failure::conflict,
        {.code = "CF0838",
         .what = "another run publishes assets",
         .why = fmt::format("{} has the lease for {}, fence {}; this one has {}", (*lease)->holder,
                            (*lease)->purpose, (*lease)->fence, ticket.fence)});
}

// --- what there is -----------------------------------------------------------------------------

base::Result<const Scanned*> Assets::source(const release::Release& release,
                                            base::Deadline deadline) {
    if (scan_ == nullptr || scan_for_ != release.assets) {
        scan_ = std::make_unique<Scan>(release.assets_source);
        scan_for_ = release.assets;
    }
    const auto left = deadline.at - clock_->tick();
    const auto found = scan_->wait(left - left / kLastPart);
    if (found && (*found)->folder == release.assets) return *found;
    if (!found && found.error().failure == base::Failure::unavailable) return base::fail(found);
    const std::string other = found ? (*found)->folder.brief() : "";
    const base::Result<const Scanned*> failure = found;
    scan_.reset();
    if (!failure) return base::fail(failure);
    return base::fail(base::Failure::rejected,
                      {.code = "CF0834",
                       .what = fmt::format("the assets in {} are not those of this release",
                                           release.assets_source),
                       .why = fmt::format("their digest is {}, the release was planned with {}",
                                          other, release.assets.brief()),
                       .fix = "plan the release again"});
}

base::Result<std::optional<Assets::Kept>> Assets::manifest(const base::Digest& assets,
                                                           base::Deadline deadline) {
    const auto answer =
        doors_.state.call(s3::kGetObject, Entries{s3::GetObjectRequest::key(manifest_key(assets))},
                          {.deadline = deadline});
    if (!answer && answer.error().failure == base::Failure::not_found) return std::optional<Kept>{};
    if (!answer) return base::fail(answer);
    auto manifest = manifest_from(s3::GetObjectOutput::body.of(*answer));
    if (!manifest) return base::fail(manifest);
    return Kept{.manifest = std::move(*manifest), .e_tag = s3::GetObjectOutput::e_tag.of(*answer)};
}

base::Result<std::string> Assets::keep_manifest(const base::Digest& assets,
                                                const Manifest& manifest,
                                                const std::string& replaces,
                                                base::Deadline deadline) {
    using namespace s3::PutObjectRequest;
    const auto answer = doors_.state.call(
        s3::kPutObject,
        Value(Entries{key(manifest_key(assets)), body(to_json(manifest)),
                      content_type("application/json"),
                      replaces.empty() ? if_none_match("*") : if_match(replaces)}),
        {.deadline = deadline});
    if (!answer) return base::fail(answer);
    return s3::PutObjectOutput::e_tag.of(*answer);
}

// The manifest stands before the first file: what it names is not forgotten meanwhile.
base::Result<Assets::Kept> Assets::ensure_manifest(const release::Release& release,
                                                   base::Deadline deadline) {
    auto kept = manifest(release.assets, deadline);
    if (!kept) return base::fail(kept);
    if (*kept) return std::move(**kept);
    const auto scanned = source(release, deadline);
    if (!scanned) return base::fail(scanned);
    const Manifest& made = (*scanned)->manifest;
    for (const auto& [name, asset] : made.files) {
        const bool may_change = place_.unhashed.contains(name);
        const std::uint64_t most = may_change ? kUnhashedBytesMax : Freight::kFileBytesMax;
        if (asset.bytes > most) return too_large(name, most);
        if (!may_change) continue;
        const auto copied = copies_.put_file(copy_key(asset.digest), scan_->folder() / name,
                                             asset.digest, {.deadline = deadline});
        if (!copied) return base::fail(copied);
    }
    const auto e_tag = keep_manifest(release.assets, made, "", deadline);
    if (!e_tag) return base::fail(e_tag);
    return Kept{.manifest = made, .e_tag = *e_tag};
}

base::Result<Assets::Listing> Assets::listing(base::Deadline deadline) {
    const auto lane = crew_.lane();
    if (!lane) return base::fail(lane);
    Listing out;
    const auto done = (*lane)->client->pages(
        s3::kListObjectsV2, Entries{s3::ListObjectsV2Request::prefix(key_root_)},
        {.deadline = deadline}, [&](Value& page) {
            for (const Value& each : s3::ListObjectsV2Output::contents.of(page)) {
                const std::int64_t* const bytes = s3::Object::size.find(each);
                out[s3::Object::key.of(each).substr(key_root_.size())] = {
                    .e_tag = s3::Object::e_tag.of(each),
                    .bytes = bytes != nullptr ? static_cast<std::uint64_t>(*bytes) : 0};
            }
        });
    if (!done) return base::fail(done);
    return out;
}

base::Result<std::set<base::Digest>> Assets::manifests(base::Deadline deadline) {
    const std::string folder = place_.state_prefix + "/assets/";
    const auto all = doors_.state.all(
        s3::kListObjectsV2,
        Entries{s3::ListObjectsV2Request::prefix(folder), s3::ListObjectsV2Request::delimiter("/")},
        s3::ListObjectsV2Output::contents, {.deadline = deadline});
    if (!all) return base::fail(all);
    std::set<base::Digest> out;
    for (const Value& each : *all) {
        const std::string name = s3::Object::key.of(each).substr(folder.size());
        const auto digest = base::digest_from(name.substr(0, name.find('.')));
        if (digest && name.ends_with(".json")) out.insert(*digest);
    }
    return out;
}

// --- publishing --------------------------------------------------------------------------------

base::Result<void> Assets::recognise(const Listing& there, const base::Digest& own, Work& work,
                                     base::Deadline deadline) {
    for (const auto& [name, asset] : work.kept.manifest.files) {
        const auto found = there.find(name);
        const bool may_change = place_.unhashed.contains(name);
        if (found == there.end() && may_change)
            work.replacements[name] = "";
        else if (found == there.end())
            work.additions.push_back(name);
        else if (asset.e_tag.empty() || asset.e_tag != found->second.e_tag)
            work.unsure[name] = found->second.e_tag;
    }
    if (work.unsure.empty()) return {};
    const auto others = manifests(deadline);
    if (!others) return base::fail(others);
    for (const base::Digest& other : *others) {
        if (other == own || work.unsure.empty()) continue;
        const auto known = manifest(other, deadline);
        if (!known) return base::fail(known);
        if (!*known) continue;
        for (auto at = work.unsure.begin(); at != work.unsure.end();) {
            const auto& [name, e_tag] = *at;
            const auto asset = (*known)->manifest.files.find(name);
            if (asset == (*known)->manifest.files.end() || asset->second.e_tag != e_tag) {
                ++at;
                continue;
            }
            const bool is_it = asset->second.digest == work.kept.manifest.files.at(name).digest;
            if (auto fits = work.settle(name, e_tag, is_it, place_.unhashed); !fits) return fits;
            at = work.unsure.erase(at);
        }
    }
    return {};
}

// Those that no manifest knows, as after a crash: each is asked for the digest it was put with.
base::Result<void> Assets::look_at(Work& work, base::Deadline deadline) {
    const std::vector<std::pair<std::string, std::string>> names(work.unsure.begin(),
                                                                 work.unsure.end());
    std::mutex mutex;
    const auto all = crew_.run(
        {.heavy = 0, .light = names.size()},
        [&](Lane& lane, std::size_t number) -> base::Result<void> {
            const std::string& name = names[number].first;
            const auto found = object_there(*lane.client, key_of(name), {.deadline = deadline});
            if (!found) return base::fail(found);
            const std::lock_guard lock(mutex);
            work.unsure.erase(name);
            if (!*found) {
                work.additions.push_back(name);
                return {};
            }
            const bool is_it = (*found)->digest == work.kept.manifest.files.at(name).digest;
            return work.settle(name, (*found)->e_tag, is_it, place_.unhashed);
        },
        deadline);
    if (!all) return base::fail(all);
    if (!*all)
        return on_its_way(fmt::format("{} of {} files have been looked at",
                                      names.size() - work.unsure.size(), names.size()));
    return {};
}

base::Result<void> Assets::send(const release::Release& release, Work& work,
                                base::Deadline deadline) {
    if (work.additions.empty()) return {};
    const auto scanned = source(release, deadline);
    if (!scanned) return base::fail(scanned);
    std::vector<Parcel> parcels;
    for (const std::string& name : work.additions) {
        parcels.push_back(parcel(name, work.kept.manifest));
        parcels.back().file = scan_->folder() / name;
        parcels.back().written = (*scanned)->written.at(name);
    }
    std::map<std::string, std::string> tags;
    const auto all = freight_.send(parcels, deadline, tags);
    std::size_t arrived = 0;
    for (const Parcel& each : parcels) {
        const auto found = tags.find(each.key);
        if (found == tags.end()) continue;
        work.kept.manifest.files.at(each.name).e_tag = found->second;
        ++arrived;
    }
    if (!all) return base::fail(all);
    if (!*all || arrived < parcels.size())
        return on_its_way(fmt::format("{} of {} files have arrived", arrived, parcels.size()));
    return {};
}

// What the name has in this release: of the copy, since the folder may have that of another.
base::Result<std::string> Assets::text_of(const release::Release& release, const std::string& name,
                                          const Asset& asset, base::Deadline deadline) {
    auto copy = copies_.text(copy_key(asset.digest), {.deadline = deadline});
    if (copy || copy.error().failure != base::Failure::not_found) return copy;
    const auto scanned = source(release, deadline);
    if (!scanned) return base::fail(scanned);
    if (asset.bytes > kUnhashedBytesMax) return too_large(name, kUnhashedBytesMax);
    return base::read_file(scan_->folder() / name, base::Bytes{kUnhashedBytesMax});
}

// Last of all: they are what refers to the others.
base::Result<void> Assets::replace(const release::Release& release, Work& work,
                                   base::Deadline deadline) {
    if (work.replacements.empty()) return {};
    const auto lane = crew_.lane();
    if (!lane) return base::fail(lane);
    for (const auto& [name, e_tag] : work.replacements) {
        if (clock_->tick() >= deadline.at) return on_its_way("unhashed names are being replaced");
        Asset& asset = work.kept.manifest.files.at(name);
        auto text = text_of(release, name, asset, deadline);
        if (!text) return base::fail(text);
        auto put_tag = put(*(*lane)->client, parcel(name, work.kept.manifest), std::move(*text),
                           e_tag, {.deadline = deadline});
        if (!put_tag) return base::fail(put_tag);
        asset.e_tag = std::move(*put_tag);
    }
    return {};
}

base::Result<void> Assets::bring(const release::Release& release, base::Deadline deadline) {
    auto kept = ensure_manifest(release, deadline);
    if (!kept) return base::fail(kept);
    const Manifest before = kept->manifest;
    Work work{.kept = std::move(*kept), .additions = {}, .replacements = {}, .unsure = {}};
    const auto there = listing(deadline);
    if (!there) return base::fail(there);
    if (auto known = recognise(*there, release.assets, work, deadline); !known) return known;
    if (auto looked = look_at(work, deadline); !looked) return looked;
    auto done = send(release, work, deadline);
    if (done) done = replace(release, work, deadline);
    // What arrived is written down also where the rest did not: it need not be looked at again.
    if (work.kept.manifest != before) {
        const auto e_tag =
            keep_manifest(release.assets, work.kept.manifest, work.kept.e_tag, deadline);
        if (!e_tag && done) return base::fail(e_tag);
    }
    return done;
}

base::Result<void> Assets::publish(const release::Release& release, const engine::Ticket& ticket,
                                   base::Deadline deadline) {
    if (!has_assets(release)) return {};
    if (auto ours = check_fence(ticket); !ours) return ours;
    const std::pair goal{release.assets, ticket.step.text};
    if (arrived_ != goal) {
        if (auto brought = bring(release, deadline); !brought) return brought;
        scan_.reset();
        visited_ = {};
        arrived_ = goal;
    }
    if (auto fresh = invalidate(release.assets, ticket, deadline); !fresh) return fresh;
    arrived_ = {};
    return {};
}

base::Result<void> Assets::invalidate(const base::Digest& assets, const engine::Ticket& ticket,
                                      base::Deadline deadline) {
    if (place_.distribution.empty() || place_.unhashed.empty()) return {};
    const auto kept = manifest(assets, deadline);
    if (!kept) return base::fail(kept);
    List paths;
    for (const std::string& name : place_.unhashed)
        if (*kept && (*kept)->manifest.files.contains(name))
            paths.emplace_back(base::percent_encoded(place_.path + name, "/"));
    if (paths.empty()) return {};
    const auto count = static_cast<std::int64_t>(paths.size());
    // The same reference is the same invalidation: of this step, not of this attempt. A release
    // that is published again later has another one.
    const std::string reference = place_.state_prefix + "/" + ticket.step.text;
    const Terms terms{.deadline = deadline, .repeat = Repeat::harmless};
    using namespace cloudfront;
    auto answer = doors_.cdn->call(
        cloudfront::kCreateInvalidation,
        Value(Entries{
            CreateInvalidationRequest::distribution_id(place_.distribution),
            CreateInvalidationRequest::invalidation_batch(
                {InvalidationBatch::paths({Paths::quantity(count), Paths::items(std::move(paths))}),
                 InvalidationBatch::caller_reference(reference)})}),
        terms);
    while (answer) {
        const Value& made = inside(*answer, CreateInvalidationResult::invalidation);
        if (Invalidation::status.of(made) == "Completed") return {};
        const auto left = deadline.at - clock_->tick();
        if (left < 2 * kInvalidationPoll)
            return base::fail(
                base::Failure::unavailable,
                {.code = "CF0839",
                 .what = "CloudFront has not forgotten the old files yet",
                 .why = fmt::format("the invalidation {} is {}", Invalidation::id.of(made),
                                    Invalidation::status.of(made))});
        clock_->wait_until(clock_->tick() + kInvalidationPoll, std::stop_token{});
        answer =
            doors_.cdn->call(cloudfront::kGetInvalidation,
                             Entries{GetInvalidationRequest::distribution_id(place_.distribution),
                                     GetInvalidationRequest::id(Invalidation::id.of(made))},
                             terms);
    }
    base::Error error = answer.error();
    if (code_of_service(error) == "TooManyInvalidationsInProgress")
        error.failure = base::Failure::unavailable;
    return base::fail(std::move(error));
}

}  // namespace aws
