#pragma once
// Where a service is: partitions, FIPS and dual-stack names, a bucket's own host, and what a
// person configured instead. Pure; shown by botocore's endpoint-rule and configured-endpoint cases.

#include "aws/client.h"
#include "aws/settings.h"
#include "base/result.h"

#include <string>
#include <string_view>

namespace aws {

/// How a bucket stands in a request: before the host's name where it can, or always in the path.
enum class BucketPlace { automatic, path };

struct EndpointWish {
    std::string service;  ///< As the folder of its model: `elbv2`, `s3`.
    std::string region;
    std::string url =
        {};  ///< Configured: `http://127.0.0.1:4566`; all else follows from the region.
    std::string bucket = {};
    BucketPlace place = BucketPlace::automatic;
    bool fips = false;
    bool dual_stack = false;
    bool accelerate = false;  ///< S3 Transfer Acceleration.
};

/// `rejected` (CF0811) where the wish contradicts itself, or the URL is none.
base::Result<Service> endpoint_of(const EndpointWish& wish);

/// The URL that a person configured for a service; empty where there is none. In order: `chosen`,
/// AWS_ENDPOINT_URL_<SERVICE>, AWS_ENDPOINT_URL, the profile's `services` section, the profile's
/// `endpoint_url`. AWS_IGNORE_CONFIGURED_ENDPOINT_URLS and its setting leave `chosen` alone.
std::string configured_url(const Environment& environment, const Shared& shared,
                           std::string_view service, const std::string& chosen);

}  // namespace aws
