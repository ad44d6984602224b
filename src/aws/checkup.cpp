#include "aws/checkup.h"

#include "aws/checkup_parts.h"
#include "aws/permissions.h"
#include "aws/shape.h"
#include "base/diagnostic.h"
#include "base/finding.h"
#include "base/result.h"
#include "release/spec.h"

#include <fmt/format.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace aws {

using base::Finding;
using base::Weight;
using std::chrono::seconds;

Part::Part(std::vector<Finding>& into, std::string subject, std::string code)
    : into_(&into), subject_(std::move(subject)), code_(std::move(code)) {}

void Part::add(Weight weight, base::Diagnostic said) {
    is_well_ = false;
    into_->push_back({.weight = weight, .subject = subject_, .said = std::move(said)});
}

void Part::warning(std::string what, std::string why, std::string fix) {
    add(Weight::warning,
        {.code = code_, .what = std::move(what), .why = std::move(why), .fix = std::move(fix)});
}

void Part::error(std::string what, std::string why, std::string fix) {
    add(Weight::error,
        {.code = code_, .what = std::move(what), .why = std::move(why), .fix = std::move(fix)});
}

void Part::error(const base::Diagnostic& said) {
    add(Weight::error, said);
}

void Part::unseen(const base::Error& error, Weight weight) {
    add(weight, {.code = "CF0877",
                 .what = "it could not be looked at",
                 .why = error.diagnostic.line(),
                 .fix = "allow the call: infra/iam/plan.json has all that are made here"});
}

void Part::well(std::string what) {
    if (is_well_) add(Weight::ok, {.code = code_, .what = std::move(what)});
}

namespace {

/// A lease is a minute long: machines that are half of one apart take it from each other.
constexpr seconds kAheadMax{30};
/// A look takes a second or two, and dates have whole seconds.
constexpr seconds kAheadUsual{5};

void check_account(const Looked& looked) {
    Part part(looked.into, "account", "CF0860");
    const Identity& identity = *looked.sight.identity;
    if (identity.arn.ends_with(":root"))
        part.warning("the keys are those of the account's root user",
                     "no policy limits what it does, and its keys cannot be given to one release",
                     "take the role of infra/iam/release.json");
    part.well(fmt::format("{} as {}{}", identity.account, identity.arn,
                          identity.source.empty() ? "" : ", keys from " + identity.source));
}

void check_clock(const Looked& looked) {
    if (!looked.sight.ahead) return;
    Part part(looked.into, "clock", "CF0861");
    const seconds apart = std::chrono::abs(*looked.sight.ahead);
    const std::string what = fmt::format("this machine's clock is {} s {} AWS's", apart.count(),
                                         looked.sight.ahead->count() > 0 ? "behind" : "ahead of");
    const std::string fix = "let chrony or systemd-timesyncd set it";
    if (apart >= kAheadMax)
        part.error(what, "two machines so far apart take the lease of a release from each other",
                   fix);
    else if (apart > kAheadUsual)
        part.warning(what, "times in the journal are wrong by as much", fix);
    part.well("as AWS's, to a few seconds");
}

std::string joined(const std::vector<std::string>& words) {
    return fmt::format("{}", fmt::join(words, ", "));
}

void check_permissions(const Looked& looked) {
    Part part(looked.into, "permissions", "CF0862");
    const auto& rights = looked.sight.rights;
    if (!rights) {
        part.warning("whether the permissions suffice is not known",
                     rights.error().diagnostic.line(),
                     "allow iam:SimulatePrincipalPolicy on the role itself, as infra/iam does");
        return;
    }
    std::vector<std::string> reads;
    std::vector<std::string> changes;
    std::size_t changes_allowed = 0;
    for (const Right& each : *rights) {
        const bool is_read = each.permission.effect == Effect::reads;
        if (each.is_allowed && !is_read) ++changes_allowed;
        if (!each.is_allowed) (is_read ? reads : changes).emplace_back(each.permission.action);
    }
    const std::string fix =
        "compare the role's policies, boundary and the organisation's with infra/iam";
    if (!reads.empty()) part.error("IAM refuses what even a plan reads", joined(reads), fix);
    if (!changes.empty() && changes_allowed > 0)
        part.error("IAM refuses part of what a release changes", joined(changes), fix);
    if (!changes.empty() && changes_allowed == 0)
        part.warning("this identity may look, and not release", joined(changes),
                     "release with the role of infra/iam/release.json");
    part.well(fmt::format("IAM allows all {} actions of a release", rights->size()));
}

void check_bucket(const Looked& looked) {
    Part part(looked.into, "bucket", "CF0871");
    const auto& bucket = looked.sight.bucket;
    if (!bucket) {
        if (bucket.error().failure == base::Failure::not_found)
            part.error(fmt::format("there is no bucket {}", looked.place.bucket), {},
                       "correct `aws.bucket`, or make it");
        else
            part.unseen(bucket.error(), Weight::warning);
        return;
    }
    if (!bucket->keeps_versions && !bucket->is_locked)
        part.warning(
            fmt::format("{} keeps neither versions nor locked objects", looked.place.bucket),
            "whoever may write it can replace the journal, and nothing stays of it",
            "turn versioning on; Object Lock, where the journal has to be proof");
    part.well(bucket->is_locked ? looked.place.bucket + " locks its objects"
                                : looked.place.bucket + " keeps versions");
}

void check_size(const Looked& looked) {
    Part part(looked.into, "instances", "CF0874");
    const auto count = looked.spec.service.instances;
    if (count == 1)
        part.warning("one instance serves everyone", "while Auto Scaling replaces it, nobody does",
                     "`service.instances` of two or more, in two zones");
    part.well(fmt::format("{} a release", count));
}

}  // namespace

std::vector<Finding> checkup(const release::Spec& spec, const Sight& sight,
                             const Standing& standing) {
    std::vector<Finding> out;
    const Looked looked{spec, *spec.aws, sight, standing, out};
    if (!sight.identity) {
        Part(out, "account", "CF0860").error(sight.identity.error().diagnostic);
        return out;
    }
    for (const auto check :
         {check_account, check_clock, check_permissions, check_rule, check_stickiness,
          check_serving, check_balancer, check_target_groups, check_health, check_draining,
          check_scaling_groups, check_launch, check_held, check_size, check_limits, check_bucket})
        check(looked);
    return out;
}

}  // namespace aws
