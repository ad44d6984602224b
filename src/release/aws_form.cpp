// The part of crossfade.yaml that says where on AWS an application runs.

#include "base/diagnostic.h"
#include "base/document.h"
#include "base/duration.h"
#include "base/form.h"
#include "release/release.h"
#include "release/spec.h"
#include "release/spec_form.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace release {

namespace {

using base::Fields;
using base::Findings;
using base::Form;
using base::Node;
using std::chrono::minutes;
using std::chrono::seconds;

// An AWS load balancer counts once a minute, and nobody publishes how long weights take to arrive:
// half a minute between steps and two before capacity leaves cured what others saw.
constexpr milliseconds kSettle = seconds{30};
constexpr milliseconds kSettleBeforeLeaving = seconds{120};
constexpr milliseconds kRollingHold = minutes{3};
constexpr milliseconds kBake = minutes{5};
constexpr milliseconds kInterval = seconds{15};
constexpr milliseconds kUnknownMax = minutes{10};

bool all_of(std::string_view text, std::string_view others) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               others.find(c) != std::string_view::npos;
    });
}

Form<std::string> arn(std::string kind) {
    const std::string infix = ":" + kind + "/";
    return base::text(
        {"an ARN, like arn:aws:elasticloadbalancing:REGION:ACCOUNT:" + kind + "/...",
         "^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:[0-9]+:" + kind + "/[A-Za-z0-9/_-]+$",
         [infix](std::string_view text) {
             return text.starts_with("arn:aws") &&
                    text.find(":elasticloadbalancing:") != std::string_view::npos &&
                    text.find(infix) != std::string_view::npos && all_of(text, ":/_-");
         }});
}

Form<std::string> bucket() {
    return base::text(
        {"the name of a bucket", "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", [](std::string_view text) {
             return text.size() >= 3 && text.size() <= 63 && all_of(text, ".-");
         }});
}

Form<std::string> prefix() {
    return base::text({"names with `/` between them, none at either end",
                       "^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*$", [](std::string_view text) {
                           return all_of(text, "/_.-") && !text.starts_with('/') &&
                                  !text.ends_with('/') && text.find("//") == std::string_view::npos;
                       }});
}

Form<std::string> user() {
    return base::text(
        {"the name of a user", "^[A-Za-z0-9_][A-Za-z0-9_-]{0,31}$", [](std::string_view text) {
             return all_of(text, "_-") && !text.starts_with('-') && text.size() <= 32;
         }});
}

Form<std::string> template_id() {
    return base::text({"the id of a launch template, like lt-0123456789abcdef0", "^lt-[0-9a-f]+$",
                       [](std::string_view text) {
                           return text.size() > 3 && text.starts_with("lt-") && all_of(text, "-");
                       }});
}

Form<std::string> distribution() {
    return base::text({"the id of a distribution, like E2QWRUHAPOMQZL", "^[A-Z0-9]{6,32}$",
                       [](std::string_view text) {
                           return text.size() >= 6 && text.size() <= 32 &&
                                  std::all_of(text.begin(), text.end(), [](char c) {
                                      return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
                                  });
                       }});
}

// A host, and nothing after it: the path is the route's.
Form<std::string> site_url() {
    return base::text(
        {"an address without a path, like https://chat.example.com",
         "^https?://[A-Za-z0-9.-]+(:[0-9]+)?$", [](std::string_view text) {
             const std::size_t at = text.find("://");
             const std::string_view scheme = text.substr(0, at);
             if (at == std::string_view::npos || (scheme != "https" && scheme != "http"))
                 return false;
             const std::string_view place = text.substr(at + 3);
             const std::size_t colon = std::min(place.find(':'), place.size());
             const std::string_view port = place.substr(colon);
             return all_of(place.substr(0, colon), ".-") &&
                    (port.empty() || (port.size() > 1 && port.substr(1).find_first_not_of(
                                                             "0123456789") == std::string::npos));
         }});
}

Form<AwsAssets> aws_assets() {
    constexpr std::uint64_t kUnhashedMax = 100;
    return Fields<AwsAssets>("a group of fields")
        .required("bucket", &AwsAssets::bucket, bucket(),
                  "Where users' files lie: not the one of the journal.", "chat-assets")
        .optional("prefix", &AwsAssets::prefix, prefix(),
                  "The distribution's origin path: goes before the route's path in every key.")
        .optional("distribution", &AwsAssets::distribution, distribution(),
                  "Of CloudFront. Left out: nothing is invalidated, and replaced files are old for "
                  "as long as caches keep them, a minute.")
        .optional("url", &AwsAssets::url, site_url(),
                  "Where users ask. With it each file of a release is asked for there before an "
                  "instance starts; without it the bucket alone is looked at.")
        .optional("unhashed", &AwsAssets::unhashed, base::list_of(base::line(), 0, kUnhashedMax),
                  "Names that a release may replace, like index.html, at most 8 MB each. They "
                  "change for all users when assets are published, before any traffic moves. Of "
                  "all others a name keeps its content for as long as a kept release refers to it.")
        .form();
}

Form<OfEachPool> of_each_pool(const Form<std::string>& form, const std::string& what) {
    return Fields<OfEachPool>("a group of fields")
        .required("blue", &OfEachPool::blue, form, "Of the pool blue.", what)
        .required("green", &OfEachPool::green, form, "Of the pool green.", what)
        .form();
}

Form<LaunchTemplate> launch_template() {
    return Fields<LaunchTemplate>("a group of fields")
        .required("id", &LaunchTemplate::id, template_id(), "Of the launch template.", "lt-0abc")
        .required("version", &LaunchTemplate::version, base::whole(1U, 1'000'000'000U),
                  "What each release's own version is made from: a number, so that it is known "
                  "what runs. Another number is a change of the config.",
                  "3")
        .form();
}

using Add = std::function<void(const char*, base::Diagnostic)>;

void check_assets(const Spec& spec, const Add& add) {
    const std::optional<AwsAssets>& place = spec.aws->assets;
    if (!spec.assets.empty() && !place)
        add("assets",
            {.code = "CF0137",
             .what = "there are assets, and the spec does not say where on AWS they go",
             .fix = "add `assets: {bucket: ...}` to `aws`; `crossfade explain aws.assets` "
                    "shows its fields"});
    if (spec.assets.empty() && place)
        add("aws.assets", {.code = "CF0137",
                           .what = "`aws.assets` says where assets go, and there are none",
                           .fix = "name their folder, like `assets: web/dist`, or leave it out"});
    if (place && place->url.starts_with("http:") && !place->url.starts_with("http://127.") &&
        !place->url.starts_with("http://localhost"))
        add("aws.assets.url", {.code = "CF0137",
                               .what = "users' files would be asked for over plain HTTP",
                               .why = "anyone on the way could answer for the site",
                               .fix = "write https://; plain HTTP is for a rehearsal on loopback"});
    if (place && place->bucket == spec.aws->bucket)
        add("aws.assets.bucket",
            {.code = "CF0137",
             .what = "assets would lie beside the journal",
             .why = "the world reads the one, and nobody but releases the other",
             .fix = "name another bucket"});
}

}  // namespace

Form<AwsPlace> aws_form() {
    const std::string group = "arn:aws:elasticloadbalancing:...:targetgroup/...";
    return Fields<AwsPlace>("a group of fields")
        .optional("region", &AwsPlace::region, base::name(),
                  "Left out: AWS_REGION, or the profile's.")
        .optional("profile", &AwsPlace::profile, base::line(),
                  "Of ~/.aws; left out: AWS_PROFILE, or the usual chain of credentials.")
        .required("bucket", &AwsPlace::bucket, bucket(),
                  "Where journal, lease, artifacts and configs lie.", "chat-releases")
        .optional("prefix", &AwsPlace::prefix, prefix(),
                  "In the bucket; left out: `crossfade/` and the application's name.")
        .required("rule", &AwsPlace::rule, arn("listener-rule"),
                  "The one listener rule that forwards to both target groups.",
                  "arn:aws:elasticloadbalancing:...:listener-rule/app/...")
        .required("target_groups", &AwsPlace::target_groups,
                  of_each_pool(arn("targetgroup"), group),
                  "Both stay in the rule for good, one of them with weight 0.",
                  "{blue: arn:..., green: arn:...}")
        .required("scaling_groups", &AwsPlace::scaling_groups,
                  of_each_pool(base::line(), "chat-blue"),
                  "The Auto Scaling groups, each bound to its target group.",
                  "{blue: chat-blue, green: chat-green}")
        .required("launch_template", &AwsPlace::launch_template, launch_template(),
                  "Image, instance type, network, role: all but what an instance runs.",
                  "{id: lt-0abc, version: 3}")
        .required("port", &AwsPlace::port, base::whole<std::uint16_t>(1, 65535),
                  "The target groups', where instances listen.", "8065")
        .optional("user", &AwsPlace::user, user(),
                  "Whom the service runs as; made where it is missing.")
        .optional("metrics_period", &AwsPlace::metrics_period,
                  base::duration(seconds{1}, minutes{5}),
                  "How long CloudWatch's periods are. A load balancer of AWS counts by the minute: "
                  "shorter ones are for a rehearsal on awsbox.")
        .maybe("assets", &AwsPlace::assets, aws_assets(), "Where `assets` are published to.",
               "{bucket: chat-assets, distribution: E2QWRUHAPOMQZL}")
        .form();
}

void check_aws(const Spec& spec, const Node& node, Findings& findings) {
    const auto add = [&](const char* path, base::Diagnostic diagnostic) {
        findings.add(node.nearest(path).spot, std::move(diagnostic));
    };
    if (spec.provider != Provider::aws) {
        if (spec.aws)
            add("aws", {.code = "CF0137",
                        .what = "`aws` says where on AWS, and the provider is another",
                        .fix = "write `provider: aws`, or leave `aws` out"});
        return;
    }
    if (!spec.aws)
        add("provider", {.code = "CF0137",
                         .what = "with `provider: aws` the spec has to say where on AWS",
                         .fix = "add `aws:` with bucket, rule and groups; `crossfade explain aws` "
                                "shows them"});
    if (spec.aws) check_assets(spec, add);
    if (spec.tls)
        add("tls", {.code = "CF0136",
                    .what = "certificates belong to the load balancer's listener on AWS",
                    .fix = "leave `tls` out"});
    for (const auto& [name, source] : spec.service.process.secrets)
        if (source.kind == SecretSource::Kind::environment)
            add("service.environment",
                {.code = "CF0136",
                 .what = fmt::format("no instance of EC2 has an environment to "
                                     "take the secret {} from",
                                     name),
                 .fix = "let it lie in a file of the image"});
        else if (!source.name.starts_with('/'))
            add("service.environment",
                {.code = "CF0136",
                 .what = fmt::format("the secret {} lies in {}, which is no place on an instance",
                                     name, source.name),
                 .fix = "name the file by its whole path on the image"});
    if (spec.aws && spec.aws->target_groups.blue == spec.aws->target_groups.green)
        add("aws.target_groups", {.code = "CF0137", .what = "both pools have one target group"});
    if (spec.aws && spec.aws->scaling_groups.blue == spec.aws->scaling_groups.green)
        add("aws.scaling_groups",
            {.code = "CF0137", .what = "both pools have one Auto Scaling group"});
}

void take_aws_defaults(Spec& spec, const Node& root) {
    const auto says = [&root](std::initializer_list<std::string_view> path) {
        const Node* at = &root;
        for (const std::string_view name : path) {
            at = at->member(name);
            if (at == nullptr) return false;
        }
        return true;
    };
    Strategy& strategy = spec.strategy;
    if (!says({"strategy", "settle"})) strategy.settle = kSettle;
    if (!says({"strategy", "settle_before_leaving"}))
        strategy.settle_before_leaving = kSettleBeforeLeaving;
    if (!says({"strategy", "rolling", "hold"})) strategy.rolling_hold = kRollingHold;
    if (!says({"strategy", "bake"})) strategy.bake = kBake;
    if (!says({"guard", "unknown_max"})) spec.guard.unknown_max = kUnknownMax;
    if (says({"guard", "interval"})) return;
    // Not longer than the shortest watch that the spec asks for.
    spec.guard.interval = kInterval;
    std::vector<milliseconds> watches{strategy.bake, strategy.rolling_hold};
    for (const CanaryStep& step : strategy.steps) watches.push_back(step.hold);
    for (const milliseconds each : watches)
        if (each > milliseconds{0}) spec.guard.interval = std::min(spec.guard.interval, each);
}

}  // namespace release
