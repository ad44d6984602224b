// The chain against a twin of STS, of an instance and of a container; time is moved by hand.
#include "aws/credentials.h"

#include "aws/command.h"
#include "aws/request.h"
#include "base/file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

namespace aws {
namespace {

using namespace std::chrono_literals;

class HandClock final : public base::Clock {
public:
    base::Instant now() override { return base::instant_of_micros(1'700'000'000'000'000) + spent; }
    base::Tick tick() override { return base::Tick{spent}; }
    void wait_until(base::Tick, const std::stop_token&) override {}
    std::chrono::microseconds spent{0};
};

/// Answers by host and path; whatever is asked elsewhere is not there.
class Places final : public Transport {
public:
    base::Result<Answer> send(const Request& request, Effect, base::Deadline) override {
        sent.push_back(request);
        const auto found = answers.find(request.method + " " + request.host + request.path);
        if (found == answers.end())
            return base::fail(base::Failure::unavailable, {.code = "CF0803", .what = "no"});
        return found->second;
    }
    void put(const std::string& where, const std::string& body, int status = 200) {
        answers[where] = Answer{.status = status, .headers = {}, .body = body};
    }

    std::map<std::string, Answer> answers;
    std::vector<Request> sent;
};

constexpr const char* kSts = "POST sts.eu-west-1.amazonaws.com/";
constexpr const char* kImds = "169.254.169.254/latest";

std::string role_answer(const std::string& operation, const std::string& key,
                        const std::string& until = "2023-11-14T23:13:20Z") {
    return "<R><" + operation + "Result><Credentials><AccessKeyId>" + key +
           "</AccessKeyId><SecretAccessKey>s3cr3t-of-role</SecretAccessKey><SessionToken>"
           "t0ken-of-role</SessionToken><Expiration>" +
           until + "</Expiration></Credentials></" + operation + "Result></R>";
}

std::string json_answer(const std::string& key, const std::string& token = "Token") {
    return R"({"Version":1,"Code":"Success","AccessKeyId":")" + key +
           R"(","SecretAccessKey":"s3cr3t","Expiration":"2023-11-14T23:13:20Z",")" + token +
           R"(":"t0ken"})";
}

class Chain : public testing::Test {
protected:
    Chain() { std::filesystem::create_directories(home + "/.aws"); }
    ~Chain() override { std::filesystem::remove_all(home); }

    void config(const std::string& text) {
        ASSERT_TRUE(base::write_file(home + "/.aws/config", text));
    }
    KeyRing& ring(const std::string& profile = {}) {
        const Environment environment =
            [this](const std::string& name) -> std::optional<std::string> {
            const auto found = variables.find(name);
            if (found == variables.end()) return {};
            return found->second;
        };
        auto shared = Shared::read(environment, profile);
        EXPECT_TRUE(shared) << shared.error().line();
        ring_.emplace(
            KeyRing::Surroundings{
                .environment = environment, .shared = *shared, .region = "eu-west-1"},
            places, clock, base::Random(3));
        return *ring_;
    }
    std::string id_of(KeyRing& keys) {
        const auto found = keys.keys(clock.deadline_in(10s));
        if (!found) return found.error().diagnostic.text();
        return found->id;
    }
    std::string id(const std::string& profile = {}) { return id_of(ring(profile)); }

    std::string home = testing::TempDir() + "/aws_chain_" + std::to_string(getpid());
    std::map<std::string, std::string> variables = {{"HOME", home}};
    HandClock clock;
    Places places;
    std::optional<KeyRing> ring_;
};

TEST_F(Chain, the_environment_comes_first_unless_a_profile_is_named) {
    variables["AWS_ACCESS_KEY_ID"] = "AKENV";
    variables["AWS_SECRET_ACCESS_KEY"] = "s3cr3t";
    variables["AWS_SESSION_TOKEN"] = "t0ken";
    config("[profile p]\naws_access_key_id = AKP\naws_secret_access_key = s3cr3t\n");
    EXPECT_EQ(id(), "AKENV");
    EXPECT_EQ(ring_->keys(clock.deadline_in(1s))->session.reveal(), "t0ken");
    EXPECT_EQ(ring_->source(), "environment");
    EXPECT_EQ(id("p"), "AKP");
    EXPECT_TRUE(places.sent.empty());
}

TEST_F(Chain, half_a_key_is_an_error_and_not_the_next_source) {
    variables["AWS_ACCESS_KEY_ID"] = "AKENV";
    const auto found = ring().keys(clock.deadline_in(1s));
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().diagnostic.code, "CF0809");
}

TEST_F(Chain, a_profile_takes_its_role_with_the_keys_of_another) {
    config(
        "[profile base]\naws_access_key_id = AKBASE\naws_secret_access_key = s3cr3t\n"
        "[profile p]\nrole_arn = arn:role\nsource_profile = base\nexternal_id = ours\n");
    places.put(kSts, role_answer("AssumeRole", "AKROLE"));
    EXPECT_EQ(id("p"), "AKROLE");
    ASSERT_EQ(places.sent.size(), 1U);
    const std::string& body = places.sent[0].body;
    EXPECT_NE(body.find("RoleArn=arn%3Arole"), std::string::npos) << body;
    EXPECT_NE(body.find("ExternalId=ours"), std::string::npos) << body;
    EXPECT_NE(find_header(places.sent[0].headers, "Authorization")->find("AKBASE"),
              std::string::npos);
    EXPECT_EQ(ring_->source(), "role of profile p");
}

TEST_F(Chain, a_profile_may_give_its_own_role_its_keys_but_not_in_a_circle) {
    config(
        "[profile own]\nrole_arn = arn:role\nsource_profile = own\n"
        "aws_access_key_id = AKOWN\naws_secret_access_key = s3cr3t\n"
        "[profile a]\nrole_arn = arn:a\nsource_profile = b\n"
        "[profile b]\nrole_arn = arn:b\nsource_profile = a\n");
    places.put(kSts, role_answer("AssumeRole", "AKROLE"));
    EXPECT_EQ(id("own"), "AKROLE");
    EXPECT_NE(id("a").find("CF0809"), std::string::npos);
}

TEST_F(Chain, a_role_may_take_the_keys_of_the_environment_or_the_instance) {
    config(
        "[profile e]\nrole_arn = arn:role\ncredential_source = Environment\n"
        "[profile i]\nrole_arn = arn:role\ncredential_source = Ec2InstanceMetadata\n");
    variables["AWS_ACCESS_KEY_ID"] = "AKENV";
    variables["AWS_SECRET_ACCESS_KEY"] = "s3cr3t";
    places.put(kSts, role_answer("AssumeRole", "AKROLE"));
    EXPECT_EQ(id("e"), "AKROLE");
    EXPECT_NE(id("i").find("CF0809"), std::string::npos);  // there is no instance
}

TEST_F(Chain, web_identity_is_unsigned_and_its_token_is_read_each_time) {
    const std::string file = home + "/token";
    ASSERT_TRUE(base::write_file(file, "first-t0ken\n"));
    variables["AWS_ROLE_ARN"] = "arn:role";
    variables["AWS_WEB_IDENTITY_TOKEN_FILE"] = file;
    places.put(kSts, role_answer("AssumeRoleWithWebIdentity", "AKWEB"));
    EXPECT_EQ(id(), "AKWEB");
    EXPECT_EQ(find_header(places.sent[0].headers, "Authorization"), nullptr);
    EXPECT_NE(places.sent[0].body.find("first-t0ken&"), std::string::npos);
    ASSERT_TRUE(base::write_file(file, "second-t0ken"));
    clock.spent = 59min;
    EXPECT_EQ(id_of(*ring_), "AKWEB");
    ASSERT_EQ(places.sent.size(), 2U);
    EXPECT_NE(places.sent[1].body.find("second-t0ken"), std::string::npos);
}

TEST_F(Chain, an_instance_is_asked_by_version_two_alone) {
    places.put(std::string("PUT ") + kImds + "/api/token", "session");
    const std::string roles = std::string("GET ") + kImds + "/meta-data/iam/security-credentials/";
    places.put(roles, "app\n");
    places.put(roles + "app", json_answer("AKINST"));
    EXPECT_EQ(id(), "AKINST");
    ASSERT_EQ(places.sent.size(), 3U);
    EXPECT_EQ(*find_header(places.sent[0].headers, "x-aws-ec2-metadata-token-ttl-seconds"),
              "21600");
    EXPECT_EQ(*find_header(places.sent[2].headers, "x-aws-ec2-metadata-token"), "session");

    places.put(std::string("PUT ") + kImds + "/api/token", "", 404);
    EXPECT_NE(id().find("only IMDSv2"), std::string::npos);
    variables["AWS_EC2_METADATA_DISABLED"] = "true";
    const std::size_t before = places.sent.size();
    EXPECT_NE(id().find("CF0808"), std::string::npos);
    EXPECT_EQ(places.sent.size(), before);
}

TEST_F(Chain, a_container_is_asked_with_its_token) {
    variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/v2/credentials/x";
    variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "Basic abc";
    places.put("GET 169.254.170.2/v2/credentials/x", json_answer("AKECS"));
    EXPECT_EQ(id(), "AKECS");
    EXPECT_EQ(*find_header(places.sent[0].headers, "authorization"), "Basic abc");
    EXPECT_EQ(places.sent[0].scheme, Scheme::http);

    variables.erase("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "https://keys.example/v1?a=b";
    places.put("GET keys.example/v1", json_answer("AKFULL"));
    EXPECT_EQ(id(), "AKFULL");
    EXPECT_EQ(places.sent.back().scheme, Scheme::https);
    EXPECT_EQ(places.sent.back().query, "a=b");
}

TEST_F(Chain, a_program_may_give_the_keys) {
    const std::string program = home + "/give keys";
    ASSERT_TRUE(base::write_file(
        program, "#!/bin/sh\necho '" + json_answer("AKPROC", "SessionToken") + "'\n"));
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    config("[default]\ncredential_process = '" + program + "' --for me\n");
    // The program is real, so is its time.
    EXPECT_EQ(id(), "AKPROC");
    EXPECT_EQ(words_of(R"(a "b c" d\ e '' f)"),
              (std::vector<std::string>{"a", "b c", "d e", "", "f"}));
}

TEST_F(Chain, single_sign_on_is_named_with_the_way_around) {
    config("[profile s]\nsso_session = x\nsso_account_id = 1\n");
    EXPECT_NE(id("s").find("export-credentials"), std::string::npos);
}

TEST_F(Chain, keys_are_renewed_before_they_end_and_kept_where_that_fails) {
    variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/c";
    places.put("GET 169.254.170.2/c", json_answer("AKONE"));  // for an hour
    KeyRing& keys = ring();
    EXPECT_EQ(id_of(keys), "AKONE");
    clock.spent = 44min;
    EXPECT_EQ(id_of(keys), "AKONE");
    EXPECT_EQ(places.sent.size(), 1U);
    clock.spent = 51min;
    places.answers.clear();
    EXPECT_EQ(id_of(keys), "AKONE");
    EXPECT_EQ(places.sent.size(), 2U);
    clock.spent += 30s;
    EXPECT_EQ(id_of(keys), "AKONE");
    EXPECT_EQ(places.sent.size(), 2U);  // not at every call
    clock.spent = 60min;
    EXPECT_FALSE(keys.keys(clock.deadline_in(1s)));
    places.put("GET 169.254.170.2/c", json_answer("AKTWO"));
    EXPECT_EQ(id_of(keys), "AKTWO");
}

TEST_F(Chain, no_error_shows_a_part_of_a_secret) {
    const std::vector<std::string> bodies = {
        json_answer("AK").substr(0, 60), R"({"Code":"Failed","Message":"s3cr3t t0ken"})",
        R"(["s3cr3t"])", R"({"AccessKeyId":"AK","SecretAccessKey":7,"Token":"t0ken"})",
        R"({"AccessKeyId":"AK","SecretAccessKey":"s3cr3t","Expiration":"t0ken"})"};
    variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/c";
    variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "t0ken";
    for (const int status : {200, 403, 500})
        for (const std::string& body : bodies) {
            places.put("GET 169.254.170.2/c", body, status);
            const auto found = ring().keys(clock.deadline_in(1s));
            ASSERT_FALSE(found);
            const std::string text = found.error().diagnostic.text();
            EXPECT_EQ(text.find("s3cr3t"), std::string::npos) << text;
            EXPECT_EQ(text.find("t0ken"), std::string::npos) << text;
        }
    variables = {{"HOME", home}, {"AWS_EC2_METADATA_DISABLED", "true"}};
    config(
        "[profile b]\naws_access_key_id = AK\naws_secret_access_key = s3cr3t\n"
        "[profile p]\nrole_arn = arn:r\nsource_profile = b\n");
    places.put(kSts,
               "<ErrorResponse><Error><Code>InvalidIdentityToken</Code><Message>t0ken s3cr3t"
               "</Message></Error></ErrorResponse>",
               400);
    const std::string text = id("p");
    EXPECT_NE(text.find("InvalidIdentityToken"), std::string::npos);
    EXPECT_EQ(text.find("t0ken"), std::string::npos);
}

}  // namespace
}  // namespace aws
