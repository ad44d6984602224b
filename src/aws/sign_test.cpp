// The signing suite of aws-c-auth, all 38 cases of v4, each in its header and its query form; and
// the examples that S3's manual works through.
#include "aws/sign.h"

#include "base/collected_test.h"
#include "base/json.h"
#include "base/percent.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace aws {
namespace {

using Path = std::filesystem::path;

// A request as the suite writes it: a space may stand in the target, and a line that begins with
// one goes on with the header before it.
Request request_from(const std::string& text) {
    Request request;
    const std::size_t blank = text.find("\n\n");
    if (blank != std::string::npos) request.body = text.substr(blank + 2);
    std::istringstream lines(text.substr(0, blank));
    std::string line;
    std::getline(lines, line);
    const std::size_t first = line.find(' ');
    request.method = line.substr(0, first);
    const std::string target = line.substr(first + 1, line.rfind(' ') - first - 1);
    const std::size_t mark = target.find('?');
    request.path = target.substr(0, mark);
    if (mark != std::string::npos) request.query = target.substr(mark + 1);
    while (std::getline(lines, line)) {
        if (line.starts_with(' ')) {
            request.headers.back().value += "\n" + line;
            continue;
        }
        const std::size_t colon = line.find(':');
        const std::string name = line.substr(0, colon);
        if (name == "Host" || name == "host")
            request.host = line.substr(colon + 1);
        else if (!name.empty())
            request.headers.push_back({name, line.substr(colon + 1)});
    }
    return request;
}

std::string trimmed(std::string text) {
    while (text.ends_with('\n')) text.pop_back();
    return text;
}

// Of `2015-08-30T12:36:00Z`.
base::Instant instant_of(std::string text) {
    text.insert(text.size() - 1, ".000000");
    return base::instant_from(text).value_or(base::Instant{});
}

struct Case {
    Signer signer;
    base::Instant at;
    std::chrono::seconds life{};
    Request request;
    Payload payload;
};

Case case_from(const Path& folder) {
    const base::Json context =
        base::json_from(base::collected_text(folder / "context.json")).value_or(base::Json{});
    const base::Json& keys = context.at("credentials");
    const bool has_token = keys.contains("token");
    Case out{.signer = {.keys = {.id = keys.at("access_key_id"),
                                 .secret = base::Secret(keys.at("secret_access_key")),
                                 .session = base::Secret(has_token ? keys.at("token") : "")},
                        .scope = {context.at("region"), context.at("service")}},
             .at = instant_of(context.at("timestamp")),
             .life = std::chrono::seconds(context.at("expiration_in_seconds").get<int>()),
             .request = request_from(base::collected_text(folder / "request.txt")),
             .payload = {}};
    if (!context.at("normalize").get<bool>()) out.signer.path = PathStyle::encoded;
    if (context.value("omit_session_token", false)) out.signer.token = TokenPlace::beside;
    out.payload = payload_of(out.request.body);
    // The suite's `sign_body` is: show the hash of the body.
    out.payload.shown = context.at("sign_body").get<bool>();
    return out;
}

std::vector<std::string> parameters_of(const Request& request) {
    std::vector<std::string> out;
    std::istringstream in(request.query);
    for (std::string each; std::getline(in, each, '&');)
        out.push_back(base::percent_encoded(base::percent_decoded(each).value()));
    std::sort(out.begin(), out.end());
    return out;
}

void expect_signed_as(const Path& folder, const std::string& form, const Signature& signature,
                      const Request& request) {
    const auto wanted = [&](const std::string& name) {
        return trimmed(base::collected_text(folder / (form + "-" + name + ".txt")));
    };
    EXPECT_EQ(signature.canonical, wanted("canonical-request"));
    EXPECT_EQ(signature.to_sign, wanted("string-to-sign"));
    EXPECT_EQ(signature.hex, wanted("signature"));
    const Request whole = request_from(wanted("signed-request"));
    EXPECT_EQ(parameters_of(request), parameters_of(whole));
    for (const Field& field : whole.headers) {
        const std::string* const ours = find_header(request.headers, field.name);
        ASSERT_NE(ours, nullptr) << field.name;
        if (field.name == "Authorization") {
            EXPECT_EQ(*ours, field.value);
        }
    }
}

TEST(Signing, the_suite_of_aws_c_auth_agrees_on_headers_and_on_queries) {
    const auto folder = base::collected("aws-c-auth");
    if (!folder) GTEST_SKIP() << "aws-c-auth's suite is not there: set CROSSFADE_TEST_DATA";
    int cases = 0;
    for (const auto& each :
         std::filesystem::directory_iterator(*folder / "tests/aws-signing-test-suite/v4")) {
        SCOPED_TRACE(each.path().filename());
        const Case given = case_from(each.path());
        Request by_headers = given.request;
        const auto first = sign_headers(by_headers, given.signer, given.at, given.payload);
        expect_signed_as(each.path(), "header", first, by_headers);
        Request by_query = given.request;
        const auto second = sign_query(by_query, given.signer, given.at, given.payload, given.life);
        expect_signed_as(each.path(), "query", second, by_query);
        ++cases;
    }
    EXPECT_EQ(cases, 38);
}

// The account and the day of the examples in S3's API reference, "Authenticating Requests".
Signer s3_signer() {
    return {.keys = {.id = "AKIAIOSFODNN7EXAMPLE",
                     .secret = base::Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
                     .session = {}},
            .scope = {"us-east-1", "s3"},
            .path = PathStyle::as_sent};
}

base::Instant example_day() {
    return instant_of("2013-05-24T00:00:00Z");
}

TEST(Signing, an_object_of_s3_is_read_with_the_signature_of_its_manual) {
    Request request{.host = "examplebucket.s3.amazonaws.com", .path = "/test.txt"};
    request.headers = {{"Range", "bytes=0-9"}};
    const auto signature = sign_headers(request, s3_signer(), example_day(), payload_for_s3(""));
    EXPECT_EQ(signature.hex, "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

TEST(Signing, a_key_with_a_dollar_is_written_with_the_signature_of_the_manual) {
    Request request{.method = "PUT",
                    .host = "examplebucket.s3.amazonaws.com",
                    .path = "/test%24file.text",
                    .query = {},
                    .headers = {{"Date", "Fri, 24 May 2013 00:00:00 GMT"},
                                {"x-amz-storage-class", "REDUCED_REDUNDANCY"}},
                    .body = "Welcome to Amazon S3."};
    const auto signature =
        sign_headers(request, s3_signer(), example_day(), payload_for_s3(request.body));
    EXPECT_EQ(signature.hex, "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
}

TEST(Signing, a_checksum_that_is_sent_is_the_hash_that_is_signed) {
    Request request{.host = "bucket.example", .path = "/", .query = {}, .headers = {}};
    request.body = "Welcome to Amazon S3.";
    const std::string hash = payload_for_s3(request.body).hash;
    EXPECT_EQ(payload_for_s3(request).hash, hash);
    request.headers = {{"x-amz-checksum-sha256", "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="}};
    EXPECT_EQ(payload_for_s3(request).hash,
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    request.headers = {{"x-amz-checksum-sha256", "none"}};
    EXPECT_EQ(payload_for_s3(request).hash, hash);
}

TEST(Signing, a_parameter_without_a_value_is_signed_as_an_empty_one) {
    Request request{.host = "examplebucket.s3.amazonaws.com", .path = "/", .query = "lifecycle"};
    const auto signature = sign_headers(request, s3_signer(), example_day(), payload_for_s3(""));
    EXPECT_EQ(signature.hex, "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
}

TEST(Signing, a_presigned_url_of_s3_leaves_the_body_open) {
    Request request{.host = "examplebucket.s3.amazonaws.com", .path = "/test.txt"};
    const auto signature =
        sign_query(request, s3_signer(), example_day(), unsigned_payload(), std::chrono::hours(24));
    EXPECT_EQ(signature.hex, "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
}

TEST(Signing, a_streamed_body_is_signed_chunk_by_chunk) {
    Request request{.method = "PUT",
                    .host = "s3.amazonaws.com",
                    .path = "/examplebucket/chunkObject.txt",
                    .query = {},
                    .headers = {{"x-amz-storage-class", "REDUCED_REDUNDANCY"},
                                {"Content-Encoding", "aws-chunked"},
                                {"x-amz-decoded-content-length", "66560"},
                                {"Content-Length", "66824"}},
                    .body = {}};
    const auto head = sign_headers(request, s3_signer(), example_day(), streamed_payload());
    EXPECT_EQ(head.hex, "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9");

    ChunkSigner chunks(s3_signer(), example_day(), head.hex);
    const std::string first = chunks.frame(std::string(65536, 'a'));
    const std::string second = chunks.frame(std::string(1024, 'a'));
    const std::string end = chunks.frame("");
    EXPECT_EQ(first.substr(0, first.find('\r')),
              "10000;chunk-signature="
              "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648");
    EXPECT_EQ(second.substr(0, second.find('\r')),
              "400;chunk-signature="
              "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497");
    EXPECT_EQ(end,
              "0;chunk-signature="
              "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n");
    EXPECT_EQ(first.size() + second.size() + end.size(), 66824U);
}

TEST(Signing, what_a_proxy_may_rewrite_is_not_signed) {
    Request plain{.host = "a.example"};
    Request traced = plain;
    traced.headers = {{"User-Agent", "crossfade"}, {"X-Amzn-Trace-Id", "Root=1"}, {"Expect", ""}};
    const auto first = sign_headers(plain, s3_signer(), example_day(), payload_of(""));
    const auto second = sign_headers(traced, s3_signer(), example_day(), payload_of(""));
    EXPECT_EQ(first.hex, second.hex);
}

}  // namespace
}  // namespace aws
