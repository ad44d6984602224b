#include "edge/target/cohort.h"

#include "edge/target/sticky.h"

namespace edge {

std::uint32_t bucket_of(std::string_view salt, std::string_view user) {
    // FNV-1a leaves short texts close together in its upper bits; what follows spreads them
    // (the finalizer of MurmurHash3).
    std::uint64_t hash = fingerprint_of(salt, user);
    hash = (hash ^ (hash >> 33)) * 0xff51'afd7'ed55'8ccdULL;
    hash = (hash ^ (hash >> 33)) * 0xc4ce'b9fe'1a85'ec53ULL;
    return static_cast<std::uint32_t>(hash >> 32);
}

std::optional<std::size_t> share_of_bucket(std::uint32_t bucket,
                                           std::span<const std::uint32_t> weights) {
    std::uint64_t sum = 0;
    for (const std::uint32_t weight : weights) sum += weight;
    std::uint64_t at = (bucket * sum) >> 32;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (at < weights[i]) return i;
        at -= weights[i];
    }
    return std::nullopt;
}

}  // namespace edge
