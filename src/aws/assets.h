#pragma once
// engine::Assets as objects of a bucket that a distribution serves.
//
//     assets bucket   PREFIX/PATH/NAME                  a file, under the path that users ask for
//     state bucket    PREFIX/assets/DIGEST.json         a manifest: what a release's assets are
//                     PREFIX/assets/unhashed/DIGEST     what an unhashed name had in a kept release
//
// S3 is asked what is there; a manifest only says what it has to be. Nothing is compressed here:
// S3 does not negotiate, and CloudFront compresses by itself (docs/decisions/0022).

#include "aws/client.h"
#include "aws/crew.h"
#include "aws/freight.h"
#include "aws/manifest.h"
#include "aws/scan.h"
#include "aws/shelf.h"
#include "base/clock.h"
#include "base/result.h"
#include "engine/assets.h"
#include "engine/store.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace aws {

struct AssetsPlace {
    std::string state_prefix;  ///< `crossfade/chat`, in the state bucket.
    std::string key_prefix;    ///< The distribution's origin path, without slashes at its ends.
    std::string path;          ///< The route's: `/static/`.
    std::string distribution;  ///< Empty: nothing is invalidated.
    std::string url;           ///< Empty: verified in the bucket alone.
    std::set<std::string> unhashed = {};  ///< Names that a release may replace.
    std::size_t transfers = 16;
};

/// A call ends at its deadline and is then `unavailable` (CF0836): the next one goes on where it
/// was. A name that is not unhashed is written once, by If-None-Match; an unhashed one by If-Match.
/// Before it writes it looks whether the lease has another fence (CF0838).
class Assets final : public engine::Assets {
public:
    struct Doors {
        Client& state;     ///< Of the state bucket.
        LaneSource lanes;  ///< Of the assets bucket.
        Client* cdn;       ///< May be null where there is no distribution.
        engine::Store& store;
    };
    Assets(AssetsPlace place, Doors doors, base::Clock& clock);

    base::Result<void> publish(const release::Release& release, const engine::Ticket& ticket,
                               base::Deadline deadline) override;
    base::Result<void> verify(const release::Release& release, base::Deadline deadline) override;
    base::Result<void> retain(const std::vector<release::Release>& releases,
                              const engine::Ticket& ticket, base::Deadline deadline) override;

private:
    /// An object of a listing.
    struct Listed {
        std::string e_tag;
        std::uint64_t bytes = 0;
    };
    using Listing = std::map<std::string, Listed>;  ///< By name.
    struct Kept {
        Manifest manifest;
        std::string e_tag;  ///< Of the object that it is read from.
    };
    struct Work;

    base::Result<void> check_fence(const engine::Ticket& ticket);
    base::Result<const Scanned*> source(const release::Release& release, base::Deadline deadline);
    base::Result<std::optional<Kept>> manifest(const base::Digest& assets, base::Deadline deadline);
    base::Result<Kept> ensure_manifest(const release::Release& release, base::Deadline deadline);
    /// Gives the ETag. `conflict` where what stands there is not what it `replaces`.
    base::Result<std::string> keep_manifest(const base::Digest& assets, const Manifest& manifest,
                                            const std::string& replaces, base::Deadline deadline);
    base::Result<std::set<base::Digest>> manifests(base::Deadline deadline);
    base::Result<Listing> listing(base::Deadline deadline);
    base::Result<void> recognise(const Listing& there, const base::Digest& own, Work& work,
                                 base::Deadline deadline);
    base::Result<void> look_at(Work& work, base::Deadline deadline);
    base::Result<void> bring(const release::Release& release, base::Deadline deadline);
    base::Result<void> send(const release::Release& release, Work& work, base::Deadline deadline);
    base::Result<void> replace(const release::Release& release, Work& work,
                               base::Deadline deadline);
    base::Result<std::string> text_of(const release::Release& release, const std::string& name,
                                      const Asset& asset, base::Deadline deadline);
    base::Result<void> invalidate(const base::Digest& assets, const engine::Ticket& ticket,
                                  base::Deadline deadline);
    base::Result<void> verify_in_bucket(const Manifest& manifest, base::Deadline deadline);
    base::Result<void> verify_as_user(const base::Digest& assets, const Manifest& manifest,
                                      base::Deadline deadline);
    base::Result<void> forget(const base::Digest& gone, const std::set<std::string>& kept,
                              const Listing& there, base::Deadline deadline);
    base::Result<void> forget_copies(const std::set<base::Digest>& kept, base::Deadline deadline);

    Parcel parcel(const std::string& name, const Manifest& manifest) const;
    std::string key_of(const std::string& name) const { return key_root_ + name; }
    std::string manifest_key(const base::Digest& assets) const;
    std::string copy_key(const base::Digest& digest) const;

    AssetsPlace place_;
    Doors doors_;
    base::Clock* clock_;
    std::string key_root_;  ///< `chat/static/`
    Shelf copies_;
    Crew crew_;
    Freight freight_;
    std::unique_ptr<Scan> scan_;
    base::Digest scan_for_;
    /// What is there, while an invalidation is waited for: assets and step.
    std::pair<base::Digest, std::string> arrived_;
    /// Files of one release's assets that were seen as a user sees them, while others were not.
    std::pair<base::Digest, std::set<std::string>> visited_;
};

}  // namespace aws
