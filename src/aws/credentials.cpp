#include "aws/credentials.h"

#include "aws/client.h"
#include "aws/codec.h"
#include "aws/command.h"
#include "aws/endpoints.h"
#include "aws/key.h"
#include "aws/models/sts.h"
#include "aws/scalar.h"
#include "aws/settings.h"
#include "aws/sign.h"
#include "aws/value.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/percent.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/units.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace aws {
namespace {

using namespace std::chrono_literals;

// botocore refreshes 15 minutes before the end; SDKs agree on about that.
constexpr std::chrono::microseconds kEarly = 15min;
constexpr std::chrono::microseconds kSpread = 5min;
constexpr std::chrono::microseconds kStillGood = 10s;
constexpr std::chrono::microseconds kAgainAfter = 60s;
// An instance answers at once; where there is none, nobody waits long.
constexpr std::chrono::nanoseconds kMachineWait = 1s;
constexpr base::Bytes kTokenMax{64 * 1024};

tl::unexpected<base::Error> broken(std::string what, std::string why, std::string fix = {}) {
    return base::fail(
        base::Failure::rejected,
        {.code = "CF0809", .what = std::move(what), .why = std::move(why), .fix = std::move(fix)});
}

// Out of a text that is wiped, wherever it stood.
base::Secret taken(std::string& text) {
    base::Secret out{std::string(text)};
    const base::Secret wiped(std::move(text));
    text.clear();
    return out;
}

base::Secret taken(base::Json& json, const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? taken(found->get_ref<std::string&>())
                                                     : base::Secret{};
}

// `source` tells what gave the answer; of the answer itself nothing is said.
base::Result<Credentials> credentials_from(std::string text, const std::string& source,
                                           const char* token) {
    auto json = base::json_from(text);
    const base::Secret wiped(std::move(text));
    const std::string what = source + " gave no keys";
    if (!json || !json->is_object()) return broken(what, "its answer is no JSON object");
    if (json->contains("Code") && (*json)["Code"] != "Success")
        return broken(what, "it answered with an error");
    Credentials out{.keys = {}, .until = {}, .source = source};
    out.keys.id = taken(*json, "AccessKeyId").reveal();
    out.keys.secret = taken(*json, "SecretAccessKey");
    out.keys.session = taken(*json, token);
    if (out.keys.id.empty() || out.keys.secret.empty())
        return broken(what, "its answer has no AccessKeyId or no SecretAccessKey");
    if (json->contains("Expiration") && (*json)["Expiration"].is_string()) {
        out.until = time_from((*json)["Expiration"].get<std::string>());
        if (!out.until) return broken(what, "its Expiration is no time");
    }
    return out;
}

std::string trimmed(std::string text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' '))
        text.pop_back();
    return text;
}

base::Result<base::Secret> token_of(const std::string& path) {
    auto text = base::read_file(path, kTokenMax);
    if (!text) return broken("the token file '" + path + "' cannot be read", "see that it exists");
    base::Secret token(trimmed(std::move(*text)));
    if (token.empty()) return broken("the token file '" + path + "' is empty", "");
    return token;
}

bool is_answer(const base::Result<Answer>& answer) {
    return answer && answer->status == 200;
}

}  // namespace

KeyRing::KeyRing(Surroundings surroundings, Transport& transport, base::Clock& clock,
                 base::Random random)
    : given_(std::move(surroundings)), transport_(&transport), clock_(&clock), random_(random) {}

base::Result<Keys> KeyRing::keys(base::Deadline deadline) {
    const base::Instant now = clock_->now();
    if (held_ && (!held_->until || now < refresh_at_)) return held_->keys;
    auto fresh = fetch(deadline);
    if (!fresh) {
        if (!held_ || now + kStillGood >= *held_->until) return base::fail(fresh);
        refresh_at_ = now + kAgainAfter;
        return held_->keys;
    }
    held_ = std::move(*fresh);
    if (held_->until) {
        const auto life = *held_->until - now;
        const std::chrono::microseconds spread(
            static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(kSpread.count()))));
        refresh_at_ = *held_->until - std::min(kEarly - spread, life / 2);
    }
    return held_->keys;
}

base::Result<Credentials> KeyRing::fetch(base::Deadline deadline) {
    chain_.clear();
    const std::string& profile = given_.shared.name();
    Found found = std::optional<Credentials>{};
    const auto missing = [&] { return found && !*found; };
    const bool any = !given_.shared.is_chosen();
    if (any) found = from_environment();
    if (missing()) found = from_role(profile, deadline);
    if (any && missing()) found = from_web_identity(deadline);
    if (missing()) found = from_profile(profile, deadline);
    if (any && missing()) found = from_container(deadline);
    if (any && missing()) found = from_instance(deadline);
    if (!found) return base::fail(found);
    if (*found) return std::move(**found);
    return base::fail(base::Failure::rejected,
                      {.code = "CF0808",
                       .what = "there are no credentials for AWS",
                       .why = any ? "neither the environment, the profile '" + profile +
                                        "', web identity, a container nor an instance gives any"
                                  : "the profile '" + profile + "' has none",
                       .fix = "see `aws configure`, or let the job assume a role by web identity"});
}

KeyRing::Found KeyRing::from_environment() const {
    const auto id = given_.environment("AWS_ACCESS_KEY_ID");
    auto secret = given_.environment("AWS_SECRET_ACCESS_KEY");
    auto session = given_.environment("AWS_SESSION_TOKEN");
    if (!id && !secret) return std::optional<Credentials>{};
    if (!id || !secret)
        return broken("the environment has half a key",
                      id ? "AWS_SECRET_ACCESS_KEY is not set" : "AWS_ACCESS_KEY_ID is not set");
    Credentials out{.keys = {.id = *id, .secret = taken(*secret), .session = {}},
                    .until = {},
                    .source = "environment"};
    if (session) out.keys.session = taken(*session);
    return out;
}

KeyRing::Found KeyRing::from_web_identity(base::Deadline deadline) {
    const auto file = given_.environment("AWS_WEB_IDENTITY_TOKEN_FILE");
    const auto role = given_.environment("AWS_ROLE_ARN");
    if (!file || !role) return std::optional<Credentials>{};
    const auto token = token_of(*file);
    if (!token) return base::fail(token);
    using namespace sts::AssumeRoleWithWebIdentityRequest;
    auto out = ask_sts(
        sts::kAssumeRoleWithWebIdentity,
        {role_arn(*role), web_identity_token(token->reveal()),
         role_session_name(given_.environment("AWS_ROLE_SESSION_NAME").value_or("crossfade"))},
        {}, deadline);
    if (!out) return base::fail(out);
    out->source = "web identity " + *role;
    return std::move(*out);
}

KeyRing::Found KeyRing::from_profile(const std::string& name, base::Deadline deadline) {
    const Shared& shared = given_.shared;
    if (auto role = from_role(name, deadline); !role || *role) return role;
    const std::string id = shared.setting(name, "aws_access_key_id");
    std::string secret = shared.setting(name, "aws_secret_access_key");
    std::string session = shared.setting(name, "aws_session_token");
    if (!id.empty() || !secret.empty()) {
        if (id.empty() || secret.empty())
            return broken("the profile '" + name + "' has half a key",
                          "it needs aws_access_key_id and aws_secret_access_key");
        return Credentials{.keys = {.id = id, .secret = taken(secret), .session = taken(session)},
                           .until = {},
                           .source = "profile " + name};
    }
    if (auto made = from_command(name, deadline); !made || *made) return made;
    if (!shared.setting(name, "sso_session").empty() ||
        !shared.setting(name, "sso_start_url").empty())
        return broken("the profile '" + name + "' wants single sign-on", "which is not spoken here",
                      "let another profile say `credential_process = aws configure "
                      "export-credentials --profile " +
                          name + " --format process`");
    return std::optional<Credentials>{};
}

KeyRing::Found KeyRing::from_role(const std::string& name, base::Deadline deadline) {
    const Shared& shared = given_.shared;
    const std::string role = shared.setting(name, "role_arn");
    const std::string file = shared.setting(name, "web_identity_token_file");
    // The start of a chain may refer to itself for its keys.
    const bool again = std::find(chain_.begin(), chain_.end(), name) != chain_.end();
    if (role.empty() || (again && chain_.back() == name)) return std::optional<Credentials>{};
    if (again)
        return broken("the profile '" + name + "' leads back to itself",
                      "its roles go in a circle");
    if (!shared.setting(name, "mfa_serial").empty())
        return broken("the profile '" + name + "' wants a code of a person's device",
                      "nobody may be there when keys are renewed",
                      "use a role that a machine may take");
    const std::string said = shared.setting(name, "role_session_name");
    const std::string session = said.empty() ? "crossfade" : said;
    chain_.push_back(name);
    base::Result<Credentials> out;
    if (!file.empty()) {
        const auto token = token_of(file);
        if (!token) return base::fail(token);
        using namespace sts::AssumeRoleWithWebIdentityRequest;
        out = ask_sts(
            sts::kAssumeRoleWithWebIdentity,
            {role_arn(role), web_identity_token(token->reveal()), role_session_name(session)}, {},
            deadline);
    } else {
        auto base = base_of_role(name, deadline);
        if (!base) return base::fail(base);
        using namespace sts::AssumeRoleRequest;
        Entries input{role_arn(role), role_session_name(session)};
        if (const auto id = shared.setting(name, "external_id"); !id.empty())
            input.push_back(external_id(id));
        out = ask_sts(sts::kAssumeRole, std::move(input), base->keys, deadline);
    }
    if (!out) return base::fail(out);
    out->source = "role of profile " + name;
    return std::move(*out);
}

base::Result<Credentials> KeyRing::base_of_role(const std::string& name, base::Deadline deadline) {
    const std::string profile = given_.shared.setting(name, "source_profile");
    const std::string source = given_.shared.setting(name, "credential_source");
    const std::string what = "the role of profile '" + name + "' has no keys to be taken with";
    Found found = std::optional<Credentials>{};
    if (!profile.empty() && !source.empty())
        return broken(what, "source_profile and credential_source exclude each other");
    if (!profile.empty()) {
        if (!given_.shared.has_profile(profile))
            return broken(what, "there is no profile '" + profile + "'");
        found = from_profile(profile, deadline);
    } else if (source == "Environment") {
        found = from_environment();
    } else if (source == "EcsContainer") {
        found = from_container(deadline);
    } else if (source == "Ec2InstanceMetadata") {
        found = from_instance(deadline);
    } else {
        return broken(what,
                      "it needs source_profile, or credential_source as Environment, "
                      "EcsContainer or Ec2InstanceMetadata");
    }
    if (!found) return base::fail(found);
    if (!*found) return broken(what, "its source gives none");
    return std::move(**found);
}

KeyRing::Found KeyRing::from_command(const std::string& name, base::Deadline deadline) {
    const std::string command = given_.shared.setting(name, "credential_process");
    if (command.empty()) return std::optional<Credentials>{};
    const auto output = output_of(words_of(command), *clock_, deadline);
    if (!output) return base::fail(output);
    auto out =
        credentials_from(output->reveal(), "credential_process of profile " + name, "SessionToken");
    if (!out) return base::fail(out);
    return std::move(*out);
}

KeyRing::Found KeyRing::from_container(base::Deadline deadline) {
    const auto relative = given_.environment("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    const auto full = given_.environment("AWS_CONTAINER_CREDENTIALS_FULL_URI");
    if (!relative && !full) return std::optional<Credentials>{};
    const std::string url = relative ? "http://169.254.170.2" + *relative : *full;
    Request request;
    request.scheme = url.starts_with("http://") ? Scheme::http : Scheme::https;
    const auto begin = url.find("://");
    if (begin == std::string::npos)
        return broken("AWS_CONTAINER_CREDENTIALS_FULL_URI is no URL", "it has no scheme");
    const auto slash = url.find('/', begin + 3);
    const auto mark = url.find('?', begin + 3);
    request.host = url.substr(begin + 3, std::min(slash, mark) - begin - 3);
    if (slash != std::string::npos) request.path = url.substr(slash, mark - slash);
    if (mark != std::string::npos) request.query = url.substr(mark + 1);
    auto token = given_.environment("AWS_CONTAINER_AUTHORIZATION_TOKEN");
    if (const auto file = given_.environment("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")) {
        auto read = token_of(*file);
        if (!read) return base::fail(read);
        token = read->reveal();
    }
    if (token) request.headers.push_back({"Authorization", *token});
    auto answer = ask_machine(std::move(request), deadline);
    if (!answer) return base::fail(answer);
    if (!is_answer(answer))
        return broken("the container gave no keys", fmt::format("it answered {}", answer->status));
    auto out = credentials_from(std::move(answer->body), "the container", "Token");
    if (!out) return base::fail(out);
    return std::move(*out);
}

KeyRing::Found KeyRing::from_instance(base::Deadline deadline) {
    const auto off = given_.environment("AWS_EC2_METADATA_DISABLED");
    if (off == "true" || off == "True") return std::optional<Credentials>{};
    const bool v6 = given_.environment("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE") == "IPv6";
    std::string base = given_.environment("AWS_EC2_METADATA_SERVICE_ENDPOINT")
                           .value_or(v6 ? "http://[fd00:ec2::254]" : "http://169.254.169.254");
    const auto endpoint = endpoint_of({.service = "sts", .region = "us-east-1", .url = base});
    if (!endpoint) return base::fail(endpoint);
    Request request;
    request.scheme = endpoint->endpoint.scheme;
    request.host = endpoint->endpoint.host;
    request.method = "PUT";
    request.path = endpoint->endpoint.path + "/latest/api/token";
    request.headers = {{"X-aws-ec2-metadata-token-ttl-seconds", "21600"}};
    const auto token = ask_machine(request, deadline);
    // No answer: this is no instance. A refusal may mean version 1, which is never spoken.
    if (!token && token.error().failure != base::Failure::rejected)
        return std::optional<Credentials>{};
    if (!token) return base::fail(token);
    if (!is_answer(token))
        return broken("the instance gives no session token",
                      fmt::format("it answered {}; only IMDSv2 is spoken", token->status));
    const std::string path =
        endpoint->endpoint.path + "/latest/meta-data/iam/security-credentials/";
    request.method = "GET";
    request.path = path;
    request.headers = {{"X-aws-ec2-metadata-token", token->body}};
    const auto role = ask_machine(request, deadline);
    if (!role) return base::fail(role);
    if (role->status == 404) return std::optional<Credentials>{};  // an instance without a role
    if (!is_answer(role) || trimmed(role->body).empty())
        return broken("the instance names no role", fmt::format("it answered {}", role->status));
    request.path = path + base::percent_encoded(trimmed(role->body));
    auto answer = ask_machine(request, deadline);
    if (!answer) return base::fail(answer);
    if (!is_answer(answer))
        return broken("the instance gave no keys", fmt::format("it answered {}", answer->status));
    auto out = credentials_from(std::move(answer->body), "the instance", "Token");
    if (!out) return base::fail(out);
    return std::move(*out);
}

base::Result<Answer> KeyRing::ask_machine(Request request, base::Deadline deadline) {
    deadline.at = std::min(deadline.at, clock_->tick() + kMachineWait);
    return transport_->send(request, Effect::reads, deadline);
}

base::Result<Credentials> KeyRing::ask_sts(const Operation& operation, Entries input,
                                           const std::optional<Keys>& keys,
                                           base::Deadline deadline) {
    const auto service =
        endpoint_of({.service = "sts",
                     .region = given_.region,
                     .url = configured_url(given_.environment, given_.shared, "sts", "")});
    if (!service) return base::fail(service);
    const auto signing = [&keys](base::Deadline) -> base::Result<Keys> {
        return keys.value_or(Keys{});
    };
    Client client(*service, *transport_, signing, *clock_, random_);
    auto answer = client.call(operation, Value(std::move(input)), {.deadline = deadline});
    if (!answer) {
        // What STS says of a token may quote it: its code is enough.
        const std::string code(code_of_service(answer.error()));
        if (!code.empty()) return broken("STS refuses the role", code);
        return base::fail(answer);
    }
    // Both operations answer with the same member of the same name.
    Value* const given = answer->member(sts::AssumeRoleResponse::credentials.name);
    const auto secret_of = [&](const Text& key) {
        std::string* const text = given != nullptr ? key.edit(*given) : nullptr;
        return text != nullptr ? taken(*text) : base::Secret{};
    };
    Credentials out;
    out.keys = {.id = secret_of(sts::Credentials::access_key_id).reveal(),
                .secret = secret_of(sts::Credentials::secret_access_key),
                .session = secret_of(sts::Credentials::session_token)};
    const auto* const until =
        given != nullptr ? sts::Credentials::expiration.find(*given) : nullptr;
    if (out.keys.id.empty() || out.keys.secret.empty() || until == nullptr)
        return broken("STS gave no keys", "its answer has no complete Credentials");
    out.until = *until;
    return out;
}

}  // namespace aws
