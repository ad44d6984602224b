#pragma once
// Where releases lie for instances to fetch: objects of one bucket whose names are their digests.

#include "aws/client.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace aws {

/// Puts what is missing, and never replaces an object. Used by one thread.
class Shelf {
public:
    /// `bucket`: a client whose endpoint is the bucket; it outlives this.
    explicit Shelf(Client& bucket) : bucket_(&bucket) {}

    /// `unavailable` while a large file is on its way: the same call goes on with the next part.
    /// Fails with `not_found` (CF0825) where neither the object nor the file is there, `rejected`
    /// (CF0826) where the file is a folder or has another digest.
    base::Result<void> put_file(const std::string& key, const std::filesystem::path& file,
                                const base::Digest& digest, const Terms& terms);
    base::Result<void> put_text(const std::string& key, const std::string& text,
                                const Terms& terms);
    /// `not_found` where there is none.
    base::Result<std::string> text(const std::string& key, const Terms& terms);

private:
    /// One upload in parts; lost with the process, and then ended by the bucket's own rule.
    struct Upload {
        std::string key;
        std::string id;
        std::vector<std::string> tags;  ///< Of the parts that arrived, in order.
    };

    base::Result<bool> has(const std::string& key, const Terms& terms);
    base::Result<void> put(const std::string& key, std::string body, const Terms& terms);
    base::Result<void> put_parts(const std::string& key, const std::filesystem::path& file,
                                 std::uint64_t size, const Terms& terms);
    base::Result<void> complete(const Terms& terms);

    Client* bucket_;
    Upload upload_;
};

}  // namespace aws
