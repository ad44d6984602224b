#pragma once
// Files on their way into a bucket: each read in pieces of bounded size, put under a condition, and
// checked by S3 against its SHA-256.

#include "aws/client.h"
#include "aws/crew.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/result.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace aws {

/// How an object is served.
struct Manner {
    std::string content_type;
    std::string content_encoding;  ///< Empty: none.
    std::string cache_control;
};

struct Parcel {
    std::string name;  ///< For people.
    std::string key;
    std::filesystem::path file;
    base::Digest digest;
    std::uint64_t bytes = 0;
    std::filesystem::file_time_type written;
    Manner manner;
};

/// What an object says of itself.
struct ObjectThere {
    std::string e_tag;
    std::optional<base::Digest> digest;  ///< None where no release put it there.
};

/// Nothing where there is no such object.
base::Result<std::optional<ObjectThere>> object_there(Client& bucket, const std::string& key,
                                                      const Terms& terms);

/// `rejected` (CF0833).
tl::unexpected<base::Error> name_taken(const std::string& name);

/// Puts a short body where `replaces` is the ETag of what stands there, or nothing does where it is
/// empty; gives the new ETag. Whoever put the same content there was first, which is as good.
/// Fails with `rejected` (CF0833) where something else stands there, and (CF0834) where the body is
/// not what `digest` says.
base::Result<std::string> put(Client& bucket, const Parcel& parcel, std::string body,
                              const std::string& replaces, const Terms& terms);

/// Adds files; replaces none. Remembers which parts of a large one have arrived, so that another
/// call goes on there. Used by one thread.
class Freight {
public:
    explicit Freight(Crew& crew) : crew_(&crew) {}

    /// True once all are there; false where the time was not enough. Of those that are, `tags` has
    /// the ETags, by key. Fails as `put` does; CF0834 also where a file changed since it was read.
    base::Result<bool> send(const std::vector<Parcel>& parcels, base::Deadline deadline,
                            std::map<std::string, std::string>& tags);

    /// S3 takes 10,000 parts of 5 MB and more: enough for files of 80 GB.
    static constexpr std::uint64_t kPartBytes = 8ULL * 1024 * 1024;
    static constexpr std::uint64_t kFileBytesMax = kPartBytes * 10'000;

private:
    struct Large;
    base::Result<void> send_part(Lane& lane, Large& large, std::size_t part, const Terms& terms);
    base::Result<void> begin(Client& bucket, Large& large, const Terms& terms);
    base::Result<void> complete(Client& bucket, Large& large, const Terms& terms);

    Crew* crew_;
    std::map<std::string, std::shared_ptr<Large>> begun_;  ///< By key.
};

}  // namespace aws
