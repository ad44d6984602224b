#pragma once
// Users, not requests, divided between groups: each user has a bucket of her own, and a share is
// a stretch of buckets. A share that rises takes nobody back, one that falls takes nobody along.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace edge {

/// Uniform over all users; another salt deals the users out anew.
std::uint32_t bucket_of(std::string_view salt, std::string_view user);

/// Which of the weights the bucket falls to, laid side by side in their order; none if all are 0.
std::optional<std::size_t> share_of_bucket(std::uint32_t bucket,
                                           std::span<const std::uint32_t> weights);

}  // namespace edge
