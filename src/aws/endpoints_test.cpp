// botocore's endpoint cases of our services; those that do not apply are counted by reason.
#include "aws/endpoints.h"

#include "aws/shared_data_test.h"

#include <gtest/gtest.h>

#include <map>

namespace aws {
namespace {

std::string url_of(const Service& service) {
    return (service.endpoint.scheme == Scheme::http ? "http://" : "https://") +
           service.endpoint.host + service.endpoint.path;
}

// Why a case is none of ours; empty where it is.
std::string reason_against(const OrderedJson& params) {
    const std::string bucket = params.value("Bucket", "");
    if (params.value("UseGlobalEndpoint", false)) return "the legacy global endpoint is not used";
    if (bucket.starts_with("arn:")) return "access points are not used";
    if (bucket.find("--x") != std::string::npos || bucket.find("--op-s3") != std::string::npos ||
        bucket.ends_with("-s3alias"))
        return "directory buckets, Outposts and aliases are not used";
    if (params.value("UseS3ExpressControlEndpoint", false) ||
        params.value("UseObjectLambdaEndpoint", false))
        return "directory buckets and Object Lambda are not used";
    return {};
}

base::Result<Service> resolved(const std::string& service, const OrderedJson& params) {
    return endpoint_of({.service = service,
                        .region = params.value("Region", ""),
                        .url = params.value("Endpoint", ""),
                        .bucket = params.value("Bucket", ""),
                        .place = params.value("ForcePathStyle", false) ? BucketPlace::path
                                                                       : BucketPlace::automatic,
                        .fips = params.value("UseFIPS", false),
                        .dual_stack = params.value("UseDualStack", false),
                        .accelerate = params.value("Accelerate", false)});
}

void check(const std::string& service, const OrderedJson& each) {
    const OrderedJson& expected = each.at("expect");
    const auto found = resolved(service, each.value("params", OrderedJson::object()));
    if (!expected.contains("endpoint")) {
        EXPECT_FALSE(found) << url_of(*found) << " instead of " << expected.dump();
        return;
    }
    ASSERT_TRUE(found) << found.error().line();
    const OrderedJson& endpoint = expected.at("endpoint");
    EXPECT_EQ(url_of(*found), endpoint.at("url"));
    if (!endpoint.contains("properties")) return;
    for (const OrderedJson& scheme :
         endpoint.at("properties").value("authSchemes", OrderedJson::array()))
        if (scheme.value("name", "") == "sigv4" && scheme.contains("signingRegion")) {
            EXPECT_EQ(found->scope.region, scheme.at("signingRegion"));
        }
}

TEST(Endpoints, are_where_botocore_finds_them) {
    std::map<std::string, int> apart;
    int passed = 0;
    for (const char* const service :
         {"elbv2", "autoscaling", "ec2", "s3", "cloudfront", "cloudwatch", "ssm", "rds", "sts"}) {
        const auto suite = botocore_json("functional/endpoint-rules/" + std::string(service) +
                                         "/endpoint-tests-1.json");
        if (!suite) GTEST_SKIP() << "botocore's endpoint cases are not there";
        for (const OrderedJson& each : suite->at("testCases")) {
            SCOPED_TRACE(std::string(service) + ": " + each.value("documentation", ""));
            const std::string reason = reason_against(each.value("params", OrderedJson::object()));
            ++(reason.empty() ? passed : apart[reason]);
            if (reason.empty()) check(service, each);
        }
    }
    // Of 761: a case more or less is looked at.
    EXPECT_EQ(passed, 470);
    int others = 0;
    for (const auto& [reason, count] : apart) others += count;
    EXPECT_EQ(passed + others, 761);
}

TEST(Endpoints, a_bucket_with_dots_stays_out_of_a_tls_name) {
    const auto found = endpoint_of({.service = "s3", .region = "eu-west-1", .bucket = "a.b.c"});
    ASSERT_TRUE(found);
    EXPECT_EQ(url_of(*found), "https://s3.eu-west-1.amazonaws.com/a.b.c");
    EXPECT_EQ(found->path, PathStyle::as_sent);
}

// The cases are not among those that are kept; these are what botocore 1.43.11 resolves.
TEST(Endpoints, of_iam_are_one_for_each_partition) {
    const struct {
        const char* region;
        bool fips, dual_stack;
        const char *url, *signs;
    } cases[] = {
        {"eu-central-1", false, false, "https://iam.amazonaws.com", "us-east-1"},
        {"eu-central-1", true, false, "https://iam-fips.amazonaws.com", "us-east-1"},
        {"eu-central-1", false, true, "https://iam.global.api.aws", "us-east-1"},
        {"cn-northwest-1", false, false, "https://iam.cn-north-1.amazonaws.com.cn", "cn-north-1"},
        {"cn-north-1", false, true, "https://iam.global.api.amazonwebservices.com.cn",
         "cn-north-1"},
        {"us-gov-east-1", false, false, "https://iam.us-gov.amazonaws.com", "us-gov-west-1"},
        {"us-gov-east-1", true, true, "https://iam.us-gov.api.aws", "us-gov-west-1"},
        {"eusc-de-east-1", false, false, "https://iam.eusc-de-east-1.amazonaws.eu",
         "eusc-de-east-1"},
        {"us-iso-east-1", true, false, "https://iam-fips.us-iso-east-1.c2s.ic.gov",
         "us-iso-east-1"},
    };
    for (const auto& each : cases) {
        const auto found = endpoint_of({.service = "iam",
                                        .region = each.region,
                                        .fips = each.fips,
                                        .dual_stack = each.dual_stack});
        ASSERT_TRUE(found) << each.url;
        EXPECT_EQ(url_of(*found), each.url);
        EXPECT_EQ(found->scope.region, each.signs);
    }
}

TEST(Endpoints, what_is_no_url_is_refused) {
    for (const char* const url : {"ftp://x", "x", "http://", "http://u:p@x", "http://x?y"}) {
        const auto found = endpoint_of({.service = "rds", .region = "eu-west-1", .url = url});
        ASSERT_FALSE(found) << url;
        EXPECT_EQ(found.error().diagnostic.code, "CF0811");
    }
}

// The cases know two services; of those only S3 is ours.
TEST(Endpoints, are_configured_as_in_botocore) {
    const auto all = botocore_json("functional/configured_endpoint_urls/profile-tests.json");
    if (!all) GTEST_SKIP() << "botocore's configured endpoints are not there";
    int checked = 0;
    for (const OrderedJson& suite : all->at("testSuites")) {
        for (const OrderedJson& each : suite.at("endpointUrlTests")) {
            if (each.at("service") != "s3") continue;
            SCOPED_TRACE(each.at("name").get<std::string>());
            const std::string profile = each.at("profile");
            std::string config = "[profile " + profile + "]\n";
            for (const auto& [key, value] : suite.at("profiles").at(profile).items())
                config += key + " = " + value.get<std::string>() + "\n";
            for (const auto& [name, section] : suite.at("services").items()) {
                config += "[services " + name + "]\n";
                for (const auto& [service, settings] : section.items()) {
                    config += service + " =\n";
                    for (const auto& [key, value] : settings.items())
                        config += "  " + key + " = " + value.get<std::string>() + "\n";
                }
            }
            const std::string path = testing::TempDir() + "/configured_endpoints";
            ASSERT_TRUE(base::write_file(path, config));
            OrderedJson variables = suite.at("environments").at(each.at("environment"));
            const OrderedJson& client = suite.at("client_configs").at(each.at("client_config"));
            variables["AWS_CONFIG_FILE"] = path;
            if (client.value("ignore_configured_endpoint_urls", false))
                variables["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "true";
            const Environment environment =
                [&](const std::string& name) -> std::optional<std::string> {
                if (!variables.contains(name)) return {};
                return variables.at(name).get<std::string>();
            };
            const auto shared = Shared::read(environment, profile == "default" ? "" : profile);
            ASSERT_TRUE(shared) << shared.error().line();
            const std::string url =
                configured_url(environment, *shared, "s3", client.value("endpoint_url", ""));
            const auto found =
                endpoint_of({.service = "s3", .region = "fake-region-10", .url = url});
            ASSERT_TRUE(found) << found.error().line();
            EXPECT_EQ(url_of(*found), each.at("output").at("endpointUrl"));
            ++checked;
        }
    }
    EXPECT_GE(checked, 30);
}

}  // namespace
}  // namespace aws
