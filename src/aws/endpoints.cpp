#include "aws/endpoints.h"

#include "aws/client.h"
#include "aws/codec.h"
#include "aws/request.h"
#include "aws/settings.h"
#include "aws/sign.h"
#include "base/percent.h"
#include "base/result.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace aws {
namespace {

/// botocore's partitions.json, 1.43.11; all of them have FIPS and dual-stack names.
struct Partition {
    std::string_view name;
    std::string_view region_prefix;
    std::string_view suffix;
    std::string_view dual_stack_suffix;
    std::string_view global_region;
};
constexpr Partition kPartitions[] = {
    {"aws-cn", "cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn", "cn-northwest-1"},
    {"aws-us-gov", "us-gov-", "amazonaws.com", "api.aws", "us-gov-west-1"},
    {"aws-eusc", "eusc-", "amazonaws.eu", "api.amazonwebservices.eu", "eusc-de-east-1"},
    {"aws-iso", "us-iso-", "c2s.ic.gov", "api.aws.ic.gov", "us-iso-east-1"},
    {"aws-iso-b", "us-isob-", "sc2s.sgov.gov", "api.aws.scloud", "us-isob-east-1"},
    {"aws-iso-e", "eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk", "eu-isoe-west-1"},
    {"aws-iso-f", "us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov", "us-isof-south-1"},
    {"aws", "", "amazonaws.com", "api.aws", "us-east-1"},
};

struct Name {
    std::string_view service;
    std::string_view prefix;  ///< Of its hosts, and its name in signatures.
    std::string_view variable;
    std::string_view section;
};
constexpr Name kNames[] = {
    {"sts", "sts", "STS", "sts"},
    {"iam", "iam", "IAM", "iam"},
    {"elbv2", "elasticloadbalancing", "ELASTIC_LOAD_BALANCING_V2", "elastic_load_balancing_v2"},
    {"autoscaling", "autoscaling", "AUTO_SCALING", "auto_scaling"},
    {"ec2", "ec2", "EC2", "ec2"},
    {"s3", "s3", "S3", "s3"},
    {"cloudfront", "cloudfront", "CLOUDFRONT", "cloudfront"},
    {"cloudwatch", "monitoring", "CLOUDWATCH", "cloudwatch"},
    {"ssm", "ssm", "SSM", "ssm"},
    {"rds", "rds", "RDS", "rds"},
};

tl::unexpected<base::Error> refused(const EndpointWish& wish, std::string why) {
    return base::fail(base::Failure::rejected,
                      {.code = "CF0811",
                       .what = fmt::format("{} has no usable endpoint", wish.service),
                       .why = std::move(why)});
}

const Partition& partition_of(std::string_view region) {
    for (const Partition& each : kPartitions)
        if (region.starts_with(each.region_prefix)) return each;
    return kPartitions[std::size(kPartitions) - 1];
}

std::optional<Endpoint> endpoint_from(std::string_view url) {
    Endpoint out;
    if (url.starts_with("http://"))
        out.scheme = Scheme::http;
    else if (!url.starts_with("https://"))
        return {};
    url.remove_prefix(out.scheme == Scheme::http ? 7 : 8);
    const auto slash = url.find('/');
    out.host = url.substr(0, slash);
    if (slash != std::string_view::npos) out.path = url.substr(slash);
    while (out.path.ends_with('/')) out.path.pop_back();
    const bool is_one = !out.host.empty() && out.host.find_first_of("@?# ") == std::string::npos &&
                        out.path.find_first_of("?# ") == std::string::npos;
    return is_one ? std::optional(out) : std::nullopt;
}

bool is_label(std::string_view text) {
    return !text.empty() && text.size() <= 63 && text.front() != '-' &&
           std::all_of(text.begin(), text.end(), [](char letter) {
               return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '-';
           });
}

bool is_address(std::string_view host) {
    host = host.substr(0, host.find(':'));
    return host.starts_with('[') ||
           (!host.empty() && host.find_first_not_of("0123456789.") == std::string_view::npos);
}

// Dots would need a certificate for each level of names.
bool fits_host(std::string_view bucket, bool dots) {
    if (bucket.size() < 3 || bucket.size() > 63) return false;
    const auto fits = [&](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
               letter == '-' || (dots && letter == '.');
    };
    return std::all_of(bucket.begin(), bucket.end(), fits) && bucket.front() != '-' &&
           bucket.front() != '.' && bucket.back() != '-' && bucket.back() != '.';
}

std::string regional_host(const EndpointWish& wish, std::string_view prefix) {
    const Partition& partition = partition_of(wish.region);
    if (wish.service == "sts" && wish.region == "aws-global") return "sts.amazonaws.com";
    // What AWS GovCloud has under plain names is FIPS already.
    const bool is_plain =
        partition.name == "aws-us-gov" && (!wish.dual_stack || wish.service == "cloudwatch");
    return fmt::format("{}{}.{}.{}", prefix, wish.fips && !is_plain ? "-fips" : "", wish.region,
                       wish.dual_stack ? partition.dual_stack_suffix : partition.suffix);
}

std::string_view iam_region(const Partition& partition) {
    return partition.name == "aws-cn" ? "cn-north-1" : partition.global_region;
}

std::string cloudfront_host(const EndpointWish& wish) {
    const Partition& partition = partition_of(wish.region);
    const std::string_view fips = wish.fips ? "-fips" : "";
    if (wish.dual_stack)
        return fmt::format("cloudfront{}.{}{}", fips, partition.name == "aws" ? "global." : "",
                           partition.dual_stack_suffix);
    if (partition.name == "aws-cn")
        return fmt::format("cloudfront{}.cn-northwest-1.{}", fips, partition.suffix);
    return fmt::format("cloudfront{}.{}", fips, partition.suffix);
}

// One for each partition, like CloudFront's; the region that signs has its name in some of them.
std::string iam_host(const EndpointWish& wish) {
    const Partition& partition = partition_of(wish.region);
    if (partition.name == "aws-us-gov")
        return fmt::format("iam.us-gov.{}",
                           wish.dual_stack ? partition.dual_stack_suffix : partition.suffix);
    const std::string_view fips = wish.fips ? "-fips" : "";
    const bool is_global = partition.name == "aws" || (partition.name == "aws-cn" && !wish.fips);
    if (wish.dual_stack)
        return fmt::format("iam{}.{}{}", fips, is_global ? "global." : "",
                           partition.dual_stack_suffix);
    if (partition.name == "aws") return fmt::format("iam{}.{}", fips, partition.suffix);
    return fmt::format("iam{}.{}.{}", fips, iam_region(partition), partition.suffix);
}

std::string s3_host(const EndpointWish& wish) {
    const Partition& partition = partition_of(wish.region);
    const bool is_global = wish.region == "aws-global";
    const std::string_view dual = wish.dual_stack ? ".dualstack" : "";
    if (wish.accelerate && !wish.bucket.empty())
        return fmt::format("s3-accelerate{}{}.{}", dual,
                           is_global && wish.dual_stack ? ".us-east-1" : "", partition.suffix);
    if (is_global && !wish.fips && !wish.dual_stack) return "s3.amazonaws.com";
    return fmt::format("s3{}{}.{}.{}", wish.fips ? "-fips" : "", dual,
                       is_global ? "us-east-1" : wish.region, partition.suffix);
}

const char* contradiction_of(const EndpointWish& wish) {
    if (!wish.url.empty() && wish.dual_stack)
        return "a configured endpoint and dual-stack exclude each other";
    if (!wish.url.empty() && wish.fips) return "a configured endpoint and FIPS exclude each other";
    if (wish.url.empty() && wish.region.empty()) return "no region is known";
    if (!wish.region.empty() && !is_label(wish.region))
        return "the region cannot be part of a host's name";
    if (wish.service != "s3") return nullptr;
    if (wish.region.empty()) return "S3 signs for a region, and none is known";
    const std::string_view partition = partition_of(wish.region).name;
    if (wish.fips && partition == "aws-cn") return "this partition has no FIPS";
    if (wish.accelerate && wish.fips) return "acceleration and FIPS exclude each other";
    if (wish.accelerate && !wish.url.empty())
        return "a configured endpoint and acceleration exclude each other";
    if (wish.accelerate && wish.place == BucketPlace::path)
        return "acceleration needs the bucket in the host's name";
    if (wish.accelerate && partition != "aws") return "this partition has no acceleration";
    return nullptr;
}

void place_bucket(const EndpointWish& wish, Endpoint& endpoint) {
    if (wish.bucket.empty()) return;
    const bool dots = endpoint.scheme == Scheme::http;
    if (wish.place == BucketPlace::automatic && !is_address(endpoint.host) &&
        fits_host(wish.bucket, dots))
        endpoint.host = wish.bucket + "." + endpoint.host;
    else
        endpoint.path += "/" + base::percent_encoded(wish.bucket);
}

}  // namespace

base::Result<Service> endpoint_of(const EndpointWish& wish) {
    const auto* const name =
        std::find_if(std::begin(kNames), std::end(kNames),
                     [&](const Name& each) { return each.service == wish.service; });
    if (name == std::end(kNames)) return refused(wish, "no such service is known here");
    if (const char* const why = contradiction_of(wish)) return refused(wish, why);
    Service out;
    out.scope = {.region = wish.region, .service = std::string(name->prefix)};
    if (wish.region == "aws-global") out.scope.region = "us-east-1";
    if (wish.service == "cloudfront" && !wish.region.empty())
        out.scope.region = partition_of(wish.region).global_region;
    if (wish.service == "iam" && !wish.region.empty())
        out.scope.region = iam_region(partition_of(wish.region));
    if (!wish.url.empty()) {
        auto endpoint = endpoint_from(wish.url);
        if (!endpoint) return refused(wish, "the configured endpoint is no URL of http or https");
        out.endpoint = std::move(*endpoint);
    } else if (wish.service == "s3") {
        out.endpoint.host = s3_host(wish);
    } else {
        out.endpoint.host = wish.service == "cloudfront" ? cloudfront_host(wish)
                            : wish.service == "iam"      ? iam_host(wish)
                                                         : regional_host(wish, name->prefix);
    }
    if (wish.service == "s3") {
        out.path = PathStyle::as_sent;
        if (wish.accelerate && !wish.bucket.empty() && !fits_host(wish.bucket, false))
            return refused(wish, "acceleration needs the bucket in the host's name");
        place_bucket(wish, out.endpoint);
    }
    return out;
}

std::string configured_url(const Environment& environment, const Shared& shared,
                           std::string_view service, const std::string& chosen) {
    if (!chosen.empty()) return chosen;
    const std::string ignored = environment("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
                                    .value_or(shared.setting("ignore_configured_endpoint_urls"));
    if (ignored == "true" || ignored == "True" || ignored == "TRUE") return {};
    for (const Name& name : kNames) {
        if (name.service != service) continue;
        if (auto url = environment("AWS_ENDPOINT_URL_" + std::string(name.variable))) return *url;
        if (auto url = environment("AWS_ENDPOINT_URL")) return *url;
        const std::string url = shared.service_setting(std::string(name.section), "endpoint_url");
        if (!url.empty()) return url;
    }
    return shared.setting("endpoint_url");
}

}  // namespace aws
