#include "aws/versions.h"

#include "aws/client.h"
#include "aws/key.h"
#include "aws/models/ec2.h"
#include "aws/scalar.h"
#include "aws/value.h"
#include "base/base64.h"
#include "base/digest.h"
#include "base/result.h"

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace aws {
namespace {

// Stored in the versions' descriptions: `crossfade r5 1f2e3d4c5b6a from 3`.
constexpr std::string_view kOurs = "crossfade ";
constexpr std::int64_t kPage = 200;

std::string description_of(const std::string& release, const std::string& script,
                           const std::string& source) {
    return fmt::format("{}{} {} from {}", kOurs, release, base::sha256(script).brief(), source);
}

}  // namespace

base::Result<void> Versions::read(const Terms& terms) {
    using namespace ec2::DescribeLaunchTemplateVersionsRequest;
    return compute_->pages(
        ec2::kDescribeLaunchTemplateVersions,
        Entries{launch_template_id(template_), max_results(kPage)}, terms, [this](Value& page) {
            for (const Value& each :
                 ec2::DescribeLaunchTemplateVersionsResult::launch_template_versions.of(page)) {
                const auto* const number = ec2::LaunchTemplateVersion::version_number.find(each);
                if (number != nullptr)
                    descriptions_[*number] =
                        ec2::LaunchTemplateVersion::version_description.of(each);
            }
        });
}

base::Result<std::int64_t> Versions::ensure(const std::string& release, const std::string& script,
                                            const std::string& source, const Terms& terms) {
    const std::string wanted = description_of(release, script, source);
    const auto found = [&]() -> std::int64_t {
        for (const auto& [number, description] : descriptions_)
            if (description == wanted) return number;
        return 0;
    };
    if (const auto number = found(); number != 0) return number;
    if (const auto done = read(terms); !done) return base::fail(done);
    if (const auto number = found(); number != 0) return number;
    using namespace ec2::CreateLaunchTemplateVersionRequest;
    const auto answer = compute_->call(
        ec2::kCreateLaunchTemplateVersion,
        Entries{client_token(base::sha256(template_ + wanted).hex()), launch_template_id(template_),
                source_version(source), version_description(wanted),
                launch_template_data(
                    {ec2::RequestLaunchTemplateData::user_data(base::base64(script))})},
        terms);
    if (!answer) return base::fail(answer);
    const auto* const number = ec2::LaunchTemplateVersion::version_number.find(
        inside(*answer, ec2::CreateLaunchTemplateVersionResult::launch_template_version));
    if (number == nullptr)
        return base::fail(
            base::Failure::unknown,
            {.code = "CF0802", .what = "a new launch template version has no number"});
    descriptions_[*number] = wanted;
    return *number;
}

base::Result<std::string> Versions::release_of(std::int64_t version, const Terms& terms) {
    if (!descriptions_.contains(version))
        if (const auto done = read(terms); !done) return base::fail(done);
    const auto found = descriptions_.find(version);
    const std::string_view text = found != descriptions_.end() ? found->second : std::string_view{};
    if (!text.starts_with(kOurs)) return fmt::format("version {} of {}", version, template_);
    const std::string_view rest = text.substr(kOurs.size());
    return std::string(rest.substr(0, rest.find(' ')));
}

}  // namespace aws
